"""What a standard makes a whole service send and issue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import ikd
from ikd.adapters.registry import SimulatedResident, Simulator
from ikd.bootstrap import open_service
from ikd.core.activation import commands as do
from ikd.core.errors import IkdError
from ikd.core.ports import Receipt, Solved
from ikd.core.records.notices import Message
from ikd.core.standard.office import Office
from ikd.service import Service
from ikd.testing.entropy import seeded_entropy
from ikd.testing.fixed_clock import FixedClock
from ikd.testing.kdf import quick_kdf
from ikd.testing.soft_device import SoftDevice
from ikd.testing.walk import Walk, Walker

MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


class Sink:
    """A channel that keeps what it is given."""

    name = "sink"

    def __init__(self, medium: str, sent: list[Message]) -> None:
        self.medium = medium
        self._sent = sent

    def deliver(self, message: Message) -> Receipt:
        self._sent.append(message)
        return Receipt(reference=message.id)


class Puzzles:
    """Every captcha is filled in right."""

    def puzzle(self, *_: object, **__: object) -> Any:
        raise NotImplementedError

    def check(self, _subject: str, token: bytes, _text: str, *, now: datetime) -> Solved:
        return Solved(puzzle_id=token, expires_at=now + 5 * _MINUTE, ok=True)


NIK = "1376015708909901"
SAMPLES = {kind: kind.encode() for kind in ("face", "iris", "fingerprint")}


def observe(office: Office) -> Iterator[object]:
    """Yield what a resident is sent on the way to an identity, and whether a QR is issued."""
    sent: list[Message] = []
    with ExitStack() as stack:
        service, walk = opened(office, sent, stack)
        try:
            issued: object = (
                len(service.credential(walk.to_activation(), actor=ikd.Actor.system())) > 0
            )
        except IkdError as error:
            issued = error.code
    yield [issued, [(m.medium, m.to, m.sender, m.subject, _words(m)) for m in sent]]


def opened(office: Office, sent: list[Message], stack: ExitStack) -> tuple[Service, Walk]:
    """Open a service for *office* that sends into *sent*, with a resident to walk through it."""
    registry = Simulator()
    registry.add(
        SimulatedResident(nik=NIK, name="Ayu", birth_date=date(1990, 8, 17), recorded=SAMPLES)
    )
    clock, tokens = FixedClock(MONDAY), count()
    service = stack.enter_context(
        open_service(
            offices=[office],
            store="memory://",
            registry=registry,
            channels=[Sink(kind, sent) for kind in ("email", "sms", "whatsapp")],
            captcha=Puzzles(),
            deliver="inline",
            clock=clock,
            entropy=seeded_entropy("observing"),
            kdf=quick_kdf,
        )
    )
    walk = Walk(
        service=service,
        office=office,
        walker=Walker(
            name="w",
            nik=NIK,
            email="ayu@example.org",
            device=SoftDevice(seeded_entropy("phone")),
            samples=SAMPLES,
        ),
        read_pin=lambda: _pin(sent),
        solve=lambda _: do.Captcha(token=b"t%d" % next(tokens), text="ok"),
        now=clock.now,
    )
    return service, walk


def _pin(sent: list[Message]) -> str | None:
    found = [match[0] for m in sent if (match := re.search("(?<![0-9])[0-9]{6}(?![0-9])", m.text))]
    return found[-1] if found else None


def _words(message: Message) -> str:
    """Return the texts without the PIN and the ids, which hang on the digest of the standard."""
    return re.sub("[0-9a-f]{32}|(?<![0-9])[0-9]{6}(?![0-9])", "…", f"{message.text}{message.html}")
