"""Where the database lies, who may read it, and which journal it gets."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from ikd.adapters.storage.sqlite import sqlite_path, sqlite_store, wal_is_safe
from ikd.core.errors import StoreError
from ikd.core.ports import Commit
from ikd.testing.store_samples import NOW, fault, put


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///ikd.db", "ikd.db"),
        ("sqlite:///data/ikd.db", "data/ikd.db"),
        ("sqlite:////srv/ikd.db", "/srv/ikd.db"),
        ("sqlite:///C:/data/ikd.db", "C:/data/ikd.db"),
        ("sqlite:///a b#1%20.db", "a b#1%20.db"),
    ],
)
def test_three_slashes_are_relative_and_four_absolute(url, path):
    assert sqlite_path(url) == Path(path)


@pytest.mark.parametrize(
    "url",
    [
        *("", "sqlite:", "sqlite://", "sqlite:///", "sqlite:////", "sqlite:///data/"),
        *("sqlite://host/ikd.db", "postgresql:///ikd", "memory://", "ikd.db"),
        *("sqlite:///:memory:", "sqlite:///ikd.db?mode=ro", "sqlite:///a\0b"),
        *(None, 7, b"sqlite:///ikd.db"),
    ],
)
def test_a_url_that_names_no_file_is_refused(url):
    assert fault(sqlite_path, url) == "store.url"


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 44, 9), True),
        ((3, 45, 9), False),
        ((3, 49, 2), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_a_write_ahead_log_is_used_only_where_it_loses_nothing(version, safe):
    assert wal_is_safe(version) is safe


def test_the_journal_follows_the_version_of_sqlite(path, monkeypatch):
    for version, journal in (((3, 40, 1), "delete"), ((3, 51, 3), "wal")):
        monkeypatch.setattr("sqlite3.sqlite_version_info", version)
        store = sqlite_store(path)
        with store._session._lent(store._session._reader) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchall() == [(journal,)]
        store.close()


def test_a_database_that_cannot_have_its_journal_is_refused(path, monkeypatch):
    monkeypatch.setattr("ikd.adapters.storage.sqlite.wal_is_safe", lambda _: True)
    uri = "file:{}?mode=rw&vfs=unix-none&nolock=1"  # a system without shared memory: no log
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda _, **named: connect(uri.format(path), **named))
    assert fault(sqlite_store, path) == "store.journal"


def _mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_all_files_are_their_owners_alone(path, wal):
    old = os.umask(0)
    try:
        store = sqlite_store(path)
        store.commit(Commit(at=NOW, puts=(put(),)))
        files = sorted(path.parent.iterdir())
        assert {file.name for file in files} >= {"ikd.db", "ikd.db.lock", "ikd.db.queue"}
        assert {_mode(file) for file in files} == {0o600}
        assert _mode(path.parent) == 0o700
        store.close()
    finally:
        os.umask(old)


def test_a_folder_that_exists_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o750)
    sqlite_store(tmp_path / "ikd.db").close()
    assert _mode(tmp_path) == 0o750


def test_a_folder_in_the_files_place_is_refused(tmp_path):
    assert fault(sqlite_store, tmp_path) == "store.path"


def test_a_file_in_the_folders_place_is_refused(tmp_path):
    (tmp_path / "file").touch()
    assert fault(sqlite_store, tmp_path / "file" / "ikd.db") == "store.path"


def _as_nobody(act):
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    act()


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs root to drop it")
def test_what_may_not_be_written_is_refused_with_its_reason(tmp_path, child):
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    sqlite_store(tmp_path / "ikd.db").close()

    def act():
        assert fault(sqlite_store, tmp_path / "new.db") == "store.path"
        assert fault(sqlite_store, tmp_path / "ikd.db") == "store.path"
        assert fault(sqlite_store, tmp_path / "sub" / "ikd.db") == "store.path"

    assert child(_as_nobody, act).wait() == 0
    assert not (tmp_path / "new.db").exists()


def test_a_url_opens_a_store(tmp_path):
    store = sqlite_store(f"sqlite:///{tmp_path}/ikd.db")
    store.commit(Commit(at=NOW))
    store.close()
    assert (tmp_path / "ikd.db").exists()


def test_no_message_names_what_was_stored(store):
    canary = "canary-value"
    store.commit(Commit(at=NOW, standards=((canary, canary),)))
    with pytest.raises(StoreError) as caught, store._session.writing() as execute:
        execute("INSERT INTO standards VALUES (?, ?)", (canary, canary))
    assert caught.value.code == "store.duplicate"
    assert canary not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_database_that_others_may_write_is_refused(tmp_path, mode):
    path = tmp_path / "ikd.db"
    sqlite_store(path).close()
    path.chmod(mode)
    assert fault(sqlite_store, path) == "store.mode"
    path.chmod(0o640)  # others may read it, where who runs it wants that
    sqlite_store(path).close()


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_a_folder_in_which_anybody_may_put_another_database_is_refused(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o777)
    assert fault(sqlite_store, folder / "ikd.db") == "store.mode"
    folder.chmod(0o1777)  # where nobody may take away what is another's
    sqlite_store(folder / "ikd.db").close()
