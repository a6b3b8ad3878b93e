"""The memory store keeps the store contract, on both sides of a fork."""

from __future__ import annotations

from threading import Thread

import pytest

from ikd.adapters.storage.memory import memory_store
from ikd.core.errors import StoreError
from ikd.core.ports import Commit
from ikd.testing.store_contract import StoreContract
from ikd.testing.store_samples import NOW, an_id, fault, put, row


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self):
        store = memory_store()
        yield store
        store.close()


def _moved(version, number=1):
    return Commit(at=NOW, puts=(put(row(number, version=version), expected=version - 1),))


def test_each_side_of_a_fork_goes_on_with_what_was_committed_before(child):
    store = memory_store()
    store.commit(_moved(1))

    def act():
        assert store.get("application", an_id(1)) == row()
        for version in range(2, 20):
            store.commit(_moved(version))
        assert store.get("application", an_id(1)) == row(version=19)

    assert child(act).wait() == 0
    assert store.get("application", an_id(1)) == row()
    store.commit(_moved(2))
    store.close()


def test_a_fork_waits_for_the_commits_of_other_threads(child):
    store = memory_store()
    thread = Thread(target=lambda: [store.commit(_moved(n)) for n in range(1, 300)])
    thread.start()

    def act():
        kept = store.get("application", an_id(1))
        store.commit(_moved((kept.version if kept else 0) + 1))
        store.commit(_moved(1, number=2))

    assert [child(act).wait() for _ in range(10)] == [0] * 10
    thread.join()
    assert store.get("application", an_id(1)) == row(version=299)
    assert store.get("application", an_id(2)) is None
    store.close()


def test_whatever_interrupts_a_transaction_undoes_it():
    store = memory_store()
    for error in (KeyboardInterrupt(), MemoryError(), StoreError()):
        with pytest.raises(type(error)):
            _write_and_raise(store, error)
        assert store.standard("a") is None
    store.commit(Commit(at=NOW, standards=(("a", "c"),)))
    assert store.standard("a") == "c"
    store.close()
    assert fault(store.standard, "a") == "store.closed"


def _write_and_raise(store, error):
    with store._session.writing() as execute:
        execute("INSERT INTO standards (digest, text) VALUES ('a', 'b')", ())
        raise error


def test_two_stores_share_nothing():
    one, other = memory_store(), memory_store()
    one.commit(_moved(1))
    assert other.get("application", an_id(1)) is None


def _write_and_raise(store, error):
    with store._session.writing() as execute:
        execute("INSERT INTO standards (digest, text) VALUES ('a', 'b')", ())
        raise error
