"""Every statement fails once, for every n: a commit is whole or never was."""

from __future__ import annotations

import sqlite3

import pytest

from ikd.adapters.storage.sqlite import sqlite_store
from ikd.core.ports import Commit, Done
from ikd.testing.store_samples import (
    NOW,
    an_id,
    claim,
    clash,
    fault,
    item,
    owe,
    put,
    secret,
)
from tests.adapters.storage.steps import Plan, count_parts, late


@pytest.fixture
def plan(monkeypatch):
    plan = Plan()

    class Failing(sqlite3.Connection):
        def execute(self, *args):
            if not plan.due():
                return super().execute(*args)
            if plan.after:
                super().execute(*args)  # and no frame of the traceback keeps the cursor
            raise plan.error

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=Failing))
    return plan


ERRORS = {
    "disk full": sqlite3.OperationalError("disk full"),
    "no memory": MemoryError(),
    "interrupted": KeyboardInterrupt(),
}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("manner", ["before", "after", "lasting"])
def test_a_commit_is_whole_or_never_was_whichever_statement_fails(path, wal, plan, error, manner):
    store = sqlite_store(path, timeout=2)
    store.commit(Commit(at=NOW, puts=(put(),), takes=(claim(),), writes=(secret(),)))
    owe(store, item(5, subject=an_id(7)))
    number = 0
    while True:
        number += 1
        plan.arm(number, error, after=manner == "after", lasting=manner == "lasting")
        commit = late(number)
        try:
            said = fault(store.commit, commit)
        except (MemoryError, KeyboardInterrupt):
            said = "raised"
        plan.disarm()
        assert (said is None) is not plan.met
        if not plan.met:
            break
        there = count_parts(store, number)
        assert there in {0, 6}, f"{there} of 6 parts are there after statement {number} failed"
        assert clash(store, commit) == ("key" if there else None)
        assert count_parts(store, number) == 6
    assert number > 15
    store.close()


def test_opening_fails_whole_whichever_statement_fails(path, wal, plan, opening):
    number = 0
    passed_over = 0
    while True:
        number += 1
        plan.arm(number, sqlite3.OperationalError("I/O error"))
        said = fault(opening, path)
        met = plan.met
        plan.disarm()
        if not met:
            break
        assert said in {None, "store.failed"}
        passed_over += said is None
        store = sqlite_store(path)
        assert store.outbox(Done.WAITING) == ()
        store.close()
        for file in path.parent.iterdir():
            file.unlink()
    assert number > 20
    assert passed_over <= 1  # the one that came after the tables were made


def test_every_read_that_fails_says_so_and_works_again(store, monkeypatch):
    with store._session._lent(store._session._reader) as connection:
        connection.set_progress_handler(lambda: 1, 1)  # interrupts whatever runs
    for read in (store.newest, store.refusals):
        assert fault(read) == "store.failed"
    with store._session._lent(store._session._reader) as connection:
        connection.set_progress_handler(None, 1)
    assert store.newest() is None
