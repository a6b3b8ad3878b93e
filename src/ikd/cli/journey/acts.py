"""What each step of the procedure needs somebody to do, told as it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from ikd.cli.exits import CannotError
from ikd.cli.journey import words
from ikd.cli.journey.case import Case, check_alive
from ikd.cli.journey.people import STATION
from ikd.cli.language import text
from ikd.cli.office_sheet import word
from ikd.core.activation import events
from ikd.core.standard.registration import Registration
from ikd.core.standard.steps import Step

Told = Iterator[str]
T = TypeVar("T")
_REPORTED = frozenset({"data_check", "biometric", "ministry_review"})


def perform(case: Case, step: Step) -> Told:
    """Do what *step* needs, and yield in words what was done.

    Raises:
        CannotError: The case can't go on.
    """
    if step.performed_by == "siak" and step.name in _REPORTED:
        case.walk.act(case.application, step)
        yield text("demo.in_siak")
    else:
        yield from _ACTS[step.name](case, step)
    check_alive(case)
    if step.name not in case.application.done and step.name != "activate":
        raise CannotError(text("demo.not_done", step=step.name))


def _register(case: Case, _step: Step) -> Told:
    asked, phone = case.stage.office.registration, case.phone
    filled = {"nik": phone.owner.nik, "email": phone.email, "phone": phone.number}
    labels = [
        f"{rule.label or rule.name} {filled.get(rule.name, '')}".strip() for rule in asked.fields
    ]
    yield from _terms(asked)
    yield text("demo.fills", fields=", ".join(labels) or str(phone.owner.nik))
    if asked.button is not None:
        yield text("demo.presses", button=asked.button.value, clause=words.by(asked.button))


def _terms(asked: Registration) -> Told:
    terms, consent = asked.terms, asked.consent
    if terms is None:
        return
    if consent.value:
        clause = words.by(consent)
        yield text("demo.accepts", terms=terms.text, accept=terms.accept, clause=clause)
    else:
        yield text("demo.reads", terms=terms.text, clause=words.by(terms))


def _data_check(case: Case, step: Step) -> Told:
    yield from _answered(case, step)
    checked = _last(case, events.DataChecked)
    if checked is not None:
        yield text("demo.answered", state=text(f"demo.{checked.ktp_el}"))


def _biometric(case: Case, step: Step) -> Told:
    method = case.walk.method
    if method is None:
        raise CannotError(text("demo.no_method"))
    kind = word("biometric.methods[]", method.kind)
    shown = text("demo.moving", method=kind) if method.moving else kind
    yield f"{shown} {words.by(method)}"
    case.walk.act(case.application, step)
    yield from _answered(case, step)
    matched = _last(case, events.BiometricMatched)
    if matched is not None:
        yield _scores(case, matched)


def _scores(case: Case, matched: events.BiometricMatched) -> str:
    rules = case.stage.office.biometric
    least, live = rules.match_threshold, rules.live_threshold
    return text(
        "demo.matched",
        by_match=words.by(rules.match),
        match=matched.match,
        least_match=f"{least.value} {words.by(least)}",
        by_live=words.by(rules.liveness),
        live=matched.live,
        least_live=f"{live.value} {words.by(live)}",
    )


def _review(case: Case, step: Step) -> Told:
    if step.by == "registry":
        yield from _answered(case, step)
        yield text("demo.registry_verified")
        return
    case.walk.act(case.application, step)
    yield text("demo.reviewed")


def _presence(case: Case, step: Step) -> Told:
    visit, office = case.walk.act(case.application, step), case.stage.office
    if visit is None:
        raise CannotError(text("demo.not_done", step=step.name))
    shown = {"begin": visit.token[:5], "length": len(visit.token)}
    if office.presence.direction.value == "office_reads_resident":
        yield text("demo.phone_shows", **shown)
        yield text("demo.scanned", station=STATION, code=visit.check_code)
        return
    yield text("demo.station_shows", station=STATION, **shown)
    yield text("demo.phone_scans", code=visit.check_code)
    within = office.presence.confirm_within
    clause = words.by(within)
    yield text("demo.confirmed", within=words.lasting(within.value), clause=clause)


def _decision(case: Case, step: Step) -> Told:
    office = case.stage.office
    if case.application.questions:
        yield _asked(case)
        case.settle(lambda found: not found.questions)
        check_alive(case)
    case.walk.decide(case.application, step, passed=True)
    yield text("demo.approved")
    secret, life = office.pin.word, office.pin.life
    media = ", ".join(f"{words.medium(one.kind)} {words.by(one)}" for one in office.pin.media)
    yield text(
        "demo.pin_sent",
        word=secret.value,
        by_word=words.by(secret),
        media=media,
        life=words.lasting(life.value),
        by_life=words.by(life),
    )


def _activate(_case: Case, _step: Step) -> Told:
    return iter(())  # several acts of the resident, told one by one: see ``opening``


def _answered(case: Case, step: Step) -> Told:
    """Tell that the registry is asked, and deliver until it has answered."""
    yield _asked(case)
    case.settle(lambda found: step.name in found.done or not found.questions)


def _asked(case: Case) -> str:
    owed = [item for item in case.stage.service.owed() if item.record_id == case.id]
    return text("demo.asked", count=len(owed)) if owed else text("demo.asked_before")


def _last(case: Case, kind: type[T]) -> T | None:
    entries = [entry.event for entry in case.stage.service.history(case.id)]
    return next((happened for happened in reversed(entries) if isinstance(happened, kind)), None)


_ACTS: Mapping[str, Callable[[Case, Step], Told]] = {
    "register": _register,
    "data_check": _data_check,
    "biometric": _biometric,
    "ministry_review": _review,
    "presence": _presence,
    "decision": _decision,
    "activate": _activate,
}
