"""What delivery does with an owed thing: hands it over, asks the registry, or fails.

A failure waits, gives up or voids as the service would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from ikd.core.activation import commands as do
from ikd.core.records.patience import Failure, TryingEnd, patience
from ikd.core.records.questions import KtpEl, QuestionKind, RegistryStanding
from ikd.core.standard.office import Office
from model import acts
from model.movers import Go, Move, reported
from model.world import Item, Lane, World, live_pin, medium_of

MANY = 8  # tries that a failure here stands for: more make no difference
REPORTED = ("data_check", "biometric", "ministry_review", "decision")


def delivering(office: Office) -> Iterator[Move]:
    """Yield what the lanes for messages do, rightly and in every fault."""
    for lane in (Lane.PIN, Lane.MAIL):
        name = lane.value
        yield Move("lane", f"hands {name} over", _handed(lane, reaches=True))
        unknown = _handed(lane, reaches=False)
        yield Move("lane", f"hands {name} over, perhaps", unknown, "mail unknown")
        by_hand = lane is Lane.PIN and "officer" in office.pin.media_kinds
        for fault, code, how in _FAILURES:
            failed = _failed(lane, code, "passing" if by_hand else how)
            yield Move("lane", f"fails with {name}", failed, fault)
    yield Move("lane", "hears that it bounced", _bounced, "mail refused")


def answering(office: Office) -> Iterator[Move]:
    """Yield what the registry does: a good answer, a no, a bad one, and none."""
    yield Move("registry", "answers", _answers({}))
    for no in _NO:
        yield Move("registry", f"answers {no}", _answers(_NO[no], no), no=True)
    for standing in _UNSETTLED:
        answers = _answers({"standing": standing})
        yield Move("registry", f"answers {standing.value}", answers, "wrong facts")
    hidden = _answers({"person": acts.HIDDEN}, QuestionKind.DATA_CHECK.value)
    yield Move("registry", "answers a name that hides", hidden, "wrong facts")
    young = _answers({"person": acts.YOUNG}, QuestionKind.DATA_CHECK.value)
    yield Move("registry", "answers of somebody young", young, "wrong facts")
    for fault, code in (
        ("registry silent", "registry.unavailable"),
        ("registry late", "registry.not_synchronised"),
        ("registry incomplete", "answer.incomplete"),
    ):
        silent = _failed(Lane.REGISTRY, code, "passing")
        yield Move("registry", "doesn't answer", silent, fault)
    yield Move("registry", "measures nothing", _answers({"live": None}, _BIO), _INCOMPLETE)
    for step in office.steps:
        if step.performed_by == "siak" and step.name in REPORTED:
            yield Move("registry", f"reports {step.name}", _reports(step.name, passed=True))
            no_report = _reports(step.name, passed=False)
            yield Move("registry", f"reports {step.name}: no", no_report, no=True)


_INCOMPLETE, _BIO = "registry incomplete", "biometric"
_NO: Mapping[str, dict[str, Any]] = {
    QuestionKind.DATA_CHECK.value: {"ktp_el": KtpEl.NOT_RECORDED},
    QuestionKind.BIOMETRIC.value: {"match": 10},
    QuestionKind.REVIEW.value: {"verified": False},
}
_FAILURES: tuple[tuple[str, str, Failure], ...] = (
    ("mail refused", "channel.refused", "final"),
    ("mail slow", "channel.failed", "passing"),
)
_UNSETTLED = (RegistryStanding.UNKNOWN, RegistryStanding.SEVERAL)


def asks(item: Item, world: World, failure: Failure | None) -> datetime | TryingEnd:
    """Return what delivery makes of an item now, before a try or after one that failed."""
    pin = item.lane is Lane.PIN
    return patience(
        question=item.lane is Lane.REGISTRY,
        created=item.created,
        until=item.until if pin else None,
        attempts=item.attempts,
        failure=failure,
        wanted=not pin or item.subject == live_pin(world),
        now=world.case.now,
    )


def _handed(lane: Lane, *, reaches: bool) -> Go:
    def go(world: World) -> World | None:
        item = world.waiting(lane)
        if item is None:
            return None
        before = asks(item, world, None)
        if isinstance(before, TryingEnd):
            return _ended(world, item, before, item.failure or "pin.late")
        medium = medium_of(world) if item.subject else None
        if medium == "officer":
            return None  # it lies at the counter
        sent = world.settled(item, done="sent", failure=None)
        if reaches and item.subject and not (world.mistyped and medium in (None, "email")):
            sent.reached |= {item.subject}
        return sent

    return go


def _failed(lane: Lane, code: str, how: Failure) -> Go:
    def go(world: World) -> World | None:
        item = world.waiting(lane)
        if item is None:
            return None
        before = asks(item, world, None)
        if isinstance(before, TryingEnd):
            return _ended(world, item, before, item.failure or "pin.late")
        tried = attrs.evolve(item, attempts=item.attempts + MANY)
        after = asks(tried, world, how)
        if isinstance(after, TryingEnd):
            return _ended(world, item, after, code)
        return world.settled(item, attempts=tried.attempts, failure=code)

    return go


def _ended(world: World, item: Item, end: TryingEnd, code: str) -> World | None:
    """Drop what is void; of a PIN that reached nobody its record hears, the rest is parked."""
    if end is TryingEnd.VOID:
        return world.without(item)
    pin = item.subject if item.lane is Lane.PIN else None
    told = reported(world, pin, code, acts.SYSTEM) if pin else None
    return told or world.settled(item, done="parked", failure=code)


def _bounced(world: World) -> World | None:
    """Let the provider say, later, that what it took reached nobody."""
    sent = [i.subject for i in world.outbox if i.done == "sent" and i.subject is not None]
    lost = [pin_id for pin_id in sent if pin_id not in world.reached][-1:]
    return reported(world, lost[0], "mail.bounced", acts.SYSTEM) if lost else None


def _answers(facts: dict[str, Any], about: str = "") -> Go:
    def go(world: World) -> World | None:
        item, application = world.waiting(Lane.REGISTRY), world.application
        if item is None or application is None or about not in ("", item.word):
            return None
        if item.id not in [question.id for question in application.questions]:
            return world.without(item)
        after = world.does(acts.answer(application, **facts), acts.REGISTRY)
        return after and attrs.evolve(after, outbox=after.without(item).outbox)

    return go


def _reports(step: str, *, passed: bool) -> Go:
    def go(world: World) -> World | None:
        application = world.application
        if application is None or not application.is_live:
            return None
        report = do.ReportStep(application_id=application.id, step=step, passed=passed)
        return world.does(report, acts.REGISTRY)

    return go
