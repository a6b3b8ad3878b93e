"""What a case's journal says about its clocks: when each was started, and when all stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from ikd.core.activation import events as e
from ikd.core.records.journal import Entry

_STARTS = {
    e.BiometricMatched: "fields_complete",
    e.DeclaredComplete: "declared_complete",
    e.Reviewed: "ministry_reviewed",
    e.PresenceConfirmed: "present",
    e.Approved: "approved",
}
_ENDS = (e.Activated, e.Rejected, e.Withdrawn, e.Expired, e.PinLocked)


def starts_of(history: Iterable[Entry]) -> Mapping[str, datetime]:
    """Return when the events happened that may start a clock, by the office file's names."""
    begun = {
        _STARTS[type(entry.event)]: entry.at for entry in history if type(entry.event) in _STARTS
    }
    # whoever approves has found it complete
    complete = {"declared_complete": begun["approved"]} if "approved" in begun else {}
    return {**complete, **begun}


def stopped_at(history: Iterable[Entry], now: datetime) -> datetime:
    """Return when the case came to its end, or *now*: a kept promise can't be broken later."""
    return next((entry.at for entry in history if isinstance(entry.event, _ENDS)), now)
