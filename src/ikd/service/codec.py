"""Records to rows and back: canonical CBOR of the folded state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ikd.core import cbor, structure
from ikd.core.activation.application import Application
from ikd.core.errors import InputError, StoreError, TokenError
from ikd.core.identity.identity import Identity
from ikd.core.ports import Row
from ikd.core.records.resident import Resident

CLASSES: Mapping[str, type[Any]] = {
    "application": Application,
    "identity": Identity,
    "resident": Resident,
}
MAX_STATE = 2 * 1024 * 1024  # bytes


def encode_state(record: object) -> bytes:
    """Return the bytes of a record's row."""
    return cbor.encode(structure.unstructure(record), booleans=True, nulls=True)


def decode_state(kind: str, state: bytes) -> Any:  # noqa: ANN401 - any kind of record
    """Return the record that ``encode_state`` made *state* from.

    Raises:
        StoreError: The bytes are no such record (``store.damaged``).
    """
    try:
        plain = cbor.decode(state, max_depth=16, max_bytes=MAX_STATE, booleans=True, nulls=True)
        return structure.structure(plain, CLASSES[kind])
    except (InputError, TokenError) as damage:
        raise StoreError("store.damaged", f"a {kind} can't be read") from damage


def row_of(kind: str, record: Any, *, head: bytes) -> Row:  # noqa: ANN401
    """Return the row of *record* whose newest journal entry is hashed *head*."""
    status = getattr(record, "status", None)
    return Row(
        kind=kind,
        id=record.id,
        version=record.version,
        status=status.value if status is not None else "KNOWN",
        office=getattr(record, "office", None),
        due=record.due,
        at=record.changed_at,
        head=head,
        state=encode_state(record),
    )
