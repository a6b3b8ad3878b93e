"""An exhaustive search: ``decide`` itself, with everything anybody could try, everywhere.

Two worlds that differ only in ids, in how long ago something was, or in how a dead
application died count as one state, so there are finitely many: the search ends, and what it
didn't meet can't be reached by what it tries.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import attrs

from ikd.core.activation.application import Application, PendingPairing
from ikd.core.decide import KINDS
from ikd.core.errors import IkdError, InputError, RefusedError
from ikd.core.identity.identity import Identity, IdentityStatus
from ikd.core.records.decision import Decision
from ikd.core.standard.versions import has_begun
from model.attempts import attempts
from model.cases import Case
from model.evidence import stated_by
from model.flaws import Attempt

Law = Callable[["Step"], None]
_MANY_GUESSES = 5  # left for the NIK: more than these make no difference to one application


@attrs.frozen
class Step:
    """One attempt and what came of it.

    Attributes:
        before: The world before.
        attempt: Who tried what.
        decision: What was decided; ``None`` when it was refused without any effect.
        error: The refusal, whether or not something was kept with it.
        after: The world after; the same as before when nothing happened.
    """

    before: Case
    attempt: Attempt
    decision: Decision | None
    error: IkdError | None
    after: Case


@attrs.define
class Met:
    """What a search has met.

    Attributes:
        states: Worlds that differ, each by its abstract state.
        pairs: Pairs of a state and an attempt that were decided.
        codes: Codes of all refusals.
        transitions: Kind of record, status before, and class of event.
        ends: For each state, the states that one attempt or some time leads to.
    """

    states: dict[Any, Case] = attrs.field(factory=dict)
    pairs: int = 0
    codes: set[str] = attrs.field(factory=set)
    transitions: set[tuple[str, Any, type[Any]]] = attrs.field(factory=set)
    ends: dict[Any, set[Any]] = attrs.field(factory=dict)

    def __str__(self) -> str:
        """Say how much was met, in one line."""
        return (
            f"{len(self.states)} states, {self.pairs} (state, command) pairs, "
            f"{len(self.transitions)} transitions, {len(self.codes)} refusal codes"
        )


def explore(
    starts: Iterable[Case],
    *,
    ticks: Iterable[timedelta],
    law: Law,
    cases: int = 1,
    worth: Callable[[Attempt], bool] = lambda _: True,
    most: int = 1_000_000,
) -> Met:
    """Try everything in every state that can be reached from *starts*.

    Args:
        starts: Worlds to begin with.
        ticks: How long the clock may stand still between two attempts.
        law: Called with every step; raises where one breaks it.
        cases: Applications that may be opened in one world.
        worth: Which attempts are worth trying, where all would be too many.
        most: States after which the search gives up.

    Raises:
        AssertionError: The law, or an error that is no refusal.
    """
    met, todo, pauses = Met(), deque[tuple[Any, Case]](), tuple(ticks)

    def reach(case: Case) -> Any:
        state = state_of(case)
        if state not in met.states:
            case.check_replay()
            met.states[state] = case
            todo.append((state, case))
        return state

    for start in starts:
        reach(start)
    while todo:
        state, case = todo.popleft()
        ends = met.ends[state] = {reach(case.copy().later(pause)) for pause in pauses}
        for attempt in filter(worth, attempts(case, cases=cases)):
            step = tried(case, attempt)
            met.pairs += 1
            _note(met, step)
            law(step)
            ends.add(state if step.after is case else reach(step.after))
        assert len(met.states) <= most, f"more than {most} states"
    return met


def tried(case: Case, attempt: Attempt) -> Step:
    """Return what comes of *attempt*, in a world of its own if anything does."""
    try:
        decision = case.decide(attempt.command, attempt.actor, attempt.evidence)
    except (RefusedError, InputError) as error:
        return Step(case, attempt, None, error, case)
    after = case
    if any(change.events for change in decision.changes):
        after = case.copy()
        after.keep(decision)
        after.owed = ()
    return Step(case, attempt, decision, decision.refusal, after)


def _note(met: Met, step: Step) -> None:
    if step.error is not None:
        met.codes.add(step.error.code)
    for change in step.decision.changes if step.decision else ():
        record = step.before.records.get((change.kind, change.record.id))
        for happened in change.events:
            status = getattr(record, "status", None)
            met.transitions.add((change.kind, status, type(happened)))
            record = KINDS.named(change.kind).law.evolve(record, happened)


def state_of(case: Case) -> tuple[Any, ...]:
    """Return the abstract state of *case*."""
    resident = next(iter(case.all("resident")), None)
    left = min(_MANY_GUESSES, resident.guesses_left(case.now)) if resident else None
    applications = tuple(_application(case, a) for a in case.all("application"))
    identities = tuple(_identity(case, i) for i in case.all("identity"))
    begun = has_begun(case.office, case.now.astimezone(case.office.tz).date())
    return applications, identities, left, begun


def _application(case: Case, application: Application) -> tuple[Any, ...]:
    if not application.is_live:
        return (application.status,)
    known = ("requirements", "registration", "presence", None)
    referred = application.referred
    asked = application.questions[0].kind if application.questions else None
    pairing = application.pairing
    return (
        application.status,
        application.done,
        application.thumbprint,
        (asked, application.sample is None, application.person is None),
        (referred if referred in known else "other", "requirements" in application.cleared),
        None if application.person is not None else _weighed(application),
        (application.biometric_tries, _open(case, application.supervised_until)),
        0 if "presence" in application.done else application.contact_corrections,
        None if pairing is None else _waits(case, pairing),
        application.transcript is None,
        None if application.pin is None else application.pin.tries,
        (application.pin_tries, application.pins, _cooling(case, application.pin_at)),
        application.declared_at is None,
        (application.due or case.now) <= case.now,
        application.ends_at <= case.now,
    )


def _weighed(application: Application) -> tuple[Any, ...]:
    """Return what matters of the requirements until the register has settled them all."""
    open_ = (one for one in application.verdicts if one.verdict not in ("met", "note"))
    verdicts = tuple((one.requirement, one.verdict) for one in open_)
    return verdicts, stated_by(application).ever_married


def _waits(case: Case, pairing: PendingPairing) -> tuple[Any, ...]:
    over = pairing.until <= case.now
    return (pairing.office, pairing.station, over, 0 if over else pairing.wrong)


def _identity(case: Case, identity: Identity) -> tuple[Any, ...]:
    if identity.status is IdentityStatus.ENDED:
        return (identity.status,)
    return (
        identity.status,
        identity.thumbprint,
        None if identity.pin is None else (identity.pin.tries, identity.pin.until <= case.now),
        (identity.total_tries, identity.pins, _cooling(case, identity.pin_at)),
        identity.passcode_open,
        identity.passcode_id is None,
        identity.passcode_wrong,
    )


def _open(case: Case, until: datetime | None) -> bool | None:
    return None if until is None else case.now < until


def _cooling(case: Case, issued: datetime | None) -> bool:
    return issued is not None and case.now < issued + case.office.pin.cooldown.value
