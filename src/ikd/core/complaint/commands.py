"""What may be asked of a complaint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs
from attrs.converters import optional

from ikd.core.activation.commands import SHORT_TEXT, to_email, to_phone
from ikd.core.complaint.complaint import NAMINGS, Ending, Naming
from ikd.core.complaint.receipt import parse_receipt
from ikd.core.errors import InputError
from ikd.core.ids import RecordId, parse_id
from ikd.core.records.actor import Role
from ikd.core.records.declaration import Command, Declared, Need
from ikd.core.resident.contact import Email, Phone
from ikd.core.resident.free_text import fit_text, without_niks
from ikd.core.standard.channels import HandlingName
from ikd.core.standard.national import CLASSES, ComplaintClass
from ikd.core.timing import aware_field
from ikd.core.validators import flag, one_line, one_of, valid, whole

LONGEST = 8000  # characters of one text: four pages
_STEPS: tuple[HandlingName, ...] = ("verify", "follow_up", "coordinate", "sanction")
_ENDINGS: tuple[Ending, ...] = ("solved", "unfounded", "not_ours")
_REFERENCE = valid(
    "command",
    "4 to 40 letters, digits and -",
    lambda value: (
        isinstance(value, str)
        and 4 <= len(value) <= 40
        and value.isascii()
        and value.replace("-", "").isalnum()
    ),
)
_DIGEST = valid("command", "32 bytes", lambda v: type(v) is bytes and len(v) == 32)
_OFFICER = frozenset({Role.OPERATOR})


def _text(value: str) -> str:
    return fit_text("text", value, LONGEST, lines=True)


def _name(value: str) -> str:
    return fit_text("name", value, 100)


def _address(value: str) -> str:
    return fit_text("address", value, 300)


def _handle(value: str) -> str:
    return fit_text("handle", value, 100)


def _line(value: str) -> str:
    """Return what may stand in a journal: no NIK is left in it."""
    return without_niks(value) if isinstance(value, str) else value


@attrs.frozen(kw_only=True)
class Attachment:
    """Not a command by itself: a file that came with a complaint, which the front end keeps.

    Attributes:
        reference: How the front end finds it again.
        size: Bytes, 25 MiB at most.
        digest: SHA-256 of its bytes.
    """

    reference: str = attrs.field(repr=False, converter=_line, validator=one_line("command", 200))
    size: int = attrs.field(validator=whole("command", 1, 25 * 1024 * 1024))
    digest: bytes = attrs.field(
        repr=False,
        validator=valid(
            "command", "32 bytes", lambda value: type(value) is bytes and len(value) == 32
        ),
    )

    @classmethod
    def of(cls, reference: str, data: bytes) -> Attachment:
        """Return what is stated of a file that holds *data*."""
        return cls(reference=reference, size=len(data), digest=hashlib.sha256(data).digest())

    def check(self, data: bytes) -> None:
        """Refuse *data* that isn't what was attached (``complaint.attachment``)."""
        if hashlib.sha256(data).digest() != self.digest:
            raise InputError("complaint.attachment", "not the file that was attached")


def _attached(value: Sequence[Attachment]) -> tuple[Attachment, ...]:
    listed = tuple(value) if isinstance(value, list | tuple) else (None,)
    kept = tuple(one for one in listed if type(one) is Attachment)
    if len(kept) != len(listed) or len(kept) > 10:
        raise InputError("command.attachments", "at most 10, each an Attachment")
    return kept


@attrs.frozen(kw_only=True)
class OfComplaint(Command):
    """A command that addresses a complaint.

    Attributes:
        complaint_id: The complaint.
    """

    complaint_id: RecordId = attrs.field(converter=parse_id)


