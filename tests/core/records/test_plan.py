"""A plan gathers one decision: state follows events, and clearing leaves nothing."""

from __future__ import annotations

from ikd.core.errors import RefusedError
from ikd.core.records.decision import Claim, Decision, Secret
from ikd.core.records.plan import Plan
from ikd.core.records.resident import GuessCounted, Resident, ResidentOpened, evolve_resident
from model.cases import START

RECORD = Resident(id="a" * 32, version=4, changed_at=START)
GUESS = GuessCounted(at=START)


def test_a_record_that_was_read_goes_in_without_events_at_its_version():
    plan = Plan()
    plan.read("resident", RECORD)
    (change,) = plan.decision().changes
    assert (change.record, change.expected_version, change.events) == (RECORD, 4, ())


def test_what_happens_is_folded_at_once_and_the_version_expected_is_the_loaded_one():
    plan = Plan()
    plan.read("resident", RECORD)
    once = plan.happen("resident", RECORD, GUESS, evolve_resident)
    twice = plan.happen("resident", once, GUESS, evolve_resident)
    assert plan.current("resident", RECORD) == twice
    (change,) = plan.decision().changes
    assert (change.expected_version, change.record.version, change.events) == (4, 6, (GUESS, GUESS))


def test_reading_again_does_not_undo_what_happened():
    plan = Plan()
    plan.happen("resident", RECORD, GUESS, evolve_resident)
    plan.read("resident", RECORD)
    assert plan.decision().changes[0].events == (GUESS,)
    assert plan.decision().changes[0].expected_version == 4


def test_a_new_record_is_expected_not_to_be_there():
    plan = Plan()
    opened = ResidentOpened(at=START, resident_id="b" * 32)
    made = plan.happen("resident", None, opened, evolve_resident)
    plan.happen("resident", made, GUESS, evolve_resident)
    assert plan.decision().changes[0].expected_version == 0


def test_a_record_that_was_not_loaded_is_current_as_it_is():
    assert Plan().current("resident", RECORD) is RECORD


def test_clearing_drops_everything():
    plan = Plan()
    plan.read("resident", RECORD)
    claim = Claim(space="nik", key=b"k", owner="o")
    for gathered in (plan.takes, plan.releases, plan.uses):
        gathered.append(claim)
    plan.writes.append(Secret(id="c" * 32, kind="pin", owner="o", value=b"v"))
    plan.deletes.append("d" * 32)
    plan.voids.append("d" * 32)
    plan.notices.append("notice")
    plan.questions.append("question")
    plan.refusal = RefusedError("step.waiting")
    assert all(vars_of(plan.decision()).values())
    plan.clear()
    assert plan.decision() == Decision()


def vars_of(decision: Decision) -> dict[str, object]:
    return {name: getattr(decision, name) for name in Decision.__slots__ if name[0] != "_"}


def test_claims_and_secrets_do_not_show_what_they_hold():
    shown = repr(
        (
            Claim(space="nik", key=b"blind index", owner="o"),
            Secret(id="c" * 32, kind="pin", owner="o", value=b"verifier"),
        )
    )
    assert "blind index" not in shown
    assert "verifier" not in shown
