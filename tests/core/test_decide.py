"""``decide`` is a function of values: the same in, the same out, and nothing touched."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ikd.core.activation.application import ApplicationStatus
from ikd.core.activation.turn import Case as Loaded
from ikd.core.decide import KINDS
from ikd.core.errors import InputError, RefusedError
from ikd.core.identity.identity import IdentityStatus
from ikd.core.records.context import Evidence
from ikd.core.records.decision import Decision
from ikd.core.records.kind import Around
from ikd.plugins.offices import load_office
from model import acts
from model.attempts import attempts
from model.cases import Case
from model.flaws import Attempt

OFFICES = {name: load_office(name) for name in ("payakumbuh", "wakatobi")}
PAUSES = (
    timedelta(seconds=1),
    timedelta(seconds=60),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=24),
    timedelta(days=7),
    timedelta(days=30),
)


def outcome(case: Case, attempt: Attempt) -> Decision | tuple[type[Exception], str]:
    try:
        return case.decide(attempt.command, attempt.actor, attempt.evidence)
    except (RefusedError, InputError) as error:
        return type(error), error.code


def loaded(case: Case, attempt: Attempt) -> Around | None:
    """What is shown to ``decide``; nothing where the record isn't known."""
    try:
        return case.loaded(attempt.command)
    except RefusedError:
        return None


def same(one: Any, other: Any) -> bool:
    """Equal, where two refusals are equal when they say the same."""
    if isinstance(one, Decision) and isinstance(other, Decision):
        codes = [d.refusal and (d.refusal.code, d.refusal.clause) for d in (one, other)]
        bare = [attrs.evolve(d, refusal=None) for d in (one, other)]
        return codes[0] == codes[1] and bare[0] == bare[1]
    return bool(one == other)


class Anybody(RuleBasedStateMachine):
    """Anybody tries anything, in any order, at any time, with up to three cases of one NIK."""

    case: Case

    @initialize(office=st.sampled_from(sorted(OFFICES)))
    def open(self, office: str) -> None:
        self.case = Case(office=OFFICES[office])
        acts.opened(self.case)

    @rule(pause=st.sampled_from(PAUSES))
    def time_passes(self, pause: timedelta) -> None:
        self.case.later(pause)

    @rule(data=st.data())
    def somebody_tries_something(self, data: st.DataObject) -> None:
        case = self.case
        attempt = data.draw(st.sampled_from(list(attempts(case, cases=3))))
        before = (dict(case.records), loaded(case, attempt), attempt.evidence)
        frozen = copy.copy(before)
        first, second = outcome(case, attempt), outcome(case, attempt)
        assert same(first, second)
        assert before == frozen
        if isinstance(first, Decision):
            self.folded(first)
            case.keep(first)

    @rule()
    def things_go_on(self) -> None:
        """Let the newest live case take its next step, so that walks come far."""
        alive = [a for a in self.case.all("application") if a.is_live]
        assume(alive)
        command, actor = acts.next_act(self.case, alive[-1])
        try:
            self.case.do(command, actor)
        except RefusedError:
            return

    def folded(self, decision: Decision) -> None:
        for change in decision.changes:
            record = self.case.records.get((change.kind, change.record.id))
            for happened in change.events:
                record = KINDS.named(change.kind).law.evolve(record, happened)
                assert happened.at == self.case.now
            assert record == change.record
            assert change.record.version == change.expected_version + len(change.events)

    @invariant()
    def the_journal_is_the_record(self) -> None:
        self.case.check_replay()

    @invariant()
    def one_nik_has_one_running_case_and_one_active_identity(self) -> None:
        resident = self.case.resident
        active = [x.id for x in self.case.all("identity") if x.status is IdentityStatus.ACTIVE]
        assert active == [resident.identity] * bool(resident.identity)
        sent = [
            a.id for a in self.case.all("application") if a.status is ApplicationStatus.PIN_SENT
        ]
        assert sent in ([], [resident.running])

    @invariant()
    def budgets_hold(self) -> None:
        for application in self.case.all("application"):
            assert application.pin_tries <= 4
            assert application.pins <= 4
        assert self.case.resident.guesses_left(self.case.now) >= 0


TestAnybody = Anybody.TestCase
TestAnybody.settings = settings(
    max_examples=min(settings().max_examples, 1_000) // 5, stateful_step_count=30
)


def test_what_is_no_command_is_refused_as_malformed(payakumbuh: Case):
    thing: Any
    for thing in (object(), None, "Register"):
        with pytest.raises(InputError) as caught:
            payakumbuh.decide(thing, acts.RESIDENT, Evidence())
        assert caught.value.code == "command.unknown"


def test_other_entropy_gives_other_ids_and_else_the_same_decision(anywhere: Case):
    command = acts.register(anywhere)
    one = anywhere.decide(command, acts.RESIDENT)
    anywhere.turn += 1
    other = anywhere.decide(command, acts.RESIDENT)
    assert one.changes[0].record.id != other.changes[0].record.id
    assert [type(h) for c in one.changes for h in c.events] == [
        type(h) for c in other.changes for h in c.events
    ]


def test_everything_that_was_loaded_is_in_the_decision_changed_or_not(anywhere: Case):
    acts.brought_to(anywhere, "ACTIVATED")
    acts.brought_to(anywhere, "decision")
    draft = acts.opened(anywhere)
    command, actor = acts.next_act(anywhere, draft)
    decision = anywhere.decide(command, actor)
    loaded = anywhere.loaded(command)
    assert isinstance(loaded, Loaded)
    ids = {x.id for x in (loaded.subject, loaded.resident, loaded.rival, loaded.active) if x}
    assert len(ids) == 4
    assert {c.record.id for c in decision.changes} == ids
    assert decision.changes[0].record.id == draft.id


@pytest.mark.parametrize("kind", ["application", "identity", "resident"])
def test_a_replay_of_nothing_is_no_record(kind: str):
    assert KINDS.replay(kind, ()) is None


def test_no_decision_shows_a_secret(anywhere: Case):
    acts.brought_to(anywhere, "decision")
    command, actor = acts.next_act(anywhere, anywhere.application)
    shown = repr(anywhere.decide(command, actor))
    assert "sealed pin" not in shown
    assert repr(anywhere.evidence(command).fresh_pin.verifier) not in shown
