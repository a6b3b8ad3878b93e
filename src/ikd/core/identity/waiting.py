"""Who moves an identity next, while it owes a sign-in or a passcode."""

from __future__ import annotations

from datetime import datetime

from ikd.core.identity.identity import PASSCODE_TRIES, Identity, IdentityStatus
from ikd.core.records.actor import Role
from ikd.core.records.kind import Columns, Rulebook, columns_of
from ikd.core.records.waits import Waits
from ikd.core.standard.office import Office
from ikd.core.standard.pin_terms import PinTerms
from ikd.core.standard.steps import items_with


def waits(identity: Identity, standard: Office, _now: datetime) -> Waits:
    """Return who moves *identity* next under its *standard*."""
    role, missing = _turn(identity, standard.pin)
    published = standard.sign_in.clause if standard.sign_in else None
    signs_in = role is not None and published is not None
    return Waits(
        role=role,
        since=identity.pin_at if missing == "sign_in" and identity.pin_at else identity.changed_at,
        until=identity.due,
        missing=missing,
        desk=identity.office,
        step="activate" if signs_in else None,
        items=items_with(published, standard.steps) if signs_in else (),
    )


def _turn(identity: Identity, limits: PinTerms) -> tuple[Role | None, str]:
    if identity.status is not IdentityStatus.ACTIVE:
        return None, "identity_ended"
    if identity.passcode_id is not None:
        locked = identity.passcode_wrong >= PASSCODE_TRIES
        return (Role.OPERATOR, "sign_in_reset") if locked else (None, "nothing")
    if identity.passcode_open:
        return Role.RESIDENT, "passcode"
    if identity.pin is not None:
        by_hand = identity.pin.medium == "officer"
        return (Role.OPERATOR, "hand_over") if by_hand else (Role.RESIDENT, "sign_in")
    used = identity.total_tries >= limits.tries_per_application.value
    spent = used or identity.pins > limits.reissues.value
    if spent:
        return Role.OPERATOR, "sign_in_reset"
    return Role.RESIDENT, "undelivered" if identity.unsent else "new_sign_in"


def columns(identity: Identity, rules: Rulebook) -> Columns:
    """Return what an identity's row shows."""
    standard = rules.standard(identity.standard)
    return columns_of(identity, waits(identity, standard, identity.changed_at))
