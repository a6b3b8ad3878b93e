"""A commit in memory: everything is checked before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from ikd.adapters.storage.memory_outbox import Outbox
from ikd.core.errors import ConflictError, StoreError
from ikd.core.ids import RecordId
from ikd.core.ports import Commit, Horizon, Refusal, Remembered, Row
from ikd.core.records.decision import Claim, Secret
from ikd.core.records.journal import StoredEntry
from ikd.core.timing import aware


@attrs.define
class Books:
    """What the store keeps, each thing by its key."""

    rows: dict[tuple[str, str], Row] = attrs.field(factory=dict)
    journal: dict[tuple[str, str], dict[int, StoredEntry]] = attrs.field(factory=dict)
    claims: dict[tuple[str, bytes], Claim] = attrs.field(factory=dict)
    secrets: dict[RecordId, Secret] = attrs.field(factory=dict)
    remembered: dict[tuple[bytes, str], Remembered] = attrs.field(factory=dict)
    answered: dict[tuple[bytes, str], datetime] = attrs.field(factory=dict)
    refusals: dict[RecordId, Refusal] = attrs.field(factory=dict)
    standards: dict[str, str] = attrs.field(factory=dict)
    newest: datetime | None = None


def check(books: Books, outbox: Outbox, commit: Commit) -> None:
    """Raise for the first clash, in the contract's order: key, version, claim, token."""
    _check_times(commit)
    asked = commit.remembered
    if asked is not None and (asked.scope, asked.key) in books.remembered:
        raise ConflictError("key")
    _check_versions(books, commit)
    _check_claims(books, commit)
    _check_new(books, outbox, commit)


def _check_times(commit: Commit) -> None:
    aware(commit.at)
    rows = [put.row for put in commit.puts]
    times = [entry.at for entry in commit.entries] + [row.at for row in rows]
    times += [claim.until for claim in (*commit.takes, *commit.uses) if claim.until is not None]
    times += [row.due for row in rows if row.due is not None]
    times += [time for item in commit.outbox for time in (item.created_at, item.not_before)]
    if commit.refusal is not None:
        times.append(commit.refusal.at)
    for time in times:
        aware(time)


def _check_versions(books: Books, commit: Commit) -> None:
    moved: dict[tuple[str, str], Row] = {}
    for read in commit.reads:
        _check_version(books.rows.get((read.kind, read.id)), read.version)
    for put in commit.puts:
        name = (put.row.kind, put.row.id)
        _check_version(moved.get(name, books.rows.get(name)), put.expected)
        moved[name] = put.row


def _check_version(row: Row | None, expected: int) -> None:
    if (row.version if row else 0) != expected:
        raise ConflictError("version")


def _check_new(books: Books, outbox: Outbox, commit: Commit) -> None:
    entries = [(entry.kind, entry.id, entry.seq) for entry in commit.entries]
    known = [seq in books.journal.get((kind, name), {}) for kind, name, seq in entries]
    if any(known) or len(set(entries)) < len(entries):
        raise StoreError("store.duplicate", "a journal entry of that number exists")
    items = [item.id for item in commit.outbox]
    if any(item_id in outbox for item_id in items) or len(set(items)) < len(items):
        raise StoreError("store.duplicate", "an outbox item of that id exists")


def _check_claims(books: Books, commit: Commit) -> None:
    owners: dict[tuple[str, bytes], str | None] = dict.fromkeys(_released(books, commit))
    for take in commit.takes:
        name = (take.space, take.key)
        kept = books.claims.get(name)
        if owners.get(name, kept.owner if kept else None) not in {None, take.owner}:
            raise ConflictError("claim")
        owners[name] = take.owner
    for use in commit.uses:
        name = (use.space, use.key)
        if owners.get(name, books.claims.get(name)) is not None:
            raise ConflictError("token")
        owners[name] = use.owner


def _released(books: Books, commit: Commit) -> Iterator[tuple[str, bytes]]:
    for release in commit.releases:
        name = (release.space, release.key)
        if name in books.claims and books.claims[name].owner == release.owner:
            yield name


def apply(books: Books, outbox: Outbox, commit: Commit) -> None:
    """Write a commit that ``check`` let pass."""
    _apply_claims(books, commit)
    for put in commit.puts:
        books.rows[put.row.kind, put.row.id] = put.row
    for entry in commit.entries:
        books.journal.setdefault((entry.kind, entry.id), {})[entry.seq] = entry
        books.newest = max(books.newest or entry.at, entry.at)
    for secret_id in commit.deletes:
        books.secrets.pop(secret_id, None)
    books.secrets.update({secret.id: secret for secret in commit.writes})
    for subject in commit.voids:
        outbox.void(subject, commit.at)
    for item in commit.outbox:
        outbox.add(item)
    _apply_rest(books, commit)


def _apply_claims(books: Books, commit: Commit) -> None:
    for name in set(_released(books, commit)):  # told twice, it is released once
        del books.claims[name]
    for claim in (*commit.takes, *commit.uses):
        books.claims[claim.space, claim.key] = claim


def _apply_rest(books: Books, commit: Commit) -> None:
    if commit.remembered is not None:
        name = (commit.remembered.scope, commit.remembered.key)
        books.remembered[name], books.answered[name] = commit.remembered, commit.at
    if commit.refusal is not None:
        books.refusals.setdefault(commit.refusal.id, commit.refusal)
    for digest, text in commit.standards:
        books.standards.setdefault(digest, text)


def purge(books: Books, before: Horizon) -> int:
    """Drop what is older than *before* allows, save of the outbox; return how many that were."""
    tokens = [name for name, claim in books.claims.items() if _died(claim, before.tokens)]
    answers = [name for name, at in books.answered.items() if at < before.answers]
    refusals = [name for name, one in books.refusals.items() if one.at < before.refusals]
    for token in tokens:
        del books.claims[token]
    for answer in answers:
        del books.remembered[answer], books.answered[answer]
    for refusal in refusals:
        del books.refusals[refusal]
    return len(tokens) + len(answers) + len(refusals)


def _died(claim: Claim, before: datetime) -> bool:
    return claim.until is not None and claim.until < before
