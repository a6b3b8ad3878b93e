"""Checking: the registry's answers, the biometric, and the ministry's review."""

from __future__ import annotations

from datetime import date

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import PendingSample
from ikd.core.activation.turn import CaseTurn
from ikd.core.errors import InputError, RefusedError
from ikd.core.ids import draw_id
from ikd.core.records.decision import Effects
from ikd.core.records.questions import Answer, OpenQuestion, QuestionKind, Standing
from ikd.core.standard.biometric import Biometric
from ikd.core.standard.candidate import Candidate
from ikd.core.validators import given


def submit_biometric(turn: CaseTurn, command: do.SubmitBiometric) -> None:
    """Take a sample by a method the office publishes, and owe the registry the question."""
    context, application = turn.context, turn.record
    turn.prove("submit_biometric")
    step = turn.require_step("biometric")
    if application.questions or step.performed_by != "ikd":
        raise RefusedError("step.waiting", "the registry is still being asked")
    _check_method(turn, command)
    if _tries_left(turn) <= 0:
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
    answer, application = command.answer, turn.record
    asked = [q for q in application.questions if q.id == answer.question_id]
    if not asked or answer.standing is Standing.NOT_SYNCHRONISED:  # an ended case asks nothing
        return
    _check_shape(asked[0], answer)
    if application.sample is not None:
        turn.plan.add(Effects(deletes=(application.sample.sample_id,)))
    if answer.standing is not Standing.FOUND:
        turn.happen(e.DataReferred(at=turn.context.now, reason=answer.standing.value))
    elif asked[0].kind is QuestionKind.DATA_CHECK:
        _data_answer(turn, answer)
    elif asked[0].kind is QuestionKind.BIOMETRIC:
        _biometric_answer(turn, answer)
    else:
        _review_answer(turn, passed=answer.verified is True, by="registry")


def _check_shape(asked: OpenQuestion, answer: Answer) -> None:
    """Refuse an answer that doesn't answer: it must never count as a yes or a no."""
    needs = {
        QuestionKind.DATA_CHECK: answer.ktp_el is not None and answer.person is not None,
        QuestionKind.BIOMETRIC: answer.match is not None,
        QuestionKind.REVIEW: answer.verified is not None,
    }
    if answer.standing is Standing.FOUND and not needs[asked.kind]:
        raise InputError("answer.incomplete", f"no answer to a {asked.kind.value} question")


def _data_answer(turn: CaseTurn, answer: Answer) -> None:
    now, ktp_el = turn.context.now, given(answer.ktp_el)
    referred = "requirements" not in turn.record.cleared
    known = Candidate(age=_age(given(answer.person).birth_date, turn.context.today))
    known = known.with_registry(ktp_el.value)
    findings = turn.context.standard.check(known)
    refusing = tuple(f for f in findings if f.outcome == "refuse")
    if refusing:
        reject(turn, "requirements", tuple(f.clause or f.requirement for f in refusing))
    elif referred and any(f.outcome == "human" for f in findings):
        turn.happen(e.DataReferred(at=now, reason="requirements"))
    else:
        sealed = given(turn.context.evidence.person)
        turn.happen(e.DataChecked(at=now, ktp_el=ktp_el.value, person=sealed))
        turn.advance()


def _age(born: date, on: date) -> int:
    """Return full years; someone born on 29 February is a year older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _biometric_answer(turn: CaseTurn, answer: Answer) -> None:
    biometric, now, live = turn.context.standard.biometric, turn.context.now, answer.live
    method, match = given(turn.record.sample).method, given(answer.match)
    same = not biometric.match.value or match >= biometric.match_threshold.value
    if same and _is_alive(biometric, live):
        turn.happen(e.BiometricMatched(at=now, method=method, match=match, live=live))
        turn.advance()
    else:
        left = _tries_left(turn) - 1
        turn.happen(
            e.BiometricRefused(at=now, method=method, match=match, live=live, attempts_left=left)
        )


def _is_alive(biometric: Biometric, live: int | None) -> bool:
    """Say whether the sample was alive; one that nobody measured isn't, whatever the threshold."""
    measured = live is not None and live >= biometric.live_threshold.value
    return measured or not biometric.liveness.value


def review(turn: CaseTurn, command: do.Review) -> None:
    """Take the ministry's review where the office's standard gives it to the ministry (P22)."""
    step = turn.require_step("ministry_review")
    if step.by != "ministry" or step.performed_by != "ikd":
        raise RefusedError("actor.not_permitted", "the registry reviews here", clause=step.clause)
    _review_answer(turn, passed=command.verified and command.validated, by="ministry")


def _review_answer(turn: CaseTurn, *, passed: bool, by: str) -> None:
    if not passed:
        reject(turn, "review", ())
        return
    turn.happen(e.Reviewed(at=turn.context.now, by=by))
    turn.advance()


def ask_again(turn: CaseTurn, _command: do.AskAgain) -> None:
    """Ask the registry once more after an officer cleared a referral up."""
    if turn.record.referred is None or not turn.record.is_live:
        raise RefusedError("step.not_referred", "the case waits for no officer")
    turn.happen(e.ReferralCleared(at=turn.context.now))
    turn.advance()


def reject(turn: CaseTurn, reason: str, clauses: tuple[str, ...]) -> None:
    """End the application with the notice that the office's standard owes (P29)."""
    turn.end(e.Rejected(at=turn.context.now, reason=reason, clauses=clauses))
    turn.notify("rejected", turn.context.standard.rejection)
