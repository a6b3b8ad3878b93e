"""What happens to a complaint. What was written stands in none of them, not even sealed."""

from __future__ import annotations

from datetime import datetime

import attrs

from ikd.core.complaint.complaint import Ending, Naming
from ikd.core.ids import RecordId
from ikd.core.records.event import Event, event
from ikd.core.standard.channels import HandlingName
from ikd.core.standard.national import ComplaintClass


@event("complaint.filed/1")
@attrs.frozen(kw_only=True)
class ComplaintFiled(Event):
    """A complaint was received; *standard* pins the version of the office's standard.

    Attributes:
        complaint_id: The complaint.
        office: The office.
        standard: Digest of the version of the standard that rules it for good.
        data_key_id: Name of the data key that seals what belongs to it.
        told_id: Name of what was told, sealed.
        message: Kind of message in the office's word.
        channel: Channel it came by.
        naming: ``named``, ``secret`` or ``anonymous``.
        levy: Whether it says that money was asked for.
        contacts: Which of ``email`` and ``phone`` were given.
        attachments: How many came with it.
        answer_by: Medium of the answer.
        concerns: Officer whom it is about.
        received_at: When it was received: earlier than it was filed where a paper had lain.
        reason: Why an earlier receipt was entered.
        officer: Who took it, where an officer did.
        notes: What no text published of it: its ``channel`` or its ``kind``.
        team: Who handles it, as published.
    """

    complaint_id: RecordId
    office: str
    standard: str
    data_key_id: RecordId = attrs.field(repr=False)
    told_id: RecordId = attrs.field(repr=False)
    message: str
    channel: str
    naming: Naming
    levy: bool
    contacts: tuple[str, ...]
    attachments: int
    answer_by: str
    concerns: str | None
    received_at: datetime
    reason: str | None = None
    officer: str | None = None
    notes: tuple[str, ...] = ()
    team: str | None = None


@event("complaint.assigned/1")
@attrs.frozen(kw_only=True)
class ComplaintAssigned(Event):
    """It was given to a part of the office.

    Attributes:
        to: The division, team or officer.
        officer: Who gave it.
    """

    to: str
    officer: str


@event("complaint.classified/1")
@attrs.frozen(kw_only=True)
class ComplaintClassified(Event):
    """It was read, and has a class from now on; its clocks still count from the receipt.

    Attributes:
        category: The class.
        concerns: Officer whom it is about, where that was seen on reading.
        officer: Who classified it.
    """

    category: ComplaintClass
    concerns: str | None
    officer: str


@event("complaint.step_done/1")
@attrs.frozen(kw_only=True)
class ComplaintStepDone(Event):
    """A step of the follow-up was done.

    Attributes:
        step: ``verify``, ``follow_up``, ``coordinate`` or ``sanction``.
        clause: Clause that publishes the step, where one does.
        officer: Who did it.
    """

    step: HandlingName
    clause: str | None
    officer: str


@event("complaint.noted/1")
@attrs.frozen(kw_only=True)
class ComplaintNoted(Event):
    """An officer wrote an internal note.

    Attributes:
        text_id: Name of its words, sealed.
        officer: Who.
    """

    text_id: RecordId = attrs.field(repr=False)
    officer: str


@event("complaint.linked/1")
@attrs.frozen(kw_only=True)
class ComplaintLinked(Event):
    """An officer saw that another complaint is about the same thing.

    Attributes:
        other_id: The other one.
        officer: Who.
    """

    other_id: RecordId
    officer: str


@event("complaint.answered/1")
@attrs.frozen(kw_only=True)
class ComplaintAnswered(Event):
    """It was answered.

    Attributes:
        text_id: Name of the answer's words, sealed.
        medium: By which it goes.
        by_hand: Whether a person must do it.
        silent_at: When the complaint closes if nobody replies; told by whoever hands it over.
        officer: Who answered.
    """

    text_id: RecordId = attrs.field(repr=False)
    medium: str
    by_hand: bool
    silent_at: datetime | None
    officer: str


@event("complaint.answer_handed_over/1")
@attrs.frozen(kw_only=True)
class AnswerHandedOver(Event):
    """An officer did what only a person can: posted a letter, wrote in a social network.

    Attributes:
        medium: How it was done.
        silent_at: When an answered complaint closes if nobody replies.
        officer: Who.
    """

    medium: str
    silent_at: datetime | None
    officer: str


@event("complaint.answer_undelivered/1")
@attrs.frozen(kw_only=True)
class AnswerUndelivered(Event):
    """What was sent reached nobody: an officer must do it now, and no silence is counted.

    Attributes:
        text_id: Name of its words.
        code: What went wrong.
    """

    text_id: RecordId = attrs.field(repr=False)
    code: str


@event("complaint.replied/1")
@attrs.frozen(kw_only=True)
class ComplaintReplied(Event):
    """The complainant added something; what was answered is open again.

    Attributes:
        text_id: Name of its words, sealed.
    """

    text_id: RecordId = attrs.field(repr=False)


@event("complaint.rated/1")
@attrs.frozen(kw_only=True)
class ComplaintRated(Event):
    """The complainant said what they thought of the handling.

    Attributes:
        rating: 1 (bad) to 5 (good).
    """

    rating: int


@event("complaint.handed_over/1")
@attrs.frozen(kw_only=True)
class ComplaintHandedOver(Event):
    """It was handed over to SP4N-LAPOR!.

    Attributes:
        reference: The number it has there.
        medium: By which the complainant is told; ``None`` where nobody can be.
        by_hand: Whether a person must tell them.
        officer: Who handed it over.
    """

    reference: str
    medium: str | None
    by_hand: bool
    officer: str


@event("complaint.returned/1")
@attrs.frozen(kw_only=True)
class ComplaintReturned(Event):
    """SP4N-LAPOR! gave it back.

    Attributes:
        reason: Why, in one line.
        officer: Who noted it.
    """

    reason: str
    officer: str


@event("complaint.closed/1")
@attrs.frozen(kw_only=True)
class ComplaintClosed(Event):
    """It is closed by an officer.

    Attributes:
        ending: ``solved``, ``unfounded`` or ``not_ours``.
        text_id: Name of the words that go with it, sealed: the right address, say.
        medium: By which the complainant is told; ``None`` where nobody can be.
        by_hand: Whether a person must tell them.
        officer: Who closed it.
    """

    ending: Ending
    text_id: RecordId = attrs.field(repr=False)
    medium: str | None
    by_hand: bool
    officer: str


@event("complaint.fell_silent/1")
@attrs.frozen(kw_only=True)
class ComplaintFellSilent(Event):
    """Nobody replied to the answer in time: it is closed by silence, which isn't solved."""


@event("complaint.reopened/1")
@attrs.frozen(kw_only=True)
class ComplaintReopened(Event):
    """The complainant opened it again: a period of its own begins, the old one stays as it was.

    Attributes:
        text_id: Name of their words, sealed.
        number: How often it was reopened.
    """

    text_id: RecordId = attrs.field(repr=False)
    number: int


EVENTS = (
    ComplaintFiled,
    ComplaintAssigned,
    ComplaintClassified,
    ComplaintStepDone,
    ComplaintNoted,
    ComplaintLinked,
    ComplaintAnswered,
    AnswerHandedOver,
    AnswerUndelivered,
    ComplaintReplied,
    ComplaintRated,
    ComplaintHandedOver,
    ComplaintReturned,
    ComplaintClosed,
    ComplaintFellSilent,
    ComplaintReopened,
)
