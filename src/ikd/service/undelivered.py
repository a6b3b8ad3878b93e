"""What reached nobody: given up here, or told of by a bounce later."""

from __future__ import annotations

import attrs

from ikd.core.errors import IkdError, RefusedError
from ikd.core.ports import Commit, Done, OutboxItem
from ikd.core.records.actor import Actor
from ikd.core.records.decision import Unsent
from ikd.service.delivery_outcome import VOID, DeliveryOutcome, Handle
from ikd.service.parts import Parts


@attrs.frozen
class Reporter:
    """Lets records know of PINs that reached nobody; *handle* takes the commands."""

    parts: Parts
    handle: Handle

    def gave_up(self, item: OutboxItem, code: str) -> DeliveryOutcome:
        """Return the end of something that can't be delivered; a PIN ends with it, at once."""
        try:
            return self._told(item, code) or DeliveryOutcome(done=Done.PARKED, failure=code)
        except IkdError as failure:  # a record that can't be read: it stays to be seen
            return DeliveryOutcome(done=Done.PARKED, failure=failure.code)

    def bounced(self, item: OutboxItem, code: str) -> None:
        """Take in that a message was handed over and reached nobody all the same."""
        if self._told(item, code) is None and not item.payload:
            unsent = (Unsent(named=item.id, code=code),)
            self.parts.store.commit(Commit(at=self.parts.clock.now(), unsent=unsent))

    def _told(self, item: OutboxItem, code: str) -> DeliveryOutcome | None:
        """Let the record of a PIN know, or return ``None`` for what holds none."""
        tell = self.parts.kinds.named(item.record_kind).undelivered
        if tell is None or item.subject is None or item.kind != "notice":
            return None
        command = tell(item.record_id, item.subject, code)
        try:
            handled = self.handle(command, Actor.system(), f"undelivered/{item.subject}", ())
        except RefusedError as refusal:
            if refusal.code != "key.reused":
                raise
            return VOID  # it was told before, for another reason
        if not handled.events:  # nobody waits for it any more
            return VOID
        return DeliveryOutcome(done=Done.UNDELIVERED, settled=True, owed=handled.owed)
