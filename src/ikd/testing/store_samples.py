"""Rows, claims and outbox items for the store contract; nothing in them means anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ParamSpec

import attrs

from ikd.core.errors import ConflictError, IkdError
from ikd.core.ids import RecordId
from ikd.core.ports import (
    Commit,
    Done,
    Horizon,
    Look,
    OutboxItem,
    Put,
    Refusal,
    Remembered,
    Row,
    Settled,
    Store,
)
from ikd.core.records.count import Count
from ikd.core.records.decision import Claim, Secret
from ikd.core.records.journal import StoredEntry

P = ParamSpec("P")

NOW = datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)
INSTANT = timedelta(microseconds=1)
LATER = NOW + 60 * SECOND


def an_id(number: int) -> RecordId:
    """Return the identifier with that number."""
    return RecordId(f"{number:032x}")


def row(
    number: int = 1,
    *,
    version: int = 1,
    kind: str = "application",
    status: str = "OPEN",
    office: str | None = "payakumbuh",
    due: datetime | None = None,
) -> Row:
    """Return a record."""
    return Row(
        kind=kind,
        id=an_id(number),
        version=version,
        status=status,
        office=office,
        due=due,
        at=NOW + version * SECOND,
        head=bytes([version % 256]) * 32,
        state=b"\x00state\xff",
    )


def put(sample: Row | None = None, *, expected: int = 0) -> Put:
    """Return *sample* to be written over version *expected*."""
    return Put(row=sample or row(version=expected + 1), expected=expected)


def entry(number: int = 1, *, seq: int = 1, kind: str = "application") -> StoredEntry:
    """Return a journal entry of a record."""
    return StoredEntry(
        kind=kind,
        id=an_id(number),
        seq=seq,
        at=NOW + seq * SECOND,
        body=b"body %d" % seq,
        prev=bytes(32),
        hash=b"\x01" * 32,
    )


def claim(key: bytes = b"key", *, owner: str = "one", space: str = "nik") -> Claim:
    """Return a claim."""
    return Claim(space=space, key=key, owner=owner)


def token(
    key: bytes = b"token", *, owner: str = "one", until: datetime = NOW + 90 * SECOND
) -> Claim:
    """Return a single-use token, dead after *until*."""
    return Claim(space="token:pairing", key=key, owner=owner, until=until)


def owner(store: Store, space: str, key: bytes) -> str | None:
    """Return who holds *key* in *space*, or ``None``."""
    found = store.claim(space, key)
    return None if found is None else found.owner


def count(key: bytes = b"counted", *, most: int, space: str = "door") -> Count:
    """Return one more of *most* within an hour."""
    return Count(space=space, key=key, most=most, window=timedelta(hours=1))


def secret(number: int = 9, *, value: bytes = b"\x00verifier\xff") -> Secret:
    """Return a secret of record 1."""
    return Secret(id=an_id(number), kind="pin", owner=an_id(1), value=value)


def remembered(key: str = "key-1", *, scope: bytes = b"scope") -> Remembered:
    """Return an answered write on record 1."""
    return Remembered(
        scope=scope,
        key=key,
        fingerprint=b"\x00print",
        kind="application",
        id=an_id(1),
        first=1,
        last=2,
    )


def look(number: int = 1, *, time: datetime = NOW, actor: str = "op-1", record: int = 1) -> Look:
    """Return a look at a record."""
    return Look(
        id=an_id(number),
        time=time,
        actor=actor,
        office="payakumbuh",
        kind="application",
        record=an_id(record),
        fields="name sex",
        purpose="visit",
    )


def refusal(number: int = 1, *, at: datetime = NOW, office: str | None = "wakatobi") -> Refusal:
    """Return a refusal that has no record."""
    return Refusal(
        id=an_id(number),
        at=at,
        code="token.replayed",
        actor="resident:pseudonym",
        office=office,
        record_id=None,
    )


def item(
    number: int = 1,
    *,
    kind: str = "notice",
    lane: str = "mail",
    subject: RecordId | None = None,
    not_before: datetime = NOW,
    created_at: datetime = NOW,
) -> OutboxItem:
    """Return something owed by record 1."""
    return OutboxItem(
        id=an_id(number),
        kind=kind,
        lane=lane,
        record_kind="application",
        record_id=an_id(1),
        subject=subject,
        payload=b"\x00payload\xff",
        created_at=created_at,
        not_before=not_before,
    )


def seen(store: Store) -> tuple[object, ...]:
    """Return what a store tells of each first sample, and of all that stands in a row."""
    return (
        store.get("application", an_id(1)),
        store.claim("nik", b"key"),
        store.claim("token:pairing", b"token"),
        store.secret(an_id(9)),
        store.remembered(b"scope", "key-1"),
        store.standard("digest"),
        store.newest(),
        store.entries("application", an_id(1)),
        store.find("application"),
        store.overdue(NOW),
        store.refusals(),
        store.outbox(Done.WAITING),
    )


NOTHING = (*[None] * 7, *[()] * 5)
"""What an empty store tells."""


def horizon(**before: datetime) -> Horizon:
    """Return how far back a store looks: for good, save for what is named."""
    ever = datetime(1990, 1, 1, tzinfo=UTC)
    return Horizon(**{field.name: before.get(field.name, ever) for field in attrs.fields(Horizon)})


def owe(store: Store, *items: OutboxItem) -> None:
    """Commit *items* alone."""
    store.commit(Commit(at=NOW, outbox=items))


def lease(
    store: Store,
    now: datetime,
    *,
    until: datetime,
    limit: int,
    lane: str = "mail",
    holder: str = "worker",
) -> tuple[OutboxItem, ...]:
    """Take what is due in a lane, by a worker of that name."""
    return store.lease(lane, holder=holder, now=now, until=until, limit=limit)


def leased(
    store: Store, *items: OutboxItem, until: datetime = LATER, holder: str = "worker"
) -> tuple[OutboxItem, ...]:
    """Commit *items* alone, and take them all."""
    owe(store, *items)
    return lease(store, NOW, until=until, limit=len(items), holder=holder)


def settle(
    store: Store,
    item_id: RecordId,
    done: Done,
    *,
    lease: int,
    now: datetime,
    not_before: datetime | None = None,
    failure: str | None = None,
) -> None:
    """End a lease."""
    store.settle(
        Settled(id=item_id, lease=lease, done=done, at=now, not_before=not_before, failure=failure)
    )


def clash(store: Store, commit: Commit) -> str | None:
    """Commit, and return what clashed; ``None`` when nothing did."""
    try:
        store.commit(commit)
    except ConflictError as conflict:
        return conflict.clash
    return None


def fault(act: Callable[P, object], *args: P.args, **named: P.kwargs) -> str | None:
    """Do *act*, and return the code of the error it raised; ``None`` when it raised none."""
    try:
        act(*args, **named)
    except IkdError as error:
        return error.code
    return None
