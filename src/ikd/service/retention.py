"""How long the store remembers what has done its work."""

from __future__ import annotations

from datetime import datetime, timedelta

from ikd.core.ports import Horizon
from ikd.service.parts import Settings

_TOKENS = timedelta(days=1)  # a clock that leapt ahead by less revives no used token


def horizon(settings: Settings, now: datetime) -> Horizon:
    """Return how far back a store looks at *now*."""
    return Horizon(
        tokens=now - _TOKENS,
        answers=now - timedelta(days=settings.keep_answers_days),
        refusals=now - timedelta(days=settings.keep_refusals_days),
        ended=now - timedelta(days=settings.keep_sent_days),
    )
