"""The store on any SQL database that a session speaks to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

import attrs

from ikd.adapters.storage import migrate, sql_commit, sql_outbox, sql_purge, sql_rebind
from ikd.adapters.storage.migrate import MigrationProgress
from ikd.adapters.storage.session import Execute, GivenUpError, Session, Value
from ikd.adapters.storage.sql_reads import SqlReads
from ikd.adapters.storage.sql_rebind import Remac
from ikd.adapters.storage.tables import RECORDS, Table, table_of
from ikd.core.ids import RecordId
from ikd.core.ports import Commit, Horizon, Look, OutboxItem, Refusal, Row, Settled

T = TypeVar("T")
M = TypeVar("M", bound=attrs.AttrsInstance)

_TRIES = 20  # of a transaction that the database gives up for others
_PAGE = 200  # records that one transaction of a step rewrites
_STEP = "SELECT cursor, done FROM steps WHERE name = ?"
_CAME = (
    "INSERT INTO steps (name, cursor, done) VALUES (?, ?, ?)"
    " ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, done = excluded.done"
)


class SqlStore(SqlReads):
    """Keeps everything in one SQL database; an answered commit is as durable as that makes it."""

    def __init__(self, session: Session) -> None:
        """Open the store behind *session*, making the tables of an empty database.

        Raises:
            StoreError: It can't be used; the code says why. An older database says
                ``store.older``: nothing is migrated unasked.
        """
        self._session = session
        try:
            migrate.open_schema(session)
        except BaseException:
            session.close()
            raise

    def commit(self, commit: Commit) -> None:
        """Write all of *commit* or nothing; returns only once it is durable.

        Raises:
            ConflictError: Something newer was met; nothing was written.
            StoreError: A journal entry or outbox item of that name exists
                (``store.duplicate``), an item to settle doesn't (``store.unknown``), or the
                database failed.
        """
        dialect = self._session.dialect
        self._write(partial(sql_commit.apply, dialect=dialect, commit=commit))

    def refuse(self, refusal: Refusal) -> None:
        """Keep a security refusal; told twice, it is kept once."""
        self._write(partial(sql_commit.refuse, refusal=refusal))

    def look(self, look: Look) -> None:
        """Write down a look; returns only once it is durable."""
        self._write(partial(sql_commit.look, look=look))

    def lease(
        self, lane: str, *, holder: str, now: datetime, until: datetime, limit: int
    ) -> tuple[OutboxItem, ...]:
        """Take up to *limit* waiting items of *lane* that are due and not leased, until *until*."""
        free = partial(sql_outbox.free, lane=lane, now=now)
        if not self._session.read(partial(free, limit=min(limit, 1))):
            return ()  # an idle worker never stands in a writer's way
        chosen = partial(free, limit=limit, skip=self._session.dialect.skip)
        return self._write(
            lambda execute: sql_outbox.lease(execute, chosen(execute), holder, until)
        )

    def renew(
        self, holder: str, leases: Mapping[RecordId, int], *, until: datetime
    ) -> frozenset[RecordId]:
        """Hold those leases of *holder* until *until*; return the items it still holds."""
        return self._write(partial(sql_outbox.renew, holder=holder, leases=leases, until=until))

    def settle(self, settled: Settled) -> None:
        """End a lease; only an end is taken from one that isn't the item's own."""
        self._write(partial(sql_outbox.settle, how=settled))

    def unpark(self, item_id: RecordId, *, now: datetime) -> None:
        """Let a parked item be tried again, its attempts counted anew."""
        self._write(partial(sql_outbox.unpark, item_id=item_id, now=now))

    def purge(self, before: Horizon) -> int:
        """Drop what is older than *before* allows; return how many rows that were."""
        due = self._session.read(partial(sql_purge.is_due, before=before))
        dropped = self._write(partial(sql_purge.purge, before=before)) if due else 0
        self._session.tidy()
        return dropped

    def rewrite(
        self, step: str, change: Callable[[Row], Row], *, report: MigrationProgress
    ) -> None:
        """Put every record through *change* once, whatever its version stays.

        One transaction a page. Cut off anywhere it goes on behind the last page when it is
        called again; done, it does nothing. A record that moves on meanwhile is left as it is.

        Args:
            step: Name by which the database remembers how far it came.
            change: Returns a record as it is to be kept.
            report: Told the step, and how many records this call has met.
        """
        (cursor, done), met = self._came(step), 0
        while not done:
            page = self.rows_after(*cursor.split("/"), limit=_PAGE)
            cursor = f"{page[-1].kind}/{page[-1].id}" if page else cursor
            met, done = met + len(page), not page
            changed = [(*RECORDS.values(change(row)), row.version) for row in page]
            came = (step, cursor, int(done))
            self._write(partial(_rewrite, changed=changed, came=came))
            report(step, met)

    def rebind(self, kind: type[M], mac: Remac[M], *, step: str, report: MigrationProgress) -> None:
        """Give each row of the table of *kind* the mac that *mac* returns, as ``rewrite`` does."""
        table, (cursor, done), met = table_of(kind), self._came(step), 0
        while not done:
            read = partial(sql_rebind.page, table=table, after=sql_rebind.read(cursor), limit=_PAGE)
            last, rows = self._session.read(read)
            done = last is None
            cursor = cursor if last is None else sql_rebind.written(last)
            made = [(row, new) for row in rows if (new := mac(row)) is not None]
            came = (step, cursor, int(done))
            self._write(partial(_rebind, table=table, made=made, came=came))
            met += len(rows)
            report(step, met)

    def close(self) -> None:
        """Release files and connections; calling it twice is fine."""
        self._session.close()

    def _came(self, step: str) -> tuple[str, bool]:
        found = self._rows(_STEP, step)
        return (str(found[0][0]), bool(found[0][1])) if found else ("/", False)

    def _write(self, act: Callable[[Execute], T]) -> T:
        """Return what *act* does in one transaction, made again while others come between.

        Only so does a commit learn *what* it clashes with where the database says no more
        than that something else was faster.
        """
        left = _TRIES
        while True:
            left -= 1
            try:
                with self._session.writing() as execute:
                    migrate.compare(execute, self._session.dialect)
                    return act(execute)
            except GivenUpError:
                if not left:
                    raise


def _rebind(
    execute: Execute, table: Table[M], made: Sequence[tuple[M, bytes]], came: Sequence[Value]
) -> None:
    for row, mac in made:
        sql_rebind.remac(execute, table, row, mac)
    execute(_CAME, came)


def _rewrite(execute: Execute, changed: Sequence[Sequence[Value]], came: Sequence[Value]) -> None:
    for values in changed:
        execute(sql_commit.UPDATE, values)
    execute(_CAME, came)
