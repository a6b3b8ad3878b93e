"""``ikd cases``, ``ikd outbox`` and ``ikd clock``: what officers see and do on a store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import ikd
from ikd import commands as do
from ikd.adapters import system
from ikd.adapters.registry.simulated_resident import SimulatedResident
from ikd.adapters.registry.simulator import Simulator
from ikd.cli import main
from ikd.testing import SoftDevice, seeded_entropy
from ikd.testing.walk import Walk, Walker

STORE = "sqlite:///ikd.db"


@pytest.fixture
def undelivered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A rejected application whose notice no channel took, in a store of this folder."""
    monkeypatch.chdir(tmp_path)
    resident = SimulatedResident(
        nik="1376015708909901",
        name="Ayu Lestari",
        birth_date=date(1990, 8, 17),
        recorded={"face": b"face"},
    )
    with ikd.open_service(
        offices=["payakumbuh"], store=STORE, registry=Simulator([resident]), deliver="inline"
    ) as service:
        walk = Walk(
            service=service,
            office=ikd.load_office("payakumbuh"),
            walker=Walker(
                name="resident",
                nik=resident.nik.digits,
                email="resident@example.org",
                device=SoftDevice(seeded_entropy("a phone")),
                samples={"face": b"face"},
            ),
            read_pin=lambda: None,
            solve=lambda _: do.Captcha(token=b"", text=""),
            now=lambda: datetime.now(UTC),
        )
        number = walk.to_pin()
        rejected = do.Reject(application_id=number)
        walk.ask(rejected, walk.officer(walk.office.decision.by), "reject")
        return number


def said(capsys: pytest.CaptureFixture[str], *command: str) -> list[str]:
    assert main([*command, "--store", STORE]) == 0
    return capsys.readouterr().out.splitlines()


def test_cases_lists_what_an_officer_should_see(undelivered, capsys):
    (line,) = said(capsys, "cases", "--office", "payakumbuh")
    for word in (undelivered, "rejected", "undelivered", "langkah -", "sejak ", "batas "):
        assert word in line
    (line,) = said(capsys, "cases", "--office", "payakumbuh", "--lang", "en")
    for word in ("step -", "since ", "limit "):
        assert word in line
    assert said(capsys, "cases", "--office", "wakatobi") == []
    assert said(capsys, "cases", "--waits", "ministry") == []
    assert len(said(capsys, "cases", "--waits", "resident")) == 0


def test_outbox_lists_what_was_given_up_and_lets_it_be_tried_again(undelivered, capsys):
    (line,) = said(capsys, "outbox", "list")
    number, lane, *_ = line.split()
    assert (lane, undelivered in line, "channel.none" in line) == ("mail", True, True)
    assert said(capsys, "outbox", "retry", "--code", "smtp.refused") == ["0"]
    assert said(capsys, "outbox", "retry", "--code", "channel.none") == ["1"]
    assert said(capsys, "outbox", "list") == []
    assert len(said(capsys, "outbox", "list", "--done", "waiting")) == 1
    assert said(capsys, "outbox", "retry", "--all") == ["0"]
    assert main(["outbox", "retry", "--id", "7", "--store", STORE]) == 1
    assert main(["outbox", "retry", "--id", "a" * 32, "--store", STORE]) == 3
    assert number not in capsys.readouterr().out


def test_clock_accept_opens_the_way_while_no_service_starts(undelivered, capsys, monkeypatch):
    later = datetime.now(UTC) + timedelta(days=60)
    monkeypatch.setattr(system, "_system_wall", lambda: later)
    start = ["worker", "--store", STORE, "--channel", "file:///nowhere", "--once"]
    assert main(start) == 3
    assert "ikd clock accept" in capsys.readouterr().err
    (line,) = said(capsys, "clock", "accept", "--reason", "libur panjang", "--officer", "op-7")
    assert f"{later:%Y-%m-%dT%H:%M}" in line
    assert main(start) == 0
