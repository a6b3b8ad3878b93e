"""A record of one case at one office: what rules it, and under which key its texts are sealed."""

from __future__ import annotations

import attrs

from ikd.core.ids import RecordId
from ikd.core.records.record import Record


@attrs.frozen(kw_only=True)
class CaseRecord(Record):
    """A record of one case at one office, which is ruled by a version of its standard.

    Attributes:
        office: The office it belongs to.
        standard: Digest of the office's standard that rules it.
        data_key_id: Secret that holds the wrapped data key of what is sealed of it.
    """

    office: str
    standard: str
    data_key_id: RecordId = attrs.field(repr=False)

    @property
    def told_id(self) -> RecordId | None:
        """Secret that holds what was told, where the kind keeps that apart from its records."""
        return None

    @property
    def was_present(self) -> bool:
        """Whether its owner came to a counter; until then anybody may have typed the contact."""
        return True
