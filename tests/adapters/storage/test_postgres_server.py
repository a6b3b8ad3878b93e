"""A server that is away, refuses, is full, read-only, or of another schema: nothing is lost."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from ikd.adapters.storage import migrate
from ikd.adapters.storage.postgres import PostgresSession, postgres_store
from ikd.core.errors import StoreError
from ikd.core.ports import Commit
from ikd.testing.store_samples import NOW, an_id, claim, clash, entry, fault, put, refusal
from tests import postgres
from tests.adapters.storage.steps import assert_whole, step


def test_a_server_that_was_stopped_and_came_back_is_found_again(own_postgres):
    store = postgres_store(own_postgres.url(), timeout=15)
    for version, how in enumerate((signal.SIGINT, signal.SIGQUIT), 1):
        store.commit(step(1, version))
        own_postgres.stop(how)  # in peace, then as a crash
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(store.get, "application", an_id(1))
            time.sleep(1)
            own_postgres.start()
            assert reading.result().version == version
    store.commit(step(1, 3))
    assert assert_whole(store, 1, 3) == 3
    store.close()


def test_a_server_that_stays_away_is_told_after_a_while(own_postgres):
    store = postgres_store(own_postgres.url(), timeout=0.5)
    own_postgres.stop()
    for act in (store.newest, lambda: store.commit(step(1, 1)), lambda: store.refuse(refusal())):
        assert fault(act) == "store.unreachable"
    assert fault(postgres_store, own_postgres.url()) == "store.unreachable"
    own_postgres.start()
    assert clash(store, step(1, 1)) is None
    store.close()
    store.close()
    assert fault(store.newest) == "store.closed"
    assert fault(store.commit, step(1, 2)) == "store.closed"


@pytest.mark.slow
def test_a_commit_that_was_acknowledged_outlives_a_crash_of_the_server(own_postgres):
    store = postgres_store(own_postgres.url(), timeout=15)
    for version in range(1, 4):
        store.commit(step(1, version))
        own_postgres.stop(signal.SIGQUIT)
        own_postgres.start()
    assert assert_whole(store, 1, 3) == 3
    store.close()


def test_a_commit_whose_wait_for_the_replica_was_cut_short_is_not_called_durable():
    waiting = postgres.Server(
        durable=True,
        max_wal_senders="1",
        wal_level="replica",
        synchronous_standby_names="nobody",
    )
    try:
        store = postgres_store(f"{waiting.url()}?options=-c%20synchronous_commit%3Dlocal")
        store.commit(step(1, 1))
        strict = postgres_store(waiting.url())
        cutting = threading.Thread(target=_cut_short, args=(waiting.url(),))
        cutting.start()
        assert fault(strict.commit, step(1, 2)) == "store.unknown_outcome"
        cutting.join()
        assert clash(store, step(1, 2)) == "key"
        strict.close()
        store.close()
    finally:
        waiting.close()


def _cut_short(url):
    cut = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    while not postgres.execute(url, cut):
        pass


REFUSED = {
    "another password": lambda url: url.replace(_password(url), "geheim-9912"),
    "no password": lambda url: url.replace(f":{_password(url)}@", "@"),
    "another role": lambda url: url.replace("//postgres:", "//geheim-9912:"),
    "another database": lambda url: f"{url}_geheim-9912",
}


def _password(url):
    return url.partition("@")[0].rpartition(":")[2]


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_who_is_refused_hears_so_at_once_and_no_secret_is_told(postgres_url, change, caplog):
    caplog.set_level(logging.DEBUG)
    url = change(postgres_url)
    with pytest.raises(StoreError) as met:
        postgres_store(url)
    assert met.value.code == "store.denied"
    told = " ".join((repr(met.value), repr(met.value.__cause__), repr(met.value.__context__)))
    for secret in ("geheim-9912", _password(postgres_url), url):
        assert secret not in told


def test_a_server_that_refuses_later_puts_no_password_into_a_log(new_postgres_url, caplog):
    caplog.set_level(logging.DEBUG)
    role = f"r{new_postgres_url[-16:]}"
    postgres.execute(
        new_postgres_url,
        f"CREATE ROLE {role} LOGIN PASSWORD 'geheim-9912'",
        f"GRANT ALL ON SCHEMA public TO {role}",
    )
    url = new_postgres_url.replace(
        f"//postgres:{_password(new_postgres_url)}", f"//{role}:geheim-9912"
    )
    store = postgres_store(url, timeout=0.5)
    store.commit(step(1, 1))
    postgres.execute(new_postgres_url, f"ALTER ROLE {role} PASSWORD 'other'", postgres.END_OTHERS)
    assert fault(store.commit, step(1, 2)) == "store.denied"
    store.close()
    assert "geheim-9912" not in caplog.text
    postgres.execute(new_postgres_url, f"REASSIGN OWNED BY {role} TO postgres")
    postgres.execute(new_postgres_url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def test_a_role_without_rights_to_write_is_told(new_postgres_url):
    postgres_store(new_postgres_url).close()
    role = f"r{new_postgres_url[-16:]}"
    postgres.execute(
        new_postgres_url,
        f"CREATE ROLE {role} LOGIN PASSWORD 'x'",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
    )
    store = postgres_store(
        new_postgres_url.replace(f"//postgres:{_password(new_postgres_url)}", f"//{role}:x")
    )
    assert store.newest() is None
    assert fault(store.commit, step(1, 1)) == "store.denied"
    store.close()
    postgres.execute(new_postgres_url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def test_a_database_that_is_read_only_can_be_read(new_postgres_url):
    store = postgres_store(new_postgres_url)
    store.commit(step(1, 1))
    store.close()
    name = new_postgres_url.rpartition("/")[2]
    postgres.execute(
        new_postgres_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on"
    )
    store = postgres_store(new_postgres_url)
    assert store.get("application", an_id(1)) is not None
    assert fault(store.commit, step(1, 2)) == "store.readonly"
    store.close()


@pytest.fixture
def small_place(own_postgres):
    """The URL of a database that has 24 MB for its tables, and the folder they lie in."""
    folder = own_postgres.folder / "small"
    folder.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder))
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk needs the right to mount one; a trigger stands in elsewhere")
    place = folder / "tables"
    place.mkdir()
    shutil.chown(place, "postgres", "postgres")
    place.chmod(0o700)
    postgres.execute(
        own_postgres.url(),
        f"CREATE TABLESPACE small LOCATION '{place}'",
        "CREATE DATABASE small TABLESPACE small",
    )
    yield own_postgres.url("small"), folder
    own_postgres.stop(signal.SIGQUIT)
    subprocess.run(("umount", str(folder)), check=True)


def test_a_full_disk_is_told_and_nothing_is_half_written(small_place):
    url, folder = small_place
    store = postgres_store(url)
    filler = folder / "filler"
    free = shutil.disk_usage(folder).free
    filler.write_bytes(b"x" * (free - 1_000_000))
    version = 0
    while (said := fault(store.commit, _big(version + 1))) is None:
        version += 1
    assert said == "store.full"
    assert version < 100
    assert [one.seq for one in store.entries("application", an_id(1))] == list(
        range(1, version + 1)
    )
    filler.unlink()
    store.commit(_big(version + 1))
    assert len(store.entries("application", an_id(1))) == version + 1
    store.close()


def _big(version):
    many = tuple(claim(os.urandom(2_000), owner="one") for _ in range(50))
    return Commit(at=NOW, entries=(entry(seq=version),), takes=many)


def test_a_deadlock_is_made_again(postgres_url):
    store = postgres_store(f"{postgres_url}?options=-c%20deadlock_timeout%3D50ms")
    both = (claim(b"a"), claim(b"b"))
    store.commit(Commit(at=NOW, takes=both))
    with psycopg.connect(postgres_url, options="-c deadlock_timeout=30s") as other:
        other.execute("UPDATE claims SET until = 1 WHERE key = 'b'")
        said = []
        late = Commit(at=NOW, takes=both, entries=(entry(),))
        waiting = threading.Thread(target=lambda: said.append(fault(store.commit, late)))
        waiting.start()
        _wait_until_somebody_waits(postgres_url)
        other.execute("UPDATE claims SET until = 1 WHERE key = 'a'")  # and so they wait in a ring
    waiting.join()
    assert said == [None]
    assert store.entries("application", an_id(1)) == (entry(),)
    count = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    store.close()
    assert postgres.execute(postgres_url, "SELECT pg_sleep(0.1)", count)[0][0] >= 1


def _wait_until_somebody_waits(url):
    waits = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while postgres.execute(url, waits) == [(0,)]:
        pass


# --- the schema -----------------------------------------------------------------------------


def test_an_older_process_stops_at_its_next_write_after_a_migration(pg, isolated):
    pg.commit(step(1, 1))
    newest = len(migrate.migrations())
    _number(isolated, newest + 1)
    assert pg.get("application", an_id(1)) is not None
    assert fault(pg.commit, step(1, 2)) == "store.newer"
    assert fault(pg.refuse, refusal()) == "store.newer"
    assert fault(postgres_store, isolated) == "store.newer"
    _number(isolated, newest)
    pg.commit(step(1, 2))


def test_a_write_under_way_holds_a_migration_up(pg, isolated):
    newest = len(migrate.migrations())
    with pg._session.writing() as execute:
        migrate.compare(execute, pg._session.dialect)
        moving = threading.Thread(target=_number, args=(isolated, newest + 1))
        moving.start()
        _wait_until_somebody_waits(isolated.partition("?")[0])
    moving.join()
    assert fault(pg.commit, step(1, 1)) == "store.newer"


def _number(url, number):
    postgres.execute(url.partition("?")[0], f"UPDATE schema_version SET version = {number}")


def test_an_older_schema_is_refused_until_somebody_migrates(isolated):
    session = PostgresSession(isolated)
    with session.writing() as execute:
        migrate.migrations()[0].apply(execute, session.dialect)
    assert fault(postgres_store, isolated) == "store.older"
    done = []
    migrate.migrate(session, report=lambda name, _: done.append(name))
    session.close()
    assert done == [one.name for one in migrate.migrations()[1:]]
    store = postgres_store(isolated)
    store.commit(step(1, 1))
    assert assert_whole(store, 1, 1) == 1
    store.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(isolated, monkeypatch):
    session = PostgresSession(isolated)
    twice = ("CREATE TABLE later (x TEXT)", "CREATE TABLE later (x TEXT)")
    broken = migrate.Migration(number=len(migrate.migrations()) + 1, name="x", statements=twice)
    postgres_store(isolated).close()
    with pytest.raises(StoreError, match=r"store\.failed"), session.writing() as execute:
        broken.apply(execute, session.dialect)
    session.close()
    store = postgres_store(isolated)
    store.commit(Commit(at=NOW, puts=(put(),)))
    store.close()


def test_a_database_of_another_program_is_left_alone(postgres_url):
    postgres.execute(postgres_url, "CREATE TABLE theirs (x TEXT)")
    assert fault(postgres_store, postgres_url) == "store.foreign"
    assert postgres.execute(
        postgres_url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    ) == [("theirs",)]
