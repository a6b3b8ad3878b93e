"""kill -9 in the middle of journeys: nothing that was acknowledged is lost, nothing doubled.

A kill doesn't play a power loss: the page cache survives it. What reaches the disk is
held by the count of fsyncs in the tests of the SQLite store.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import ikd
from ikd.adapters.system import system_entropy
from ikd.core.decide import KINDS
from ikd.core.ports import Done
from ikd.testing.mailbox import Mailbox

T0 = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
CHILD = Path(__file__).with_name("kill_child.py")


def _run_until_killed(world, office: str, first: int, chance: random.Random) -> set[str]:
    """Start the child, kill it between its first and its last commit; return what it noted."""
    child = subprocess.Popen(
        [sys.executable, str(CHILD), str(world.folder), office, str(first), _passed(world)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    lines = [child.stdout.readline()]  # a first commit stands
    time.sleep(chance.uniform(0, 0.25))
    child.kill()
    world.clock.advance(timedelta(minutes=4))  # the dead process's leases run out
    rest, errors = child.communicate()
    assert lines[0], errors
    return set(lines[0].splitlines() + rest.splitlines())


def _passed(world) -> str:
    return str(int((world.clock.now() - T0).total_seconds()))


def _check_nothing_lost(service, noted: set[str]) -> None:
    for line in noted:
        parts = line.split()
        if len(parts) == 3 and len(parts[1]) == 32:
            kind, record_id, version = parts
            assert service.get(record_id, kind, actor=ikd.Actor.system()).version >= int(version)


def _check_whole(service) -> None:
    """Every record is its journal, and every live case's claims and outbox are consistent."""
    for kind in ("application", "identity", "resident"):
        for found in service.find(kind, limit=1000, actor=ikd.Actor.system()):
            history = service.history(found.id, kind, actor=ikd.Actor.system())
            record = service.get(found.id, kind, actor=ikd.Actor.system())
            assert KINDS.replay(kind, tuple(entry.event for entry in history)) == record
    active = Counter(
        service.get(found.id, "identity", actor=ikd.Actor.system()).resident_id
        for found in service.find("identity", status="ACTIVE", limit=1000, actor=ikd.Actor.system())
    )
    assert max(active.values(), default=1) == 1


def _check_mails(folder: Path, walk) -> None:
    """One notice has one Message-ID, however often it was delivered."""
    messages = Mailbox(folder / "mails").messages(walk.walker.email)
    subjects = Counter(str(message["Subject"]) for message in messages)
    identifiers = {str(message["Message-ID"]) for message in messages}
    assert len(identifiers) == len(messages)
    assert max(subjects.values(), default=0) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("office", ["payakumbuh", "wakatobi"])
@pytest.mark.parametrize("round_", range(5))
def test_ten_kills_lose_and_double_nothing(on_disk, office, round_):
    """Five rounds and two offices make a hundred kills."""
    chance = random.Random(f"{office}/{round_}")
    for number in range(1, 100):
        on_disk.resident(number)
    for kill in range(10):
        first = kill % 5 + 1
        noted = _run_until_killed(on_disk, office, first, chance)
        service = on_disk.open(entropy=system_entropy)
        _check_nothing_lost(service, noted)
        walk = on_disk.walk(service, office, first)
        walk.to_passcode()
        _check_mails(on_disk.folder, walk)
        assert service.owed(Done.PARKED, actor=ikd.Actor.system()) == ()
        on_disk.services.pop().close()
    service = on_disk.open(entropy=system_entropy)
    _check_whole(service)
    assert len(service.find("identity", status="ACTIVE", limit=1000, actor=ikd.Actor.system())) >= 5
