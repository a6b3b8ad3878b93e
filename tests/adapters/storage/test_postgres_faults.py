"""Every statement fails or loses its connection once: a commit is whole or never was."""

from __future__ import annotations

import time

import psycopg
import pytest

from ikd.adapters.storage.postgres import postgres_store
from ikd.core.ports import Commit, Done
from ikd.testing.store_samples import NOW, an_id, claim, clash, fault, item, owe, put, secret
from tests import postgres
from tests.adapters.storage.steps import Plan, assert_whole, count_parts, late, step
from tests.tcp import Relay

REALLY = psycopg.Connection.execute


def end_session(connection):
    """Let the server end a session, and wait until it is gone."""
    pid = connection.info.backend_pid
    with psycopg.connect(connection.info.dsn, password=connection.info.password) as other:
        REALLY(other, "SELECT pg_terminate_backend(%s, 5000)", (pid,))


@pytest.fixture
def plan(monkeypatch):
    plan = Plan()

    def execute(self, query, *args, **options):
        if not query or not plan.due():
            return REALLY(self, query, *args, **options)
        if plan.after:
            REALLY(self, query, *args, **options)
        if plan.error is not None:
            raise plan.error
        end_session(self)
        return REALLY(self, "SELECT 1" if plan.after else query, *args[: not plan.after])

    monkeypatch.setattr(psycopg.Connection, "execute", execute)
    return plan


ERRORS = {"connection lost": None, "no memory": MemoryError(), "interrupted": KeyboardInterrupt()}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("manner", ["before", "after"])
def test_a_commit_is_whole_or_never_was_whichever_statement_fails(pg, plan, error, manner):
    pg.commit(Commit(at=NOW, puts=(put(),), takes=(claim(),), writes=(secret(),)))
    owe(pg, item(5, subject=an_id(7)))
    number, codes = 0, []
    while True:
        number += 1
        plan.arm(number, error, after=manner == "after")
        commit = late(number)
        try:
            said = fault(pg.commit, commit)
        except (MemoryError, KeyboardInterrupt):
            said = "raised"
        plan.disarm()
        begun_again = error is None and number == 1  # of BEGIN nothing can be lost
        assert (said is None) is (begun_again or not plan.met)
        if not plan.met:
            break
        codes.append(said)
        there = count_parts(pg, number)
        assert there in {0, 6}, f"{there} of 6 parts are there after statement {number} failed"
        assert clash(pg, commit) == ("key" if there else None)
        assert count_parts(pg, number) == 6
    assert number > 15
    if error is None:
        assert set(codes[1:-1]) == {"store.unreachable"}
        assert codes[-1] == "store.unknown_outcome"


@pytest.mark.slow
def test_opening_fails_whole_whichever_statement_fails(postgres_url, plan):
    number = 0
    while True:
        number += 1
        plan.arm(number, psycopg.OperationalError("as if"))
        said = fault(_open_and_close, postgres_url)
        met = plan.met
        plan.disarm()
        if not met:
            break
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ((there,),) = postgres.execute(postgres_url, tables)
        assert said is not None or there
        store = postgres_store(postgres_url)
        assert store.outbox(Done.WAITING) == ()
        store.close()
        postgres.empty(postgres_url)
    assert number > 20


def _open_and_close(url):
    postgres_store(url).close()


@pytest.fixture
def relayed(isolated):
    """A store behind a relay, and the relay."""
    place, _, rest = isolated.rpartition(":")
    port, _, database = rest.partition("/")
    with Relay(int(port)) as relay:
        store = postgres_store(f"{place}:{relay.port}/{database}")
        yield store, relay
        store.close()


def test_an_answer_lost_behind_the_commit_is_told_by_the_key(relayed):
    store, relay = relayed
    store.commit(step(1, 1))
    relay.lose_answer_to(b"COMMIT\0")
    assert fault(store.commit, step(1, 2)) == "store.unknown_outcome"
    assert relay.lost.wait(10)
    assert store.remembered(b"scope", "1-2") is not None
    assert clash(store, step(1, 2)) == "key"
    assert assert_whole(store, 1, 2) == 2


def test_an_answer_lost_before_the_commit_leaves_no_key(relayed):
    store, relay = relayed
    store.commit(step(1, 1))
    relay.lose_answer_to(b"INSERT INTO journal")
    assert fault(store.commit, step(1, 2)) == "store.unreachable"
    assert relay.lost.wait(10)
    assert store.remembered(b"scope", "1-2") is None
    store.commit(step(1, 2))
    assert assert_whole(store, 1, 2) == 2


