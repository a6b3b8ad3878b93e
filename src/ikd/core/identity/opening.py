"""Opening and ending an identity: what an activation does beyond the application."""

from __future__ import annotations

from ikd.core.activation.application import Application
from ikd.core.activation.turn import CaseTurn
from ikd.core.errors import RefusedError
from ikd.core.identity import events as e
from ikd.core.identity.identity import Identity
from ikd.core.identity.lifecycle import LAW
from ikd.core.ids import draw_id
from ikd.core.records.decision import Claim, Effects
from ikd.core.records.resident import IdentityLinked
from ikd.core.standard.own_limits import OWN_LIMITS
from ikd.core.validators import given

CREDENTIAL_LIFE = OWN_LIMITS.credential.value
STATUS_SPACE = "status"


def open_identity(turn: CaseTurn, before: Application, old: Identity | None) -> None:
    """Open the identity of the application that was just activated; the claims pass to it.

    Args:
        turn: The turn whose application is activated now.
        before: The application as it was loaded, with its PIN still counting.
        old: The resident's identity until now, which ends.
    """
    if old is not None:
        _end_identity(turn, old)
    opened = _opened(turn, before)
    turn.plan.happen(LAW, None, opened)
    turn.resident_happens(IdentityLinked(at=turn.context.now, identity_id=opened.identity_id))
    turn.notify("activated", turn.context.standard.pin)


def _end_identity(turn: CaseTurn, old: Identity) -> None:
    """End *old*: its secrets die, and its device claim unless the same phone goes on.

    Its contact is told, which may be another than that of the new one.
    """
    turn.plan.happen(LAW, old, e.IdentityEnded(at=turn.context.now, reason="superseded"))
    turn.notify("superseded", turn.context.standard.rejection, about=old)
    turn.end_pin(old)
    if old.passcode_id is not None:
        turn.plan.add(Effects(deletes=(old.passcode_id,)))
    if old.thumbprint != turn.record.thumbprint:
        turn.release(old)


def _opened(turn: CaseTurn, before: Application) -> e.IdentityOpened:
    context, application = turn.context, turn.record
    sign_in, pin = context.standard.sign_in, given(before.pin)  # a live one was entered
    return e.IdentityOpened(
        at=context.now,
        identity_id=given(application.identity_id),  # Activated names it
        application_id=application.id,
        resident_id=application.resident_id,
        office=application.office,
        standard=application.standard,
        device_key=application.device_key,
        thumbprint=application.thumbprint,
        data_key_id=application.data_key_id,
        sealed=application.sealed,
        person=application.person,
        transcript=given(application.transcript),  # no activation without presence
        credential_id=draw_id(context.entropy, "credential"),
        status_index=_status_index(turn, application),
        credential_until=context.now + CREDENTIAL_LIFE,
        pin_id=pin.id if sign_in else None,
        sign_in_until=context.now + sign_in.window.value if sign_in else None,
        pin_tries=pin.tries,
        total_tries=application.pin_tries,
        pins=application.pins,
        pin_at=application.pin_at,
        passcode_open=sign_in is None,
        phone_ahead=context.phone_ahead,
    )


def _status_index(turn: CaseTurn, application: Application) -> int:
    """Take the first free place; drawn at random, so that neighbours tell nothing."""
    free = turn.context.evidence.status_indexes
    if not free:
        raise RefusedError("status.full", "no free place was found on the status list; try again")
    owner, key = given(application.identity_id), free[0].to_bytes(4, "big")
    place = Claim(space=STATUS_SPACE, key=key, owner=owner)
    turn.plan.add(Effects(takes=(place,)))
    return free[0]
