"""Every state that anybody can bring about, and every law held in each.

The search drives ``decide`` itself. What may follow what is said here a second time, from
the published standards and not from the code: an attempt with a flaw changes nothing, save
what must be remembered of it.
"""

from __future__ import annotations

import ast
import inspect
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

import ikd.core.secrets.pin as pin_secrets
from ikd.core import decide as deciding
from ikd.core.activation import application as applications
from ikd.core.activation import (
    checking,
    decisions,
    permissions,
    pins,
    presence,
    registering,
    turn,
)
from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation import lifecycle as activation
from ikd.core.activation.application import Application
from ikd.core.activation.turn import DEVICE_SPACE, NIK_SPACE
from ikd.core.identity import decisions as living
from ikd.core.identity import events as i
from ikd.core.identity import identity as identities
from ikd.core.identity import lifecycle as life
from ikd.core.identity import opening
from ikd.core.identity.commands import Command as IdentityCommand
from ikd.core.ids import RecordId
from ikd.core.records import context
from ikd.core.records import resident as r
from ikd.core.resident.nik import Nik
from ikd.core.standard.office import Office
from ikd.testing import acts
from ikd.testing.attempts import Attempt
from ikd.testing.cases import START, Case
from ikd.testing.evidence import index_of
from ikd.testing.search import Met, Step, explore

NIGHTLY = os.environ.get("IKD_PROFILE") == "nightly"
TICKS = tuple(
    timedelta(**{unit: number})
    for unit, number in (("seconds", 60), ("minutes", 5), ("days", 1), ("days", 30))
)
OPEN, PIN_SENT = applications.Status.OPEN, applications.Status.PIN_SENT
ACTIVATED = applications.Status.ACTIVATED

# --- the offices that are searched -----------------------------------------------------


def lowered(shelf: Any) -> Callable[[dict[str, Any]], None]:
    """Budgets and lives as low as a file may set them; nightly leaves them as shipped."""

    def change(text: dict[str, Any]) -> None:
        short = {"life": "5 min"}
        few = {"tries_per_pin": 2, "tries_per_application": 3, "reissues": 1}
        for name, value in (short if NIGHTLY else short | few).items():
            text["pin"][name] = shelf.said(value)
        if "biometric" in text and not NIGHTLY:
            text["biometric"]["tries"] = shelf.said(2)
        text["presence"]["confirm_within"] = shelf.said("1 min")
        text["lives"] = {"draft": shelf.said("1 d"), "pin_sent": shelf.said("1 d")}
        if "sign_in" in text:
            text["sign_in"]["window"] = shelf.said("5 min")

    return change


