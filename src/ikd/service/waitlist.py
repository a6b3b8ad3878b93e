"""Who waits for whom: one case as its resident reads it, an office's as its officers do."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

import attrs

from ikd.core.errors import IkdError, InputError, RefusedError, StoreError
from ikd.core.house.house import HOUSE_ID, House
from ikd.core.ids import RecordId, parse_id
from ikd.core.ports import Done, Found, Late, OutboxItem, PagePlace, found_of
from ikd.core.records.actor import Actor, Role
from ikd.core.records.case_record import CaseRecord
from ikd.core.records.permission import check_desk, check_reader
from ikd.core.records.phone_record import SealedRecord
from ikd.core.records.record import Record
from ikd.core.records.templates import PublicText
from ikd.core.records.waits import LONG, SOON, Waits
from ikd.core.standard.deadlines import Deadline, Pause
from ikd.core.standard.office import check_reasons
from ikd.core.timing import to_micros
from ikd.service.load import Loader
from ikd.service.parts import Parts
from ikd.service.unreached import to_close, unreached

FROZEN = "FROZEN"
"""The status that a worklist shows of a record that nothing uses; no record has it."""
_PIN = frozenset({"pin", "sign_in"})
_WATCHES = frozenset({Role.OPERATOR, Role.SYSTEM})
"""Who is shown what waits too long for others, beside what waits for them."""


@attrs.frozen(kw_only=True)
class Waiting:
    """One record, and who moves it next.

    Attributes:
        kind: Kind of the record.
        id: The record.
        office: The office it belongs to.
        status: Its status as a word.
        waits: Who moves next, since when, until when, what is missing, at which step.
        words: What is missing, or how it ended, in words for its resident.
        limits: What is left of every limit that the office published, the pauses laid over.
        why: Why it stands in a worklist: ``turn`` (it is that role's), ``long`` (others are
            waited for too long), ``undelivered`` (a message reached nobody so far),
            ``limit_soon``, ``overdue``.
        messages: Which messages reached nobody so far, for ``CloseUndelivered``; PINs left out.
        after: Names its place in a worklist, to ask for what stands behind it.
    """

    kind: str
    id: RecordId
    office: str
    status: str
    waits: Waits
    words: PublicText
    limits: tuple[Deadline, ...]
    why: frozenset[str] = frozenset()
    messages: tuple[RecordId, ...] = ()
    after: str = ""


@attrs.frozen(kw_only=True)
class _Asked:
    """What one list is asked for: whose turn, at which desks, from where on, at which moment."""

    role: Role
    watches: bool
    desks: frozenset[str]
    after: PagePlace | None
    limit: int
    now: datetime
    pauses: Sequence[Pause]
    officer: str


@attrs.frozen
class Waitlist:
    """Says of one service's records who moves them next; *keep* keeps a refusal for security."""

    parts: Parts
    keep: Callable[[IkdError, Actor, RecordId | None], None]

    def told(
        self, record: CaseRecord, now: datetime, pauses: Sequence[Pause], after: str = ""
    ) -> Waiting:
        """Return who moves *record* next."""
        kind, standard = self.parts.kinds.named(record.kind), self.parts.standard(record.standard)
        if kind.waits is None:
            raise InputError("record.kind", f"nobody is waited for by a {kind.word}")
        waits = self._sending(record, kind.waits(record, standard, now))
        counted = [pause for pause in pauses if pause.reason in standard.pause_reasons]
        return Waiting(
            kind=kind.word,
            id=record.id,
            office=record.office,
            status=record.status.value,
            waits=waits,
            words=self.parts.waits[waits.missing],
            limits=kind.limits(record, standard, now, counted, self.parts.days_off),
            after=after,
        )

    def _sending(self, record: CaseRecord, waits: Waits) -> Waits:
        """Return *waits*, where a PIN isn't sent yet with whoever sends it."""
        if not isinstance(record, SealedRecord) or waits.missing not in _PIN or record.pin is None:
            return waits
        owed = partial(self.parts.store.outbox, subject=record.pin.id)
        for done, role, missing in (
            (Done.WAITING, Role.SYSTEM, "delivery"),
            (Done.PARKED, Role.OPERATOR, "undelivered"),
        ):
            for item in owed(done):
                return attrs.evolve(waits, role=role, missing=missing, since=item.created_at)
        return waits

    # --- a list --------------------------------------------------------------------------

    def page(
        self,
        actor: Actor,
        *,
        office: str | None,
        role: Role | None,
        after: str | None,
        limit: int,
        pauses: Sequence[Pause],
    ) -> tuple[Waiting, ...]:
        """Return what waits for *role*, or for *actor* and their office's watch over others."""
        own = actor.office if actor.role is Role.OPERATOR else None
        chosen = office or own
        try:
            check_reader(actor, _WATCHES | {Role.MINISTRY})
            check_desk(actor, {chosen})
        except RefusedError as refusal:
            self.keep(refusal, actor, None)
            raise
        named = self.parts.offices if chosen is None else (chosen,)
        served = {name: self.parts.office(name) for name in named}
        for standard in served.values() if len(served) == 1 else ():
            check_reasons(standard, pauses)
        asked = _Asked(
            role=role or (Role.OPERATOR if actor.role is Role.SYSTEM else actor.role),
            watches=role is None and actor.role in _WATCHES,
            desks=frozenset(served),
            after=None if after is None else _place(after),
            limit=limit,
            now=self.parts.clock.now(),
            pauses=pauses,
            officer=actor.id,
        )
        return tuple(islice(self._entries(asked), limit))

    def _entries(self, asked: _Asked) -> Iterator[Waiting]:
        late = asked.now - LONG[Role.SYSTEM]
        undelivered = unreached(self.parts.store, late) if asked.watches else {}
        streams = [self._rows(asked, role, desk) for role in Role for desk in sorted(asked.desks)]
        rows = map(self._row, undelivered.values())
        missed = sorted((row for row in rows if row and _is_behind(row, asked)), key=_order)
        met: RecordId | None = None
        for found in heapq.merge(*streams, missed, self._frozen(asked), key=_order):
            entry = None if found.id == met else self._entry(found, asked, undelivered)
            met = found.id
            if entry is not None and entry.why:
                yield entry

    def _rows(self, asked: _Asked, role: Role, desk: str) -> Iterator[Found]:
        """Yield what waits for *role*, page after page: all of who asks, what is late of others."""
        others = role is not asked.role
        if others and not (asked.watches and role in LONG):
            return
        late = _late(role, asked.now) if others else None
        after = asked.after
        while page := self.parts.store.waiting(
            role.value, desk, late=late, limit=asked.limit, after=after
        ):
            yield from page
            after = (page[-1].limit_at, page[-1].id)

    def _frozen(self, asked: _Asked) -> list[Found]:
        """Return the records that nothing uses, as if their limit had been when they were met."""
        house = Loader(self.parts).record(House, HOUSE_ID) if asked.watches else None
        rows = (
            Found(
                kind=one.kind,
                id=one.id,
                version=0,
                status=FROZEN,
                office=one.office,
                due=None,
                at=one.at,
                limit_at=one.at,
            )
            for one in (house.frozen if house else ())
            if not one.closed
        )
        return sorted((row for row in rows if _is_behind(row, asked)), key=_order)

    def _thawing(self, found: Found) -> Waiting:
        office = found.office or ""
        waits = Waits(role=Role.OPERATOR, since=found.at, until=None, missing="frozen", desk=office)
        return Waiting(
            kind=found.kind,
            id=found.id,
            office=office,
            status=found.status,
            waits=waits,
            words=self.parts.waits[waits.missing],
            limits=(),
            why=frozenset({"frozen"}),
            after=_after(found),
        )

    def _row(self, owed: Sequence[OutboxItem]) -> Found | None:
        try:
            row = self.parts.store.get(owed[0].record_kind, owed[0].record_id)
        except StoreError:
            return None
        return None if row is None else found_of(row)

    def _entry(
        self, found: Found, asked: _Asked, undelivered: Mapping[RecordId, Sequence[OutboxItem]]
    ) -> Waiting | None:
        if found.status == FROZEN:
            return self._thawing(found)
        try:
            record = Loader(self.parts).named(found.kind, found.id)
        except StoreError:
            return None  # it is frozen now, and listed as that
        if not isinstance(record, CaseRecord) or _is_about(record, asked):
            return None
        told = self.told(record, asked.now, asked.pauses, _after(found))
        owed = undelivered.get(found.id, ())
        why = frozenset(_why(told, asked)) | (frozenset({"undelivered"}) if owed else frozenset())
        return attrs.evolve(told, why=why, messages=tuple(one.id for one in to_close(owed)))


