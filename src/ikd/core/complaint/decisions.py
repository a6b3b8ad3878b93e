"""Every command's decision on a complaint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import attrs

from ikd.core.complaint import commands as do
from ikd.core.complaint import events as e
from ikd.core.complaint.clocks import REOPENED
from ikd.core.complaint.complaint import Complaint, ComplaintStatus
from ikd.core.complaint.filing import file_complaint
from ikd.core.complaint.lifecycle import LAW
from ikd.core.complaint.turn import SHORT_MEDIA, ComplaintTurn
from ikd.core.complaint.waiting import given_steps, next_step
from ikd.core.errors import InputError, RefusedError
from ikd.core.ids import RecordId
from ikd.core.records.actor import Role
from ikd.core.records.context import Context
from ikd.core.records.decision import Effects, Plan, Unsent
from ikd.core.records.declaration import Command
from ikd.core.records.event import Event
from ikd.core.records.kind import Around, Find
from ikd.core.records.permission import check_permission, check_role
from ikd.core.records.turn import take
from ikd.core.validators import given

_S = ComplaintStatus
SHORT = 600  # characters of an answer by SMS or WhatsApp
TOLD = 4000  # characters of an answer by e-mail


@attrs.frozen(kw_only=True)
class AroundComplaint(Around):
    """What was loaded for a command about a complaint.

    Attributes:
        other: The complaint that it is to be linked with.
    """

    other: Complaint | None = None


def load(find: Find, command: Command) -> AroundComplaint:
    """Return what *command* concerns."""
    if isinstance(command, do.FileComplaint):
        return AroundComplaint(standard=find.office(command.office))
    found = find.record(Complaint, addressed(command))
    if found is None:
        raise RefusedError("record.unknown", "no such complaint")
    linked = command.other_id if isinstance(command, do.LinkComplaints) else None
    return AroundComplaint(
        standard=find.standard(found.standard),
        subject=found,
        other=find.record(Complaint, linked),
    )


def addressed(command: Command) -> RecordId | None:
    """Return the complaint that *command* addresses."""
    return command.complaint_id if isinstance(command, do.OfComplaint) else None


def decide(plan: Plan, command: Command, context: Context, around: AroundComplaint) -> None:
    """Decide *command* into *plan*.

    Raises:
        RefusedError: Not allowed; nothing changes.
    """
    check_role(context.actor, command)
    if isinstance(command, do.FileComplaint):
        return file_complaint(plan, command, context)
    complaint = around.subject
    if not isinstance(complaint, Complaint):
        raise RefusedError("record.unknown", "no such complaint")
    begin = partial(ComplaintTurn, plan, context, complaint)
    act = partial(_act, command=command, around=around)
    take(plan, begin, ComplaintTurn.time_passes, act)
    return None


def _act(turn: ComplaintTurn, command: Command, around: AroundComplaint) -> None:
    check_permission(turn.context, command, turn.record.office)
    _check_own(turn, command)
    if isinstance(command, do.LinkComplaints):
        _link(turn, around.other)
    else:
        _HANDLERS[type(command)](turn, command)


def _check_own(turn: ComplaintTurn, command: Command) -> None:
    """Refuse an officer whom it is about, and whoever hasn't its receipt."""
    actor = turn.context.actor
    about = {turn.record.concerns, getattr(command, "concerns", None)}
    if actor.role is Role.OPERATOR and actor.id in about:
        raise RefusedError("actor.own_case", "nobody handles a complaint about themselves")
    if actor.role is Role.RESIDENT and turn.context.evidence.receipt_of != turn.record.id:
        raise RefusedError("complaint.receipt", "not the receipt of this complaint")


# --- handling ------------------------------------------------------------------------------


def _assign(turn: ComplaintTurn, command: do.AssignComplaint) -> None:
    turn.require(_S.OPEN, _S.ANSWERED)
    turn.happen(_by(turn, e.ComplaintAssigned, to=command.to))