def steps_of(text: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {step["name"]: step for step in text["steps"]}


def review_after_presence(text: dict[str, Any], shelf: Any) -> None:
    order = ("data_check", "biometric", "presence", "ministry_review", "decision")
    text["steps"] = [steps_of(text)[name] for name in ("register", *order, "activate")]


def office_reads_without_sign_in(text: dict[str, Any], shelf: Any) -> None:
    del text["sign_in"]
    text["presence"]["direction"] = shelf.said("office_reads_resident")
    steps_of(text)["presence"]["by"] = shelf.said("operator")


def steps_in_siak(text: dict[str, Any], shelf: Any) -> None:
    for name in ("data_check", "biometric", "ministry_review", "presence", "decision"):
        steps_of(text)[name]["performed_by"] = shelf.said("siak")


def four_steps_only(text: dict[str, Any], shelf: Any) -> None:
    text["steps"] = [steps_of(text)[n] for n in ("register", "presence", "decision", "activate")]
    del text["biometric"]
    for name in ("tries_per_pin", "tries_per_application"):
        text["pin"][name] = shelf.said(1)
    text["pin"]["reissues"] = shelf.said(0)


TWO = "two cases of one NIK, two phones"


def in_two_cases(attempt: Attempt) -> bool:
    """Two cases in all their states would be too many: what matters is who holds the claims."""
    command, flaw = attempt.command, attempt.flaw
    if isinstance(command, IdentityCommand):
        return False
    if isinstance(command, do.Register):
        return not flaw and command.device.kind == "smartphone" and attempt.actor == acts.RESIDENT
    return flaw in ("", "secret", "taken", "role")


SEARCHED: dict[str, tuple[str, Callable[[dict[str, Any], Any], None] | None, int]] = {
    "payakumbuh": ("payakumbuh", None, 350),
    "wakatobi": ("wakatobi", None, 450),
    "review after presence": ("payakumbuh", review_after_presence, 350),
    "office reads, no sign-in": ("wakatobi", office_reads_without_sign_in, 300),
    "steps done in SIAK": ("payakumbuh", steps_in_siak, 200),
    TWO: ("payakumbuh", four_steps_only, 500),
}


def office_of(name: str, shelf: Any) -> Office:
    shipped, variant, _ = SEARCHED[name]

    def change(text: dict[str, Any]) -> None:
        lowered(shelf)(text)
        if variant is not None:
            variant(text, shelf)

    office: Office = shelf.office(shipped, change)
    return office


def worn(office: Office) -> Case:
    """A world whose NIK has met 18 wrong PINs these days, with a case that waits for its PIN."""
    case = Case(office=office)
    number, at = RecordId("a" * 32), START
    made = [r.ResidentOpened(at=at, resident_id=number), *18 * [r.GuessCounted(at=at)]]
    record = deciding.replay("resident", tuple(made))
    case.events["resident", number], case.records["resident", number] = tuple(made), record
    case.claims[NIK_SPACE, index_of(Nik.parse(acts.NIK))] = number
    acts.brought_to(case, "PIN_SENT")
    return case


# --- the laws --------------------------------------------------------------------------

TIME = {e.Expired, e.PinExpired, i.SignInPinExpired, r.CaseClosed}
COUNTED = {
    "secret": {e.PinRefused, e.PinLocked, r.GuessCounted, i.SignInRefused},
    "standing": {e.DataReferred},
    "no": {e.Rejected, e.BiometricRefused},
}
"""What may be remembered of a flawed attempt; of all others nothing but that time passed."""
DONE_BY = {
    e.Registered: "register",
    e.DataChecked: "data_check",
    e.BiometricMatched: "biometric",
    e.Reviewed: "ministry_review",
    e.PresenceConfirmed: "presence",
    e.Approved: "decision",
    e.Activated: "activate",
}
TABLES = {"application": activation.TRANSITIONS, "identity": life.TRANSITIONS}
FINAL = {*applications.Status} - {OPEN, PIN_SENT} | {identities.Status.ENDED}


class Laws:
    """Holds every step against what must always be so."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.compared: list[bool] = []

    def spy(self, matches: Callable[..., bool]) -> Callable[..., bool]:
        def watched(*arguments: Any) -> bool:
            self.compared.append(matches(*arguments))
            return self.compared[-1]

        return watched

    def __call__(self, step: Step) -> None:
        compared, self.compared[:] = list(self.compared), []
        happened = [h for c in step.decision.changes for h in c.events] if step.decision else []
        self.flaws_change_nothing(step, happened)
        self.every_comparison_is_counted(step, compared, happened)
        self.a_right_pin_activates(step, happened)
        if step.after is not step.before:
            self.only_the_table(step)
            self.world(step.after)
        if any(isinstance(h, e.Activated) for h in happened):
            self.active_only_through_every_step(step)

    def flaws_change_nothing(self, step: Step, happened: list[Any]) -> None:
        flaw = step.attempt.flaw
        if flaw:
            kinds = {type(h) for h in happened}
            assert kinds <= TIME | COUNTED.get(flaw, set()), (flaw, kinds)
            decision = step.decision
            if decision is not None and flaw not in (*COUNTED, "captcha"):
                kept = (decision.uses, decision.takes, decision.writes, decision.questions)
                assert not any(kept), flaw

    def every_comparison_is_counted(
        self, step: Step, compared: list[bool], happened: list[Any]
    ) -> None:
        assert len(compared) <= 1
        counted = [
            h
            for h in happened
            if isinstance(h, e.PinRefused) or (isinstance(h, i.SignInRefused) and h.by == "pin")
        ]
        guesses = [h for h in happened if isinstance(h, r.GuessCounted)]
        assert len(counted) == len(guesses) == compared.count(False)
        if compared:
            assert step.attempt.flaw in ("", "secret", "full")
            self.there_was_a_try_left(step)

    def there_was_a_try_left(self, step: Step) -> None:
        before, limits = step.before, self.office.pin
        records = before.loaded(step.attempt.command)
        assert records.resident is not None
        assert records.resident.guesses_left(before.now) > 0
        subject = records.application or records.identity
        assert subject is not None
        assert subject.pin is not None
        assert before.now < subject.pin.until
        assert subject.pin.tries < limits.tries_per_pin.value
        used = subject.pin_tries if isinstance(subject, Application) else subject.total_tries
        assert used < limits.tries_per_application.value

    def a_right_pin_activates(self, step: Step, happened: list[Any]) -> None:
        attempt, before = step.attempt, step.before
        if attempt.flaw or type(attempt.command).__name__ != "EnterPin":
            return
        records = before.loaded(attempt.command)
        application, resident = records.application, records.resident
        assert application is not None
        assert resident is not None
        alive = application.pin is not None and (application.due or before.now) > before.now
        may = application.status is PIN_SENT and alive and resident.guesses_left(before.now) > 0
        assert may == any(isinstance(h, e.Activated) for h in happened)

    def only_the_table(self, step: Step) -> None:
        assert step.decision is not None
        for change in step.decision.changes:
            if change.kind == "resident":
                continue
            held = step.before.records.get((change.kind, change.record.id))
            status: Any = None if held is None else held.status
            assert not (change.events and status in FINAL)
            for happened in change.events:
                status = TABLES[change.kind][status, type(happened)]
            assert status is change.record.status

    def active_only_through_every_step(self, step: Step) -> None:
        asked = step.before.loaded(step.attempt.command).application
        assert asked is not None
        done = step.after.records["application", asked.id].done
        journal = step.after.events["application", asked.id]
        shown = [getattr(h, "step", None) or DONE_BY.get(type(h)) for h in journal]
        ordered = [name for name in dict.fromkeys(shown) if name is not None]
        names = [step.name for step in self.office.steps]
        assert [name for name in ordered if name in names] == names
        assert [name for name in done if name in names] == names
        assert names[-1] == done[-1] == "activate"
        reads = self.office.presence.direction.value == "resident_reads_office"
        assert reads == any(isinstance(h, e.PairingAnswered) for h in journal)

    def world(self, case: Case) -> None:
        resident, now = case.resident, case.now
        alive = [a for a in case.all("application") if a.is_live]
        active = [x for x in case.all("identity") if x.status is identities.Status.ACTIVE]
        assert resident.identity == (active[0].id if active else None)
        assert len(active) <= 1
        visited = [a.id for a in alive if "presence" in a.done]
        assert visited == ([resident.running] if resident.running else [])
        assert all(a.id in visited for a in alive if a.status is PIN_SENT)
        bound = {a.thumbprint for a in alive if a.id in visited} | {x.thumbprint for x in active}
        assert bound == {key for space, key in case.claims if space == DEVICE_SPACE}
        self.budgets(case, alive, active)
        self.secrets(case, alive, active)
        assert resident.guesses_left(now) >= 0

    def budgets(self, case: Case, alive: list[Any], active: list[Any]) -> None:
        pin, biometric = self.office.pin, self.office.biometric
        for one in (*case.all("application"), *active):
            used = one.pin_tries if isinstance(one, Application) else one.total_tries
            assert used <= pin.tries_per_application.value
            assert one.pin is None or one.pin.tries < pin.tries_per_pin.value
            assert one.pins <= pin.reissues.value + 1
        assert all(a.biometric_tries <= biometric.tries.value for a in alive)
        assert all(x.passcode_wrong <= identities.PASSCODE_TRIES for x in active)

    def secrets(self, case: Case, alive: list[Any], active: list[Any]) -> None:
        """What is needed is there, and what is dead is gone."""
        living = {one.pin.id for one in (*alive, *active) if one.pin is not None}
        living |= {x.passcode_id for x in active if x.passcode_id is not None}
        living |= {a.sample.sample_id for a in alive if a.sample is not None}
        kept = {s.id for s in case.secrets.values() if s.kind != "data_key"}
        assert kept == living


# --- the searches ----------------------------------------------------------------------

FOUND: dict[str, Met] = {}


def search(name: str, shelf: Any) -> Met:
    """Search the office *name*, once a process."""
    if name not in FOUND:
        office = office_of(name, shelf)
        laws = Laws(office)
        starts = [Case(office=office)]
        if name == "wakatobi":
            starts.append(worn(office))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pins, "matches", laws.spy(pins.matches))
            patch.setattr(pin_secrets, "matches", laws.spy(pin_secrets.matches))
            FOUND[name] = explore(
                starts,
                ticks=TICKS[2:3] if name == TWO else TICKS,
                law=laws,
                cases=2 if name == TWO else 1,
                worth=in_two_cases if name == TWO else lambda _: True,
            )
    return FOUND[name]


@pytest.mark.parametrize("name", SEARCHED)
def test_every_law_holds_wherever_anybody_can_come(
    name: str, shelf: Any, record_property: Any, capsys: pytest.CaptureFixture[str]
):
    met = search(name, shelf)
    record_property("met", str(met))
    with capsys.disabled():
        print(f"\nsearch, {name}: {met}")
    assert len(met.states) >= SEARCHED[name][2]
    assert met.pairs >= 100 * len(met.states)
    assert any(
        a.status is ACTIVATED for case in met.states.values() for a in case.all("application")
    )
    every_case_can_end(met)


def every_case_can_end(met: Met) -> None:
    """From every state there is a way to one in which no application is live: none is stuck."""
    over = {
        state
        for state, case in met.states.items()
        if not any(a.is_live for a in case.all("application"))
    }
    before: dict[Any, set[Any]] = {}
    for state, ends in met.ends.items():
        for end in ends:
            before.setdefault(end, set()).add(state)
    todo = list(over)
    while todo:
        new = before.get(todo.pop(), set()) - over
        over |= new
        todo.extend(new)
    assert over == set(met.states)


def test_every_transition_of_both_tables_is_met_and_no_other(shelf: Any):
    met = {t for name in SEARCHED for t in search(name, shelf).transitions}
    tabled = {
        (kind, status, happened) for kind, table in TABLES.items() for status, happened in table
    }
    assert {t for t in met if t[0] in TABLES} == tabled


def raised_codes(*modules: Any) -> Iterator[str]:
    """Yield the code of every refusal that *modules* raise, read from their text."""
    for module in modules:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            match node:
                case ast.Call(
                    func=ast.Name(id="RefusedError" | "InputError"),
                    args=[ast.Constant(value=str(code)), *_],
                ):
                    yield code
                case ast.Call(func=ast.Name(id="DeviceError"), args=[ast.Constant(value=fault)]):
                    yield f"device.{fault}"


def test_every_refusal_there_is_was_met_and_none_that_is_not_written_down(shelf: Any):
    met = {code for name in SEARCHED for code in search(name, shelf).codes}
    modules = (checking, decisions, permissions, pins, presence, registering, turn)
    codes = set(raised_codes(*modules, living, opening, context, deciding))
    assert met == codes - {"command.unknown"}  # that one needs something that is no command