@Declared(by={Role.RESIDENT, Role.OPERATOR}, needs={Need.TEXT}, public="complaint_received")
@attrs.frozen(kw_only=True)
class FileComplaint(Command):
    """File a complaint at *office*, or take one that came to it.

    What the channel demands by the office's standard must be there. A channel or kind that isn't
    published is taken with a note. Numbers that may be a NIK are masked in every text.

    Leads to: ``ComplaintFiled``. The result holds the receipt.

    Attributes:
        office: Id of the office.
        channel: Channel it comes by: its id in the office's file, or its medium.
        message: Kind of message in the office's word: ``pengaduan``, ``aduan``, ``saran``.
        text: What is complained of, at most 8,000 characters.
        naming: ``named``, ``secret`` (the office knows, nobody else), or ``anonymous``, which
            takes no name and no contact, so that no answer is possible.
        name: The complainant's name.
        address: Their postal address.
        email: E-mail address, where they want to be answered by it.
        phone: Number of a mobile phone, where they want to be answered by it.
        handle: Their name in a social network, for an officer who answers there.
        answer_by: Medium of the answer; that of the channel, or a contact that was given, if
            nothing is said.
        levy: Whether it says that money was asked for.
        concerns: Officer whom it is about, as the front end names them.
        attachments: Files that came with it, at most 10.
        received_at: When it was received, where an officer takes what lay in a box.
        reason: Why that is earlier than now, in one line.
    """

    office: str = attrs.field(validator=SHORT_TEXT)
    channel: str = attrs.field(converter=_line, validator=SHORT_TEXT)
    message: str = attrs.field(converter=_line, validator=SHORT_TEXT)
    text: str = attrs.field(default="", repr=False, converter=_text)
    naming: Naming = attrs.field(default="named", validator=one_of("command", NAMINGS))
    name: str = attrs.field(default="", repr=False, converter=_name)
    address: str = attrs.field(default="", repr=False, converter=_address)
    email: Email | None = attrs.field(default=None, converter=optional(to_email))
    phone: Phone | None = attrs.field(default=None, converter=optional(to_phone))
    handle: str = attrs.field(default="", repr=False, converter=_handle)
    answer_by: str | None = attrs.field(
        default=None, converter=optional(_line), validator=SHORT_TEXT
    )
    levy: bool = attrs.field(default=False, validator=flag("command"))
    concerns: str | None = attrs.field(
        default=None, converter=optional(_line), validator=SHORT_TEXT
    )
    attachments: tuple[Attachment, ...] = attrs.field(
        default=(),
        converter=_attached,
    )
    received_at: datetime | None = attrs.field(
        default=None, validator=attrs.validators.optional(aware_field)
    )
    reason: str | None = attrs.field(default=None, converter=optional(_line), validator=SHORT_TEXT)

    def __attrs_post_init__(self) -> None:
        if self.naming == "anonymous" and any(
            (self.name, self.address, self.email, self.phone, self.handle, self.answer_by)
        ):
            raise InputError("command.naming", "an anonymous complaint has no name and no contact")
        if (self.received_at is None) != (self.reason is None):
            raise InputError("command.reason", "an earlier receipt and its reason belong together")

    def told(self) -> Mapping[str, object]:
        """Return what is sealed of it."""
        said = {
            "text": self.text,
            "name": self.name,
            "address": self.address,
            "handle": self.handle,
            "email": self.email.address if self.email else "",
            "phone": self.phone.e164 if self.phone else "",
            "attachments": [[one.reference, one.size, one.digest] for one in self.attachments],
        }
        return {name: value for name, value in said.items() if value}


@Declared(by=_OFFICER)
@attrs.frozen(kw_only=True)
class AssignComplaint(OfComplaint):
    """Give it to a part of the office.

    Leads to: ``ComplaintAssigned``.

    Attributes:
        complaint_id: The complaint.
        to: Division, team or officer, in one line.
    """

    to: str = attrs.field(converter=_line, validator=SHORT_TEXT)


@Declared(by=_OFFICER)
@attrs.frozen(kw_only=True)
class ClassifyComplaint(OfComplaint):
    """Say after reading which class it is of, by which the nation's limits go.

    Leads to: ``ComplaintClassified``.

    Attributes:
        complaint_id: The complaint.
        category: ``information``, ``ordinary`` or ``supervision``.
        concerns: Officer whom it is about, as the front end names them.
    """

    category: ComplaintClass = attrs.field(validator=one_of("command", CLASSES))
    concerns: str | None = attrs.field(
        default=None, converter=optional(_line), validator=SHORT_TEXT
    )


@Declared(by=_OFFICER)
@attrs.frozen(kw_only=True)
class StepComplaint(OfComplaint):
    """Note that a step of the follow-up was done.

    Leads to: ``ComplaintStepDone``.

    Attributes:
        complaint_id: The complaint.
        step: ``verify``, ``follow_up``, ``coordinate`` or ``sanction``.
    """

    step: HandlingName = attrs.field(validator=one_of("command", _STEPS))


@attrs.frozen(kw_only=True)
class _Telling(OfComplaint):
    """A command with words that are sealed."""

    text: str = attrs.field(repr=False, converter=_text)

    def __attrs_post_init__(self) -> None:
        if not self.text:
            raise InputError("command.text", "there must be words")

    def told(self) -> Mapping[str, object]:
        """Return what is sealed of it."""
        return {"text": self.text}


@Declared(by=_OFFICER, needs={Need.TEXT})
@attrs.frozen(kw_only=True)
class NoteComplaint(_Telling):
    """Write an internal note, which no outward view reads.

    Leads to: ``ComplaintNoted``.

    Attributes:
        complaint_id: The complaint.
        text: The note.
    """


@Declared(by=_OFFICER)
@attrs.frozen(kw_only=True)
class LinkComplaints(OfComplaint):
    """Note that two complaints of the office are about the same thing; neither is merged.

    Leads to: ``ComplaintLinked``, on both.

    Attributes:
        complaint_id: One.
        other_id: The other one.
    """

    other_id: RecordId = attrs.field(converter=parse_id)


@Declared(by=_OFFICER, needs={Need.TEXT})
@attrs.frozen(kw_only=True)
class AnswerComplaint(_Telling):
    """Answer it, by the medium that was asked for or another one.

    What ikd can't send itself waits for an officer, who does it and says so.

    Leads to: ``ComplaintAnswered``.

    Attributes:
        complaint_id: The complaint.
        text: The answer; by SMS or WhatsApp at most 600 characters.
        medium: By which it goes, if not as was asked for.
    """

    medium: str | None = attrs.field(default=None, converter=optional(_line), validator=SHORT_TEXT)


