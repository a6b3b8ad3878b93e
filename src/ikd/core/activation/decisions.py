"""Every command's decision: time passes first, then permission, then the office's procedure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ikd.core.activation import checking, pins, presence
from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import Status
from ikd.core.activation.permissions import check_permission, check_role
from ikd.core.activation.registering import register
from ikd.core.activation.turn import Case, Turn
from ikd.core.errors import RefusedError
from ikd.core.records.context import Context
from ikd.core.records.plan import Plan


def decide(plan: Plan, command: do.Command, context: Context, case: Case) -> Turn | None:
    """Decide *command* into *plan*; return the turn, or ``None`` for a registration.

    Raises:
        RefusedError: Not allowed; nothing changes.
    """
    check_role(context.actor, command)
    if isinstance(command, do.Register):
        register(plan, command, context, case)
        return None
    if case.application is None:
        raise RefusedError("record.unknown", "no such application")
    turn = Turn.of(plan, context, case)
    passed = _let_time_pass(turn)
    try:
        _take(turn, command)
    except RefusedError as refusal:
        if not passed:
            raise
        _keep_only_time(turn, case, refusal)
    return turn


def _take(turn: Turn, command: do.Command) -> None:
    standard, own = turn.context.standard, turn.context.evidence.own_case
    check_permission(turn.context.actor, command, turn.application, standard, own=own)
    _HANDLERS[type(command)](turn, command)


def _keep_only_time(turn: Turn, case: Case, refusal: RefusedError) -> None:
    """Commit what time did and only then refuse; a half-made decision is dropped."""
    turn.plan.clear()
    again = Turn.of(turn.plan, turn.context, case)
    _let_time_pass(again)
    turn.application, turn.resident = again.application, again.resident
    turn.plan.refusal = refusal


def _let_time_pass(turn: Turn) -> bool:
    application, now = turn.application, turn.context.now
    if application.due is None or application.due > now:
        return False
    pin = application.pin
    if application.questions or application.expires_at <= now or pin is None:
        turn.end(e.Expired(at=now))
    else:
        turn.forget_pin(pin.id)
        turn.happen(e.PinExpired(at=now, pin_id=pin.id))
    return True


def _reject(turn: Turn, command: do.Reject) -> None:
    turn.require(Status.OPEN)
    checking.reject(turn, command.reason, ())


def _confirm(turn: Turn, command: do.ConfirmPresence) -> None:
    paired = turn.context.evidence.pairing
    presence.confirm_presence(turn, command, paired.check_code if paired else None)


_HANDLERS: Mapping[type[Any], Callable[[Turn, Any], None]] = {
    do.SubmitBiometric: checking.submit_biometric,
    do.RecordAnswer: checking.record_answer,
    do.ReportStep: checking.report_step,
    do.AskAgain: lambda turn, _: checking.ask_again(turn),
    do.Review: checking.review,
    do.ScanPairing: presence.scan_pairing,
    do.AnswerPairing: presence.answer_pairing,
    do.ConfirmPresence: _confirm,
    do.Approve: lambda turn, _: pins.approve(turn),
    do.Reject: _reject,
    do.EnterPin: lambda turn, _: pins.enter_pin(turn),
    do.ReissuePin: lambda turn, _: pins.reissue_pin(turn),
    do.Withdraw: pins.withdraw,
    do.TimePasses: lambda _turn, _: None,
}
