"""The SQL of the page about PostgreSQL makes roles that can do their work, and no more."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from ikd.adapters.storage.postgres import postgres_store
from ikd.core.ports import Commit, Done
from ikd.testing.store_samples import NOW, an_id, fault, put, refusal
from tests import postgres

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "use-postgresql.md"


def _sql() -> tuple[list[str], list[str]]:
    """Return the statements before the page connects to the new database, and those after."""
    found = re.search(r"```psql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    before, after = found[1].split("\\c ikd\n")
    return _cut(before), _cut(after)


def _cut(text: str) -> list[str]:
    return [one.strip() for one in text.split(";") if one.strip()]


@pytest.fixture
def urls(own_postgres: postgres.Server) -> tuple[str, str]:
    """The URLs of the owner and of the role for the daily work."""
    before, after = _sql()
    postgres.execute(own_postgres.url(), *before)
    postgres.execute(own_postgres.url("ikd"), *after)
    for role in ("ikd_owner", "ikd"):
        postgres.execute(own_postgres.url(), f"ALTER ROLE {role} PASSWORD 'x'")
    place = own_postgres.url("ikd").partition("@")[2]
    return f"postgresql://ikd_owner:x@{place}", f"postgresql://ikd:x@{place}"


def test_the_owner_makes_the_tables_and_the_other_role_does_the_work(urls: tuple[str, str]) -> None:
    owner, worker = urls
    assert fault(postgres_store, worker) == "store.denied"  # and makes no tables itself
    postgres_store(owner).close()
    store = postgres_store(worker)
    store.commit(Commit(at=NOW, puts=(put(),)))
    store.refuse(refusal())
    assert store.get("application", an_id(1)) is not None
    assert store.outbox(Done.WAITING) == ()
    store.close()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        postgres.execute(worker, "DROP TABLE records")