@Declared(by=_OFFICER)
@attrs.frozen(kw_only=True)
class HandOverAnswer(OfComplaint):
    """Note that what waited for a person was done: a letter was posted, a message written.

    Leads to: ``AnswerHandedOver``.

    Attributes:
        complaint_id: The complaint.
        medium: How it was done.
    """

    medium: str = attrs.field(converter=_line, validator=SHORT_TEXT)


@Declared(by=_OFFICER)
@attrs.frozen(kw_only=True)
class HandOverComplaint(OfComplaint):
    """Note that it was handed over to SP4N-LAPOR!.

    Leads to: ``ComplaintHandedOver``.

    Attributes:
        complaint_id: The complaint.
        reference: The number that it has there.
    """

    reference: str = attrs.field(validator=_REFERENCE)


@Declared(by=_OFFICER)
@attrs.frozen(kw_only=True)
class ReturnComplaint(OfComplaint):
    """Note that SP4N-LAPOR! gave it back.

    Leads to: ``ComplaintReturned``.

    Attributes:
        complaint_id: The complaint.
        reason: Why, in one line.
    """

    reason: str = attrs.field(converter=_line, validator=SHORT_TEXT)


@Declared(by=_OFFICER, needs={Need.TEXT})
@attrs.frozen(kw_only=True)
class CloseComplaint(_Telling):
    """Close it: ``solved`` or ``unfounded`` after the answer, ``not_ours`` with the right address.

    Leads to: ``ComplaintClosed``.

    Attributes:
        complaint_id: The complaint.
        ending: ``solved``, ``unfounded`` or ``not_ours``.
        text: What the complainant is told of it: where it is not ours, the right address.
    """

    ending: Ending = attrs.field(validator=one_of("command", _ENDINGS))


@attrs.frozen(kw_only=True)
class _ByReceipt(_Telling):
    """Words of whoever holds the receipt."""

    receipt: str = attrs.field(repr=False, converter=parse_receipt)


@Declared(by={Role.RESIDENT}, needs={Need.RECEIPT, Need.TEXT}, public="complaint_received")
@attrs.frozen(kw_only=True)
class ReplyComplaint(_ByReceipt):
    """Add something to a complaint that isn't closed; after an answer it is open again.

    Leads to: ``ComplaintReplied``.

    Attributes:
        complaint_id: The complaint.
        receipt: Its own secret.
        text: What is added.
    """


@Declared(by={Role.RESIDENT}, needs={Need.RECEIPT, Need.TEXT}, public="complaint_received")
@attrs.frozen(kw_only=True)
class ReopenComplaint(_ByReceipt):
    """Open a closed complaint again, within 60 days; a period of its own begins.

    Leads to: ``ComplaintReopened``.

    Attributes:
        complaint_id: The complaint.
        receipt: Its own secret.
        text: Why.
    """


@Declared(by={Role.RESIDENT}, needs={Need.RECEIPT})
@attrs.frozen(kw_only=True)
class RateComplaint(OfComplaint):
    """Say what one thinks of the handling, once it was answered; the last word counts.

    Leads to: ``ComplaintRated``.

    Attributes:
        complaint_id: The complaint.
        receipt: Its own secret.
        rating: 1 (bad) to 5 (good).
    """

    receipt: str = attrs.field(repr=False, converter=parse_receipt)
    rating: int = attrs.field(validator=whole("command", 1, 5))


@Declared(by={Role.SYSTEM})
@attrs.frozen(kw_only=True)
class ReportAnswerUndelivered(OfComplaint):
    """Report that an answer reached nobody; asked by delivery, once an answer.

    Leads to: ``AnswerUndelivered``, or nothing for one that an officer handed over meanwhile.

    Attributes:
        complaint_id: The complaint.
        text_id: Name of the answer's words.
        code: What went wrong last.
    """

    text_id: RecordId = attrs.field(converter=parse_id, repr=False)
    code: str = attrs.field(validator=SHORT_TEXT)


@Declared(by={Role.SYSTEM})
@attrs.frozen(kw_only=True)
class ComplaintTimePasses(OfComplaint):
    """Look whether nobody replied to an answer for so long that it closes; asked by the sweep.

    Leads to: ``ComplaintFellSilent`` or nothing.

    Attributes:
        complaint_id: The complaint.
    """


COMMANDS = (
    FileComplaint,
    AssignComplaint,
    ClassifyComplaint,
    StepComplaint,
    NoteComplaint,
    LinkComplaints,
    AnswerComplaint,
    HandOverAnswer,
    HandOverComplaint,
    ReturnComplaint,
    CloseComplaint,
    ReplyComplaint,
    ReopenComplaint,
    RateComplaint,
    ReportAnswerUndelivered,
    ComplaintTimePasses,
)
