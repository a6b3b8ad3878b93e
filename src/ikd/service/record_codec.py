"""Records to rows and back: canonical CBOR of the folded state, in the form of its kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import attrs

from ikd.core import cbor, structure
from ikd.core.errors import InputError, StoreError, TokenError
from ikd.core.ports import Row
from ikd.core.records.kind import AnyKind, Kinds, Rulebook
from ikd.core.records.record import Record

MAX_STATE = 2 * 1024 * 1024  # bytes
_RECENT = 256  # states whose records are at hand: each is read several times in a row


@attrs.frozen
class Codec:
    """Writes and reads the records of *kinds*."""

    kinds: Kinds
    _read: Callable[[str, int, bytes], Record] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_read", lru_cache(_RECENT)(self._record))

    def row_of(self, record: Record, rules: Rulebook, *, head: bytes) -> Row:
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
            **attrs.asdict(kind.columns(record, rules), recurse=False),
        )

    def record_of(self, row: Row) -> Record:
        """Return the record of *row*, whichever of the forms of its kind it is written in.

        Raises:
            StoreError: The bytes are no such record (``store.damaged``).
        """
        return self._read(row.kind, row.form, row.state)

    def _record(self, word: str, form: int, state: bytes) -> Record:
        try:
            kind = self.kinds.named(word)
            record: Record = structure.structure(_plain(kind, form, state), kind.record)
        except (InputError, TokenError, KeyError) as damage:
            raise StoreError("store.damaged", f"a {word} can't be read") from damage
        return record


def encode_state(record: Record) -> bytes:
    """Return the bytes of a record's state."""
    return cbor.encode(structure.unstructure(record), booleans=True, nulls=True)


def _plain(kind: AnyKind, form: int, state: bytes) -> dict[str, Any]:
    plain: dict[str, Any] = cbor.decode(
        state, max_depth=16, max_bytes=MAX_STATE, booleans=True, nulls=True
    )
    for older in range(form, kind.form):
        plain = kind.older[older](plain)
    return plain
