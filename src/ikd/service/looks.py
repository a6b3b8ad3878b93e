"""Writing down what is shown of a person, and telling it to whoever must answer for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ikd.core.errors import InputError
from ikd.core.ids import ENTROPY_BYTES, draw_id, parse_id
from ikd.core.ports import Look
from ikd.core.records.actor import Actor
from ikd.core.records.record import Record
from ikd.core.timing import aware
from ikd.service.parts import Parts
from ikd.service.requests import by_of, check_limit, check_word

AT_CREDENTIAL, AT_SLIP = "credential", "slip"
"""What is shown beside the purposes for which an officer asks: what each is written down as."""


def look_of(
    parts: Parts, actor: Actor, record: Record, purpose: str, fields: Sequence[str]
) -> Look:
    """Return that *actor* is about to be shown *fields* of *record*."""
    return Look(
        id=draw_id(parts.entropy(ENTROPY_BYTES), "look"),
        time=parts.clock.now(),
        actor=by_of(actor, parts.keys.secrets("pseudonym")[0]).id,
        office=actor.office,
        kind=record.kind,
        record=record.id,
        fields=" ".join(fields),
        purpose=purpose,
    )


def listed(
    parts: Parts,
    *,
    by: str | None,
    of: str | None,
    kind: str,
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> tuple[Look, ...]:
    """Return looks, newest first; see ``Service.looks``."""
    from_, to = (None if one is None else aware(one) for one in (since, until))
    if from_ and to and to <= from_:
        raise InputError("looks.between", "it ends before it begins")
    return parts.store.looks(
        actor=None if by is None else check_word("actor", by),
        record=None if of is None else (parts.kinds.named(kind).word, parse_id(of)),
        since=from_,
        until=to,
        limit=check_limit(limit),
    )
