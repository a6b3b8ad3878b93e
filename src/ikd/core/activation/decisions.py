"""Every command's decision: time passes first, then permission, then the office's procedure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ikd.core.activation import checking, pins, presence
from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import ApplicationStatus
from ikd.core.activation.registering import correct_contact, register, state_facts
from ikd.core.activation.turn import Case, CaseTurn
from ikd.core.errors import RefusedError
from ikd.core.records.context import Context
from ikd.core.records.decision import Plan
from ikd.core.records.declaration import Command
from ikd.core.records.permission import check_permission, check_post, check_role
from ikd.core.records.turn import take


def decide(plan: Plan, command: Command, context: Context, case: Case) -> CaseTurn:
    """Decide *command* into *plan* and return the turn that it was.

    Raises:
        RefusedError: Not allowed; nothing changes.
    """
    check_role(context.actor, command)
    if isinstance(command, do.Register):
        check_post(context, command.declared)
        return register(plan, command, context, case)
    if case.application is None:
        raise RefusedError("record.unknown", "no such application")
    begin = partial(CaseTurn.of, plan, context, case)
    return take(plan, begin, _let_time_pass, partial(_act, command=command))


def _act(turn: CaseTurn, command: Command) -> None:
    check_permission(turn.context, command, turn.record.office)
    _HANDLERS[type(command)](turn, command)


def _let_time_pass(turn: CaseTurn) -> bool:
    application, now = turn.record, turn.context.now
    if application.due is None or application.due > now:
        return False
    pin = application.pin
    if application.ends_at <= now or pin is None:
        turn.end(e.Expired(at=now))
        turn.tell("expired")
    else:
        turn.pin_expires(pin.id, e.PinExpired(at=now, pin_id=pin.id), e.PinUndelivered)
    return True


_REPORTED = ("data_check", "biometric", "ministry_review", "decision")


def _report_step(turn: CaseTurn, command: do.ReportStep) -> None:
    """Take SIAK's word on a step that this office does there; never on the visit or the PIN."""
    if (
        command.step == "decision"
        and not command.passed
        and turn.record.status is ApplicationStatus.PIN_SENT
    ):
        step = turn.context.standard.decision  # an approval that is taken back
    else:
        step = turn.require_step(command.step)
    if step.performed_by != "siak" or step.name not in _REPORTED:
        raise RefusedError("step.not_reported", "this step isn't SIAK's to report")
    if not command.passed:
        checking.reject(turn, "other", ())
    elif step.name == "decision":
        pins.approve(turn, command)
    else:
        turn.happen(e.StepReported(at=turn.context.now, step=step.name))
        turn.advance()


def _reject(turn: CaseTurn, command: do.Reject) -> None:
    turn.require(ApplicationStatus.OPEN, ApplicationStatus.PIN_SENT)
    checking.reject(turn, command.reason, ())


_HANDLERS: Mapping[type[Command], Callable[[CaseTurn, Any], None]] = {
    do.StateFacts: state_facts,
    do.CorrectContact: correct_contact,
    do.SubmitBiometric: checking.submit_biometric,
    do.ClearBiometric: checking.clear_biometric,
    do.RecordAnswer: checking.record_answer,
    do.DeclareComplete: checking.declare_complete,
    do.ReportStep: _report_step,
    do.AskAgain: checking.ask_again,
    do.RefuseReferral: checking.refuse_referral,
    do.Review: checking.review,
    do.ScanPairing: presence.scan_pairing,
    do.AnswerPairing: presence.answer_pairing,
    do.ConfirmPresence: presence.confirm_presence,
    do.RefusePresence: presence.refuse_presence,
    do.Approve: pins.approve,
    do.Reject: _reject,
    do.EnterPin: pins.enter_pin,
    do.ReissuePin: pins.reissue_pin,
    do.HandOverPin: pins.hand_over,
    do.ReportUndelivered: pins.report_undelivered,
    do.Withdraw: pins.withdraw,
    do.TimePasses: lambda _turn, _command: None,
}
