"""The memory store keeps the store contract."""

from __future__ import annotations

import pytest

from ikd.adapters.storage.memory import MemoryStore
from ikd.testing.store import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self):
        store = MemoryStore()
        yield store
        store.close()
