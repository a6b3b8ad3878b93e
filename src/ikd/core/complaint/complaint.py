"""The record of one complaint, as its events have made it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import ClassVar, Literal

import attrs

from ikd.core.ids import RecordId
from ikd.core.records.case_record import CaseRecord
from ikd.core.standard.national import ComplaintClass

Naming = Literal["named", "secret", "anonymous"]
NAMINGS: tuple[Naming, ...] = ("named", "secret", "anonymous")
"""Known to all who handle it, to the office alone, or to nobody."""
Ending = Literal["solved", "unfounded", "not_ours", "silence"]
LetterAbout = Literal["answer", "closed", "not_ours", "handed_over"]


class ComplaintStatus(enum.Enum):
    """Where a complaint stands; which steps of the office's own were done is told beside it."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    HANDED_OVER = "HANDED_OVER"
    CLOSED = "CLOSED"


@attrs.frozen(kw_only=True)
class Remark:
    """Something that was written to a complaint: a reply of the complainant or an internal note.

    Attributes:
        at: When.
        text_id: Secret that holds the words, sealed.
        by: Officer who wrote it; ``None`` for the complainant.
    """

    at: datetime
    text_id: RecordId = attrs.field(repr=False)
    by: str | None = None


@attrs.frozen(kw_only=True)
class ComplaintLetter:
    """Something that was told to the complainant, or is owed to them by an officer.

    Attributes:
        about: ``answer``, ``closed``, ``not_ours`` or ``handed_over``.
        at: When it was written.
        medium: By which it goes.
        by_hand: Whether a person must do it: a letter, a box, a social network.
        handed_at: When that person did; ``None`` while it waits, and for what ikd sends itself.
        text_id: Secret that holds the words, sealed, where there are words of its own.
    """

    about: LetterAbout
    at: datetime
    medium: str
    by_hand: bool
    handed_at: datetime | None = None
    text_id: RecordId | None = attrs.field(default=None, repr=False)

    @property
    def waits(self) -> bool:
        """Whether an officer still owes it."""
        return self.by_hand and self.handed_at is None


@attrs.frozen(kw_only=True)
class Complaint(CaseRecord):
    """One complaint; nothing that somebody wrote or is reached by stands in it open.

    Attributes:
        status: Where it stands.
        told_id: Secret that holds what was told at the beginning: text, name, contacts.
        message: Kind of message in the office's word: ``pengaduan``, ``saran``.
        channel: Channel it came by: its id in the office's file, or the medium.
        naming: ``named``, ``secret`` or ``anonymous``.
        levy: Whether it says that money was asked for.
        contacts: Which of ``email`` and ``phone`` were given.
        answer_by: Medium of the answer.
        unpublished: What no text published of it: its ``channel`` or its ``kind``.
        concerns: Officer whom it is about, as the front end names them.
        received_at: When it was received.
        began_at: When the running period began: at receipt, or when it was reopened.
        assigned: Part of the office or officer that it was given to.
        category: Its class, once it was read.
        classified_at: When it got one.
        done: Steps of the follow-up that were done in the running period, in order.
        done_at: When each was.
        answered_at: When it was answered first in the running period.
        silent_at: When it closes if nobody replies to the answer.
        letters: What was told, or is owed by an officer.
        replies: What the complainant added.
        notes: Internal notes, which no outward view reads.
        links: Complaints about the same thing; each keeps its own clock and answer.
        reference: Number that SP4N-LAPOR! gave it, once it was handed over.
        handed_at: Since when it is with SP4N-LAPOR!, while it is.
        ending: How it ended: ``solved``, ``unfounded``, ``not_ours`` or ``silence``.
        closed_at: When.
        reopened: How often it was reopened.
        rating: What the complainant thought of the handling, 1 to 5.
    """

    kind: ClassVar[str] = "complaint"
    status: ComplaintStatus
    told_id: RecordId = attrs.field(repr=False)
    message: str
    channel: str
    naming: Naming
    answer_by: str
    received_at: datetime
    began_at: datetime
    levy: bool = False
    contacts: tuple[str, ...] = ()
    unpublished: tuple[str, ...] = ()
    concerns: str | None = None
    assigned: str | None = None
    category: ComplaintClass | None = None
    classified_at: datetime | None = None
    done: tuple[str, ...] = ()
    done_at: tuple[datetime, ...] = ()
    answered_at: datetime | None = None
    silent_at: datetime | None = None
    letters: tuple[ComplaintLetter, ...] = ()
    replies: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    links: tuple[RecordId, ...] = ()
    reference: str | None = None
    handed_at: datetime | None = None
    ending: Ending | None = None
    closed_at: datetime | None = None
    reopened: int = 0
    rating: int | None = None

    @property
    def due(self) -> datetime | None:
        """When nobody has replied to the answer for so long that it closes."""
        return self.silent_at if self.status is ComplaintStatus.ANSWERED else None

    @property
    def was_present(self) -> bool:
        """Never: nobody proves the contact of a complaint."""
        return False

    @property
    def is_live(self) -> bool:
        """Whether it isn't closed."""
        return self.status is not ComplaintStatus.CLOSED

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody knows who complains, so that nobody can be answered."""
        return self.naming == "anonymous"

    @property
    def owed_by_hand(self) -> tuple[ComplaintLetter, ...]:
        """What an officer still owes the complainant."""
        return tuple(letter for letter in self.letters if letter.waits)

    def done_on(self, step: str) -> datetime | None:
        """Return when *step* was done in the running period, or ``None``."""
        return dict(zip(self.done, self.done_at, strict=True)).get(step)
