"""The timeline names the branch that was taken, and both where an approval was taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import ikd
from ikd import commands as do
from ikd.adapters.notification.file import FileChannel
from ikd.adapters.registry.simulated_resident import SimulatedResident
from ikd.adapters.registry.simulator import Simulator
from ikd.cli.journey.timeline import rows
from ikd.plugins.offices import load_office
from ikd.testing import FixedClock, Mailbox, SoftDevice, Walk, Walker, quick_kdf, seeded_entropy

SYSTEM = ikd.Actor.system()
NIK, EMAIL = "1376015708909901", "ayu@example.id"
SAMPLES = {"face": b"face", "iris": b"iris", "fingerprint": b"finger"}


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    """A resident of Payakumbuh, in front of a service in memory."""
    clock, mails = FixedClock(datetime(2026, 11, 23, 3, 0, tzinfo=UTC)), tmp_path / "mails"
    known = SimulatedResident(nik=NIK, name="Ayu", birth_date=date(1990, 8, 17), recorded=SAMPLES)
    with ikd.open_service(
        offices=["payakumbuh"],
        store="memory://",
        registry=Simulator([known]),
        channels=[FileChannel(mails)],
        deliver="inline",
        clock=clock,
        entropy=seeded_entropy("timeline"),
        kdf=quick_kdf,
    ) as service:
        device = SoftDevice(seeded_entropy("phone"))
        yield Walk(
            service=service,
            office=load_office("payakumbuh"),
            walker=Walker(name="ayu", nik=NIK, email=EMAIL, device=device, samples=SAMPLES),
            read_pin=lambda: (Mailbox(mails).pins(EMAIL) or [None])[-1],
            solve=lambda _: do.Captcha(token=b"none", text="none"),
            now=clock.now,
        )


def numbers(walk: Walk, number: str) -> list[tuple[list[int], Any]]:
    """Return the published numbers of each row, and whether it says that it was taken back."""
    told = rows(walk.office, walk.service, walk.service.get(number, actor=SYSTEM))
    return [([item["number"] for item in row["published"]], row.get("taken_back")) for row in told]


def reject(walk: Walk, number: str) -> None:
    walk.ask(do.Reject(application_id=number), walk.officer("ministry"), "reject")


def test_an_approval_taken_back_shows_as_that_and_then_the_rejection(walk: Walk):
    number = walk.to_pin()
    reject(walk, number)
    assert numbers(walk, number)[-2:] == [([5], True), ([6], None)]
    told = rows(walk.office, walk.service, walk.service.get(number, actor=SYSTEM))
    assert [row["step"] for row in told][-2:] == ["decision", "decision"]
    assert (told[-2]["events"][-2:], told[-1]["events"]) == (
        ["Approved", "PinIssued"],
        ["Rejected"],
    )


def test_a_case_that_was_rejected_shows_no_approval(walk: Walk):
    number = walk.register().id
    while "presence" not in walk.service.get(number, actor=SYSTEM).done:
        walk.next(number)
    reject(walk, number)
    assert numbers(walk, number)[-1] == ([6], None)
    assert 5 not in [n for told, _ in numbers(walk, number) for n in told]


def test_a_case_that_was_activated_shows_no_rejection(walk: Walk):
    number = walk.to_pin()
    walk.enter_pin(number)
    assert [told for told, _ in numbers(walk, number)][-2:] == [[5], [7]]
