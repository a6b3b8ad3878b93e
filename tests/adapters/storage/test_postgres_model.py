"""Whatever is done to both, PostgreSQL and the model answer alike."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from ikd.adapters.storage.postgres import postgres_store
from tests import postgres
from tests.adapters.storage.test_against_model import BothStores, TestBothStores


def test_postgres_and_the_model_answer_alike(isolated):
    class WithPostgres(BothStores):
        def __init__(self):
            postgres.empty(isolated.partition("?")[0])
            super().__init__()

        def open(self):
            return postgres_store(isolated)

    chosen = settings(
        TestBothStores.settings, max_examples=TestBothStores.settings.max_examples // 2
    )
    run_state_machine_as_test(WithPostgres, settings=chosen)
