"""What a decision owes, as items of the outbox, and their payloads read again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from ikd.core import cbor, structure
from ikd.core.errors import StoreError
from ikd.core.ports import OutboxItem
from ikd.core.records.decision import Decision
from ikd.core.records.notices import Notice
from ikd.core.records.questions import Question

FORM = 2  # of payloads; those of 0.1.0 carry no number
_MAX_OWED = 65536  # bytes of a payload: no notice or question comes near
T = TypeVar("T")

Born = Callable[[OutboxItem], OutboxItem]
"""Returns an item as it is committed: leased from birth, or free."""


def owed_by(decision: Decision, now: datetime, born: Born) -> tuple[OutboxItem, ...]:
    """Return what *decision* owes.

    What is owed beside a refusal is left free: whoever asked gets no result that names it.
    """
    notices = (
        OutboxItem(
            id=notice.id,
            kind="notice",
            lane="mail" if notice.pin_id is None else "pin",
            record_kind=notice.kind,
            record_id=notice.record_id,
            subject=notice.subject,
            payload=encode_owed(notice),
            created_at=now,
            not_before=now,
            until=notice.until,
        )
        for notice in decision.notices
    )
    questions = (
        OutboxItem(
            id=question.id,
            kind="question",
            lane="registry",
            record_kind=question.record_kind,
            record_id=question.record_id,
            subject=question.id,
            payload=encode_owed(question),
            created_at=now,
            not_before=now,
        )
        for question in decision.questions
    )
    items = (*notices, *questions)
    return tuple(map(born, items)) if decision.refusal is None else items


def encode_owed(owed: Notice | Question) -> bytes:
    """Return the payload of an outbox item."""
    plain = {"form": FORM, "owed": structure.unstructure(owed)}
    return cbor.encode(plain, booleans=True, nulls=True)


def read_owed(payload: bytes, wanted: type[T]) -> T:
    """Return the notice or question of a payload, in whichever form it was written.

    Raises:
        StoreError: A later version of ikd wrote it (``store.newer``).
        InputError: It is none.
        TokenError: It isn't canonical CBOR.
    """
    plain = cbor.decode(payload, max_depth=16, max_bytes=_MAX_OWED, booleans=True, nulls=True)
    if not isinstance(plain, dict) or "form" not in plain:
        return structure.structure(_from_first(plain), wanted)
    if plain["form"] != FORM:
        raise StoreError("store.newer", "a later ikd owes this")
    return structure.structure(plain.get("owed"), wanted)


def _from_first(plain: object) -> object:
    """Return a payload of 0.1.0 as it is now; in a question only an application could be named."""
    if not isinstance(plain, dict) or "application_id" not in plain:
        return plain
    named = {"record_kind": "application", "record_id": plain["application_id"]}
    return {**{name: plain[name] for name in plain if name != "application_id"}, **named}
