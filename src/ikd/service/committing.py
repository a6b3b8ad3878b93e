"""From a decision to one transaction: rows, journal, claims, secrets and outbox together."""

from __future__ import annotations

from datetime import datetime

import attrs

from ikd.core.activation.application import Application
from ikd.core.decide import Command
from ikd.core.ports import Commit, Put, Read, Remembered, Settled
from ikd.core.records.decision import Change, Decision
from ikd.core.records.journal import GENESIS, By, StoredEntry, enter
from ikd.core.standard.office import Office
from ikd.service.codec import row_of
from ikd.service.load import Loaded
from ikd.service.owed import Born, owed_by


@attrs.frozen(kw_only=True)
class Ask:
    """Who asked what, under which key, as it is journalled and remembered.

    Attributes:
        scopes: Of the key; it is remembered under the first.
    """

    command: Command
    by: By
    scopes: tuple[bytes, ...]
    key: str
    fingerprint: bytes


def commit_of(
    decision: Decision,
    ask: Ask,
    loaded: Loaded,
    now: datetime,
    born: Born,
    settles: tuple[Settled, ...],
) -> Commit:
    """Return the one transaction that makes *decision* true."""
    puts: list[Put] = []
    entries: list[StoredEntry] = []
    for change in decision.changes:
        if change.events:
            written = _entries(change, ask.by, loaded, now)
            entries.extend(written)
            row = row_of(change.kind, change.record, head=written[-1].hash)
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
        takes=decision.takes,
        releases=decision.releases,
        uses=decision.uses,
        writes=decision.writes,
        deletes=decision.deletes,
        outbox=owed_by(decision, now, born),
        voids=decision.voids,
        settles=settles,
        remembered=_remembered(decision, ask),
        standards=_standards(decision, loaded.standard),
    )


def _entries(change: Change, by: By, loaded: Loaded, now: datetime) -> tuple[StoredEntry, ...]:
    record_id = change.record.id
    head = loaded.heads.get((change.kind, record_id), GENESIS)
    after = (change.expected_version, head if change.expected_version else GENESIS)
    return enter(change.kind, record_id, change.events, after=after, at=now, by=by)


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
    )


def _standards(decision: Decision, standard: Office) -> tuple[tuple[str, str], ...]:
    opened = any(
        isinstance(change.record, Application) and change.expected_version == 0
        for change in decision.changes
    )
    return ((standard.digest, standard.text),) if opened else ()
