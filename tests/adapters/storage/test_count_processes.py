"""Sixteen processes at one door: as many as may are let in, and not one more."""

from __future__ import annotations

import os

import pytest

from ikd.adapters.storage.postgres import postgres_store
from ikd.adapters.storage.sqlite import sqlite_store
from ikd.core.ports import Commit
from ikd.testing.store_samples import NOW, clash, count

PROCESSES, MOST = 16, 10


def _try(opened, url, gate, said):
    store = opened(url)
    os.read(gate, 1)
    met = [clash(store, Commit(at=NOW, counts=(count(most=MOST),))) for _ in range(3)]
    os.write(said, b"".join(b"." if one is None else b"x" for one in met))
    store.close()


def _race(opened, url, child):
    opened(url).close()  # the tables are there before anybody is at the door
    gate, go = os.pipe()
    heard, said = os.pipe()
    children = [child(_try, opened, url, gate, said) for _ in range(PROCESSES)]
    os.write(go, b"!" * PROCESSES)
    assert [one.wait() for one in children] == [0] * PROCESSES
    os.close(said)
    with os.fdopen(heard, "rb") as told:
        met = told.read()
    os.close(gate)
    os.close(go)
    return met


def test_sixteen_processes_at_one_door_of_sqlite(path, wal, child):
    met = _race(sqlite_store, path, child)
    assert (met.count(b"."), len(met)) == (MOST, 3 * PROCESSES)


@pytest.mark.slow
def test_sixteen_processes_at_one_door_of_postgresql(isolated, child):
    met = _race(postgres_store, isolated, child)
    assert (met.count(b"."), len(met)) == (MOST, 3 * PROCESSES)
