"""From a decision to one transaction: rows, journal, claims, secrets and outbox together."""

from __future__ import annotations

from datetime import datetime

import attrs

from ikd.core.ports import Commit, Look, OutboxItem, Put, Read, Remembered, Settled
from ikd.core.records.decision import Change, Decision, Effects
from ikd.core.records.declaration import Command
from ikd.core.records.journal import GENESIS, By, StoredEntry, enter
from ikd.core.records.kind import Rulebook
from ikd.service.load import Loaded
from ikd.service.record_codec import Codec
from ikd.service.requests import FORM


@attrs.frozen(kw_only=True)
class Ask:
    """Who asked what, under which key, as it is journalled and remembered.

    Attributes:
        command: What is asked.
        by: Who asks.
        scopes: Of the key; it is remembered under the first.
        key: What the caller calls this write.
        fingerprint: Tells whether two commands are the same.
        settles: Leases that end with the answer to it.
    """

    command: Command
    by: By
    scopes: tuple[bytes, ...]
    key: str
    fingerprint: bytes
    settles: tuple[Settled, ...] = ()


def commit_of(
    decision: Decision,
    ask: Ask,
    loaded: Loaded,
    now: datetime,
    *,
    codec: Codec,
    rules: Rulebook,
    owed: tuple[OutboxItem, ...],
    looks: tuple[Look, ...] = (),
) -> Commit:
    """Return the one transaction that makes *decision* true, owes *owed* and notes *looks*."""
    puts: list[Put] = []
    entries: list[StoredEntry] = []
    for change in decision.changes:
        if change.events:
            written = _entries(change, ask.by, loaded, now)
            entries.extend(written)
            row = codec.row_of(change.record, rules, head=written[-1].hash)
            puts.append(Put(row=row, expected=change.expected_version))
    return Commit(
        at=now,
        puts=tuple(puts),
        reads=tuple(
            Read(kind=c.kind, id=c.record.id, version=c.expected_version)
            for c in decision.changes
            if not c.events
        ),
        entries=tuple(entries),
        outbox=owed,
        settles=ask.settles,
        looks=looks,
        remembered=_remembered(decision, ask),
        standards=_standards(decision, loaded),
        mends=tuple(codec.row_of(one.record, rules, head=one.head) for one in decision.retold),
        **{field.name: getattr(decision, field.name) for field in attrs.fields(Effects)},
    )


def _entries(change: Change, by: By, loaded: Loaded, now: datetime) -> tuple[StoredEntry, ...]:
    read = loaded.read.get((change.kind, change.record.id))
    head = read.head if read and change.expected_version else GENESIS
    after = (change.expected_version, head)
    return enter(change.kind, change.record.id, change.events, after=after, at=now, by=by)


def _remembered(decision: Decision, ask: Ask) -> Remembered | None:
    """Return what a repeat of this write is answered with; refusals aren't kept."""
    if decision.refusal is not None or not decision.changes:
        return None
    addressed = decision.changes[0]
    return Remembered(
        scope=ask.scopes[0],
        key=ask.key,
        fingerprint=ask.fingerprint,
        kind=addressed.kind,
        id=addressed.record.id,
        first=addressed.expected_version + 1,
        last=addressed.record.version,
        form=FORM,
    )


def _standards(decision: Decision, loaded: Loaded) -> tuple[tuple[str, str], ...]:
    """Return the standard that a new record pins."""
    new = decision.changes and decision.changes[0].expected_version == 0
    standard = loaded.around.standard
    return ((standard.digest, standard.text),) if new else ()
