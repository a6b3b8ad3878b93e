"""What is shown of complaints: by the receipt, to officers, to the Ombudsman, to everybody.

Internal notes stand in what officers are shown and in nothing else, and no complaint is shown
beside another: links lead nowhere outside the office.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import attrs

from ikd.core.complaint.clocks import limits
from ikd.core.complaint.commands import Attachment
from ikd.core.complaint.complaint import Complaint, ComplaintLetter, Remark
from ikd.core.complaint.events import ComplaintFiled, ComplaintLinked, ComplaintNoted
from ikd.core.complaint.receipt import parse_receipt
from ikd.core.errors import IkdError, RefusedError
from ikd.core.ids import ENTROPY_BYTES, RecordId, draw_id
from ikd.core.ports import Look
from ikd.core.records.actor import Actor, Role
from ikd.core.records.case_record import CaseRecord
from ikd.core.records.journal import Entry, read_entry
from ikd.core.records.record import Record
from ikd.core.standard.channels import Complaints
from ikd.core.standard.deadlines import Deadline
from ikd.service.load import Loader
from ikd.service.parts import Parts
from ikd.service.record_reader import Reader
from ikd.service.requests import by_of, check_actor
from ikd.service.sealed_fields import Vault, holder_of
from ikd.service.waitlist import Waiting, Waitlist

_PAGE = 1000
NEXT_INSTANCE = (
    "UU 25/2009 pasal 46 ayat (2): pengadu dapat langsung kepada Ombudsman.",
    "UU 37/2008 pasal 24 ayat (1) huruf c: pengadu sudah melapor kepada penyelenggara.",
)
"""Both sentences, since they differ; which holds the Ombudsman says, and nobody here."""


@attrs.frozen(kw_only=True)
class FeeShown:
    """What the office published of its fee, shown to whoever says that money was asked for.

    Attributes:
        words: The fee in the office's words.
        clause: Clause that says so.
    """

    words: str
    clause: str | None


@attrs.frozen(kw_only=True)
class ComplaintReceipt:
    """What whoever filed a complaint keeps; it is the only way to see how the complaint stands.

    Attributes:
        receipt: The complaint's own secret: five groups of four signs.
        complaint_id: The complaint.
        office: Name of the office.
        message: Kind of message in the office's word.
        received_at: When it was received.
        answerable: Whether it can be answered; an anonymous one can't.
        fee: What the office published of its fee, where money was asked for.
    """

    receipt: str = attrs.field(repr=False)
    complaint_id: RecordId
    office: str
    message: str
    received_at: datetime
    answerable: bool
    fee: FeeShown | None = None


@attrs.frozen(kw_only=True)
class TextShown:
    """Something that was written, as it is shown.

    Attributes:
        at: When.
        text: The words; empty where there were none.
        about: ``answer``, ``closed``, ``not_ours``, ``handed_over``, ``reply`` or ``note``.
        by: Medium of what was told; officer who wrote a note; ``None`` for a reply.
        waits: Whether an officer still has to hand it over.
    """

    at: datetime
    text: str = attrs.field(repr=False)
    about: str
    by: str | None = None
    waits: bool = False


@attrs.frozen(kw_only=True)
class ComplaintView:
    """How a complaint stands, for whoever holds its receipt.

    Attributes:
        id: The complaint.
        office: Name of the office.
        message: Kind of message in the office's word.
        channel: Channel it came by.
        naming: ``named``, ``secret`` or ``anonymous``.
        status: Its status as a word.
        ending: How it ended, if it did.
        received_at: When it was received.
        waiting: Who moves it next, until when, and the limits that run.
        told: What was told and replied, oldest first.
        reference: Its number at SP4N-LAPOR!, where it was handed over.
        team: Who handles it.
        addressee: To whom the channel's messages are addressed, as published.
        fee: What the office published of its fee, where money was asked for.
    """

    id: RecordId
    office: str
    message: str
    channel: str
    naming: str
    status: str
    ending: str | None
    received_at: datetime
    waiting: Waiting
    told: tuple[TextShown, ...]
    reference: str | None = None
    team: str | None = None
    addressee: str | None = None
    fee: FeeShown | None = None


@attrs.frozen(kw_only=True)
class ComplaintFile:
    """Everything about a complaint, for an officer of its office.

    Attributes:
        view: What whoever holds the receipt is shown.
        text: What was complained of.
        name: The complainant's name, where it was given.
        address: Their postal address.
        email: Their e-mail address.
        phone: Their number.
        handle: Their name in a social network.
        answer_by: Medium of the answer.
        assigned: Whom it was given to.
        category: Its class.
        concerns: Officer whom it is about.
        levy: Whether it says that money was asked for.
        rating: What the complainant thought of the handling.
        notes: Internal notes.
        attachments: Files that came with it.
        links: Complaints about the same thing.
        unpublished: What no text published of it: its ``channel`` or its ``kind``.
    """

    view: ComplaintView
    text: str = attrs.field(repr=False)
    name: str = attrs.field(repr=False)
    address: str = attrs.field(repr=False)
    email: str = attrs.field(repr=False)
    phone: str = attrs.field(repr=False)
    handle: str = attrs.field(repr=False)
    answer_by: str
    assigned: str | None
    category: str | None
    concerns: str | None
    levy: bool
    rating: int | None
    notes: tuple[TextShown, ...]
    attachments: tuple[Attachment, ...]
    links: tuple[RecordId, ...]
    unpublished: tuple[str, ...]


@attrs.frozen(kw_only=True)
class DossierStep:
    """Something that happened to a complaint.

    Attributes:
        at: When.
        event: Its name in the journal.
    """

    at: datetime
    event: str


@attrs.frozen(kw_only=True)
class ComplaintDossier:
    """What helps at the Ombudsman: what was asked, when, what came of it, what was promised.

    Attributes:
        complaint: How it stands, with everything that was told and replied.
        decree: Number of the decree that published the standard, where it has one.
        standard: SHA-256 of the version of the standard that rules it.
        steps: What happened, oldest first.
        limits: What is left of every limit of the running period, kept ones included.
        reopened: How often it was reopened.
        law: Where one may turn next, as both laws say it; none of them asks to wait first.
    """

    complaint: ComplaintView
    decree: str | None
    standard: str
    steps: tuple[DossierStep, ...]
    limits: tuple[Deadline, ...]
    reopened: int
    law: tuple[str, ...] = NEXT_INSTANCE


@attrs.frozen(kw_only=True)
class ComplaintCount:
    """How many messages of one kind an office received in one month; no person is in it.

    Attributes:
        month: ``YYYY-MM``, in the office's zone.
        message: Kind of message.
        received: How many came.
        open: How many of them aren't closed.
        solved: How many ended as solved.
        late: How many of them broke a limit in the period that runs or ran last.
    """

    month: str
    message: str
    received: int
    open: int
    solved: int
    late: int


@attrs.frozen
class ComplaintDesk:
    """Shows complaints of one service; *keep* keeps a refusal for security."""

    parts: Parts
    keep: Callable[[IkdError, Actor, RecordId | None], None]

    def receipt(self, record: Record, events: tuple[object, ...]) -> ComplaintReceipt | None:
        """Return the receipt of a complaint that was filed just now, or by a repeat of that."""
        if not isinstance(record, Complaint):
            return None
        if not any(isinstance(happened, ComplaintFiled) for happened in events):
            return None
        told = Vault(self.parts).told(record, record.told_id)
        return ComplaintReceipt(
            receipt=told["receipt"],
            complaint_id=record.id,
            office=self.parts.standard(record.standard).name,
            message=record.message,
            received_at=record.received_at,
            answerable=not record.is_anonymous,
            fee=self._fee(record),
        )

    def by_receipt(self, receipt: str, actor: Actor) -> ComplaintView:
        """Return how the complaint stands that *receipt* belongs to.

        Raises:
            InputError: No receipt has that form (``receipt.form``).
            RefusedError: It belongs to none (``complaint.receipt``).
        """
        wanted = parse_receipt(receipt)
        found = holder_of(self.parts, wanted)
        record = Loader(self.parts).record(Complaint, found)
        if record is None:
            refusal = RefusedError("complaint.receipt", "no complaint has that receipt")
            self.keep(refusal, check_actor(actor), None)
            raise refusal
        return self._view(record)

    def file(self, complaint_id: str, actor: Actor) -> ComplaintFile:
        """Return everything about a complaint; each look is written down before it is shown."""
        record = self._record(complaint_id, actor)
        told = Vault(self.parts).told(record, record.told_id)
        names = ("text", "name", "address", "email", "phone", "handle")
        shown = ComplaintFile(
            view=self._view(record),
            **{name: told.get(name, "") for name in names},
            answer_by=record.answer_by,
            assigned=record.assigned,
            category=record.category,
            concerns=record.concerns,
            levy=record.levy,
            rating=record.rating,
            notes=tuple(self._remark(record, note, "note") for note in record.notes),
            attachments=tuple(
                Attachment(reference=reference, size=size, digest=digest)
                for reference, size, digest in told.get("attachments", ())
            ),
            links=record.links,
            unpublished=record.unpublished,
        )
        self.parts.store.look(self._look(record, actor, [name for name in names if name in told]))
        return shown

    def _record(self, complaint_id: str, actor: Actor) -> Complaint:
        record = Reader(self.parts, self.keep).record(complaint_id, Complaint.kind, actor)
        assert isinstance(record, Complaint)  # noqa: S101 - of that kind
        return record

    def deadlines(self, complaint_id: str, actor: Actor) -> tuple[Deadline, ...]:
        """Return what is left of every limit of the running period, those that were kept too."""
        record = self._record(complaint_id, actor)
        standard, now = self.parts.standard(record.standard), self.parts.clock.now()
        return limits(record, standard, now, self.parts.days_off)

    def dossier(self, named: str, actor: Actor) -> ComplaintDossier:
        """Return what helps at the Ombudsman; *named* is a resident's receipt, an officer's id."""
        by_receipt = check_actor(actor).role is Role.RESIDENT
        found = self.by_receipt(named, actor).id if by_receipt else named
        record = self._record(found, Actor.system() if by_receipt else actor)
        standard, now = self.parts.standard(record.standard), self.parts.clock.now()
        stored = self.parts.store.entries(record.kind, record.id)
        history = [read_entry(one, self.parts.kinds.events) for one in stored]
        decree = standard.decree.number if standard.decree else None
        return ComplaintDossier(
            complaint=self._view(record),
            decree=decree.value if decree else None,
            standard=record.standard,
            steps=tuple(
                DossierStep(at=entry.at, event=entry.event.journal_name)
                for entry in history
                if _told(entry)
            ),
            limits=limits(record, standard, now, self.parts.days_off),
            reopened=record.reopened,
        )

    def summary(self, office: str) -> tuple[ComplaintCount, ...]:
        """Return how many messages an office received, by month and kind; anybody may see it."""
        zone = self.parts.office(office).tz
        counted: dict[tuple[str, str], Counter[str]] = {}
        for record in self._all(office):
            month = f"{record.received_at.astimezone(zone):%Y-%m}"
            row = counted.setdefault((month, record.message), Counter())
            row.update(self._marks(record))
        return tuple(
            ComplaintCount(
                month=month,
                message=message,
                **{name: row[name] for name in ("received", "open", "solved", "late")},
            )
            for (month, message), row in sorted(counted.items())
        )

    def _all(self, office: str) -> Iterator[Complaint]:
        after: RecordId | None = None
        while page := self.parts.store.find(
            Complaint.kind, office=office, status=None, limit=_PAGE, after=after
        ):
            for found in page:
                record = Loader(self.parts).record(Complaint, found.id)
                if record is not None:
                    yield record
            after = page[-1].id

    def _marks(self, record: Complaint) -> Iterator[str]:
        yield "received"
        if record.is_live:
            yield "open"
        if record.ending == "solved":
            yield "solved"
        standard, now = self.parts.standard(record.standard), self.parts.clock.now()
        if any(one.breached for one in limits(record, standard, now, self.parts.days_off)):
            yield "late"

    # --- parts of what is shown -----------------------------------------------------------

    def _view(self, record: Complaint) -> ComplaintView:
        standard = self.parts.standard(record.standard)
        waitlist = Waitlist(self.parts, self.keep)
        published = standard.complaints or Complaints()
        channel = published.channel(record.channel)
        addressee = channel.addressee if channel else None
        told = [self._letter(record, letter) for letter in record.letters]
        told += [self._remark(record, reply, "reply") for reply in record.replies]
        return ComplaintView(
            id=record.id,
            office=standard.name,
            message=record.message,
            channel=record.channel,
            naming=record.naming,
            status=record.status.value,
            ending=record.ending,
            received_at=record.received_at,
            waiting=waitlist.told(record, self.parts.clock.now(), ()),
            told=tuple(sorted(told, key=lambda one: one.at)),
            reference=record.reference,
            team=published.team.value if published.team else None,
            addressee=addressee.value if addressee else None,
            fee=self._fee(record),
        )

    def _letter(self, record: Complaint, letter: ComplaintLetter) -> TextShown:
        return TextShown(
            at=letter.at,
            text=self._words(record, letter.text_id),
            about=letter.about,
            by=letter.medium,
            waits=letter.waits,
        )

    def _remark(self, record: Complaint, remark: Remark, about: str) -> TextShown:
        words = self._words(record, remark.text_id)
        return TextShown(at=remark.at, text=words, about=about, by=remark.by)

    def _words(self, record: CaseRecord, text_id: RecordId | None) -> str:
        words: Mapping[str, str] = {}
        if text_id is not None:
            words = Vault(self.parts).told(record, text_id)
        return words.get("text", "")

    def _fee(self, record: Complaint) -> FeeShown | None:
        """Return what the office published of the fee, for who says that money was asked for."""
        fee = self.parts.standard(record.standard).fee if record.levy else None
        if fee is None:
            return None
        words = fee.words.value if fee.words else f"Rp {fee.amount.value}"
        return FeeShown(words=words, clause=(fee.words or fee.amount).clause)

    def _look(self, record: Complaint, actor: Actor, fields: list[str]) -> Look:
        return Look(
            id=draw_id(self.parts.entropy(ENTROPY_BYTES), "look"),
            time=self.parts.clock.now(),
            actor=by_of(actor, self.parts.keys.secrets("pseudonym")[0]).id,
            office=actor.office,
            kind=record.kind,
            record=record.id,
            fields=" ".join(fields),
            purpose="complaint",
        )


def _told(entry: Entry) -> bool:
    """Say whether an outward view may tell that it happened: internal notes and links aren't."""
    return not isinstance(entry.event, ComplaintNoted | ComplaintLinked)
