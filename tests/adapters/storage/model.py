"""What a store is, in plain dictionaries: the oracle of the stores that speak SQL."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import attrs

from ikd.core.errors import ConflictError, StoreError
from ikd.core.ports import Done, Found, Lane, OutboxItem
from ikd.core.timing import aware, from_micros, to_micros

ENDS = {Done.SENT, Done.VOID}


@attrs.define
class Owed:
    item: OutboxItem
    done: Done = Done.WAITING
    ended: object = None

    def changed(self, done=None, ended=None, **columns):
        return Owed(attrs.evolve(self.item, **columns), done or self.done, ended or self.ended)

    def end(self, done, at, **columns):
        return self.changed(done, at, payload=b"", holder=None, leased_until=None, **columns)


@attrs.define
class Books:
    rows: dict = attrs.field(factory=dict)
    journal: dict = attrs.field(factory=dict)
    claims: dict = attrs.field(factory=dict)
    secrets: dict = attrs.field(factory=dict)
    answers: dict = attrs.field(factory=dict)  # with the time of each
    refusals: dict = attrs.field(factory=dict)
    looks: dict = attrs.field(factory=dict)
    counts: dict = attrs.field(factory=dict)  # by space, key and the part's beginning
    standards: dict = attrs.field(factory=dict)
    outbox: dict = attrs.field(factory=dict)

    def draft(self):
        return Books(
            **{name: dict(kept) for name, kept in attrs.asdict(self, recurse=False).items()}
        )


class ModelStore:
    """Every write is done to a copy, which takes the place of the books if all went well."""

    def __init__(self):
        self._lock = threading.RLock()
        self._books = Books()
        self._closed = False

    @contextmanager
    def _read(self):
        with self._lock:
            if self._closed:
                raise StoreError("store.closed", "the store is closed")
            yield self._books

    @contextmanager
    def _write(self):
        with self._read() as books:
            draft = books.draft()
            yield draft
            self._books = draft

    def get(self, kind, record_id):
        with self._read() as books:
            return books.rows.get((kind, record_id))

    def claim(self, space, key):
        with self._read() as books:
            return books.claims.get((space, key))

    def claims(self, space, *, after=b"", limit=100):
        with self._read() as books:
            found = [one for one in books.claims.values() if one.space == space]
            behind = sorted((one for one in found if one.key > after), key=lambda one: one.key)
            return tuple(behind[: max(limit, 0)])

    def secret(self, secret_id):
        with self._read() as books:
            return books.secrets.get(secret_id)

    def remembered(self, scope, key):
        with self._read() as books:
            return books.answers.get((scope, key), (None, None))[0]

    def standard(self, digest):
        with self._read() as books:
            return books.standards.get(digest)

    def entries(self, kind, record_id):
        with self._read() as books:
            own = [one for one in books.journal.values() if (one.kind, one.id) == (kind, record_id)]
            return tuple(sorted(own, key=lambda one: one.seq))

    def newest(self, *, outside=()):
        with self._read() as books:
            times = [one.at for one in books.journal.values()]
            left = [at for at in times if not any(first <= at <= last for first, last in outside)]
            return max(left, default=None)

    def ahead(self, of):
        of = aware(of)
        with self._read() as books:
            times = [one.at for one in books.journal.values() if one.at > of]
            return (min(times), max(times)) if times else None

    def commit(self, commit):
        with self._write() as books:
            _commit(books, _exact(commit))

    def refuse(self, refusal):
        with self._write() as books:
            books.refusals.setdefault(refusal.id, _exact(refusal))

    def refusals(self, *, limit=100):
        with self._read() as books:
            newest = sorted(books.refusals.values(), key=lambda one: (one.at, one.id), reverse=True)
            return tuple(newest[: max(limit, 0)])

    def look(self, look):
        with self._write() as books:
            books.looks.setdefault(look.id, _exact(look))

    def looks(self, *, actor=None, record=None, since=None, until=None, limit=100):
        with self._read() as books:
            found = [
                one
                for one in books.looks.values()
                if actor in {None, one.actor} and record in {None, (one.kind, one.record)}
                if (since is None or one.time >= since) and (until is None or one.time < until)
            ]
            newest = sorted(found, key=lambda one: (one.time, one.id), reverse=True)
            return tuple(newest[: max(limit, 0)])

    def find(self, kind, *, office=None, status=None, limit=100, after=None):
        with self._read() as books:
            found = [
                row
                for row in books.rows.values()
                if row.kind == kind
                and office in {None, row.office}
                and status in {None, row.status}
                and row.id > (after or "")
            ]
            return tuple(sorted(found, key=lambda row: row.id)[: max(limit, 0)])

    def overdue(self, now, *, limit=100, after=None):
        now = aware(now)
        with self._read() as books:
            rows = [row for row in books.rows.values() if row.due is not None and row.due <= now]
            behind = [row for row in rows if after is None or _turn(row) > _turn(after)]
            return _found(behind, limit, _turn)

    def waiting(self, role, desk, *, late=None, limit=100, after=None):
        with self._read() as books:
            rows = [r for r in books.rows.values() if (r.waits, r.desk) == (role, desk)]
            behind = [r for r in rows if after is None or _place(r.limit_at, r.id) > _place(*after)]
            told = [r for r in behind if late is None or _is_late(r, late)]
            return _found(told, limit, lambda r: _place(r.limit_at, r.id))

    def lease(self, lane, *, holder, now, until, limit):
        now, until = aware(now), aware(until)
        with self._write() as books:
            free = [
                owed.item
                for owed in books.outbox.values()
                if (owed.done, owed.item.lane) == (Done.WAITING, lane)
                and owed.item.not_before <= now
                and (owed.item.leased_until or now) <= now
            ]
            taken = sorted(free, key=lambda item: (item.not_before, item.id))[: max(limit, 0)]
            for item in taken:
                count = {"attempts": item.attempts + 1, "lease": item.lease + 1}
                books.outbox[item.id] = books.outbox[item.id].changed(
                    holder=holder, leased_until=until, **count
                )
            return tuple(books.outbox[item.id].item for item in taken)

    def renew(self, holder, leases, *, until):
        until = aware(until)
        with self._write() as books:
            held = {
                item_id
                for item_id, lease in leases.items()
                if item_id in books.outbox and _is_held(books.outbox[item_id].item, lease, holder)
            }
            for item_id in held:
                books.outbox[item_id] = books.outbox[item_id].changed(leased_until=until)
            return frozenset(held)

    def settle(self, settled):
        with self._write() as books:
            _settle(books, _exact(settled))

    def lanes(self):
        with self._read() as books:
            waiting = [owed.item for owed in books.outbox.values() if owed.done is Done.WAITING]
            since = {name: [] for name in sorted({item.lane for item in waiting})}
            for item in waiting:
                since[item.lane].append(item.created_at)
            return tuple(Lane(name=n, waiting=len(s), oldest=min(s)) for n, s in since.items())

    def outbox(self, done, *, limit=100, subject=None):
        with self._read() as books:
            items = [owed.item for owed in books.outbox.values() if owed.done is done]
            items = [item for item in items if subject in {None, item.subject}]
            oldest = sorted(items, key=lambda item: (item.created_at, item.id))
            return tuple(oldest[: max(limit, 0)])

    def item(self, named):
        with self._read() as books:
            items = [one.item for one in books.outbox.values()]
            found = [item for item in items if named in {item.id, item.subject}]
            return max(found, key=lambda item: (item.created_at, item.id), default=None)

    def unpark(self, item_id, *, now):
        now = aware(now)
        with self._write() as books:
            owed = _known(books, item_id)
            if owed.done is Done.PARKED:
                books.outbox[item_id] = owed.changed(Done.WAITING, not_before=now, attempts=0)

    def purge(self, before):
        with self._write() as books:
            old = [
                (books.claims, lambda one: one.until and one.until < before.tokens),
                (books.counts, lambda one: one[1] < before.tokens),
                (books.answers, lambda one: one[1] < before.answers),
                (books.refusals, lambda one: one.at < before.refusals),
                (books.looks, lambda one: one.time < before.looks),
                (books.outbox, lambda one: one.ended and one.ended < before.ended),
            ]
            return sum(_drop(kept, is_old) for kept, is_old in old)

    def close(self):
        with self._lock:
            self._closed = True


def _exact(value):
    """Every time in *value* in UTC, as a database gives it back."""
    if isinstance(value, tuple):
        return tuple(map(_exact, value))
    if hasattr(value, "astimezone"):
        return from_micros(to_micros(value))
    if not attrs.has(type(value)):
        return value
    return attrs.evolve(
        value, **{n: _exact(v) for n, v in attrs.asdict(value, recurse=False).items()}
    )


def _commit(books, commit):
    asked = commit.remembered
    if asked is not None:
        _put_new(books.answers, (asked.scope, asked.key), (asked, commit.at), ConflictError("key"))
    for read in commit.reads:
        _compare(books, read.kind, read.id, read.version)
    for put in commit.puts:
        _compare(books, put.row.kind, put.row.id, put.expected)
        books.rows[put.row.kind, put.row.id] = put.row
    for let in commit.releases:
        if let.owner == getattr(books.claims.get((let.space, let.key)), "owner", None):
            del books.claims[let.space, let.key]
    for take in commit.takes:
        if books.claims.get((take.space, take.key), take).owner != take.owner:
            raise ConflictError("claim")
        books.claims[take.space, take.key] = take
    for use in commit.uses:
        _put_new(books.claims, (use.space, use.key), use, ConflictError("token"))
    for one in commit.counts:
        _count(books, one, commit.at)
    _commit_rest(books, commit)


def _count(books, one, at):
    since = [
        number
        for (space, key, part), (number, _) in books.counts.items()
        if (space, key) == (one.space, one.key) and one.first_part(at) <= part <= one.part(at)
    ]
    if sum(since) >= one.most:
        raise ConflictError("limit")
    name = (one.space, one.key, one.part(at))
    books.counts[name] = (books.counts.get(name, (0, None))[0] + 1, one.until(at))


def _commit_rest(books, commit):
    twice = StoreError("store.duplicate", "a row of that name exists")
    for entry in commit.entries:
        _put_new(books.journal, (entry.kind, entry.id, entry.seq), entry, twice)
    for secret_id in commit.deletes:
        books.secrets.pop(secret_id, None)
    books.secrets.update({secret.id: secret for secret in commit.writes})
    for settled in sorted(commit.settles, key=lambda one: one.id):
        _settle(books, settled)
    for name, owed in list(books.outbox.items()):
        books.outbox[name] = _moved(owed, commit)
    for item in commit.outbox:
        _put_new(books.outbox, item.id, Owed(item), twice)
    if commit.refusal is not None:
        books.refusals.setdefault(commit.refusal.id, commit.refusal)
    for look in commit.looks:
        books.looks.setdefault(look.id, look)
    for digest, text in commit.standards:
        books.standards.setdefault(digest, text)


def _moved(owed, commit):
    """What becomes of one owed thing by its subject, or by its id."""
    names = {owed.item.id, owed.item.subject} - {None}
    if names & set(commit.voids) and owed.done not in ENDS:
        owed = owed.end(Done.VOID, commit.at)
    waits = owed.done in {Done.WAITING, Done.PARKED}
    if waits and owed.item.subject in commit.hastens:
        owed = owed.changed(Done.WAITING, not_before=commit.at, attempts=0)
    if waits and owed.item.subject in commit.hands:
        owed = owed.end(Done.SENT, commit.at, channel="officer", handed_at=commit.at)
    for unsent in commit.unsent:
        if unsent.named in names and owed.done not in {Done.VOID, Done.UNDELIVERED}:
            owed = attrs.evolve(owed.end(Done.UNDELIVERED, None, failure=unsent.code), ended=None)
    return owed


def _compare(books, kind, record_id, version):
    row = books.rows.get((kind, record_id))
    if (row.version if row else 0) != version:
        raise ConflictError("version")


def _put_new(kept, name, value, error):
    if name in kept:
        raise error
    kept[name] = value


def _is_held(item, lease, holder=None):
    return item.leased_until and item.lease == lease and holder in {None, item.holder}


def _settle(books, how):
    owed = _known(books, how.id)
    told = {"channel": how.channel, "reference": how.reference, "handed_at": how.handed_at}
    told = {name: value for name, value in told.items() if value is not None}
    told["failure"] = how.failure
    lost = how.done not in ENDS and not _is_held(owed.item, how.lease)
    if lost or owed.done in {*ENDS, Done.UNDELIVERED}:
        return
    if how.done in ENDS:
        books.outbox[how.id] = owed.end(how.done, how.at, **told)
        return
    if how.done is Done.WAITING:
        told["not_before"] = how.not_before or how.at
    books.outbox[how.id] = owed.changed(how.done, holder=None, leased_until=None, **told)


def _known(books, item_id):
    if item_id not in books.outbox:
        raise StoreError("store.unknown", "no such outbox item")
    return books.outbox[item_id]


def _drop(kept, is_old):
    old = [name for name, value in kept.items() if is_old(value)]
    for name in old:
        del kept[name]
    return len(old)


def _turn(row):
    return (row.due, row.kind, row.id)


def _place(limit_at, record_id):
    return (limit_at is None, limit_at and aware(limit_at), record_id)


def _is_late(row, late):
    times = ((row.since, late.since), (row.limit_at, late.limit_at))
    return any(at is not None and at <= until for at, until in times)


def _found(rows, limit, order):
    names = [field.name for field in attrs.fields(Found)]
    first = sorted(rows, key=order)[: max(limit, 0)]
    return tuple(Found(**{name: getattr(row, name) for name in names}) for row in first)