def _classify(turn: ComplaintTurn, command: do.ClassifyComplaint) -> None:
    turn.require(_S.OPEN, _S.ANSWERED)
    named = {"category": command.category, "concerns": command.concerns}
    turn.happen(_by(turn, e.ComplaintClassified, **named))


def _step(turn: ComplaintTurn, command: do.StepComplaint) -> None:
    """Do a step: those up to the follow-up in the text's order, the others whenever they occur."""
    turn.require(_S.OPEN, _S.ANSWERED)
    steps = {step.name: step for step in given_steps(turn.context.standard)}
    if steps and command.step not in (*steps, "verify"):
        raise RefusedError("complaint.step", "no step of this office's follow-up")
    if command.step in turn.record.done:
        raise RefusedError("complaint.done", "that step was done")
    _check_order(turn, command)
    found = steps.get(command.step)
    turn.happen(
        _by(turn, e.ComplaintStepDone, step=command.step, clause=found.clause if found else None)
    )


def _check_order(turn: ComplaintTurn, command: do.StepComplaint) -> None:
    standard = turn.context.standard
    ordered = [step.name for step in standard.complaints.ordered] if standard.complaints else []
    step = next_step(turn.record, standard)
    late = command.step == "follow_up" and turn.record.levy and "verify" not in turn.record.done
    if step is not None and command.step in ordered and command.step != step.name:
        words = f"first: {step.text}"
        raise RefusedError("complaint.order", words, clause=step.clause)
    if late:
        raise RefusedError("complaint.order", "a levy is verified first")


def _note(turn: ComplaintTurn, _command: do.NoteComplaint) -> None:
    turn.happen(_by(turn, e.ComplaintNoted, text_id=turn.keep_text()))


def _link(turn: ComplaintTurn, other: Complaint | None) -> None:
    """Link two complaints of one office, each way; neither changes otherwise."""
    record = turn.record
    if other is None or other.office != record.office or other.id == record.id:
        raise RefusedError("record.unknown", "no other complaint of this office")
    if other.concerns is not None and other.concerns == turn.context.actor.id:
        raise RefusedError("actor.own_case", "nobody handles a complaint about themselves")
    if other.id in record.links:
        raise RefusedError("complaint.done", "they are linked")
    turn.happen(_by(turn, e.ComplaintLinked, other_id=other.id))
    turn.plan.happen(LAW, other, _by(turn, e.ComplaintLinked, other_id=record.id))


# --- answering -----------------------------------------------------------------------------


def _answer(turn: ComplaintTurn, command: do.AnswerComplaint) -> None:
    turn.require(_S.OPEN, _S.ANSWERED)
    turn.in_order()
    medium, by_hand = turn.way(command.medium)
    if medium is None:
        raise RefusedError("complaint.anonymous", "nobody can be answered: nobody is known")
    _check_length(command.text, medium, by_hand=by_hand)
    text_id, silent_at = turn.keep_text(), None if by_hand else turn.silent_at()
    sent = {"text_id": text_id, "medium": medium, "by_hand": by_hand, "silent_at": silent_at}
    turn.happen(_by(turn, e.ComplaintAnswered, **sent))
    if silent_at is not None:
        turn.tell("answer", medium, text_id, until=turn.local(silent_at))


def _check_length(text: str, medium: str, *, by_hand: bool) -> None:
    most = SHORT if medium in SHORT_MEDIA else TOLD
    if not by_hand and len(text) > most:
        raise InputError("command.text", f"by that medium at most {most} characters")


def _hand_over_answer(turn: ComplaintTurn, command: do.HandOverAnswer) -> None:
    owed = turn.record.owed_by_hand
    if not owed:
        raise RefusedError("complaint.done", "nothing waits to be handed over")
    turn.plan.add(Effects(voids=tuple(one.text_id for one in owed if one.text_id is not None)))
    answered = turn.record.status is _S.ANSWERED
    silent_at = turn.silent_at() if answered else None
    turn.happen(_by(turn, e.AnswerHandedOver, medium=command.medium, silent_at=silent_at))


