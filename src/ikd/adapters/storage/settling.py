"""How a worker's try of an outbox item ended, as both stores take it."""

from __future__ import annotations

from datetime import datetime

import attrs

from ikd.core.ports import Done
from ikd.core.timing import aware

ENDS = frozenset({Done.SENT, Done.VOID})
"""Facts for good, whoever tells them; anything else counts only of the item's own lease."""


@attrs.frozen(kw_only=True)
class Settling:
    """The lease of that number ended at *now*; waiting goes on *not_before* then."""

    done: Done
    lease: int
    now: datetime = attrs.field(converter=aware)
    not_before: datetime = attrs.field(converter=aware)
    failure: str | None

    @classmethod
    def of(
        cls,
        done: Done,
        *,
        lease: int,
        now: datetime,
        not_before: datetime | None,
        failure: str | None,
    ) -> Settling:
        """Return what ``Store.settle`` was told; without *not_before* it waits no longer."""
        later = now if not_before is None else not_before
        return cls(done=done, lease=lease, now=now, not_before=later, failure=failure)
