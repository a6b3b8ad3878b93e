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
    if application.ends_at <= now or pin is None:
        turn.end(e.Expired(at=now))
    else:
        turn.forget_pin(pin.id)
        turn.happen(e.PinExpired(at=now, pin_id=pin.id))
    return True


_REPORTED = ("data_check", "biometric", "ministry_review", "decision")


def _report_step(turn: Turn, command: do.ReportStep) -> None:
    """Take SIAK's word on a step that this office does there; never on the visit or the PIN."""
    step = turn.require_step(command.step)
    if step.performed_by != "siak" or step.name not in _REPORTED:
        raise RefusedError("step.not_reported", "this step isn't SIAK's to report")
    if not command.passed:
        checking.reject(turn, "other", ())
    elif step.name == "decision":
        pins.approve(turn)
    else:
        turn.happen(e.StepReported(at=turn.context.now, step=step.name))
        turn.advance()


def _reject(turn: Turn, command: do.Reject) -> None:
    turn.require(Status.OPEN)
    checking.reject(turn, command.reason, ())


_HANDLERS: Mapping[type[Any], Callable[[Turn, Any], None]] = {
    do.SubmitBiometric: checking.submit_biometric,
    do.RecordAnswer: checking.record_answer,
    do.ReportStep: _report_step,
    do.AskAgain: lambda turn, _: checking.ask_again(turn),
    do.Review: checking.review,
    do.ScanPairing: presence.scan_pairing,
    do.AnswerPairing: presence.answer_pairing,
    do.ConfirmPresence: presence.confirm_presence,
    do.Approve: lambda turn, _: pins.approve(turn),
    do.Reject: _reject,
    do.EnterPin: lambda turn, _: pins.enter_pin(turn),
    do.ReissuePin: lambda turn, _: pins.reissue_pin(turn),
    do.Withdraw: pins.withdraw,
    do.TimePasses: lambda _turn, _: None,
}