def _report(turn: ComplaintTurn, command: do.ReportAnswerUndelivered) -> None:
    sent = [letter for letter in turn.record.letters if letter.text_id == command.text_id]
    if not sent or sent[0].by_hand:
        return  # an officer has it
    turn.plan.add(Effects(unsent=(Unsent(named=command.text_id, code=command.code),)))
    turn.happen(
        e.AnswerUndelivered(at=turn.context.now, text_id=command.text_id, code=command.code)
    )


# --- ending --------------------------------------------------------------------------------


def _hand_over(turn: ComplaintTurn, command: do.HandOverComplaint) -> None:
    turn.require(_S.OPEN)
    medium, by_hand = turn.way()
    named = {"reference": command.reference, "medium": medium, "by_hand": by_hand}
    turn.happen(_by(turn, e.ComplaintHandedOver, **named))
    turn.tell("handed_over", medium, reference=command.reference)


def _return(turn: ComplaintTurn, command: do.ReturnComplaint) -> None:
    turn.require(_S.HANDED_OVER)
    turn.happen(_by(turn, e.ComplaintReturned, reason=command.reason))


def _close(turn: ComplaintTurn, command: do.CloseComplaint) -> None:
    """Close it after the answer; what isn't ours, or came back from elsewhere, at once."""
    turn.require(_S.OPEN, _S.ANSWERED, _S.HANDED_OVER)
    record = turn.record
    if command.ending != "not_ours" and record.status is not _S.HANDED_OVER:
        turn.in_order()
        if record.answered_at is None and not record.is_anonymous:
            raise RefusedError("complaint.unanswered", "answer it first")
    text_id = turn.keep_text()
    medium, by_hand = turn.way()
    if not by_hand and medium is not None:
        _check_length(command.text, medium, by_hand=by_hand)
    told = {"ending": command.ending, "text_id": text_id, "medium": medium, "by_hand": by_hand}
    turn.happen(_by(turn, e.ComplaintClosed, **told))
    about = "not_ours" if command.ending == "not_ours" else "closed"
    turn.tell(about, medium, text_id)


# --- the complainant -----------------------------------------------------------------------


def _reply(turn: ComplaintTurn, _command: do.ReplyComplaint) -> None:
    turn.require(_S.OPEN, _S.ANSWERED)
    turn.happen(e.ComplaintReplied(at=turn.context.now, text_id=turn.keep_text()))


def _reopen(turn: ComplaintTurn, _command: do.ReopenComplaint) -> None:
    turn.require(_S.CLOSED)
    record, now = turn.record, turn.context.now
    if now >= given(record.closed_at) + REOPENED:
        raise RefusedError("complaint.too_late", "file a new one")
    text_id, number = turn.keep_text(), record.reopened + 1
    turn.happen(e.ComplaintReopened(at=now, text_id=text_id, number=number))


def _rate(turn: ComplaintTurn, command: do.RateComplaint) -> None:
    turn.require(_S.ANSWERED, _S.CLOSED)
    if not any(letter.about == "answer" for letter in turn.record.letters):
        raise RefusedError("complaint.unanswered", "it was never answered")
    turn.happen(e.ComplaintRated(at=turn.context.now, rating=command.rating))


def _by(turn: ComplaintTurn, kind: Callable[..., Event], **said: object) -> Event:
    """Return what an officer did."""
    return kind(at=turn.context.now, officer=turn.context.actor.id, **said)


_HANDLERS: Mapping[type[Command], Callable[[ComplaintTurn, Any], None]] = {
    do.AssignComplaint: _assign,
    do.ClassifyComplaint: _classify,
    do.StepComplaint: _step,
    do.NoteComplaint: _note,
    do.AnswerComplaint: _answer,
    do.HandOverAnswer: _hand_over_answer,
    do.ReportAnswerUndelivered: _report,
    do.HandOverComplaint: _hand_over,
    do.ReturnComplaint: _return,
    do.CloseComplaint: _close,
    do.ReplyComplaint: _reply,
    do.ReopenComplaint: _reopen,
    do.RateComplaint: _rate,
    do.ComplaintTimePasses: lambda _turn, _command: None,
}
