"""Reactions: after the commit, each in its own lane, off after three failures in a row."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import attrs
import pytest

from ikd.core.records.decision import Change, Decision
from ikd.plugins import reactions
from ikd.plugins.isolation import Limits
from ikd.plugins.reactions import ReactionLane, Reactions

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PATIENT = Limits(seconds=10)
QUICK = Limits(seconds=0.1)
LONG = timedelta(seconds=10)


@attrs.frozen
class Happened:
    nik: str = "1376015708909901"


@attrs.frozen
class Record:
    kind: ClassVar[str] = "application"
    id: str = "0" * 32
    office: str = "contoh"
    changed_at: datetime = NOW


@attrs.frozen
class Homeless:
    kind: ClassVar[str] = "application"
    id: str = "1" * 32
    changed_at: datetime = NOW


def decision(*events: object, record: object = Record(), version: int = 0) -> Decision:
    change = Change(record=record, expected_version=version, events=events)
    return Decision(changes=(change,))


def lane(act, limits: Limits = PATIENT) -> ReactionLane:
    return ReactionLane("ikd-x", act, limits)


def told(act, times: int, limits: Limits = PATIENT) -> None:
    """Tell *act* of so many events, one by one, and wait until it heard them."""
    made = Reactions([lane(act, limits)])
    for _ in range(times):
        made.recorded(decision(Happened()))
    made.close(LONG)


def test_every_event_is_told_with_its_place_and_nothing_personal() -> None:
    heard = []
    made = Reactions([lane(lambda **event: heard.append(event))])
    made.recorded(decision(Happened(), Happened(), version=7))
    made.recorded(decision(Happened(), record=Homeless()))
    made.close(LONG)
    first = {
        "event": "Happened",
        "kind": "application",
        "record_id": "0" * 32,
        "seq": 8,
        "office": "contoh",
        "at": NOW,
    }
    last = {**first, "record_id": "1" * 32, "seq": 1, "office": None}
    assert heard == [first, {**first, "seq": 9}, last]
    assert "1376015708909901" not in repr(heard)


def test_nobody_to_tell_is_fine() -> None:
    nobody = Reactions()
    nobody.recorded(decision(Happened()))
    nobody.close(LONG)


def raises(error: BaseException):
    def act(**_: object) -> None:
        raise error

    return act


async def later(**_: object) -> None: ...


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (raises(ValueError("secret")), "raised ValueError"),
        (raises(SystemExit()), "raised SystemExit"),
        (raises(KeyboardInterrupt()), "raised KeyboardInterrupt"),
        (raises(GeneratorExit()), "raised GeneratorExit"),
        (lambda **_: True, "returned something"),
        (later, "returned something"),
        (lambda **_: threading.Event().wait(), "hangs"),
    ],
)
def test_three_failures_switch_it_off(act, words: str, caplog: pytest.LogCaptureFixture) -> None:
    calls = []

    def counted(**event: object) -> object:
        calls.append(event)
        return act(**event)

    with caplog.at_level(logging.WARNING, "ikd"):
        told(counted, 6, QUICK if words == "hangs" else PATIENT)
    assert len(calls) == 3
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0] == f"plugin ikd-x: ikd_event_recorded {words}"
    assert lines[2:] == [f"plugin ikd-x: ikd_event_recorded {words}; it is switched off"]
    assert "secret" not in caplog.text


def test_a_success_between_failures_keeps_it_on() -> None:
    calls = []

    def act(**event: object) -> None:
        calls.append(event)
        if len(calls) % 3:
            raise ValueError

    told(act, 9)
    assert len(calls) == 9


def test_one_that_hangs_keeps_no_other_waiting() -> None:
    free, heard = threading.Event(), threading.Event()
    made = Reactions(
        [
            lane(lambda **_: free.wait(), Limits(seconds=60)),
            lane(lambda **_: heard.set()),
        ]
    )
    made.recorded(decision(Happened()))
    assert heard.wait(30)
    free.set()
    made.close(LONG)


def test_closing_waits_only_so_long() -> None:
    free = threading.Event()
    made = Reactions([lane(lambda **_: free.wait(), Limits(seconds=30))])
    made.recorded(decision(Happened()))
    made.close(timedelta(seconds=0.05))
    free.set()


def test_after_closing_nothing_is_told() -> None:
    heard = []
    made = Reactions([lane(lambda **event: heard.append(event))])
    made.close(LONG)
    made.recorded(decision(Happened()))
    assert heard == []


def test_what_it_cannot_keep_up_with_passes_it_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "WAITING", 3)
    free, heard = threading.Event(), []

    def act(**event: object) -> None:
        heard.append(event)
        free.wait()

    made = Reactions([lane(act, Limits(seconds=60))])
    made.recorded(decision(Happened()))
    while not heard:
        time.sleep(0.001)
    made.recorded(decision(*[Happened()] * 10))
    free.set()
    made.close(LONG)
    assert len(heard) == 4


def test_without_a_thread_to_spare_the_command_still_succeeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard = []
    made = Reactions([lane(lambda **event: heard.append(event))])

    def no_more(_self: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", no_more)
        made.recorded(decision(Happened()))
    made.recorded(decision(Happened()))
    made.close(LONG)
    assert len(heard) == 2
