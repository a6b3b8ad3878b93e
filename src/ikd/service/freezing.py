"""Freezing a record that isn't what was written: noted by the house, and used by nothing."""

from __future__ import annotations

import logging

import attrs

from ikd.core.errors import IkdError
from ikd.core.house.commands import FreezeRecord
from ikd.core.house.house import House
from ikd.core.ids import ENTROPY_BYTES, draw_id
from ikd.core.ports import Row
from ikd.core.records.actor import Actor
from ikd.service.delivery_outcome import Handle
from ikd.service.load import retold
from ikd.service.parts import Parts

_LOG = logging.getLogger("ikd")


@attrs.frozen
class Freezer:
    """Freezes for one service; *handle* takes its commands."""

    parts: Parts
    handle: Handle

    def met(self, row: Row) -> None:
        """Freeze the record of *row*; failing to hides nothing: it is refused all the same."""
        if row.kind == House.kind:
            return  # nothing can be noted in a house that can't be believed
        key = draw_id(self.parts.entropy(ENTROPY_BYTES), "freeze")
        try:
            told = retold(self.parts, row.kind, row.id)
            command = FreezeRecord(
                office=next(iter(self.parts.offices)),
                kind=row.kind,
                record_id=row.id,
                whose=None if told is None else told.record.office,
            )
            self.handle(command, Actor.system(), f"freeze/{key}", ())
        except IkdError as failure:
            _LOG.warning("a %s couldn't be frozen: %s", row.kind, failure.code)
