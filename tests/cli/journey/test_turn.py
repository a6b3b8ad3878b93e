"""Where the demo happens: one at a time on a store, with a key for its counter."""

from __future__ import annotations

import io
import shutil
import threading
from contextlib import closing
from pathlib import Path

import pytest

from ikd.adapters.keys.keys_in_folder import new_keys
from ikd.adapters.storage.sqlite import sqlite_store
from ikd.adapters.system import SystemClock, system_entropy
from ikd.cli.journey import demo_store
from ikd.cli.screen import Screen
from ikd.core.errors import KeySourceError, StoreError
from ikd.core.ports import Commit
from ikd.testing.store_samples import NOW, entry, put


def test_one_waits_for_the_other_and_says_so(tmp_path: Path) -> None:
    store, told = f"sqlite:///{tmp_path}/new/ikd.db", io.StringIO()
    entered, leave = threading.Event(), threading.Event()

    def other() -> None:
        with demo_store.turn(store, Screen(io.StringIO())):
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    assert entered.wait(10)
    threading.Timer(0.2, leave.set).start()
    with demo_store.turn(store, Screen(told)):
        assert leave.is_set()
    thread.join()
    assert "Menunggu demo lain" in told.getvalue()


def test_patience_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_store, "_PATIENCE", 0.01)
    store, screen = f"sqlite:///{tmp_path}/ikd.db", Screen(io.StringIO())
    with (
        demo_store.turn(store, screen),
        pytest.raises(StoreError, match="busy"),
        demo_store.turn(store, screen),
    ):
        pass


def test_a_store_in_memory_is_shared_with_nobody() -> None:
    screen = Screen(io.StringIO())
    with demo_store.turn("memory://", screen), demo_store.turn("memory://", screen):
        pass


def test_keys_are_made_once_and_get_a_counter_when_it_is_missing(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/ikd.db"
    first = demo_store.keys_of(store, "payakumbuh", "loket-1")
    again = demo_store.keys_of(store, "payakumbuh", "loket-1")
    more = demo_store.keys_of(store, "wakatobi", "loket-1")
    for keys in (first, again, more):
        assert keys.roots() == first.roots()
        keys.signing("station", office="payakumbuh", station="loket-1")
    more.signing("station", office="wakatobi", station="loket-1")


def test_an_empty_folder_gets_keys_here_as_in_any_service(tmp_path: Path) -> None:
    (tmp_path / "ikd.db.keys").mkdir(mode=0o700)
    keys = demo_store.keys_of(f"sqlite:///{tmp_path}/ikd.db", "payakumbuh", "loket-1")
    assert keys.signing("station", office="payakumbuh", station="loket-1")


def test_a_file_where_the_keys_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "ikd.db.keys").write_text("")
    with pytest.raises(KeySourceError):
        demo_store.keys_of(f"sqlite:///{tmp_path}/ikd.db", "payakumbuh", "loket-1")


def test_keys_without_their_root_get_no_new_counter(tmp_path: Path) -> None:
    folder = tmp_path / "ikd.db.keys"
    new_keys(folder, now=SystemClock().now(), entropy=system_entropy)
    (folder / "root.pem").unlink()
    with pytest.raises(KeySourceError, match="root"):
        demo_store.keys_of(f"sqlite:///{tmp_path}/ikd.db", "payakumbuh", "loket-1")


@pytest.mark.parametrize("code", ["keys.exist", "keys.failed"])
def test_keys_that_a_service_made_meanwhile_are_taken(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(folder: Path, **given: object) -> None:
        new_keys(folder, **given)
        raise KeySourceError(code)

    monkeypatch.setattr("ikd.bootstrap.database_keys.new_keys", late)
    store = f"sqlite:///{tmp_path}/ikd.db"
    if code == "keys.exist":
        demo_store.keys_of(store, "payakumbuh", "loket-1").signing("credential")
    else:
        with pytest.raises(KeySourceError, match=code):
            demo_store.keys_of(store, "payakumbuh", "loket-1")


def test_no_keys_are_made_beside_a_database_in_use(tmp_path: Path) -> None:
    """New ones would open nothing in it: whoever lost the folder must hear of it."""
    store = f"sqlite:///{tmp_path}/ikd.db"
    demo_store.keys_of(store, "payakumbuh", "loket-1")
    shutil.rmtree(tmp_path / "ikd.db.keys")
    with closing(sqlite_store(tmp_path / "ikd.db")) as empty:
        demo_store.keys_of(store, "payakumbuh", "loket-1")
        empty.commit(Commit(at=NOW, puts=(put(),), entries=(entry(),)))
    shutil.rmtree(tmp_path / "ikd.db.keys")
    with pytest.raises(KeySourceError, match="missing"):
        demo_store.keys_of(store, "payakumbuh", "loket-1")
    assert not (tmp_path / "ikd.db.keys").exists()
