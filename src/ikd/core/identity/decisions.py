"""Every command's decision on an identity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from ikd.core.activation.turn import office_words
from ikd.core.errors import RefusedError
from ikd.core.identity import commands as do
from ikd.core.identity import events as e
from ikd.core.identity.identity import PASSCODE_TRIES, Identity, Status
from ikd.core.identity.lifecycle import evolve
from ikd.core.ids import RecordId, draw_id
from ikd.core.records.actor import Role
from ikd.core.records.context import Context
from ikd.core.records.decision import Secret
from ikd.core.records.notices import Notice
from ikd.core.records.plan import Plan
from ikd.core.records.resident import GuessCounted, Resident, evolve_resident
from ikd.core.secrets import passcode as passcode_secrets
from ikd.core.secrets import pin as pin_secrets

PERMISSIONS: Mapping[type[Any], Role] = {
    do.SignIn: Role.RESIDENT,
    do.SetPasscode: Role.RESIDENT,
    do.RenewSignIn: Role.RESIDENT,
    do.ResetSignIn: Role.OPERATOR,
    do.IdentityTimePasses: Role.SYSTEM,
}


@attrs.define
class Sitting:
    """One turn of an identity and its resident."""

    plan: Plan
    context: Context
    identity: Identity
    resident: Resident

    def happen(self, happened: e.Event) -> None:
        """Let *happened* happen to the identity."""
        self.identity = self.plan.happen("identity", self.identity, happened, evolve)

    def prove(self, act: str) -> None:
        """Refuse without the paired phone's proof; use its challenge up with the effect."""
        proof = self.context.proven(act, self.identity.thumbprint, self.identity.transcript)
        self.plan.uses.append(proof.challenge)

    def forget_pin(self, pin_id: RecordId) -> None:
        """Delete a dead PIN's verifier and void its undelivered notices."""
        self.plan.deletes.append(pin_id)
        self.plan.voids.append(pin_id)


def decide(
    plan: Plan,
    command: do.Command,
    context: Context,
    identity: Identity | None,
    resident: Resident | None,
) -> None:
    """Decide *command* into *plan*.

    Raises:
        RefusedError: Not allowed; nothing changes.
    """
    if context.actor.role is not PERMISSIONS[type(command)]:
        raise RefusedError(
            "actor.not_permitted",
            f"the {context.actor.role.value} can't ask {type(command).__name__}",
        )
    if identity is None or resident is None:
        raise RefusedError("record.unknown", "no such identity")
    passed = _let_time_pass(_sitting(plan, context, identity, resident))
    try:
        _take(_sitting(plan, context, identity, resident), command)
    except RefusedError as refusal:
        if not passed:
            raise
        plan.clear()
        _let_time_pass(_sitting(plan, context, identity, resident))
        plan.refusal = refusal


def _sitting(plan: Plan, context: Context, identity: Identity, resident: Resident) -> Sitting:
    plan.read("identity", identity)
    plan.read("resident", resident)
    return Sitting(plan, context, plan.current("identity", identity), resident)


def _let_time_pass(sitting: Sitting) -> bool:
    identity, now = sitting.identity, sitting.context.now
    if identity.pin is None or identity.due is None or identity.due > now:
        return False
    sitting.forget_pin(identity.pin.id)
    sitting.happen(e.SignInPinExpired(at=now, pin_id=identity.pin.id))
    return True


def _take(sitting: Sitting, command: do.Command) -> None:
    if isinstance(command, do.IdentityTimePasses):
        return
    if sitting.identity.status is not Status.ACTIVE:
        raise RefusedError("status.refused", "the identity has ended")
    _HANDLERS[type(command)](sitting, command)


def _sign_in(sitting: Sitting, command: do.SignIn) -> None:
    sitting.prove("sign_in")
    if command.pin is not None:
        _sign_in_by_pin(sitting)
    else:
        _sign_in_by_passcode(sitting)


def _sign_in_by_pin(sitting: Sitting) -> None:
    """Let the PIN sign in once after activation (W28), within the same budget."""
    context, identity = sitting.context, sitting.identity
    pin, guess = identity.pin, context.evidence.guess
    if pin is None:
        raise RefusedError("pin.dead", "that PIN no longer signs in; ask for a new one")
    if guess is None or guess.secret_id != pin.id or context.evidence.verifier is None:
        raise RefusedError("pin.superseded", "a newer PIN was sent meanwhile")
    if sitting.resident.guesses_left(context.now) <= 0:
        raise RefusedError("pin.resident_budget", "too many wrong PINs for this NIK in 30 days")
    if pin_secrets.matches(context.evidence.verifier, guess.candidate):
        sitting.forget_pin(pin.id)
        sitting.happen(e.SignedIn(at=context.now, by="pin"))
        return
    limits = context.standard.pin
    total = limits.tries_per_application.value - identity.total_tries - 1
    left = max(0, min(limits.tries_per_pin.value - pin.tries - 1, total))
    if left == 0:
        sitting.forget_pin(pin.id)
    sitting.plan.happen("resident", sitting.resident, GuessCounted(at=context.now), evolve_resident)
    sitting.happen(
        e.SignInRefused(at=context.now, by="pin", attempts_left=left, tries_left=max(0, total))
    )


