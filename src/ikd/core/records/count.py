"""Counting what a door lets in only so often, in a way that any database can hold exactly."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from ikd.core.timing import from_micros, to_micros

_PARTS = 4  # of a window; what is counted is forgotten a part at a time


@attrs.frozen(kw_only=True)
class Count:
    """One more of what may happen *most* times within any span of *window*.

    A window is counted in parts of fixed beginnings, so that one row holds all of a part. What
    happened stays counted until the whole part it fell in is a window old: for that long at
    least, and a quarter of a window more at most.

    Attributes:
        space: What is counted.
        key: Of whom or what, by an HMAC or a thumbprint, never in plain.
        most: How many are let in.
        window: Within how long.
    """

    space: str
    key: bytes = attrs.field(repr=False)
    most: int
    window: timedelta

    def part(self, at: datetime) -> datetime:
        """Return when the part of a window began that *at* falls in."""
        length = self.window // _PARTS // timedelta.resolution
        return from_micros(to_micros(at) // length * length)

    def first_part(self, at: datetime) -> datetime:
        """Return the beginning of the first part that still counts at *at*."""
        return self.part(at) - self.window

    def until(self, at: datetime) -> datetime:
        """Return when nobody asks any more for the part that *at* falls in."""
        return self.part(at) + self.window + self.window // _PARTS
