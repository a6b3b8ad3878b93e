"""Weighing the requirements: which are due by now, and what becomes of each.

Unknown is not yes. What looks at nothing that the register tells is due at the registration, all
else after the register's answer, whose facts win and are kept nowhere. What was settled at the
registration stays so; what the register answers is weighed anew with every answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from ikd.core.activation.application import Application
from ikd.core.errors import RefusedError
from ikd.core.records.person import Marital
from ikd.core.records.questions import Answer
from ikd.core.standard.candidate import REGISTERED, TOLD_AT_ONCE, Candidate
from ikd.core.standard.findings import Finding, RequirementVerdict
from ikd.core.standard.office import Office
from ikd.core.standard.requirements import Requirement
from ikd.core.validators import given

AT_REGISTRATION, AFTER_ANSWER = "registration", "requirements"
"""What a case is referred for, by when its requirements were weighed."""


def weigh(
    standard: Office, known: Candidate, of: Application | None = None, *, registered: bool = False
) -> tuple[Finding, ...]:
    """Return what every requirement that is due comes to, the met ones too.

    Args:
        standard: The standard that rules.
        known: What is known; e-mail and phone are those of the application.
        of: The application; ``None`` before it is registered.
        registered: Whether the register's answer is among it.
    """
    if of is not None:
        email, phone = of.sealed.email is not None, of.sealed.phone is not None
        known = attrs.evolve(known, email=email, phone=phone)
    return tuple(row.weigh(known) for row in _due(standard, of, registered=registered))


def unsettled(application: Application, standard: Office) -> bool:
    """Say whether something is due by now and open: so in what began before it was asked for."""
    rows = _due(standard, application, registered=application.person is not None)
    return not {row.id for row in rows} <= _settled(application)


def verdicts(
    found: Iterable[Finding], of: Application | None = None, *, referred: str = AFTER_ANSWER
) -> tuple[RequirementVerdict, ...]:
    """Return what is kept of *found*; what an officer has cleared up already is cleared."""
    return tuple(_cleared(one.verdict(), of, referred) for one in found)


def settled(found: Iterable[Finding]) -> tuple[RequirementVerdict, ...]:
    """Return what is kept of those in *found* that nobody has to do anything about."""
    return tuple(one for one in verdicts(found) if one.is_settled)


def check(found: Iterable[Finding]) -> None:
    """Refuse where a requirement isn't met.

    Raises:
        RefusedError: ``requirements``, with every finding.
    """
    against = tuple(one for one in found if one.outcome != "met")
    refusing = [one for one in against if one.outcome == "refuse"]
    if refusing:
        raise RefusedError(
            "requirements",
            "; ".join(one.requirement for one in refusing),
            clause=refusing[0].clause,
            findings=against,
        )


def after_answer(stated: Candidate, answer: Answer, today: date) -> Candidate:
    """Return what is known once the register has answered: what it tells wins."""
    person = given(answer.person)
    told = Candidate(
        age=_age(person.birth_date, today),
        ever_married=None if person.marital is None else person.marital is not Marital.UNMARRIED,
    )
    return stated.and_then(told).with_registry(given(answer.ktp_el).value)


def _due(standard: Office, of: Application | None, *, registered: bool) -> Iterator[Requirement]:
    settled = _settled(of) if of else frozenset()
    for row in standard.requirements or ():
        if not row.facts.isdisjoint(REGISTERED):
            if registered:
                yield row
        elif of is None or not (row.id in settled or row.facts <= TOLD_AT_ONCE):
            yield row


def _settled(application: Application) -> frozenset[str]:
    return frozenset(one.requirement for one in application.verdicts if one.is_settled)


def _cleared(now: RequirementVerdict, of: Application | None, referred: str) -> RequirementVerdict:
    """Return *now*, as cleared where an officer cleared that very thing up."""
    cleared = attrs.evolve(now, verdict="cleared")
    if of is None or now.verdict != "human":
        return now
    # before findings were kept, an officer cleared up all that a case was referred for
    return cleared if cleared in of.verdicts or referred in of.cleared else now


def _age(born: date, on: date) -> int:
    """Return full years; someone born on 29 February is a year older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
