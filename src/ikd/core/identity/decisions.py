"""Every command's decision on an identity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ikd.core.errors import RefusedError
from ikd.core.identity import commands as do
from ikd.core.identity import events as e
from ikd.core.identity.identity import PASSCODE_TRIES, Identity, IdentityStatus
from ikd.core.identity.lifecycle import LAW
from ikd.core.ids import draw_id
from ikd.core.records.context import Context
from ikd.core.records.decision import Effects, Plan
from ikd.core.records.declaration import Command
from ikd.core.records.kind import Around
from ikd.core.records.permission import check_permission, check_role
from ikd.core.records.turn import Turn, take
from ikd.core.secrets import passcode as passcodes
from ikd.core.secrets.ledger import Ledger
from ikd.core.validators import given

IdentityTurn = Turn[Identity]


def decide(plan: Plan, command: Command, context: Context, around: Around) -> None:
    """Decide *command* into *plan*.

    Raises:
        RefusedError: Not allowed; nothing changes.
    """
    check_role(context.actor, command)
    identity, resident = around.subject, around.resident
    if not isinstance(identity, Identity) or resident is None:
        raise RefusedError("record.unknown", "no such identity")
    begin = partial(IdentityTurn, plan, context, LAW, identity, resident)
    take(plan, begin, _let_time_pass, partial(_act, command=command))


def _act(turn: IdentityTurn, command: Command) -> None:
    if isinstance(command, do.IdentityTimePasses):
        return
    if turn.record.status is not IdentityStatus.ACTIVE:
        raise RefusedError("status.refused", "the identity has ended")
    check_permission(turn.context, command, turn.record.office)
    _HANDLERS[type(command)](turn, command)


def _let_time_pass(turn: IdentityTurn) -> bool:
    identity, now = turn.record, turn.context.now
    if identity.pin is None or identity.due is None or identity.due > now:
        return False
    died = e.SignInPinExpired(at=now, pin_id=identity.pin.id)
    turn.pin_expires(identity.pin.id, died, e.SignInPinUndelivered)
    return True


def _sign_in(turn: IdentityTurn, command: do.SignIn) -> None:
    """Sign in: with the PIN once after activation (W28), within its budget, or the passcode."""
    turn.prove("sign_in")
    if command.pin is not None:
        ledger = turn.pin_ledger(turn.record.total_tries)
    else:
        ledger = _passcode_ledger(turn.record)
    by, now = ledger.word, turn.context.now
    left = turn.judge(ledger, of_the_nik=command.pin is not None)
    if left is not None:
        counted = {"attempts_left": left.here, "tries_left": left.whole}
        turn.happen(e.SignInRefused(at=now, by=by, **counted))
        return
    if command.pin is not None:
        turn.forget(ledger.secret_id)
    turn.happen(e.SignedIn(at=now, by=by, phone_ahead=turn.context.phone_ahead))


def _passcode_ledger(identity: Identity) -> Ledger:
    """Return the tries of the passcode: so many in a row, which the right one ends."""
    if identity.passcode_id is None:
        raise RefusedError("passcode.none", "no passcode is set")
    if identity.passcode_wrong >= PASSCODE_TRIES:
        raise RefusedError("passcode.locked", "an operator must reset it in person")
    return Ledger(
        word="passcode",
        secret_id=identity.passcode_id,
        met=identity.passcode_wrong,
        limit=PASSCODE_TRIES,
        met_whole=identity.passcode_wrong,
        limit_whole=PASSCODE_TRIES,
        matches=passcodes.matches,
    )


def _set_passcode(turn: IdentityTurn, _command: do.SetPasscode) -> None:
    turn.prove("set_passcode")
    context = turn.context
    if not turn.record.passcode_open:
        raise RefusedError("passcode.closed", "sign in with the PIN first, or one is set already")
    if context.evidence.passcode_known:
        raise RefusedError("passcode.known", "it resembles the NIK or the birth date")
    passcode_id = draw_id(context.entropy, "passcode")
    turn.keep("passcode", passcode_id, given(context.evidence.passcode))
    turn.happen(e.PasscodeSet(at=context.now, passcode_id=passcode_id))


def _renew(turn: IdentityTurn, command: do.RenewSignIn) -> None:
    """Send another PIN for the sign-in that was missed; never a fresh budget."""
    turn.prove("renew_sign_in")
    identity, limits = turn.record, turn.context.standard.pin
    if identity.passcode_open or identity.passcode_id is not None:
        raise RefusedError("pin.not_needed", "the first sign-in is done, or none is published")
    if identity.total_tries >= limits.tries_per_application.value:
        raise RefusedError("pin.reissues_used", "no further PIN can be sent; ask at the office")
    if not turn.check_reissue(command.medium, e.SignInPinHastened):
        _issue(turn, in_person=False, medium=command.medium)


def _reset(turn: IdentityTurn, _command: do.ResetSignIn) -> None:
    """Let sign-in begin anew, with the phone's own fresh QR read at the office."""
    paired, passcode_id = turn.context.evidence.pairing, turn.record.passcode_id
    if paired is None or paired.shown_by != "resident":
        raise RefusedError("token.kind", "not the QR of this step")
    turn.use(paired.token)
    if passcode_id is not None:
        turn.plan.add(Effects(deletes=(passcode_id,)))
    _issue(turn, in_person=True)


def _hand_over(turn: IdentityTurn, _command: do.HandOverSignInPin) -> None:
    turn.hand_over(e.SignInPinHandedOver)


def _report(turn: IdentityTurn, command: do.ReportSignInUndelivered) -> None:
    turn.unsent(command.pin_id, command.code, e.SignInPinUndelivered)


def _issue(turn: IdentityTurn, *, in_person: bool, medium: str | None = None) -> None:
    fresh = given(turn.context.evidence.fresh_pin)
    now, standard = turn.context.now, turn.context.standard
    turn.end_pin(turn.record)
    window = standard.sign_in.window.value if standard.sign_in else standard.pin.life.value
    number = 1 if in_person else turn.record.pins + 1
    turn.happen(
        e.SignInPinIssued(
            at=now,
            pin_id=fresh.pin_id,
            until=now + window,
            number=number,
            in_person=in_person,
            medium=medium or standard.pin.by_hand,
        )
    )
    turn.send_pin(fresh, "pin_signin", now + window)


_HANDLERS: Mapping[type[Command], Callable[[IdentityTurn, Any], None]] = {
    do.SignIn: _sign_in,
    do.SetPasscode: _set_passcode,
    do.RenewSignIn: _renew,
    do.ResetSignIn: _reset,
    do.HandOverSignInPin: _hand_over,
    do.ReportSignInUndelivered: _report,
}
