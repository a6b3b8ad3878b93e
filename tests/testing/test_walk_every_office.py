"""One walker comes to the end of every office that the repository has a file of."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

import ikd
from ikd import commands as do
from ikd.adapters.registry import SimulatedResident, Simulator
from ikd.core.ports import Receipt, Solved
from ikd.testing import FixedClock, SoftDevice, Walk, Walker, quick_kdf, seeded_entropy

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    file
    for folder in ("src", "tests", "examples")
    for file in (ROOT / folder).rglob("*.toml")
    if "\n[[steps]]" in file.read_text("utf-8")
)
SAMPLES = {"face": b"a face", "iris": b"an iris", "fingerprint": b"a finger"}
NIK = "1376015708909901"


class Sink:
    """A channel that keeps what it is given."""

    name = "sink"

    def __init__(self, medium: str, texts: list[str]) -> None:
        self.medium, self.texts = medium, texts

    def deliver(self, message) -> Receipt:
        self.texts.append(message.text)
        return Receipt(reference=message.id)


class Puzzles:
    """Every captcha is filled in right."""

    def puzzle(self, *_: object, **__: object) -> None:
        raise NotImplementedError

    def check(self, subject: str, token: bytes, text: str, *, now: datetime) -> Solved:
        return Solved(puzzle_id=token, expires_at=now + timedelta(minutes=5), ok=True)


def test_there_are_all_of_them() -> None:
    assert len(FILES) >= 15


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_walker_comes_to_the_end_of_every_office(file: Path) -> None:
    begins = datetime(2099 if file.stem == "a_coming_decree" else 2026, 11, 23, 3, tzinfo=UTC)
    clock, texts, tokens = FixedClock(begins), [], count()
    resident = SimulatedResident(
        nik=NIK, name="Ayu", birth_date=date(1990, 8, 17), recorded=SAMPLES
    )

    def newest_pin() -> str | None:
        found = re.findall(r"(?<![0-9A-Za-z])[0-9]{6}(?![0-9A-Za-z])", "\n".join(texts))
        return found[-1] if found else None

    with ikd.open_service(
        offices=[file],
        store="memory://",
        registry=Simulator([resident]),
        channels=[Sink(kind, texts) for kind in ("email", "sms", "whatsapp", "other", "officer")],
        captcha=Puzzles(),
        deliver="inline",
        clock=clock,
        entropy=seeded_entropy("every office"),
        kdf=quick_kdf,
    ) as service:
        walk = Walk(
            service=service,
            office=ikd.load_office(file),
            walker=Walker(
                name="ayu",
                nik=NIK,
                email="ayu@example.org",
                device=SoftDevice(seeded_entropy("phone")),
                samples=SAMPLES,
            ),
            read_pin=newest_pin,
            solve=lambda _: do.Captcha(token=b"%d" % next(tokens), text="ok"),
            now=clock.now,
        )
        identity = service.get(walk.to_passcode(), "identity", actor=walk.resident)
        assert identity.status.value == "ACTIVE"
        assert identity.passcode_open is False
