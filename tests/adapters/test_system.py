"""The machine's clock is believed only as far as a second clock bears it out."""

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ikd.adapters import system
from ikd.adapters.system import SystemClock, system_entropy
from ikd.core.errors import InputError, PortError
from ikd.core.ports import Clock, Entropy

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


class Machine:
    """A machine with a wall clock and a time since boot that can disagree."""

    def __init__(self):
        self.wall, self.boot = START, timedelta(days=3)

    def clock(self, **more) -> SystemClock:
        return SystemClock(wall=lambda: self.wall, boot=lambda: self.boot, **more)

    def pass_by(self, time_passed):
        self.wall += time_passed
        self.boot += time_passed


@pytest.fixture
def machine():
    return Machine()


def test_the_real_clock_tells_the_time_in_utc():
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC


def test_time_passes(machine):
    clock = machine.clock()
    assert clock.now() == START
    machine.pass_by(timedelta(days=400))
    assert clock.now() == START + timedelta(days=400)


def test_a_clock_set_back_stands_still_until_it_has_caught_up(machine):
    clock = machine.clock()
    machine.pass_by(MINUTE)
    assert clock.now() == START + MINUTE
    machine.wall -= HOUR
    assert clock.now() == START + MINUTE
    machine.pass_by(HOUR)
    assert clock.now() == START + MINUTE
    machine.pass_by(SECOND)
    assert clock.now() == START + MINUTE + SECOND


def test_a_leap_forward_stops_writing_until_it_is_set_right(machine):
    clock = machine.clock()
    machine.wall += 10 * MINUTE
    assert clock.now() == START + 10 * MINUTE
    machine.wall += SECOND
    for _ in range(2):
        with pytest.raises(PortError, match=r"clock\.jump") as caught:
            clock.now()
        assert caught.value.port == "clock"
    machine.wall = START + 10 * MINUTE
    machine.pass_by(SECOND)
    assert clock.now() == START + 10 * MINUTE + SECOND


def test_many_small_leaps_add_up_to_a_large_one(machine):
    clock = machine.clock()
    for _ in range(2):
        machine.wall += 5 * MINUTE
        clock.now()
    machine.wall += SECOND
    with pytest.raises(PortError, match=r"clock\.jump"):
        clock.now()


def test_a_clock_set_back_and_right_again_is_no_leap(machine):
    clock = machine.clock()
    machine.wall -= HOUR
    clock.now()
    machine.wall += HOUR
    machine.pass_by(SECOND)
    assert clock.now() == START + SECOND


def test_a_restart_takes_the_new_time_as_it_is(machine):
    machine.clock()
    machine.wall += HOUR
    assert machine.clock().now() == START + HOUR


@pytest.mark.parametrize("ahead", [timedelta(0), SECOND, 2 * SECOND])
def test_it_starts_a_little_behind_the_store_and_tells_no_earlier_time(machine, ahead):
    clock = machine.clock(floor=START + ahead)
    assert clock.now() == START + ahead
    machine.pass_by(ahead + SECOND)
    assert clock.now() == START + ahead + SECOND


def test_it_refuses_to_start_further_behind_the_store(machine):
    with pytest.raises(PortError, match=r"clock\.behind") as caught:
        machine.clock(floor=START + 2 * SECOND + timedelta(microseconds=1))
    assert caught.value.port == "clock"


def test_a_store_that_rested_for_weeks_is_fine_in_any_zone(machine):
    wib = timezone(timedelta(hours=7))
    clock = machine.clock(floor=(START - timedelta(days=45)).astimezone(wib))
    assert clock.now() == START


def test_a_clock_more_than_45_days_ahead_of_the_newest_change_is_not_believed(machine):
    with pytest.raises(PortError) as caught:
        machine.clock(floor=START - timedelta(days=45, microseconds=1))
    assert (caught.value.code, caught.value.port) == ("clock.far", "clock")


def test_times_without_a_zone_are_refused(machine):
    with pytest.raises(InputError, match=r"time\.naive"):
        machine.clock(floor=START.replace(tzinfo=None))
    machine.wall = START.replace(tzinfo=None)
    with pytest.raises(InputError, match=r"time\.naive"):
        machine.clock()


def test_threads_never_see_time_run_back(machine):
    clock, seen = machine.clock(), []

    def look():
        mine = []
        for number in range(300):
            machine.wall = START + SECOND * (number * 7 % 60)
            mine.append(clock.now())
        seen.append(mine)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 4
    assert all(mine == sorted(mine) for mine in seen)


@pytest.mark.parametrize(
    "missing", [(), ("CLOCK_BOOTTIME",), ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC")]
)
def test_every_system_has_some_clock_that_runs_on(monkeypatch, missing):
    for name in missing:
        monkeypatch.delattr(time, name, raising=False)
    before = system._system_boot()
    time.sleep(0.002)
    assert timedelta(milliseconds=2) <= system._system_boot() - before < MINUTE


def test_entropy_is_as_long_as_asked_and_never_the_same():
    entropy: Entropy = system_entropy
    assert [len(entropy(size)) for size in (0, 1, 64)] == [0, 1, 64]
    assert entropy(32) != entropy(32)
