"""How one try of delivering something owed ended; a failure that may pass is raised instead."""

from __future__ import annotations

import attrs

from ikd.core.ports import Done


@attrs.frozen(kw_only=True)
class Outcome:
    """The state that an outbox item is left in, and the code of what went wrong, if anything."""

    done: Done
    failure: str | None = None


SENT = Outcome(done=Done.SENT)
VOID = Outcome(done=Done.VOID)