def test_a_read_whose_answer_is_lost_is_made_again(relayed):
    store, relay = relayed
    store.commit(step(1, 1))
    relay.lose_answer_to(b"SELECT")
    assert store.get("application", an_id(1)) is not None
    assert relay.lost.is_set()


def test_a_session_that_was_ended_meanwhile_is_never_given_out(pg, isolated):
    pg.commit(step(1, 1))
    for version in range(2, 6):
        postgres.execute(isolated.partition("?")[0], postgres.END_OTHERS)
        pg.commit(step(1, version))
    assert assert_whole(pg, 1, 5) == 5


# What the server itself says, whatever made it say so: a trigger does.
SAID = {
    "40001": ("store.conflict", "serialization failure"),
    "40P01": ("store.conflict", "deadlock"),
    "53100": ("store.full", "disk full"),
    "53200": ("store.failed", "out of memory"),
    "55P03": ("store.busy", "lock not available"),
    "57014": ("store.busy", "canceled by a timeout"),
    "25006": ("store.readonly", "read only"),
    "42501": ("store.denied", "no right"),
    "XX001": ("store.corrupt", "data corrupted"),
    "23505": ("store.duplicate", "unique violation"),
    "22003": ("store.value", "out of range"),
    "P0001": ("store.failed", "an error without a name here"),
}


@pytest.mark.parametrize("state", SAID, ids=[words for _, words in SAID.values()])
def test_what_the_server_says_has_a_code_and_leaves_nothing_behind(pg, isolated, state):
    _raise_always(isolated, state)
    with pytest.raises(Exception) as met:
        pg.commit(step(1, 1))
    assert met.value.code == SAID[state][0]
    assert "canary-9901" not in str(met.value)
    assert met.value.__cause__ is None
    postgres.execute(isolated.partition("?")[0], "DROP TRIGGER fail ON outbox")
    assert pg.find("application") == ()
    pg.commit(step(1, 1))
    assert assert_whole(pg, 1, 1) == 1


def _raise_always(url, state):
    body = f"RAISE EXCEPTION 'canary-9901' USING ERRCODE = '{state}';"
    postgres.execute(
        url.partition("?")[0],
        f"CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {body} END$$",
        "CREATE TRIGGER fail BEFORE INSERT ON outbox EXECUTE FUNCTION fail()",
    )


def test_a_transaction_that_was_given_up_is_made_again(pg, isolated):
    body = (
        "IF nextval('calls') < 4 THEN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END IF;"
        " RETURN NULL;"
    )
    postgres.execute(
        isolated.partition("?")[0],
        "CREATE SEQUENCE calls",
        f"CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {body} END$$",
        "CREATE TRIGGER fail AFTER INSERT ON outbox EXECUTE FUNCTION fail()",
    )
    pg.commit(step(1, 1))
    assert assert_whole(pg, 1, 1) == 1


def test_a_statement_that_takes_too_long_is_told_and_undone(postgres_url):
    store = postgres_store(f"{postgres_url}?options=-c%20statement_timeout%3D200ms")
    postgres.execute(
        postgres_url,
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql"
        " AS $$BEGIN PERFORM pg_sleep(30); RETURN NULL; END$$",
        "CREATE TRIGGER wait AFTER INSERT ON outbox EXECUTE FUNCTION wait()",
    )
    assert fault(store.commit, step(1, 1)) == "store.busy"
    assert store.find("application") == ()
    store.close()


def test_a_row_that_others_hold_too_long_is_told(postgres_url):
    store = postgres_store(f"{postgres_url}?options=-c%20lock_timeout%3D200ms")
    store.commit(step(1, 1))
    with psycopg.connect(postgres_url) as other:
        other.execute("SELECT * FROM records FOR UPDATE")
        assert fault(store.commit, step(1, 2)) == "store.busy"
    store.commit(step(1, 2))
    store.close()


def test_who_sleeps_in_a_transaction_is_ended_and_lets_go(postgres_url):
    limit = "options=-c%20idle_in_transaction_session_timeout%3D200ms"
    store = postgres_store(f"{postgres_url}?{limit}")
    store.commit(step(1, 1))
    assert fault(_sleep_in_transaction, store) == "store.unreachable"
    store.commit(step(1, 2))
    assert assert_whole(store, 1, 2) == 2
    store.close()


def _sleep_in_transaction(store):
    with store._session.writing() as execute:
        execute("UPDATE records SET version = 9", ())
        time.sleep(1)
