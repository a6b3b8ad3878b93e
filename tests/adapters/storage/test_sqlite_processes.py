"""Several processes on one database: opening, writing, forking, dying."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from threading import Thread

from ikd.adapters.storage.sqlite import sqlite_store
from ikd.core.ports import Done
from ikd.testing.store_samples import (
    an_id,
    clash,
    fault,
    row,
)
from tests.adapters.storage.steps import assert_whole, last, step

KILLS = 300 if os.environ.get("IKD_PROFILE") == "nightly" else 20


def _write_until_killed(path, number, out):
    store = sqlite_store(path)
    for version in range(1, 1_000_000):
        store.commit(step(number, version))
        os.write(out, b"%d\n" % version)


def test_a_killed_process_loses_no_acknowledged_commit(path, wal, child):
    chance = random.Random(20261122)
    versions = 0
    for kill in range(KILLS // 2):
        pipes = [os.pipe() for _ in range(2)]
        numbers = [2 * kill, 2 * kill + 1]
        writers = [
            child(_write_until_killed, path, number, out)
            for number, (_, out) in zip(numbers, pipes, strict=True)
        ]
        for _, out in pipes:
            os.close(out)
        os.read(pipes[0][0], 1)  # the first is at work
        time.sleep(chance.uniform(0, 0.05))
        for writer in chance.sample(writers, 2):
            writer.kill()
        store = sqlite_store(path)
        for number, (said, _) in zip(numbers, pipes, strict=True):
            versions += assert_whole(store, number, last(said, first=number == numbers[0]))
        store.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        ((owed,),) = connection.execute("SELECT count(*) FROM outbox").fetchall()
    connection.close()
    assert owed == versions > KILLS // 2


def _open_and_commit(path, number, commits):
    store = sqlite_store(path)
    for version in range(1, commits + 1):
        store.commit(step(number, version))
    store.close()


def test_processes_that_open_a_new_database_at_once_all_can_use_it(path, wal, child):
    children = [child(_open_and_commit, path, number, 5) for number in range(6)]
    assert [one.wait() for one in children] == [0] * 6
    store = sqlite_store(path)
    for number in range(6):
        assert assert_whole(store, number, 5) == 5
    assert len(store.outbox(Done.WAITING)) == 30
    store.close()


def _race(path, rounds, gate):
    os.read(gate, 1)
    store = sqlite_store(path)
    won = 0
    while won < rounds:
        kept = store.get("application", an_id(1))
        version = kept.version if kept else 0
        won += clash(store, step(1, version + 1)) is None
    store.close()


def test_processes_that_race_for_a_record_move_it_on_one_by_one(path, wal, child):
    said, gate = os.pipe()
    children = [child(_race, path, 15, said) for _ in range(4)]
    os.write(gate, b"....")
    assert [one.wait() for one in children] == [0] * 4
    os.close(said)
    os.close(gate)
    store = sqlite_store(path)
    assert assert_whole(store, 1, 60) == 60
    store.close()


def test_a_store_can_be_used_on_both_sides_of_a_fork(path, wal, child):
    store = sqlite_store(path)
    store.commit(step(1, 1))

    def act():
        assert store.get("application", an_id(1)) is not None
        for version in range(1, 20):
            store.commit(step(2, version))

    forked = child(act)
    for version in range(2, 20):
        store.commit(step(1, version))
    assert forked.wait() == 0
    assert assert_whole(store, 1, 19) == assert_whole(store, 2, 19) == 19
    store.close()


def test_a_fork_waits_for_the_commits_of_other_threads(path, wal, child):
    store = sqlite_store(path)
    thread = Thread(target=lambda: [store.commit(step(1, n)) for n in range(1, 40)])
    thread.start()
    for number in range(2, 6):
        store_commit = child(lambda number=number: store.commit(step(number, 1)))
        assert store_commit.wait() == 0
    thread.join()
    for number in range(2, 6):
        assert assert_whole(store, number, 1) == 1
    assert assert_whole(store, 1, 39) == 39
    store.close()


def test_a_process_that_hangs_while_it_writes_is_waited_for_only_so_long(path, child):
    store = sqlite_store(path, timeout=0.2)
    store.commit(step(1, 1))
    said, gate = os.pipe()

    def hang():
        with store._session.writing():
            os.write(gate, b".")
            time.sleep(60)

    hanging = child(hang)
    os.read(said, 1)
    assert fault(store.commit, step(1, 2)) == "store.busy"
    assert store.get("application", an_id(1)) == row()
    hanging.kill()
    os.close(said)
    os.close(gate)
    store.commit(step(1, 2))
    store.close()


def test_no_writing_process_is_starved(path, child):
    said, out = os.pipe()
    numbers = (1, 2, 3)
    children = [child(_write_in_turn, path, number, numbers, out) for number in numbers]
    os.close(out)
    assert [one.wait() for one in children] == [0] * len(numbers)
    with os.fdopen(said) as lines:
        counts = [int(line) for line in lines]
    assert sum(counts) >= TURNS
    assert min(counts) >= TURNS / len(numbers) / 4  # of an even share


TURNS = 120


def _write_in_turn(path, number, numbers, out):
    store = sqlite_store(path)
    store.commit(step(number, 1))
    while not all(store.get("application", an_id(other)) for other in numbers):
        time.sleep(0.001)  # all are there before the counting starts
    version = 1
    while sum(store.get("application", an_id(other)).version for other in numbers) < TURNS:
        version += 1
        store.commit(step(number, version))
    store.close()
    os.write(out, b"%d\n" % version)
