"""How one try of delivering something owed ended; a failure that may pass is raised instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import attrs

from ikd.core.ports import Done, OutboxItem, Settled
from ikd.core.records.actor import Actor
from ikd.core.records.declaration import Command
from ikd.service.handling import Handled

Handle = Callable[[Command, Actor, str, tuple[Settled, ...]], Handled]
"""Handles a command under a key; those leases end in its own commit."""


@attrs.frozen(kw_only=True)
class DeliveryOutcome:
    """The state that an outbox item is left in.

    Attributes:
        done: That state.
        failure: Code of what went wrong, if anything.
        not_before: Earliest time of the next try, where it waits.
        channel: Name of the channel that took it.
        reference: What that one's provider calls it.
        settled: Whether its lease ended with a commit of the try itself.
        owed: What that commit owes in turn.
    """

    done: Done
    failure: str | None = None
    not_before: datetime | None = None
    channel: str | None = None
    reference: str | None = attrs.field(default=None, repr=False)
    settled: bool = False
    owed: tuple[OutboxItem, ...] = ()


VOID = DeliveryOutcome(done=Done.VOID)
