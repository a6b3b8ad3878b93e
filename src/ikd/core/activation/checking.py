"""Checking: the registry's answers, the biometric, and the ministry's review."""

from __future__ import annotations

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import (
    AT_THE_COUNTER,
    UNFIT_TEXT,
    ApplicationStatus,
    PendingSample,
)
from ikd.core.activation.turn import CaseTurn
from ikd.core.activation.weighing import AFTER_ANSWER, after_answer, verdicts, weigh
from ikd.core.errors import InputError, RefusedError
from ikd.core.ids import draw_id
from ikd.core.records.decision import Effects
from ikd.core.records.permission import check_decider
from ikd.core.records.questions import Answer, OpenQuestion, QuestionKind, RegistryStanding
from ikd.core.standard.biometric import Biometric
from ikd.core.standard.findings import RequirementVerdict
from ikd.core.validators import given


def submit_biometric(turn: CaseTurn, command: do.SubmitBiometric) -> None:
    """Take a sample by a method the office publishes, and owe the registry the question."""
    context = turn.context
    turn.prove("submit_biometric")
    _require_biometric(turn)
    _check_method(turn, command)
    if _tries_left(turn) <= 0 and not _is_supervised(turn):
        raise RefusedError("biometric.exhausted", "no tries left; ask at the office")
    sample = PendingSample(
        method=command.method, sample_id=draw_id(context.entropy, "biometric-sample")
    )
    turn.keep("sample", sample.sample_id, given(context.evidence.sample))
    turn.happen(
        e.BiometricSubmitted(
            at=context.now,
            method=sample.method,
            sample_id=sample.sample_id,
            phone_ahead=context.phone_ahead,
        )
    )
    turn.ask_registry(QuestionKind.BIOMETRIC, sample)


def clear_biometric(turn: CaseTurn, command: do.ClearBiometric) -> None:
    """Give one more try to whom an operator stands beside; it must be made before they part."""
    _require_biometric(turn)
    if _tries_left(turn) > 0:
        raise RefusedError("biometric.tries_left", "there are tries left")
    now, officer = turn.context.now, turn.context.actor.id
    until = now + turn.context.standard.presence.confirm_within.value
    cleared = e.BiometricCleared(at=now, officer=officer, reason=command.reason, until=until)
    turn.happen(cleared)


def _require_biometric(turn: CaseTurn) -> None:
    step = turn.require_step("biometric")
    if turn.record.questions or step.performed_by != "ikd":
        raise RefusedError("step.waiting", "the registry is still being asked")


def _is_supervised(turn: CaseTurn) -> bool:
    until = turn.record.supervised_until
    return until is not None and turn.context.now < until


def _check_method(turn: CaseTurn, command: do.SubmitBiometric) -> None:
    biometric, today = turn.context.standard.biometric, turn.context.today
    method = biometric.method(command.method)
    if method is None or not method.in_force(today):
        clause = biometric.methods[0].clause if biometric.methods else None
        raise RefusedError("biometric.method", "not published here", clause=clause)
    if method.moving and not command.moving:
        raise RefusedError("biometric.still", "the face must move", clause=method.clause)


def _tries_left(turn: CaseTurn) -> int:
    return turn.context.standard.biometric.tries.value - turn.record.biometric_tries


def record_answer(turn: CaseTurn, command: do.RecordAnswer) -> None:
    """Take the registry's answer; one to a question that isn't open is absorbed."""
    answer, application, now = command.answer, turn.record, turn.context.now
    asked = [q for q in application.questions if q.id == answer.question_id]
    # an ended case asks nothing
    if not asked or answer.standing is RegistryStanding.NOT_SYNCHRONISED:
        return
    _check_shape(asked[0], answer)
    if application.sample is not None:
        turn.plan.add(Effects(deletes=(application.sample.sample_id,)))
    if answer.standing is not RegistryStanding.FOUND:
        turn.happen(e.DataReferred(at=now, reason=answer.standing.value))
    elif asked[0].kind is QuestionKind.DATA_CHECK:
        _data_answer(turn, answer)
    elif asked[0].kind is QuestionKind.BIOMETRIC:
        _biometric_answer(turn, answer)
    else:
        holds = answer.verified is True
        _review(turn, e.Reviewed(at=now, by="registry", verified=holds, validated=holds))


def _check_shape(asked: OpenQuestion, answer: Answer) -> None:
    """Refuse an answer that doesn't answer: it must never count as a yes or a no."""
    needs = {
        QuestionKind.DATA_CHECK: answer.ktp_el is not None and answer.person is not None,
        QuestionKind.BIOMETRIC: answer.match is not None,
        QuestionKind.REVIEW: answer.verified is not None,
    }
    if answer.standing is RegistryStanding.FOUND and not needs[asked.kind]:
        raise InputError("answer.incomplete", f"no answer to a {asked.kind.value} question")


def _data_answer(turn: CaseTurn, answer: Answer) -> None:
    """Weigh what the register tells together with what was stated; the register wins."""
    context, person = turn.context, given(answer.person)
    known = after_answer(context.evidence.stated, answer, context.today)
    found = weigh(context.standard, known, turn.record, registered=True)
    refusing = tuple(f for f in found if f.outcome == "refuse")
    if refusing:
        named = (clause for f in refusing for clause in f.clauses or (f.requirement,))
        reject(turn, "requirements", tuple(dict.fromkeys(named)))
    elif turn.hold(found, AFTER_ANSWER):
        return
    elif person.unfit:
        turn.happen(e.DataReferred(at=context.now, reason=UNFIT_TEXT))
    else:
        turn.happen(
            e.DataChecked(
                at=context.now,
                ktp_el=given(answer.ktp_el).value,
                person=given(context.evidence.person),
                verdicts=verdicts(found, turn.record),
            )
        )
        turn.advance()


