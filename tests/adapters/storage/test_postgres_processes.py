"""Several processes on one database: opening, writing, forking, dying."""

from __future__ import annotations

import gc
import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from ikd.adapters.storage import migrate
from ikd.adapters.storage.postgres import PostgresSession, postgres_store
from ikd.core.ports import Commit, Done, Read
from ikd.testing.store_samples import NOW, an_id, clash, fault, put, row
from tests import postgres
from tests.adapters.storage.steps import assert_whole, last, step

KILLS = 300 if os.environ.get("IKD_PROFILE") == "nightly" else 100


def _write_until_killed(url, number, out):
    store = postgres_store(url)
    for version in range(1, 1_000_000):
        store.commit(step(number, version))
        os.write(out, b"%d\n" % version)


@pytest.mark.slow
def test_a_killed_process_loses_no_acknowledged_commit(postgres_url, child):
    chance = random.Random(20261122)
    versions = 0
    for kill in range(KILLS // 2):
        pipes = [os.pipe() for _ in range(2)]
        numbers = [2 * kill, 2 * kill + 1]
        writers = [
            child(_write_until_killed, postgres_url, number, out)
            for number, (_, out) in zip(numbers, pipes, strict=True)
        ]
        for _, out in pipes:
            os.close(out)
        os.read(pipes[0][0], 1)  # the first is at work
        time.sleep(chance.uniform(0, 0.05))
        for writer in chance.sample(writers, 2):
            writer.kill()
        _wait_until_alone(postgres_url)
        store = postgres_store(postgres_url)
        for number, (said, _) in zip(numbers, pipes, strict=True):
            versions += assert_whole(store, number, last(said, first=number == numbers[0]))
        store.close()
    assert postgres.execute(postgres_url, "SELECT count(*) FROM outbox") == [(versions,)]
    assert versions > KILLS // 2


def _wait_until_alone(url):
    """Wait until the server has ended what the dead had begun."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ikd'"
    mine = " AND datname = current_database()"
    while postgres.execute(url, others + mine) != [(0,)]:
        time.sleep(0.01)


def _open_and_commit(url, number, commits):
    store = postgres_store(url)
    for version in range(1, commits + 1):
        store.commit(step(number, version))
    store.close()


def test_processes_that_open_a_new_database_at_once_all_can_use_it(isolated, child):
    children = [child(_open_and_commit, isolated, number, 5) for number in range(6)]
    assert [one.wait() for one in children] == [0] * 6
    store = postgres_store(isolated)
    for number in range(6):
        assert assert_whole(store, number, 5) == 5
    assert len(store.outbox(Done.WAITING)) == 30
    store.close()


def _migrate(url, gate, out):
    session = PostgresSession(url)
    os.read(gate, 1)
    migrate.migrate(session, report=lambda name, _: os.write(out, f"{name}\n".encode()))
    session.close()


def test_processes_that_migrate_at_once_do_each_step_once(isolated, child):
    session = PostgresSession(isolated)
    with session.writing() as execute:
        migrate.migrations()[0].apply(execute, session.dialect)
    session.close()
    said, gate = os.pipe()
    told, out = os.pipe()
    children = [child(_migrate, isolated, said, out) for _ in range(4)]
    os.write(gate, b"....")
    assert [one.wait() for one in children] == [0] * 4
    for end in (said, gate, out):
        os.close(end)
    with os.fdopen(told) as lines:
        steps = lines.read().split()
    assert steps == [one.name for one in migrate.migrations()[1:]]
    _open_and_commit(isolated, 1, 2)


def _race(url, threads, rounds, gate):
    os.read(gate, 1)
    store = postgres_store(url, timeout=60)

    def run(_):
        won = 0
        while won < rounds:
            kept = store.get("application", an_id(1))
            version = kept.version if kept else 0
            won += clash(store, step(1, version + 1)) is None

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, range(threads)))
    store.close()


@pytest.mark.slow
def test_64_threads_in_16_processes_move_a_record_on_one_by_one(isolated, child):
    said, gate = os.pipe()
    children = [child(_race, isolated, 4, 2, said) for _ in range(16)]
    os.write(gate, b"." * 16)
    assert [one.wait() for one in children] == [0] * 16
    os.close(said)
    os.close(gate)
    store = postgres_store(isolated)
    assert assert_whole(store, 1, 128) == 128
    store.close()


def _decide(url, own, other, version, gate):
    """Move the own record on only if the other one hasn't moved, as a decision would."""
    store = postgres_store(url)
    os.read(gate, 1)
    for number in range(PAIRS):
        still = Read(kind="application", id=an_id(1_000 * other + number), version=version)
        moved = put(row(1_000 * own + number, version=version + 1), expected=version)
        clash(store, Commit(at=NOW, puts=(moved,), reads=(still,)))
    store.close()


PAIRS = 40


@pytest.mark.parametrize("version", [0, 1], ids=["absent", "present"])
def test_two_decisions_that_read_what_the_other_writes_never_pass_each_other(
    isolated, child, version
):
    store = postgres_store(isolated)
    numbers = [1_000 * who + number for who in (1, 2) for number in range(PAIRS)]
    if version:
        store.commit(Commit(at=NOW, puts=tuple(put(row(number)) for number in numbers)))
    said, gate = os.pipe()
    children = [child(_decide, isolated, *pair, version, said) for pair in ((1, 2), (2, 1))]
    os.write(gate, b"..")
    assert [one.wait() for one in children] == [0, 0]
    os.close(said)
    os.close(gate)
    moved = [one.id for one in store.find("application") if one.version > version]
    pairs = Counter(int(name, 16) % 1_000 for name in moved)
    assert pairs == Counter(range(PAIRS))  # one of each two, and never both
    store.close()


def test_a_store_can_be_used_on_both_sides_of_a_fork(pg, child):
    pg.commit(step(1, 1))

    def act():
        assert pg.get("application", an_id(1)) is not None
        for version in range(1, 20):
            pg.commit(step(2, version))
        pg.close()
        gc.collect()

    forked = child(act)
    for version in range(2, 20):
        pg.commit(step(1, version))
    assert forked.wait() == 0
    assert assert_whole(pg, 1, 19) == assert_whole(pg, 2, 19) == 19


def test_a_fork_amid_the_commits_of_other_threads_goes_well(pg, child):
    with ThreadPoolExecutor(4) as pool:
        busy = [
            pool.submit(lambda number=number: [pg.commit(step(number, n)) for n in range(1, 40)])
            for number in range(1, 5)
        ]
        children = [
            child(lambda number=number: pg.commit(step(number, 1))) for number in range(5, 9)
        ]
        assert [one.wait() for one in children] == [0] * 4
        for one in busy:
            one.result()
    assert [assert_whole(pg, number, 1) for number in range(1, 9)] == [39] * 4 + [1] * 4


def test_a_process_that_hangs_while_it_writes_is_waited_for_only_so_long(postgres_url, child):
    store = postgres_store(f"{postgres_url}?options=-c%20lock_timeout%3D200ms")
    store.commit(step(1, 1))
    said, gate = os.pipe()

    def hang():
        with store._session.writing() as execute:
            execute("UPDATE records SET office = office", ())
            os.write(gate, b".")
            time.sleep(60)

    hanging = child(hang)
    os.read(said, 1)
    assert fault(store.commit, step(1, 2)) == "store.busy"
    assert store.get("application", an_id(1)) == row()
    hanging.kill()
    os.close(said)
    os.close(gate)
    _wait_until_it_is_free(postgres_url)
    store.commit(step(1, 2))
    store.close()


def _wait_until_it_is_free(url):
    held = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND state = 'idle in transaction'"
    )
    while postgres.execute(url, held) != [(0,)]:
        time.sleep(0.01)