def _sign_in_by_passcode(sitting: Sitting) -> None:
    context, identity = sitting.context, sitting.identity
    guess, verifier = context.evidence.guess, context.evidence.verifier
    if identity.passcode_id is None:
        raise RefusedError("passcode.none", "no passcode is set")
    if identity.passcode_wrong >= PASSCODE_TRIES:
        raise RefusedError("passcode.locked", "an operator must reset it in person")
    if guess is None or guess.secret_id != identity.passcode_id or verifier is None:
        raise RefusedError("passcode.superseded", "another passcode was set meanwhile")
    if passcode_secrets.matches(verifier, guess.candidate):
        sitting.happen(e.SignedIn(at=context.now, by="passcode"))
        return
    left = PASSCODE_TRIES - identity.passcode_wrong - 1
    sitting.happen(
        e.SignInRefused(at=context.now, by="passcode", attempts_left=left, tries_left=left)
    )


def _set_passcode(sitting: Sitting, _command: do.SetPasscode) -> None:
    sitting.prove("set_passcode")
    if not sitting.identity.passcode_open:
        raise RefusedError("passcode.closed", "sign in with the PIN first, or one is set already")
    verifier, context = sitting.context.evidence.passcode, sitting.context
    if context.evidence.passcode_known:
        raise RefusedError("passcode.known", "it resembles the NIK or the birth date")
    assert verifier is not None  # noqa: S101 - prepared for every SetPasscode
    passcode_id = draw_id(context.entropy, "passcode")
    sitting.plan.writes.append(
        Secret(id=passcode_id, kind="passcode", owner=sitting.identity.id, value=verifier)
    )
    sitting.happen(e.PasscodeSet(at=context.now, passcode_id=passcode_id))


def _renew(sitting: Sitting, _command: do.RenewSignIn) -> None:
    """Send another PIN for the sign-in that was missed; never a fresh budget."""
    sitting.prove("renew_sign_in")
    identity, context = sitting.identity, sitting.context
    limits = context.standard.pin
    if identity.passcode_open or identity.passcode_id is not None:
        raise RefusedError("pin.not_needed", "the first sign-in is done, or none is published")
    if identity.pins > limits.reissues.value or (
        identity.total_tries >= limits.tries_per_application.value
    ):
        raise RefusedError("pin.reissues_used", "no further PIN can be sent; ask at the office")
    if identity.pin_at is not None and context.now < identity.pin_at + limits.cooldown.value:
        raise RefusedError("pin.too_soon", "a PIN was sent a moment ago")
    _issue(sitting, in_person=False)


def _reset(sitting: Sitting, _command: do.ResetSignIn) -> None:
    """Let sign-in begin anew, with the phone's own fresh QR read at the office."""
    context, identity = sitting.context, sitting.identity
    if context.evidence.own_case:
        raise RefusedError("actor.own_case", "nobody handles their own case")
    if context.actor.office != identity.office:
        raise RefusedError("actor.other_office", "the identity belongs to another office")
    paired = context.evidence.pairing
    if paired is None or paired.shown_by != "resident":
        raise RefusedError("token.kind", "not the QR of this step")
    sitting.plan.uses.append(context.fresh(paired.token))
    if identity.passcode_id is not None:
        sitting.plan.deletes.append(identity.passcode_id)
    _issue(sitting, in_person=True)


def _issue(sitting: Sitting, *, in_person: bool) -> None:
    context, identity = sitting.context, sitting.identity
    fresh, standard = context.evidence.fresh_pin, context.standard
    assert fresh is not None  # noqa: S101 - prepared for every command that can issue
    if identity.pin is not None:
        sitting.forget_pin(identity.pin.id)
    window = standard.sign_in.window.value if standard.sign_in else standard.pin.life.value
    until = context.now + window
    sitting.happen(
        e.SignInPinIssued(
            at=context.now,
            pin_id=fresh.pin_id,
            until=until,
            number=1 if in_person else identity.pins + 1,
            in_person=in_person,
        )
    )
    sitting.plan.writes.append(
        Secret(id=fresh.pin_id, kind="pin", owner=identity.id, value=fresh.verifier)
    )
    sitting.plan.notices.append(
        Notice(
            id=fresh.notice_id,
            template="pin_signin",
            kind="identity",
            record_id=identity.id,
            media=standard.pin.media_kinds,
            sender=standard.pin.sender.value if standard.pin.sender else standard.name,
            params=office_words(standard),
            pin_id=fresh.pin_id,
            sealed_pin=fresh.sealed,
            until=until,
        )
    )


_HANDLERS: Mapping[type[Any], Callable[[Sitting, Any], None]] = {
    do.SignIn: _sign_in,
    do.SetPasscode: _set_passcode,
    do.RenewSignIn: _renew,
    do.ResetSignIn: _reset,
}
