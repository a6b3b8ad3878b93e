"""The audit: every row against its mac, every journal against its chain, row and checkpoint.

It reads tables as they are kept and believes none of them: each finding names the row and what
is wrong with it. Work may go on meanwhile; what looks wrong is read once more, alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from operator import itemgetter
from typing import Literal

import attrs

from ikd.core import cbor
from ikd.core.errors import IkdError
from ikd.core.ids import RecordId
from ikd.core.records.journal import GENESIS, is_link
from ikd.core.records.kind import Held, Kinds
from ikd.service.bound_store import BoundStore
from ikd.service.row_binder import TABLES
from ikd.service.store_scan import Scannable, ScannedRow, ScannedValue

Listed = Mapping[tuple[str, str], tuple[int, bytes]]
"""What a checkpoint lists: how many events each record had, and the hash of the last."""

FaultKind = Literal["changed", "journal", "older", "rewritten", "missing", "stray", "moved"]


@attrs.frozen(kw_only=True)
class AuditFault:
    """One row that isn't what was written, or one that is missing.

    Attributes:
        table: The table.
        row: Names the row: kind and id of a record, else the beginning of its key.
        kind: ``changed`` (its mac or digest doesn't hold), ``journal`` (row and journal differ,
            or the chain is broken), ``older`` (it has fewer events than the checkpoint says),
            ``rewritten`` (another event than then), ``missing``, ``stray`` (nothing names it),
            ``moved`` (the table isn't what the checkpoint says).
    """

    table: str
    row: str
    kind: FaultKind


@attrs.define
class _Seen:
    """What rows said of others, to be compared when all were met."""

    owners: set[str] = attrs.field(factory=set)
    claims: dict[tuple[str, bytes], str] = attrs.field(factory=dict)
    nameless: set[tuple[str, str]] = attrs.field(factory=set)
    secrets: dict[str, str] = attrs.field(factory=dict)
    standards: set[str] = attrs.field(factory=set)
    frozen: set[tuple[str, str]] = attrs.field(factory=set)
    silent: set[str] = attrs.field(factory=set)
    """Records of kinds that don't say what stands elsewhere: their secrets aren't judged."""


_Values = tuple[ScannedValue, ...]
_BoundParts = tuple[Callable[[ScannedRow], _Values], int, Callable[[ScannedRow], ScannedValue]]


class Audit:
    """Audits *store*, which *bound* reads rows of; records are of *kinds*."""

    def __init__(self, store: Scannable, bound: BoundStore, kinds: Kinds) -> None:
        self._store, self._bound, self._kinds = store, bound, kinds
        self._columns = store.columns()
        self._bound_parts = {table: self._parts_of(table) for table in _BOUND}
        self._seen = _Seen()
        self.met = 0

    def faults(self, listed: Listed) -> Iterator[AuditFault]:
        """Yield every fault; *listed* is what the checkpoint lists, if there is one."""
        yield from self._records(dict(listed))
        yield from self._claims()
        yield from self._secrets()
        yield from self._standards()
        yield from self._frozen()
        for table in ("idempotency", "outbox", "refusals", "looks"):
            for row in self._scan(table):
                if not self._is_bound(table, row):
                    yield self._fault(table, row, "changed")

    # --- records and their journals ---------------------------------------------------------

    def _records(self, listed: dict[tuple[str, str], tuple[int, bytes]]) -> Iterator[AuditFault]:
        named = self._getter("records", "kind", "id", "version", "head", "state")
        last: tuple[ScannedValue, ...] = ()
        for page in _paged(self._scan("records")):
            rows = {(str(row[0]), str(row[1])): row for row in map(named, page)}
            whole = dict(zip(rows, page, strict=True))
            end = named(page[-1])[:2]
            journals = self._journals(after=last, upto=end)
            last = end
            for key, (_, _, version, head, state) in rows.items():
                chain = journals.pop(key, [])
                then = listed.pop(key, None)
                kind = self._judged(whole[key], chain, version, head, then)
                if kind is not None and (kind := self._again(key, then, kind)) is not None:
                    yield AuditFault(table="records", row="/".join(key), kind=kind)
                self._note(key, state)
            yield from self._orphans(journals)
        yield from self._orphans(self._journals(after=last))
        for key in listed:
            yield AuditFault(table="records", row="/".join(key), kind="missing")

    def _orphans(self, journals: Mapping[tuple[str, str], object]) -> Iterator[AuditFault]:
        for kind, record_id in journals:
            if self._bound.store.get(kind, RecordId(record_id)) is None:
                yield AuditFault(table="records", row=f"{kind}/{record_id}", kind="missing")

    def _journals(
        self, *, after: _Values = (), upto: _Values = ()
    ) -> dict[tuple[str, str], list[ScannedRow]]:
        read = self._getter("journal", "kind", "id", "seq", "at", "body", "prev", "hash")
        found: dict[tuple[str, str], list[ScannedRow]] = {}
        for row in map(read, self._scan("journal", after=after, upto=upto)):
            found.setdefault((str(row[0]), str(row[1])), []).append(row)
        return found

    def _judged(
        self,
        row: ScannedRow,
        chain: list[ScannedRow],
        version: ScannedValue,
        head: ScannedValue,
        then: tuple[int, bytes] | None,
    ) -> FaultKind | None:
        if then is not None and len(chain) < then[0]:
            return "older"
        if not self._is_bound("records", row):
            return "changed"
        if not _is_chain(chain) or len(chain) != version or chain[-1][-1] != head:
            return "journal"
        if then is not None and chain[then[0] - 1][-1] != then[1]:
            return "rewritten"
        return None

    def _again(
        self, key: tuple[str, str], then: tuple[int, bytes] | None, kind: FaultKind
    ) -> FaultKind | None:
        """Judge a record once more, alone: work went on between its row and its journal."""
        place = self._store.scan("records", after=(key[0], key[1][:-1]), upto=key)
        named = self._getter("records", "kind", "id", "version", "head")
        for row in place:
            if tuple(named(row)[:2]) == key:
                chain = self._journals(after=(key[0], key[1][:-1]), upto=key).get(key, [])
                _, _, version, head = named(row)
                cut = chain[:version] if isinstance(version, int) else chain
                return self._judged(row, cut, version, head, then)
        return kind

    def _note(self, key: tuple[str, str], state: ScannedValue) -> None:
        """Note what a record says of claims, secrets and standards."""
        self._seen.owners.add(key[1])
        held = self._held(key[0], state)
        if held is None:
            self._seen.silent.add(key[1])
            return
        for space, name, owner in held.claims:
            if name is None:
                self._seen.nameless.add((space, owner))
            else:
                self._seen.claims[space, name] = owner
        self._seen.secrets.update(held.secrets)
        self._seen.standards.update(held.standards)
        self._seen.frozen.update(held.frozen)

    def _held(self, word: str, state: ScannedValue) -> Held | None:
        """Return what a record says, ``None`` where it can't be read: its mac judged it."""
        try:
            tells = self._kinds.named(word).holds
            plain = cbor.decode_once(state if isinstance(state, bytes) else b"")
            return tells and tells(plain)
        except (IkdError, KeyError, TypeError, AttributeError):
            return None

    # --- what records name ---------------------------------------------------------------------

    def _claims(self) -> Iterator[AuditFault]:
        read = self._getter("claims", "space", "key", "owner", "until")
        wanted, nameless = dict(self._seen.claims), set(self._seen.nameless)
        spaces = {space for space, _ in wanted} | {space for space, _ in nameless}
        for row in self._scan("claims"):
            space, key, owner, until = read(row)
            named = wanted.pop((str(space), bytes(key) if isinstance(key, bytes) else b""), None)
            held = named == owner or (space, owner) in self._seen.nameless
            nameless.discard((str(space), str(owner)))
            if not self._is_bound("claims", row):
                yield self._fault("claims", row, "changed")
            elif until is None and space in spaces and not held:
                yield self._fault("claims", row, "stray")
        for space, name in wanted:
            yield AuditFault(table="claims", row=f"{space}/{name.hex()[:16]}", kind="missing")
        for space, owner in nameless:
            yield AuditFault(table="claims", row=f"{space}/{owner}", kind="missing")

    def _secrets(self) -> Iterator[AuditFault]:
        read = self._getter("secrets", "id", "kind", "owner")
        wanted = dict(self._seen.secrets)
        for row in self._scan("secrets"):
            named, kind, owner = map(str, read(row))
            silent = owner in self._seen.silent
            if not silent and (wanted.pop(named, None) != kind or owner not in self._seen.owners):
                yield self._fault("secrets", row, "stray")
        for named in wanted:
            yield AuditFault(table="secrets", row=named, kind="missing")

    def _standards(self) -> Iterator[AuditFault]:
        read, wanted = self._getter("standards", "digest", "text"), set(self._seen.standards)
        for row in self._scan("standards"):
            digest, text = map(str, read(row))
            wanted.discard(digest)
            if hashlib.sha256(text.encode()).hexdigest() != digest:
                yield self._fault("standards", row, "changed")
        for digest in wanted:
            yield AuditFault(table="standards", row=digest[:16], kind="missing")

    def _frozen(self) -> Iterator[AuditFault]:
        read, wanted = self._getter("frozen", "kind", "id"), set(self._seen.frozen)
        for row in self._scan("frozen"):
            kind, named = map(str, read(row))
            if (kind, named) not in wanted:
                yield AuditFault(table="frozen", row=f"{kind}/{named}", kind="stray")
            wanted.discard((kind, named))
        for kind, named in wanted:
            yield AuditFault(table="frozen", row=f"{kind}/{named}", kind="missing")

    # --- reading ----------------------------------------------------------------------------------

    def _scan(
        self,
        table: str,
        *,
        after: tuple[ScannedValue, ...] = (),
        upto: tuple[ScannedValue, ...] = (),
    ) -> Iterator[ScannedRow]:
        for row in self._store.scan(table, after=after, upto=upto):
            self.met += 1
            yield row

    def _is_bound(self, table: str, row: ScannedRow) -> bool:
        read, mac, payload = self._bound_parts[table]
        return self._bound.binder.binds(table, read(row), row[mac], payload(row))

    def _parts_of(self, table: str) -> _BoundParts:
        columns, paid = self._columns[table], "payload" in self._columns[table]
        payload = itemgetter(columns.index("payload")) if paid else lambda _: b""
        return self._getter(table, *_BOUND[table].split()), columns.index("mac"), payload

    def _getter(self, table: str, *names: str) -> Callable[[ScannedRow], _Values]:
        places = [self._columns[table].index(name) for name in names]
        if len(places) == 1:
            return lambda row: (row[places[0]],)
        return itemgetter(*places)

    def _fault(self, table: str, row: ScannedRow, kind: FaultKind) -> AuditFault:
        first = [one.hex() if isinstance(one, bytes) else str(one) for one in self._key(table, row)]
        return AuditFault(table=table, row="/".join(one[:32] for one in first), kind=kind)

    def _key(self, table: str, row: ScannedRow) -> Iterable[ScannedValue]:
        return self._getter(table, *_KEYS[table])(row)


def _is_chain(chain: list[ScannedRow]) -> bool:
    """Say whether entries follow each other without a gap, each telling its own place."""
    prev: ScannedValue = GENESIS
    for seq, (kind, record_id, at_seq, at, body, before, mark) in enumerate(chain, start=1):
        if (
            at_seq != seq
            or before != prev
            or not is_link((kind, record_id, seq, at), before, body, mark)
        ):
            return False
        prev = mark
    return True


def _paged(rows: Iterator[ScannedRow]) -> Iterator[list[ScannedRow]]:
    while page := list(islice(rows, _PAGE)):
        yield page


_PAGE = 500  # records whose journals are read together
_BOUND = {table.name: table.columns for table in TABLES.values()}
_KEYS = {
    "claims": ("space", "key"),
    "idempotency": ("scope", "key"),
    "standards": ("digest",),
    **dict.fromkeys(("secrets", "outbox", "refusals", "looks"), ("id",)),
}
