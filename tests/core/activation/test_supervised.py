"""Used-up biometric tries are no end: an operator lets one more be made at the counter."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.errors import InputError
from model import acts
from model.cases import Case, refusal_of

MOMENT = timedelta(microseconds=1)


def used_up(case: Case) -> None:
    acts.brought_to(case, "biometric")
    for _ in range(case.office.biometric.tries.value):
        try_once(case, match=1)


def try_once(case: Case, **answered: int) -> None:
    case.do(acts.sample(case, case.application), acts.RESIDENT)
    case.do(acts.answer(case.application, **answered), acts.REGISTRY)


def clear(case: Case, reason: str = "conditions") -> do.ClearBiometric:
    return do.ClearBiometric(application_id=case.application.id, reason=reason)


def test_an_operator_clears_used_up_tries_with_a_reason_and_one_more_brings_the_case_on(
    anywhere: Case,
):
    used_up(anywhere)
    sample = acts.sample(anywhere, anywhere.application)
    assert refusal_of(anywhere, sample, acts.RESIDENT) == "biometric.exhausted"
    decision = anywhere.do(clear(anywhere), acts.operator(anywhere))
    until = anywhere.now + anywhere.office.presence.confirm_within.value
    assert decision.changes[0].events == (
        e.BiometricCleared(at=anywhere.now, officer="op-1", reason="conditions", until=until),
    )
    try_once(anywhere)
    assert "biometric" in anywhere.application.done


def test_it_is_one_try_and_the_registrys_no_to_it_ends_it(anywhere: Case):
    used_up(anywhere)
    anywhere.do(clear(anywhere), acts.operator(anywhere))
    try_once(anywhere, match=1)
    refused = anywhere.events["application", anywhere.application.id][-1]
    assert refused.attempts_left == 0
    assert anywhere.application.biometric_tries == anywhere.office.biometric.tries.value
    sample = acts.sample(anywhere, anywhere.application)
    assert refusal_of(anywhere, sample, acts.RESIDENT) == "biometric.exhausted"


def test_it_is_made_while_the_operator_stands_beside_and_can_be_cleared_again(anywhere: Case):
    used_up(anywhere)
    anywhere.do(clear(anywhere), acts.operator(anywhere))
    anywhere.now = anywhere.application.supervised_until - MOMENT
    sample = acts.sample(anywhere, anywhere.application)
    assert refusal_of(anywhere.copy(), sample, acts.RESIDENT) == ""
    anywhere.later(MOMENT)
    assert refusal_of(anywhere, sample, acts.RESIDENT) == "biometric.exhausted"
    anywhere.do(clear(anywhere), acts.operator(anywhere))
    try_once(anywhere)
    assert "biometric" in anywhere.application.done


def test_an_answer_that_comes_after_its_time_counts_as_the_supervised_one(anywhere: Case):
    used_up(anywhere)
    anywhere.do(clear(anywhere), acts.operator(anywhere))
    anywhere.do(acts.sample(anywhere, anywhere.application), acts.RESIDENT)
    anywhere.later(timedelta(hours=2))
    anywhere.do(acts.answer(anywhere.application, match=1), acts.REGISTRY)
    assert anywhere.application.biometric_tries == anywhere.office.biometric.tries.value


def test_while_there_are_tries_or_a_question_is_open_nothing_is_cleared(anywhere: Case):
    acts.brought_to(anywhere, "biometric")
    desk = acts.operator(anywhere)
    assert refusal_of(anywhere, clear(anywhere), desk) == "biometric.tries_left"
    anywhere.do(acts.sample(anywhere, anywhere.application), acts.RESIDENT)
    assert refusal_of(anywhere, clear(anywhere), desk) == "step.waiting"


def test_tries_are_cleared_for_a_known_reason():
    with pytest.raises(InputError, match="one of equipment"):
        do.ClearBiometric(application_id="0" * 32, reason="because")
