"""Records to rows and back: canonical CBOR of the folded state, in the form of its kind."""

from __future__ import annotations

from typing import Any

import attrs

from ikd.core import cbor, structure
from ikd.core.errors import InputError, StoreError, TokenError
from ikd.core.ports import Row
from ikd.core.records.kind import AnyKind, Kinds
from ikd.core.records.record import Record

MAX_STATE = 2 * 1024 * 1024  # bytes


@attrs.frozen
class Codec:
    """Writes and reads the records of *kinds*."""

    kinds: Kinds

    def row_of(self, record: Record, *, head: bytes) -> Row:
        """Return the row of *record* whose newest journal entry is hashed *head*."""
        kind = self.kinds.named(record.kind)
        return Row(
            kind=kind.word,
            id=record.id,
            version=record.version,
            at=record.changed_at,
            head=head,
            state=encode_state(record),
            form=kind.form,
            **attrs.asdict(kind.columns(record)),
        )

    def record_of(self, row: Row) -> Record:
        """Return the record of *row*, whichever of the forms of its kind it is written in.

        Raises:
            StoreError: The bytes are no such record (``store.damaged``).
        """
        try:
            kind = self.kinds.named(row.kind)
            record: Record = structure.structure(_plain(kind, row), kind.record)
        except (InputError, TokenError, KeyError) as damage:
            raise StoreError("store.damaged", f"a {row.kind} can't be read") from damage
        return record


def encode_state(record: Record) -> bytes:
    """Return the bytes of a record's state."""
    return cbor.encode(structure.unstructure(record), booleans=True, nulls=True)


def _plain(kind: AnyKind, row: Row) -> dict[str, Any]:
    plain: dict[str, Any] = cbor.decode(
        row.state, max_depth=16, max_bytes=MAX_STATE, booleans=True, nulls=True
    )
    for form in range(row.form, kind.form):
        plain = kind.older[form](plain)
    return plain