def _is_about(record: Record, asked: _Asked) -> bool:
    return record.concerns is not None and record.concerns == asked.officer


def _why(told: Waiting, asked: _Asked) -> Iterator[str]:
    role = told.waits.role
    if role is asked.role:
        yield "turn"
    if role is None or not (asked.watches or role is asked.role):
        return
    if role in LONG and role is not asked.role and told.waits.since <= asked.now - LONG[role]:
        yield "long"
    left = [one.remaining for one in told.limits if one.binding and not one.excused]
    if left and min(left) <= SOON:
        yield "overdue" if any(one.breached for one in told.limits) else "limit_soon"


def _late(role: Role, now: datetime) -> Late:
    return Late(since=now - LONG[role], limit_at=now + SOON)


def _order(found: Found) -> tuple[bool, int, RecordId]:
    at = found.limit_at
    return at is None, 0 if at is None else to_micros(at), found.id


def _is_behind(row: Found, asked: _Asked) -> bool:
    if row.office not in asked.desks:
        return False
    if asked.after is None:
        return True
    limit_at, record_id = asked.after
    return _order(row) > _order(attrs.evolve(row, limit_at=limit_at, id=record_id))


def _after(found: Found) -> str:
    """Return the place of a row as a word: when its limit is, in ISO 8601, and its id."""
    return f"{found.limit_at.isoformat() if found.limit_at else ''}/{found.id}"


def _place(after: object) -> PagePlace:
    """Return the place that ``_after`` named.

    Raises:
        InputError: It names none (``after.form``).
    """
    try:
        limit_at, _, record_id = str(after).partition("/")
        at = datetime.fromisoformat(limit_at) if limit_at else None
        if at is None or at.tzinfo is not None:
            return at, parse_id(record_id)
    except (ValueError, InputError):
        pass
    raise InputError("after.form", "the ``after`` of an entry of a worklist")


def check_role_of(role: object) -> Role | None:
    """Return *role* as a role, or ``None`` (``role.form``)."""
    if role is None or isinstance(role, Role):
        return role
    raise InputError("role.form", "one of ikd's Role")
