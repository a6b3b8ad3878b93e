"""The clock, chance and KDF of tests: they repeat, and they are told what to do."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from ikd.core.errors import InputError
from ikd.core.ports import Clock, Entropy
from ikd.testing.entropy import seeded_entropy
from ikd.testing.fixed_clock import FixedClock
from ikd.testing.kdf import quick_kdf

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_a_fixed_clock_moves_only_when_told():
    clock = FixedClock(NOW)
    port: Clock = clock
    assert port.now() == port.now() == NOW
    assert clock.advance(timedelta(minutes=5)) == port.now() == NOW + timedelta(minutes=5)
    clock.set(NOW - timedelta(days=1))
    assert port.now() == NOW - timedelta(days=1)
    with pytest.raises(InputError, match=r"time\.naive"):
        clock.set(NOW.replace(tzinfo=None))


def test_seeded_entropy_repeats_and_never_repeats_itself():
    one, same, other = seeded_entropy(7), seeded_entropy("7"), seeded_entropy(b"8")
    port: Entropy = one
    drawn = [port(32) for _ in range(50)]
    assert drawn == [same(32) for _ in range(50)]
    assert len(set(drawn)) == 50
    assert other(32) not in drawn
    assert len(one(800_000)) == 800_000


def test_threads_get_different_bytes():
    entropy, drawn = seeded_entropy(), []
    threads = [
        threading.Thread(target=lambda: drawn.extend(entropy(16) for _ in range(200)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(drawn)) == 800


def test_the_quick_kdf_depends_on_secret_and_salt():
    made = {quick_kdf(*pair) for pair in [(b"a", b"b"), (b"ab", b""), (b"", b"ab"), (b"b", b"a")]}
    assert len(made) == 4
    assert all(len(one) == 32 for one in made)
