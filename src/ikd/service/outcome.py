"""What a deliverer works with, and how one try of delivering something owed ended."""

from __future__ import annotations

from typing import Protocol

import attrs

from ikd.core.ports import Done, OutboxItem, Settled
from ikd.core.records.actor import Actor
from ikd.core.records.declaration import Command
from ikd.service.handling import Handled
from ikd.service.parts import Parts


class Handle(Protocol):
    """Handles a command; *settles* end their leases in its own commit."""

    def __call__(
        self, command: Command, actor: Actor, key: str, settles: tuple[Settled, ...] = ()
    ) -> Handled:
        """Return what it led to, once it is durable."""


@attrs.frozen
class Means:
    """What the deliverers of one service work with."""

    parts: Parts
    handle: Handle


@attrs.frozen(kw_only=True)
class Outcome:
    """How one try ended; a failure that may pass is raised instead.

    Attributes:
        done: The state that the outbox item is left in.
        failure: Code of what went wrong, if anything.
        channel: Name of the channel that took it.
        reference: What that one's provider calls it.
        settled: Whether its lease ended with a commit of the try itself.
        owed: What that commit owes in turn.
    """

    done: Done
    failure: str | None = None
    channel: str | None = None
    reference: str | None = attrs.field(default=None, repr=False)
    settled: bool = False
    owed: tuple[OutboxItem, ...] = ()


VOID = Outcome(done=Done.VOID)
