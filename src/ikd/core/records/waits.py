"""Who moves next: the role, since when, until when, what is missing, and at which step."""

from __future__ import annotations

from datetime import datetime

import attrs

from ikd.core.records.actor import Role
from ikd.core.standard.steps import Published


@attrs.frozen(kw_only=True)
class Waits:
    """Who is waited for at one moment.

    Attributes:
        role: Who moves next; ``None`` where nobody has to.
        since: Since when.
        until: When time alone changes it, if ever.
        missing: What is missing, or else how it ended, by the name of its words.
        desk: The office at which it waits.
        step: Name of the step of the procedure, if it is at one.
        items: What the office published of that step: number and words.
    """

    role: Role | None
    since: datetime
    until: datetime | None
    missing: str
    desk: str
    step: str | None = None
    items: tuple[Published, ...] = ()
