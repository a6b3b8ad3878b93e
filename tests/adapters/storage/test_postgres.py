"""The PostgreSQL store keeps the store contract, at either level of isolation."""

from __future__ import annotations

import time

import attrs
import pytest

from ikd.adapters.storage.postgres import PostgresSession, postgres_store
from ikd.adapters.storage.postgres_url import target
from ikd.core.errors import StoreError
from ikd.core.ports import Commit, Done, Late
from ikd.testing.store_contract import StoreContract
from ikd.testing.store_samples import (
    NOW,
    SECOND,
    an_id,
    entry,
    fault,
    horizon,
    item,
    lease,
    owe,
    put,
    row,
    settle,
    token,
)
from tests import postgres


class TestPostgresStore(StoreContract):
    @pytest.fixture
    def store(self, isolated):
        store = postgres_store(isolated)
        yield store
        store.close()


def test_what_was_committed_is_there_after_reopening(isolated):
    store = postgres_store(isolated)
    store.commit(Commit(at=NOW, puts=(put(),), entries=(entry(),)))
    store.close()
    again = postgres_store(isolated)
    assert again.get("application", an_id(1)) == row()
    assert again.entries("application", an_id(1)) == (entry(),)
    again.close()


def test_a_text_that_is_no_text_is_a_store_error(pg):
    for text in ("\ud800", "\0"):
        assert fault(pg.get, text, an_id(1)) == "store.value"
        assert fault(pg.commit, Commit(at=NOW, standards=((text, "x"),))) == "store.value"


def test_a_number_that_no_column_holds_leaves_nothing_behind(pg):
    huge = put(attrs.evolve(row(2), version=2**63))
    assert fault(pg.commit, Commit(at=NOW, puts=(put(), huge))) == "store.value"
    assert pg.find("application") == ()


def test_every_session_has_its_limits_and_its_isolation(isolated):
    names = (
        "statement_timeout",
        "lock_timeout",
        "idle_in_transaction_session_timeout",
        "synchronous_commit",
    )
    session = PostgresSession(isolated)
    with session.writing() as execute:
        found = [execute(f"SHOW {name}", ()).fetchall()[0][0] for name in names]
        ((level,),) = execute("SHOW transaction_isolation", ()).fetchall()
    session.close()
    assert found == ["30s", "10s", "30s", "on"]
    assert level.replace(" ", "-") == isolated.partition("isolation=")[2]


def test_what_the_url_sets_holds_over_our_limits(postgres_url):
    session = PostgresSession(f"{postgres_url}?options=-c%20statement_timeout%3D7s")
    ((found,),) = session.read(lambda execute: execute("SHOW statement_timeout", ()).fetchall())
    session.close()
    assert found == "7s"


def test_a_process_opens_no_more_connections_than_the_url_says(postgres_url):
    store = postgres_store(f"{postgres_url}?connections=2")
    count = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE application_name = 'ikd' AND datname = current_database()"
    )
    with store._session.writing(), store._session.writing():
        assert fault_within(store, 0.2) == "store.busy"
        while (found := postgres.execute(postgres_url, count)) > [(2,)]:
            time.sleep(0.01)  # who only knocked is on the way out
        assert found == [(2,)]
    assert store.newest() is None
    store.close()


def fault_within(store, seconds):
    store._session._pool().timeout = seconds
    return fault(store.newest)


def test_every_statement_finds_its_rows_by_an_index(pg, postgres_url):
    owe(pg, item())
    said = []
    lent = pg._session.writing

    class Noting:
        def __init__(self, session):
            self._session = session

        def __getattr__(self, name):
            return getattr(self._session, name)

        def read(self, act):
            return self._session.read(lambda execute: act(self._noting(execute)))

        def writing(self):
            return _Wrapped(lent(), self._noting)

        def _noting(self, execute):
            def noted(statement, values):
                said.append((statement, values))
                return execute(statement, values)

            return noted

    pg._session = Noting(pg._session)
    use_everything(pg)
    with pg._session._session.writing() as execute:
        execute("SET LOCAL enable_seqscan = off", ())
        for statement, values in said:
            if not statement.startswith("INSERT") and "schema_version" not in statement:
                plan = execute(f"EXPLAIN {statement}", values).fetchall()
                assert "Seq Scan" not in str(plan), statement
    assert len({statement for statement, _ in said}) > 15


class _Wrapped:
    def __init__(self, lent, wrap):
        self._lent, self._wrap = lent, wrap

    def __enter__(self):
        return self._wrap(self._lent.__enter__())

    def __exit__(self, *error):
        return self._lent.__exit__(*error)


def use_everything(store):
    """Let the store make every statement that it has."""
    for office in (None, "payakumbuh"):
        for status in (None, "OPEN"):
            store.find("application", office=office, status=status, after=an_id(1))
    store.commit(Commit(at=NOW, puts=(put(row(3, due=NOW)),)))
    (late,) = store.overdue(NOW)
    store.overdue(NOW, after=late)
    late = Late(since=NOW, limit_at=NOW)
    for after in (None, (NOW, an_id(1)), (None, an_id(1))):
        store.waiting("operator", "payakumbuh", after=after)
        store.waiting("operator", "payakumbuh", after=after, late=late)
    store.outbox(Done.SENT, subject=an_id(1))
    store.newest(outside=[(NOW, NOW)])
    store.ahead(NOW)
    lease(store, NOW, until=NOW, limit=9)
    store.renew("worker", {an_id(1): 1}, until=NOW)
    store.lanes()
    settle(store, an_id(1), Done.WAITING, lease=1, now=NOW)
    store.unpark(an_id(1), now=NOW)
    store.outbox(Done.SENT)
    store.newest()
    store.refusals()
    store.looks()
    store.looks(actor="op-1")
    store.looks(record=("application", an_id(1)))
    store.entries("application", an_id(1))
    store.commit(Commit(at=NOW, voids=(an_id(7),), deletes=(an_id(9),), uses=(token(until=NOW),)))
    later = NOW + SECOND
    store.purge(horizon(tokens=later, answers=later, refusals=later, ended=later))


PASSWORD = "geheim-9912"
URLS = [
    f"postgresql://ikd:{PASSWORD}@h/ikd?isolation=none",
    f"postgresql://ikd:{PASSWORD}@h/ikd?connections=0",
    f"postgresql://ikd:{PASSWORD}@h/ikd?unknown=1",
    f"postgresql://ikd:{PASSWORD}@h:port/ikd",
    f"postgresql://ikd:{PASSWORD}@x@h/ikd",
    f"postgresql://ikd:{PASSWORD}/x@h/ikd",
    f"postgresql://ikd:{PASSWORD}%zz@h/ikd",
    f"postgresql://ikd:{PASSWORD}?x@h/ikd",
    f"postgres://ikd:{PASSWORD}@h/ikd",
]


@pytest.mark.parametrize("url", URLS)
def test_a_url_that_cannot_be_used_says_so_and_quotes_nothing(url):
    with pytest.raises(StoreError) as met:
        postgres_store(url)
    assert met.value.code == "store.url"
    chain = [met.value, met.value.__cause__, met.value.__context__]
    assert PASSWORD not in " ".join(map(repr, chain))


def test_what_is_read_of_a_url_shows_no_password():
    read = target(f"postgresql://ikd:{PASSWORD}@[::1]:5432,h2/ikd?isolation=serializable")
    assert PASSWORD not in repr(read)
    assert PASSWORD in read.conninfo
    assert (read.isolation.name, read.connections) == ("SERIALIZABLE", 10)
