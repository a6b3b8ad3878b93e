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


def free(item: OutboxItem) -> OutboxItem:
    """Return *item* as anybody may take it."""
    return item


def owed_by(decision: Decision, now: datetime, born: Born = free) -> tuple[OutboxItem, ...]:
    """Return what *decision* owes.

    What is owed beside a refusal is left free: whoever asked gets no result that names it.
    """
    notices = (_of_notice(notice, now) for notice in decision.notices)
    questions = (_of_question(question, now) for question in decision.questions)
    leased = born if decision.refusal is None else free
    return tuple(map(leased, (*notices, *questions)))


def _of_notice(notice: Notice, now: datetime) -> OutboxItem:
    return OutboxItem(
        id=notice.id,
        kind="notice",
        lane="mail" if notice.pin_id is None else "pin",
        record_kind=notice.kind,
        record_id=notice.record_id,
        subject=notice.pin_id,
        payload=encode_owed(notice),
        created_at=now,
        not_before=now,
        until=notice.until,
    )


def _of_question(question: Question, now: datetime) -> OutboxItem:
    return OutboxItem(
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


def encode_owed(owed: Notice | Question) -> bytes:
    """Return the payload of an outbox item."""
    return cbor.encode([FORM, structure.unstructure(owed)], booleans=True, nulls=True)


def read_owed(payload: bytes, wanted: type[T]) -> T:
    """Return the notice or question of a payload, in whichever form it was written.

    Raises:
        StoreError: A later version of ikd wrote it (``store.newer``).
        InputError: It is none.
        TokenError: It isn't canonical CBOR.
    """
    plain = cbor.decode(payload, max_depth=16, max_bytes=_MAX_OWED, booleans=True, nulls=True)
    if isinstance(plain, dict):
        return structure.structure(_from_form_1(plain), wanted)
    form, owed = plain
    if form != FORM:
        raise StoreError("store.newer", "a later ikd owes this")
    return structure.structure(owed, wanted)


def _from_form_1(plain: dict[str, object]) -> dict[str, object]:
    """Return a payload of 0.1.0 as it is written now: only applications asked anything then."""
    if "application_id" not in plain:
        return plain
    asked = {"record_kind": "application", "record_id": plain["application_id"], **plain}
    del asked["application_id"]
    return asked
