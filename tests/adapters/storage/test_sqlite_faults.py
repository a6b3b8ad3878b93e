"""Every statement fails once, for every n: a commit is whole or never was."""

from __future__ import annotations

import sqlite3

import attrs
import pytest

from ikd.adapters.storage.sqlite import sqlite_store
from ikd.core.ports import Commit, Done, Read
from ikd.testing.store_samples import (
    NOW,
    an_id,
    claim,
    clash,
    entry,
    fault,
    item,
    owe,
    put,
    refusal,
    remembered,
    row,
    secret,
    token,
)


class Plan:
    """When statements fail, and how."""

    def __init__(self):
        self.left = 0
        self.error = None
        self.after = False
        self.lasting = False
        self.met = False

    def arm(self, left, error, *, after=False, lasting=False):
        self.left, self.error, self.after, self.lasting = left, error, after, lasting
        self.met = False

    def disarm(self):
        self.left = 0
        self.lasting = False

    def due(self):
        if self.lasting and self.met:
            return True
        self.left -= 1
        self.met |= self.left == 0
        return self.left == 0


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
        late = _late(number)
        try:
            said = fault(store.commit, late)
        except (MemoryError, KeyboardInterrupt):
            said = "raised"
        plan.disarm()
        assert (said is None) is not plan.met
        if not plan.met:
            break
        there = _count_parts(store, number)
        assert there in {0, 6}, f"{there} of 6 parts are there after statement {number} failed"
        assert clash(store, late) == ("key" if there else None)
        assert _count_parts(store, number) == 6
    assert number > 15
    store.close()


def _late(number):
    """Moves record 1 on, and leaves six traces by which to know it."""
    mark = b"%d" % number
    return Commit(
        at=NOW,
        puts=(put(row(number + 100)),),
        reads=(Read(kind="application", id=an_id(1), version=1),),
        entries=(entry(number + 100),),
        takes=(claim(mark),),
        releases=(claim(b"never"),),
        uses=(token(mark),),
        writes=(attrs.evolve(secret(number + 100)),),
        deletes=(an_id(9),),
        outbox=(item(number + 100),),
        voids=(an_id(7),),
        remembered=remembered(str(number)),
        refusal=refusal(number),
        standards=(("digest", "text"),),
    )


def _count_parts(store, number):
    mark = b"%d" % number
    parts = [
        store.get("application", an_id(number + 100)),
        store.entries("application", an_id(number + 100)) or None,
        store.owner("nik", mark),
        store.owner("token:pairing", mark),
        store.secret(an_id(number + 100)),
        store.remembered(b"scope", str(number)),
    ]
    return sum(part is not None for part in parts)


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
