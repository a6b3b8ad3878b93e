"""The oracle keeps the store contract too, or it proves nothing."""

from __future__ import annotations

import pytest

from ikd.testing.store_contract import StoreContract
from tests.adapters.storage.model import ModelStore


class TestModelStore(StoreContract):
    @pytest.fixture
    def store(self):
        store = ModelStore()
        yield store
        store.close()
