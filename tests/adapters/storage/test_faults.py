"""The store that fails when told."""

from __future__ import annotations

import inspect

import pytest

from ikd.core.errors import StoreError
from ikd.core.ports import Commit, Done, Store
from ikd.testing import FaultyStore, StoreContract
from ikd.testing.store_samples import NOW, an_id, fault, item, put, refusal, settle
from tests.adapters.storage.model import ModelStore


class TestFaultyStoreThatNeverFails(StoreContract):
    @pytest.fixture
    def store(self):
        return FaultyStore(ModelStore(), fail_at=0)


def test_it_has_every_method_of_a_store_with_the_same_parameters():
    for name, method in inspect.getmembers(Store, inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.signature(getattr(FaultyStore, name)) == inspect.signature(method), name


def _story(store):
    store.commit(Commit(at=NOW, puts=(put(),), outbox=(item(),)))
    store.get("application", an_id(1))
    settle(store, an_id(1), Done.SENT, lease=1, now=NOW)
    store.refuse(refusal())


def test_a_loop_meets_every_call_once():
    met = 0
    while True:
        store = FaultyStore(ModelStore(), fail_at=met + 1)
        if fault(_story, store) is None:
            break
        assert store.failed
        assert store.calls == met + 1
        met += 1
    assert met == 4
    assert not store.failed


def test_before_has_no_effect_and_after_has_it_and_fails_all_the_same():
    for mode, there in (("before", False), ("after", True)):
        inner = ModelStore()
        store = FaultyStore(inner, fail_at=1, mode=mode)
        assert fault(store.commit, Commit(at=NOW, puts=(put(),))) == "store.failed"
        assert (inner.get("application", an_id(1)) is not None) is there
        assert (store.get("application", an_id(1)) is not None) is there


def test_a_lasting_fault_stays():
    store = FaultyStore(ModelStore(), fail_at=2, lasting=True)
    said = [fault(store.newest) for _ in range(4)]
    assert said == [None, "store.failed", "store.failed", "store.failed"]
    store.close()


def test_it_raises_what_it_was_told():
    store = FaultyStore(ModelStore(), fail_at=1, error=lambda: StoreError("store.full"))
    assert fault(store.newest) == "store.full"
    with pytest.raises(MemoryError):
        FaultyStore(ModelStore(), fail_at=1, error=MemoryError).newest()
