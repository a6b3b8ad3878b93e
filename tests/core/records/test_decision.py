"""A plan gathers one decision: state follows events, and clearing leaves nothing."""

from __future__ import annotations

from datetime import timedelta

import attrs

from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId
from ikd.core.records.count import Count
from ikd.core.records.decision import (
    Change,
    Claim,
    Decision,
    Effects,
    Plan,
    Retold,
    Secret,
    Unsent,
)
from ikd.core.records.notices import Notice
from ikd.core.records.questions import Question, QuestionKind
from ikd.core.records.resident import LAW, GuessCounted, Resident, ResidentOpened
from model.cases import START

RECORD = Resident(id=RecordId("a" * 32), version=4, changed_at=START)
GUESS = GuessCounted(at=START)
CLAIM = Claim(space="nik", key=b"k", owner="o")
SECRET = Secret(id=RecordId("c" * 32), kind="pin", owner=RECORD.id, value=b"v")
GONE = RecordId("d" * 32)
EFFECTS = Effects(
    takes=(CLAIM,),
    releases=(CLAIM,),
    uses=(CLAIM,),
    writes=(SECRET,),
    deletes=(GONE,),
    voids=(GONE,),
    hastens=(GONE,),
    hands=(GONE,),
    unsent=(Unsent(named=GONE, code="channel.none"),),
    freezes=(("resident", GONE),),
    thaws=(("resident", GONE),),
    closes=(("resident", GONE),),
    counts=(Count(space="door", key=b"k", most=1, window=timedelta(hours=1)),),
)


def test_a_record_that_was_read_goes_in_without_events_at_its_version():
    plan = Plan()
    plan.read(RECORD)
    (change,) = plan.decision().changes
    assert (change.record, change.expected_version, change.events) == (RECORD, 4, ())


def test_what_happens_is_folded_at_once_and_the_version_expected_is_the_loaded_one():
    plan = Plan()
    plan.read(RECORD)
    once = plan.happen(LAW, RECORD, GUESS)
    twice = plan.happen(LAW, once, GUESS)
    (change,) = plan.decision().changes
    assert change == Change(record=twice, expected_version=4, events=(GUESS, GUESS))
    assert (twice.version, len(twice.guesses)) == (6, 2)


def test_reading_again_does_not_undo_what_happened():
    plan = Plan()
    plan.happen(LAW, RECORD, GUESS)
    plan.read(RECORD)
    assert plan.decision().changes[0].events == (GUESS,)
    assert plan.decision().changes[0].expected_version == 4


def test_a_new_record_is_expected_not_to_be_there():
    plan = Plan()
    opened = ResidentOpened(at=START, resident_id=RecordId("b" * 32))
    made = plan.happen(LAW, None, opened)
    plan.happen(LAW, made, GUESS)
    assert plan.decision().changes[0].expected_version == 0


def test_a_change_is_called_after_the_kind_of_its_record():
    assert Change(record=RECORD, expected_version=4).kind == "resident"


def test_effects_are_added_up_each_in_the_order_it_came():
    plan = Plan()
    for key in (b"1", b"2"):
        plan.add(Effects(takes=(attrs.evolve(CLAIM, key=key),)))
    plan.add(EFFECTS)
    decision = plan.decision()
    assert [claim.key for claim in decision.takes] == [b"1", b"2", b"k"]
    for field in attrs.fields(Effects)[1:]:
        assert getattr(decision, field.name) == getattr(EFFECTS, field.name)


def test_clearing_drops_everything():
    plan = Plan()
    plan.read(RECORD)
    plan.add(EFFECTS)
    plan.notices.append(
        Notice(
            id=GONE,
            template="locked",
            kind="resident",
            record_id=RECORD.id,
            media=("email",),
            sender="Contoh",
            params={},
        )
    )
    plan.questions.append(
        Question(id=GONE, kind=QuestionKind.REVIEW, record_kind="resident", record_id=RECORD.id)
    )
    plan.retold.append(Retold(record=RECORD, head=b"h" * 32))
    plan.refusal = RefusedError("step.waiting")
    assert all(getattr(plan.decision(), field.name) for field in attrs.fields(Decision))
    plan.clear()
    assert plan.decision() == Decision()


def test_claims_and_secrets_do_not_show_what_they_hold():
    shown = repr(
        (
            Claim(space="nik", key=b"blind index", owner="o"),
            Secret(id=SECRET.id, kind="pin", owner=RECORD.id, value=b"verifier"),
        )
    )
    assert "blind index" not in shown
    assert "verifier" not in shown
