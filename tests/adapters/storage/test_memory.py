"""The memory store keeps the store contract."""

from __future__ import annotations

import pytest

from ikd.adapters.storage.memory import memory_store
from ikd.testing.store import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self):
        store = memory_store()
        yield store
        store.close()