def _biometric_answer(turn: CaseTurn, answer: Answer) -> None:
    biometric, now, live = turn.context.standard.biometric, turn.context.now, answer.live
    method, match = given(turn.record.sample).method, given(answer.match)
    same = not biometric.match.value or match >= biometric.match_threshold.value
    if same and _is_alive(biometric, method, live):
        turn.happen(e.BiometricMatched(at=now, method=method, match=match, live=live))
        turn.advance()
    else:
        left = max(_tries_left(turn) - 1, 0)
        turn.happen(
            e.BiometricRefused(at=now, method=method, match=match, live=live, attempts_left=left)
        )


def _is_alive(biometric: Biometric, method: str, live: int | None) -> bool:
    """Say whether the sample was alive; one that nobody measured isn't, whatever the threshold.

    Save where the office leaves that open for the method: P21 asks it of the moving face, and
    whether of iris and finger too (P20) it doesn't say.
    """
    if not biometric.liveness.value:
        return True
    if live is None:
        return method in biometric.unmeasured.value
    return live >= biometric.live_threshold.value


def review(turn: CaseTurn, command: do.Review) -> None:
    """Take the ministry's review where the office's standard gives it to the ministry (P22)."""
    step = turn.require_step("ministry_review")
    if step.by != "ministry" or step.performed_by != "ikd":
        told = "the registry reviews here"
        raise RefusedError("actor.not_permitted", told, clause=step.by_clause)
    now, said = turn.context.now, {"verified": command.verified, "validated": command.validated}
    _review(turn, e.Reviewed(at=now, by="ministry", **said))


def _review(turn: CaseTurn, reviewed: e.Reviewed) -> None:
    """Record both words of the review apart (P22); it is passed only if both hold."""
    turn.happen(reviewed)
    if reviewed.verified and reviewed.validated:
        turn.advance()
    else:
        reject(turn, "review", ())


def ask_again(turn: CaseTurn, command: do.AskAgain) -> None:
    """Let a case go on that an officer cleared up; a refused visit is for who decides."""
    _named(turn, command.which)
    now = turn.context.now
    turn.happen(e.ReferralCleared(at=now, which=command.which, why=command.why))
    if turn.record.referred is None:
        turn.advance()


def refuse_referral(turn: CaseTurn, command: do.RefuseReferral) -> None:
    """Reject a case for what it was referred for: an officer has looked, and it stands against."""
    found = _named(turn, command.which)
    clauses = tuple(dict.fromkeys(clause for one in found for clause in one.clauses))
    reason = "requirements" if found else "other"
    reject(turn, reason, clauses, which=command.which, why=command.why)


def _named(turn: CaseTurn, which: tuple[str, ...]) -> tuple[RequirementVerdict, ...]:
    """Return what is named of the findings that a case was referred for.

    Raises:
        RefusedError: It isn't referred (``step.not_referred``), or not for that
            (``referral.unknown``); its findings are cleared by name (``referral.unnamed``); or a
            refused visit is another's matter.
    """
    application, decision = turn.record, turn.context.standard.decision
    if application.referred is None or not application.is_live:
        raise RefusedError("step.not_referred", "the case waits for no officer")
    if application.referred == AT_THE_COUNTER and decision.performed_by == "ikd":
        check_decider(turn.context)
    found = application.referrals
    names = {one.requirement for one in found} or {application.referred}
    if not names.issuperset(which):
        raise RefusedError("referral.unknown", f"it is referred for: {', '.join(sorted(names))}")
    if found and not which:
        raise RefusedError("referral.unnamed", f"name what of it: {', '.join(sorted(names))}")
    return tuple(one for one in found if one.requirement in which)


def declare_complete(turn: CaseTurn, _command: do.DeclareComplete) -> None:
    """Start the clocks that count from an officer's word that all is there.

    Raises:
        RefusedError: The office counts no time from it (``complete.unpublished``), or it was
            declared before (``complete.declared``).
    """
    turn.require(ApplicationStatus.OPEN)
    if "declared_complete" not in turn.context.standard.clock_starts:
        raise RefusedError("complete.unpublished", "no time of this office counts from it")
    if turn.record.declared_at is not None:
        raise RefusedError("complete.declared", "it was declared before")
    actor = turn.context.actor
    turn.happen(e.DeclaredComplete(at=turn.context.now, officer=actor.id, title=actor.title))


def reject(
    turn: CaseTurn,
    reason: str,
    clauses: tuple[str, ...],
    *,
    which: tuple[str, ...] = (),
    why: str | None = None,
) -> None:
    """End the application with the notice that the office's standard owes (P29).

    That an approval can be taken back no text says: between it and the activation a mistake or a
    fraud may come to light, and a PIN that went out must not activate it any more.
    """
    told = "taken_back" if turn.record.status is ApplicationStatus.PIN_SENT else "rejected"
    now = turn.context.now
    turn.end(e.Rejected(at=now, reason=reason, clauses=clauses, which=which, why=why))
    turn.notify(told, turn.context.standard.rejection)
