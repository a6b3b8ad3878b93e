"""The PostgreSQL store keeps the store contract, at either level of isolation."""

from __future__ import annotations

import pytest

from ikd.adapters.storage.postgres import postgres_store
from ikd.testing.store import StoreContract


class TestPostgresStore(StoreContract):
    @pytest.fixture
    def store(self, isolated):
        store = postgres_store(isolated)
        yield store
        store.close()
