"""What must hold in every world that anybody can bring about, whatever the office.

It is said here a second time, from the published standards and the threat model and not from
the code: an attempt with a flaw changes nothing, save what must be remembered of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.activation.application import LIVE, Application, ApplicationStatus
from ikd.core.complaint.complaint import Complaint
from ikd.core.decide import KINDS
from ikd.core.house.house import House
from ikd.core.identity import events as i
from ikd.core.identity.identity import PASSCODE_TRIES, Identity, IdentityStatus
from ikd.core.records import resident as r
from ikd.core.records.law import Transitions
from ikd.core.records.turn import DEVICE_SPACE
from ikd.core.standard.office import Office
from model.cases import Case
from model.search import Step

TIME: frozenset[type[Any]] = frozenset(
    {e.Expired, e.PinExpired, e.PinUndelivered, i.SignInPinExpired, i.SignInPinUndelivered}
    | {r.CaseClosed}
)
COUNTED: Mapping[str, frozenset[type[Any]]] = {
    "secret": frozenset({e.PinRefused, e.PinLocked, r.GuessCounted, i.SignInRefused}),
    "code": frozenset({e.CheckCodeRefused}),
    "standing": frozenset({e.DataReferred}),
    "no": frozenset({e.Rejected, e.BiometricRefused, e.Reviewed}),
}
"""What may be remembered of a flawed attempt; of all others nothing but that time passed."""
DONE_BY: Mapping[type[Any], str] = {
    e.Registered: "register",
    e.DataChecked: "data_check",
    e.BiometricMatched: "biometric",
    e.Reviewed: "ministry_review",
    e.PresenceConfirmed: "presence",
    e.Approved: "decision",
    e.Activated: "activate",
}
TABLES: Mapping[str, Transitions] = {
    kind.word: kind.law.transitions
    for kind in KINDS
    if kind.word not in (House.kind, Complaint.kind)
}
"""What can happen to cases; the house is a record of the whole store, and no case moves it. A
complaint is no part of a case: ``model.complaints`` searches it alone."""
FINAL = {*ApplicationStatus} - LIVE | {IdentityStatus.ENDED}


class Laws:
    """Holds every step against what must always be so."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.compared: list[bool] = []

    def spy(self, matches: Callable[..., bool]) -> Callable[..., bool]:
        """Return *matches*, watched."""

        def watched(*arguments: Any) -> bool:
            self.compared.append(matches(*arguments))
            return self.compared[-1]

        return watched

    def __call__(self, step: Step) -> None:
        """Hold *step* against every law.

        Raises:
            AssertionError: One is broken.
        """
        compared, self.compared[:] = list(self.compared), []
        happened = [h for c in step.decision.changes for h in c.events] if step.decision else []
        self.flaws_change_nothing(step, happened)
        self.every_comparison_is_counted(step, compared, happened)
        self.a_right_pin_activates(step, happened)
        if step.after is not step.before:
            self.only_the_table(step)
            self.every_end_is_told(step)
            self.world(step.after)
        if any(isinstance(h, e.Activated) for h in happened):
            self.active_only_through_every_step(step)

    def flaws_change_nothing(self, step: Step, happened: list[Any]) -> None:
        """Hold: what is flawed changes nothing but what must be remembered of it."""
        flaw = step.attempt.flaw
        if flaw:
            kinds = {type(h) for h in happened}
            assert kinds <= TIME | COUNTED.get(flaw, frozenset()), (flaw, kinds)
            decision = step.decision
            if decision is not None and flaw not in (*COUNTED, "captcha"):
                kept = (decision.uses, decision.takes, decision.writes, decision.questions)
                assert not any(kept), flaw

    def every_comparison_is_counted(
        self, step: Step, compared: list[bool], happened: list[Any]
    ) -> None:
        """Hold: a secret is compared once at most, and a wrong one is counted."""
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
        """Hold: nothing is compared beyond the budgets of PIN, application and NIK."""
        before, limits = step.before, self.office.pin
        around = before.loaded(step.attempt.command)
        subject = around.phone
        assert around.resident is not None
        assert around.resident.guesses_left(before.now) > 0
        assert isinstance(subject, Application | Identity)
        assert subject.pin is not None
        assert before.now < subject.pin.until
        assert subject.pin.tries < limits.tries_per_pin.value
        used = subject.pin_tries if isinstance(subject, Application) else subject.total_tries
        assert used < limits.tries_per_application.value

    def a_right_pin_activates(self, step: Step, happened: list[Any]) -> None:
        """Hold: a right PIN with everything beside it activates while it lives, and only then."""
        attempt, before = step.attempt, step.before
        if attempt.flaw or not isinstance(attempt.command, do.EnterPin):
            return
        around = before.loaded(attempt.command)
        application, resident = around.subject, around.resident
        assert isinstance(application, Application)
        assert resident is not None
        alive = application.pin is not None and (application.due or before.now) > before.now
        may = (
            application.status is ApplicationStatus.PIN_SENT
            and alive
            and resident.guesses_left(before.now) > 0
        )
        assert may == any(isinstance(h, e.Activated) for h in happened)

    def only_the_table(self, step: Step) -> None:
        """Hold: every event stands in the table, and none follows an end."""
        assert step.decision is not None
        for change in step.decision.changes:
            held = step.before.records.get((change.kind, change.record.id))
            status: Any = None if held is None else held.status
            assert not (change.events and status in FINAL)
            for happened in change.events:
                status = TABLES[change.kind][status, type(happened)]
            assert status is change.record.status

    def every_end_is_told(self, step: Step) -> None:
        """Hold: whoever came to a visit is told of any end, and a rejection is told to all.

        No other end is told before the visit: nobody has shown that the contact is theirs.
        """
        assert step.decision is not None
        notices = [(n.kind, n.record_id, n.template) for n in step.decision.notices]
        for change in step.decision.changes:
            held = step.before.records.get((change.kind, change.record.id))
            if held is None or held.status in FINAL or change.record.status not in FINAL:
                continue
            told = [t for kind, number, t in notices if (kind, number) == (change.kind, held.id)]
            drafted = isinstance(held, Application) and "presence" not in held.done
            if drafted and change.record.status is not ApplicationStatus.REJECTED:
                assert told == []
            else:
                assert len(told) == 1, (change.record.status, told)

    def active_only_through_every_step(self, step: Step) -> None:
        """Hold: all steps of the office were done, in its order, each shown by its event."""
        asked = step.before.loaded(step.attempt.command).subject
        assert asked is not None
        application = step.after.records["application", asked.id]
        settled = {one.requirement for one in application.verdicts if one.is_settled}
        assert settled == {row.id for row in self.office.requirements or ()}
        done = application.done
        journal = step.after.events["application", asked.id]
        shown = [getattr(h, "step", None) or DONE_BY.get(type(h)) for h in journal]
        assert all(h.verified and h.validated for h in journal if isinstance(h, e.Reviewed))
        ordered = [name for name in dict.fromkeys(shown) if name is not None]
        names = [step.name for step in self.office.steps]
        assert [name for name in ordered if name in names] == names
        assert [name for name in done if name in names] == names
        assert names[-1] == done[-1] == "activate"
        reads = self.office.presence.direction.value == "resident_reads_office"
        assert reads == any(isinstance(h, e.PairingAnswered) for h in journal)

    def world(self, case: Case) -> None:
        """Hold: one running case and one identity a NIK, and the phones claimed are theirs."""
        resident, now = case.resident, case.now
        alive = [a for a in case.all("application") if a.is_live]
        active = [x for x in case.all("identity") if x.status is IdentityStatus.ACTIVE]
        assert resident.identity == (active[0].id if active else None)
        assert len(active) <= 1
        visited = [a.id for a in alive if "presence" in a.done]
        assert visited == ([resident.running] if resident.running else [])
        assert all(a.id in visited for a in alive if a.status is ApplicationStatus.PIN_SENT)
        bound = {a.thumbprint for a in alive if a.id in visited} | {x.thumbprint for x in active}
        assert bound == {key for space, key in case.claims if space == DEVICE_SPACE}
        self.budgets(case, alive, active)
        self.secrets(case, alive, active)
        assert resident.guesses_left(now) >= 0

    def budgets(self, case: Case, alive: list[Any], active: list[Any]) -> None:
        """Hold: no count is beyond its limit."""
        pin, biometric = self.office.pin, self.office.biometric
        for one in (*case.all("application"), *active):
            used = one.pin_tries if isinstance(one, Application) else one.total_tries
            assert used <= pin.tries_per_application.value
            assert one.pin is None or one.pin.tries < pin.tries_per_pin.value
            assert one.pins <= pin.reissues.value + 1
        assert all(a.biometric_tries <= biometric.tries.value for a in alive)
        assert all(x.passcode_wrong <= PASSCODE_TRIES for x in active)

    def secrets(self, case: Case, alive: list[Any], active: list[Any]) -> None:
        """What is needed is there, and what is dead is gone."""
        living = {one.pin.id for one in (*alive, *active) if one.pin is not None}
        living |= {x.passcode_id for x in active if x.passcode_id is not None}
        living |= {a.sample.sample_id for a in alive if a.sample is not None}
        kept = {s.id for s in case.secrets.values() if s.kind != "data_key"}
        assert kept == living
