"""A database of 0.1.0 is migrated: every row is there, and the store keeps the same contract."""

from __future__ import annotations

import attrs
import pytest

from ikd.adapters.storage.migrate import migrate, migrations
from ikd.adapters.storage.sqlite import sqlite_session, sqlite_store
from ikd.core.ports import Commit, Done, Lane, Put, Refusal, Remembered, Settled, found_of
from ikd.core.records.decision import Claim, Secret
from ikd.core.timing import to_micros
from ikd.testing.store_contract import StoreContract
from ikd.testing.store_samples import NOW, SECOND, an_id, entry, fault, lease, owner, row

MICROS = to_micros(NOW)
OWED = (
    "INSERT INTO outbox (id, kind, record_kind, record_id, subject, payload, created_at,"
    " not_before, attempts, lease, failure, done, leased, ended)"
    " VALUES (?, ?, 'application', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def _old(path):
    """A session on a database of schema 1."""
    session = sqlite_session(path)
    with session.writing() as execute:
        migrations()[0].apply(execute, session.dialect)
    return session


def _owed(number, kind="notice", subject=None, done="waiting", leased=None, ended=None):
    item_id, when = an_id(number), MICROS + number
    tries = (2, 2, "busy") if leased else (0, 0, None)
    payload = b"" if ended else b"payload"
    return (item_id, kind, an_id(1), subject, payload, when, when, *tries, done, leased, ended)


def _fill(execute):
    record = row(due=NOW)
    columns = "version, status, office, due, at, head, state, kind, id"
    values = [getattr(record, name) for name in columns.split(", ")]
    values[3], values[4] = to_micros(record.due), to_micros(record.at)
    execute(f"INSERT INTO records ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    for seq in (1, 2):
        one = entry(seq=seq)
        values = (one.kind, one.id, seq, to_micros(one.at), one.body, one.prev, one.hash)
        execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    execute("INSERT INTO claims VALUES ('nik', ?, 'one', NULL)", (b"key",))
    execute("INSERT INTO claims VALUES ('token:pairing', ?, 'one', ?)", (b"used", MICROS))
    execute("INSERT INTO secrets VALUES (?, 'pin', ?, ?)", (an_id(9), an_id(1), b"verifier"))
    answer = (b"scope", "key", b"print", "application", an_id(1), 1, 2, MICROS)
    execute("INSERT INTO idempotency VALUES (?, ?, ?, ?, ?, ?, ?, ?)", answer)
    refusal = (an_id(4), MICROS, "token.replayed", "resident:x", "wakatobi", None)
    execute("INSERT INTO refusals VALUES (?, ?, ?, ?, ?, ?)", refusal)
    execute("INSERT INTO standards VALUES ('digest', 'text')", ())
    for values in (
        _owed(1, subject=an_id(7)),
        _owed(2, leased=MICROS + 9),
        _owed(3, "question", subject=an_id(8)),
        _owed(4, done="parked"),
        _owed(5, subject=an_id(6), done="sent", ended=MICROS),
    ):
        execute(OWED, values)


@pytest.fixture
def carried(path):
    """A store on a database of 0.1.0 that was migrated."""
    session = _old(path)
    with session.writing() as execute:
        _fill(execute)
    session.close()
    assert fault(sqlite_store, path) == "store.older"
    session = sqlite_session(path)
    migrate(session)
    session.close()
    store = sqlite_store(path)
    yield store
    store.close()


class TestMigratedStore(StoreContract):
    @pytest.fixture
    def store(self, path):
        session = _old(path)
        migrate(session)
        session.close()
        store = sqlite_store(path)
        yield store
        store.close()


def test_records_journal_claims_and_secrets_are_what_they_were(carried):
    assert carried.get("application", an_id(1)) == row(due=NOW)
    assert carried.entries("application", an_id(1)) == (entry(seq=1), entry(seq=2))
    assert carried.newest() == NOW + 2 * SECOND
    (late,) = carried.overdue(NOW)
    (open_one,) = carried.find("application", office="payakumbuh", status="OPEN")
    assert found_of(open_one) == late
    assert owner(carried, "nik", b"key") == owner(carried, "token:pairing", b"used") == "one"
    wanted = Secret(id=an_id(9), kind="pin", owner=an_id(1), value=b"verifier")
    assert carried.secret(an_id(9)) == wanted
    assert carried.standard("digest") == "text"


def test_answers_and_refusals_are_what_they_were(carried):
    assert carried.remembered(b"scope", "key") == Remembered(
        scope=b"scope",
        key="key",
        fingerprint=b"print",
        kind="application",
        id=an_id(1),
        first=1,
        last=2,
    )
    assert carried.refusals() == (
        Refusal(
            id=an_id(4),
            at=NOW,
            code="token.replayed",
            actor="resident:x",
            office="wakatobi",
            record_id=None,
        ),
    )


def test_what_is_owed_finds_its_lane(carried):
    lanes = {int(one.id, 16): one.lane for done in Done for one in carried.outbox(done)}
    assert lanes == {1: "pin", 2: "mail", 3: "registry", 4: "mail", 5: "pin"}
    assert [(lane.name, lane.waiting) for lane in carried.lanes()] == [
        *(("mail", 1), ("pin", 1), ("registry", 1)),
    ]
    assert isinstance(carried.lanes()[0], Lane)
    (sent,) = carried.outbox(Done.SENT)
    assert (sent.payload, sent.channel, sent.handed_at) == (b"", None, None)


def test_what_a_worker_of_0_1_0_held_is_free_when_its_lease_runs_out(carried):
    until = NOW + 9 * SECOND / 1_000_000
    later = {"until": NOW + SECOND, "limit": 9}
    assert lease(carried, NOW + 5 * SECOND / 1_000_000, **later) == ()
    (taken,) = lease(carried, until, **later)
    assert (taken.id, taken.lease, taken.attempts, taken.failure) == (an_id(2), 3, 3, "busy")
    carried.settle(Settled(id=an_id(2), lease=3, done=Done.SENT, at=NOW))
    assert [one.id for one in carried.outbox(Done.SENT)] == [an_id(2), an_id(5)]


def test_what_was_there_goes_on(carried):
    moved = attrs.evolve(row(version=2), form=2, waits="operator", limit_at=NOW)
    carried.commit(
        Commit(
            at=NOW,
            puts=(Put(row=moved, expected=1),),
            entries=(entry(seq=3),),
            releases=(Claim(space="nik", key=b"key", owner="one"),),
            takes=(Claim(space="nik", key=b"key", owner="two"),),
            voids=(an_id(7),),
        )
    )
    assert carried.get("application", an_id(1)) == moved
    assert [one.seq for one in carried.entries("application", an_id(1))] == [1, 2, 3]
    assert owner(carried, "nik", b"key") == "two"
    assert [one.id for one in carried.outbox(Done.VOID)] == [an_id(1)]
