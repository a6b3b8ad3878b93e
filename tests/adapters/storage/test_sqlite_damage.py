"""What is no database of ours, is damaged or is full."""

from __future__ import annotations

import sqlite3
from functools import partial

import attrs
import pytest

from ikd.adapters.storage.migrate import migrations
from ikd.adapters.storage.sqlite import sqlite_store
from ikd.core.ports import Commit, Done
from ikd.testing.store_samples import (
    NOW,
    an_id,
    claim,
    entry,
    fault,
    horizon,
    item,
    owe,
    owner,
    put,
    row,
    secret,
    settle,
)


@pytest.mark.parametrize("content", [b"not a database, but long enough " * 99, b"short"])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path, content, wal):
    path.parent.mkdir()
    path.write_bytes(content)
    assert fault(sqlite_store, path) == "store.corrupt"
    assert path.read_bytes() == content


def test_an_empty_file_becomes_a_database(path, wal):
    path.parent.mkdir()
    path.touch()
    sqlite_store(path).close()


def test_another_programs_database_is_refused_and_left_alone(path, wal):
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE albums (title TEXT)")
    connection.close()
    assert fault(sqlite_store, path) == "store.foreign"
    with sqlite3.connect(path) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert tables == [("albums",)]


def test_a_newer_schema_is_refused(path, wal):
    sqlite_store(path).close()
    with sqlite3.connect(path) as connection:
        newer = len(migrations()) + 1
        connection.execute("INSERT INTO schema_version VALUES (?)", (newer,))
    connection.close()
    assert fault(sqlite_store, path) == "store.newer"


def test_a_damaged_page_is_a_store_error(path, opening):
    store = sqlite_store(path)
    store.commit(Commit(at=NOW, puts=tuple(put(row(number)) for number in range(200))))
    store.close()
    whole = path.read_bytes()
    page = 4096
    for start in range(page, len(whole), page):  # all but the first, which holds the schema
        path.write_bytes(whole[:start] + b"\xa5" * page + whole[start + page :])
        refused = fault(opening, path)
        assert refused in {None, "store.corrupt"}
        if not refused:
            _assert_answers_or_says_it_is_damaged(path)


def _assert_answers_or_says_it_is_damaged(path):
    store = sqlite_store(path)
    reads = [
        partial(store.get, "application", an_id(7)),
        partial(store.find, "application"),
        partial(store.overdue, NOW),
        partial(store.claim, "nik", b"key"),
        store.newest,
        partial(store.commit, Commit(at=NOW, puts=(put(row(1000)),), takes=(claim(b"x"),))),
    ]
    assert {fault(read) for read in reads} <= {None, "store.corrupt", "store.failed"}
    store.close()


def test_a_file_cut_short_is_a_store_error(path):
    store = sqlite_store(path)
    store.commit(Commit(at=NOW, puts=tuple(put(row(number)) for number in range(200))))
    store.close()
    with path.open("r+b") as file:
        file.truncate(4096 * 2)
    assert fault(sqlite_store, path) == "store.corrupt"


def test_a_full_disk_leaves_the_old_state(path, wal):
    store = sqlite_store(path)
    store.commit(Commit(at=NOW, puts=(put(),), entries=(entry(),), takes=(claim(),)))
    with store._session.writing() as execute:
        ((pages,),) = execute("PRAGMA page_count", ()).fetchall()
        execute(f"PRAGMA max_page_count = {pages}", ()).fetchall()
    large = tuple(entry(2, seq=seq) for seq in range(1, 2_000))
    late = Commit(
        at=NOW,
        puts=(put(row(version=2), expected=1),),
        releases=(claim(),),
        outbox=(item(),),
        entries=large,
    )
    assert fault(store.commit, late) == "store.full"
    assert store.get("application", an_id(1)) == row()
    assert store.entries("application", an_id(2)) == ()
    assert owner(store, "nik", b"key") == "one"
    assert store.outbox(Done.WAITING) == ()
    store.commit(Commit(at=NOW, puts=(put(row(version=2), expected=1),)))
    store.close()


def test_no_byte_of_a_deleted_secret_or_a_sent_notice_stays_in_any_file(path, wal):
    store = sqlite_store(path)
    canary = b"canary-of-a-secret" * 20
    large = canary * 500  # overflow pages too
    payload = b"canary-of-a-payload" * 30
    store.commit(
        Commit(
            at=NOW,
            writes=(secret(9, value=canary), secret(10, value=large), secret(11, value=canary)),
            outbox=(
                attrs.evolve(item(1), payload=payload),
                attrs.evolve(item(2, subject=an_id(7)), payload=payload),
            ),
        )
    )
    assert _holds(path, b"canary")
    store.commit(Commit(at=NOW, writes=(secret(11, value=b"x"),)))
    store.commit(Commit(at=NOW, deletes=(an_id(9), an_id(10)), voids=(an_id(7),)))
    settle(store, an_id(1), Done.SENT, lease=1, now=NOW)
    store.purge(horizon(tokens=NOW))
    assert not _holds(path, b"canary")
    store.close()
    assert not _holds(path, b"canary")


def _holds(path, text):
    return any(text in file.read_bytes() for file in path.parent.iterdir())


def test_an_item_that_is_too_large_for_sqlite_is_a_store_error(store):
    with store._session._lent(store._session._reader) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1_000)
    assert fault(owe, store, attrs.evolve(item(), payload=bytes(2_000))) == "store.failed"
    owe(store, item())
