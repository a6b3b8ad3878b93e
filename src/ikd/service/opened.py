"""What the page behind a mail's button may say: whether its link still counts."""

from __future__ import annotations

import attrs

from ikd.core.errors import InputError
from ikd.core.ids import parse_id
from ikd.core.records.phone_record import SealedRecord
from ikd.core.records.templates import PublicText
from ikd.service.load import Loader
from ikd.service.parts import Parts


@attrs.frozen(kw_only=True)
class Opened:
    """What is told to whoever opens a mail's link, and changes nothing.

    Attributes:
        counts: Whether the PIN of that mail still counts, on the paired phone.
        public: What the page says of it.
    """

    counts: bool
    public: PublicText = attrs.field(repr=False)


def opened(parts: Parts, handle: str) -> Opened:
    """Return whether the PIN counts whose mail held *handle*; any text may be one."""
    counts = _counts(parts, handle)
    return Opened(counts=counts, public=parts.answers["link_counts" if counts else "link_dead"])


def _counts(parts: Parts, handle: str) -> bool:
    try:
        item = parts.store.item(parse_id(handle))
    except InputError:
        return False
    if item is None or item.id != handle or item.subject is None:
        return False
    record = Loader(parts).named(item.record_kind, item.record_id)
    pin = record.pin if isinstance(record, SealedRecord) else None
    return pin is not None and pin.id == item.subject and parts.clock.now() < pin.until
