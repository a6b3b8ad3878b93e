"""An office's published standard as one value, pinned by the digest of its text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import attrs

from ikd.core.errors import InputError, OfficeFileError
from ikd.core.standard.about import About, Decree, Fee, Words
from ikd.core.standard.biometric import Biometric
from ikd.core.standard.calendar import Calendar, DaysOff, no_days_off
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.channels import Complaints
from ikd.core.standard.checked import Fault
from ikd.core.standard.checks import cross_faults, head_faults
from ikd.core.standard.complaintclock import complaint_deadlines
from ikd.core.standard.deadlines import Days, Deadline, Pause, measure
from ikd.core.standard.file_text import canonical_text, read_text
from ikd.core.standard.filelines import lines_of
from ikd.core.standard.findings import Finding
from ikd.core.standard.formats import Data, as_read, newest_format
from ikd.core.standard.grounds import Sourced
from ikd.core.standard.lifetimes import CredentialTerms, Lives
from ikd.core.standard.media import Rejection
from ikd.core.standard.pin_terms import PinTerms, SignInTerms
from ikd.core.standard.presence_terms import Officer, Presence
from ikd.core.standard.quotas import Quotas
from ikd.core.standard.registration import Registration
from ikd.core.standard.requirements import Requirement
from ikd.core.standard.sla import Sla
from ikd.core.standard.source_texts import Component, Informative, Recovery, SourceText
from ikd.core.standard.steps import Published, Step, StepName
from ikd.core.structure import structure_file, unknown
from ikd.core.timing import aware


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Office:
    """A regional office and what it promised; everything absent is unstated.

    Two offices are equal when their texts are: what is pinned is the text. What each part means
    stands at its own class.

    Attributes:
        id: Short name by which programmes know the office: 2 to 32 lower-case letters, digits,
            ``-`` and ``_``, a letter first. A station's id adds to it up to 40.
        laws: Laws that the standard names.
        text: The text of the file, which is what a case pins.
        format: Version of the file format that the text says, and is read by.
        about: Name, kind and zone of the office, and what it serves.
        steps: The steps in the order of the text.
        presence: The visit: who reads whose QR, and where.
        registration: What is filled in and agreed to.
        biometric: Methods, thresholds and tries.
        pin: The PIN: its word, life, budget, media and buttons.
        rejection: How a rejection is told.
        sign_in: The first sign-in, where one is published.
        requirements: What residents must meet; ``None`` where the text lists nothing.
        words: The office's own words for things.
        decree: The decree that published the standard.
        fee: What it costs, where that is published.
        sla: The limits of time, where any are published.
        calendar: Days and hours of work.
        complaints: Where complaints go, and the limits for them.
        lives: How long drafts and sent PINs live.
        quotas: How often a door lets somebody in whom nobody has seen.
        credential: What credentials show, and for how long.
        officers: Officers whom the text names.
        recovery: What to do when a phone or PIN is lost.
        components: Parts of the service that the text lists.
        evidence: Papers that it asks for.
        informative: What it says that binds nobody.
    """

    text: str
    format: int
    id: str
    about: About
    steps: tuple[Step, ...]
    presence: Presence
    registration: Registration = attrs.field(factory=Registration)
    biometric: Biometric = attrs.field(factory=Biometric)
    pin: PinTerms = attrs.field(factory=PinTerms)
    rejection: Rejection = attrs.field(factory=Rejection)
    sign_in: SignInTerms | None = None
    requirements: tuple[Requirement, ...] | None = None
    words: Words = attrs.field(factory=Words)
    decree: Decree | None = None
    fee: Fee | None = None
    sla: Sla | None = None
    calendar: Calendar = attrs.field(factory=Calendar)
    complaints: Complaints | None = None
    lives: Lives = attrs.field(factory=Lives)
    quotas: Quotas = attrs.field(factory=Quotas)
    credential: CredentialTerms = attrs.field(factory=CredentialTerms)
    officers: tuple[Officer, ...] = ()
    recovery: tuple[Recovery, ...] = ()
    components: tuple[Component, ...] = ()
    laws: tuple[Sourced[str], ...] = ()
    evidence: tuple[SourceText, ...] = ()
    informative: tuple[Informative, ...] = ()

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Office) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"<Office {self.id} {self.digest[:8]}>"

    @property
    def digest(self) -> str:
        """SHA-256 of the text in hexadecimal, by which a case pins its standard."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def name(self) -> str:
        """Name of the office: with its city where that is published."""
        return (self.about.full_name or self.about.name).value

    @property
    def region(self) -> str:
        """Code of the city or regency, like ``13.76``."""
        return self.about.region.value

    @property
    def zone(self) -> str:
        """Key of the time zone, like ``Asia/Jakarta``."""
        return self.about.zone.value

    @property
    def tz(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.zone)

    @property
    def person(self) -> str:
        """What residents are called here: Penduduk, Pemohon."""
        return self.words.person.value

    @property
    def service_name(self) -> str:
        """Name of the service."""
        return self.words.service.value

    @property
    def product(self) -> str:
        """Name of what one gets."""
        return self.words.product.value

    @property
    def procedure(self) -> tuple[Published, ...]:
        """The published items, in their own order."""
        items = [item for step in self.steps for item in step.published]
        return tuple(sorted(items, key=lambda item: item.number))

    def step(self, name: StepName) -> Step | None:
        """Return the step of that name, or None when this office has none."""
        return next((step for step in self.steps if step.name == name), None)

    @property
    def begins(self) -> str | None:
        """The day, month or year from which it is served; None where the text states none.

        The first format didn't keep it: what such a file says is served at once.
        """
        stated = self.decree.effective_from if self.decree else None
        return stated.value if stated is not None and self.format > 1 else None

    @property
    def review(self) -> Step | None:
        """The ministry's review, where this office has that step."""
        return self.step("ministry_review")

    @property
    def decision(self) -> Step:
        """The decision; every office has one."""
        return next(step for step in self.steps if step.name == "decision")

    def requirement_texts(self, name: str) -> tuple[str, str]:
        """Return the requirement of that id as residents read it, in Indonesian and English."""
        rows = (row for row in self.requirements or () if row.id == name)
        return next(((row.text, row.text_en) for row in rows), (name, name))

    def check(self, candidate: Candidate) -> tuple[Finding, ...]:
        """Return everything that stands against *candidate*, in the order of the text."""
        found = (requirement.weigh(candidate) for requirement in self.requirements or ())
        return tuple(item for item in found if item.outcome != "met")

    def waived_on(self, day: date) -> tuple[StepName, ...]:
        """Return the steps that aren't in force on *day*: a biometric of which no method is yet."""
        methods = self.biometric.methods
        later = bool(methods) and not any(method.in_force(day) for method in methods)
        return ("biometric",) if later and self.step("biometric") else ()

    @property
    def clock_starts(self) -> frozenset[str]:
        """The events from which a limit of this office counts."""
        clauses = () if self.sla is None else self.sla.clauses
        return frozenset(clause.start.value for clause in clauses)

    @property
    def pause_reasons(self) -> frozenset[str]:
        """The reasons for which a clock of this office can stand."""
        clauses = () if self.sla is None else self.sla.clauses
        return frozenset(row.reason for clause in clauses for row in clause.pauses)

    def complaint_deadlines(
        self,
        kind: str,
        received_at: datetime,
        now: datetime,
        *,
        verified_at: datetime | None = None,
    ) -> tuple[Deadline, ...]:
        """Return what is left of this office's own limits on following up one complaint.

        It is for desks that keep complaints of their own; of one that ikd keeps, the service tells
        its deadlines. The limits run by the wall clock, and "about" is broken only when its
        tolerance is over too.

        Args:
            kind: The kind of message, in the office's word: ``aduan``.
            received_at: When it was received.
            now: When to measure; for one that was followed up, when that was.
            verified_at: When it was verified; what counts from there doesn't run before.

        Returns:
            Every limit for that kind whose clock runs, in the order of the text; none where the
            office published none.

        Raises:
            InputError: A time without its zone (``time.naive``), or a kind that this office, which
                publishes some, doesn't (``complaint.kind``): no limit can be told of it.
        """
        starts = {"received": aware(received_at)}
        if verified_at is not None:
            starts["verified"] = aware(verified_at)
        told = self.complaints or Complaints()
        if told.kinds and kind not in told.published_kinds:
            raise InputError("complaint.kind", f"here: {', '.join(told.published_kinds)}")
        return complaint_deadlines(told, kind, starts, aware(now))


def check_reasons(office: Office, pauses: Sequence[Pause]) -> None:
    """Refuse a pause for a reason that no limit of *office* names: it would count for nothing.

    Raises:
        InputError: There is one (``pauses.reason``).
    """
    known = sorted(office.pause_reasons)
    for pause in pauses:
        if pause.reason not in known:
            raise InputError("pauses.reason", f"here {', '.join(known) or 'nothing'} stops a clock")


def deadlines(
    office: Office,
    started_at: datetime,
    now: datetime,
    pauses: Sequence[Pause] = (),
    starts: Mapping[str, datetime] | None = None,
    *,
    days_off: DaysOff = no_days_off,
) -> tuple[Deadline, ...]:
    """Return what is left of every limit of *office* whose clock runs, in the order of its text.

    Args:
        office: The office.
        started_at: When the case was registered.
        now: When to measure; for a finished case, when it was finished.
        pauses: Times in which a clock stood, each with its reason.
        starts: When other events happened that start a clock, by their name.
        days_off: Tells the nation's holidays of a year; without it none is known, and the label
            of a limit in working days says so.

    Returns:
        The limits; none for an office that published none.

    Raises:
        InputError: A pause has a reason that no limit of the office names (``pauses.reason``).
    """
    check_reasons(office, pauses)
    began = {**(starts or {}), "registered": started_at}
    if office.sla is None:
        return ()
    days = Days(calendar=office.calendar, zone=office.tz, off=days_off)
    return measure(office.sla, began, now, pauses, days)


def parse_office_text(text: str) -> Office:
    """Return the office that a TOML text describes; the text itself is what is pinned.

    The canonical JSON that pins an office made from a mapping is read as well. The rules are those
    of the format that the text says, for ever.

    Raises:
        OfficeFileError: With every fault of the text.
    """
    try:
        return _office(read_text(text), text)
    except OfficeFileError as error:
        faults = error.faults
    raise OfficeFileError(faults, lines_of(text, tuple(path for path, _ in faults)))


def parse_office(data: Mapping[str, object]) -> Office:
    """Return the office that a mapping describes; its canonical JSON is what is pinned.

    Raises:
        OfficeFileError: With every fault of the mapping.
    """
    return parse_office_text(canonical_text(data))


def newer_faults(office: Office) -> tuple[Fault, ...]:
    """Return what the newest format would say of an office file of an older one."""
    return tuple(_made({**read_text(office.text), "format": newest_format()})[1])


def _office(data: Data, text: str) -> Office:
    made, faults = _made(data)
    if faults:
        raise OfficeFileError(tuple(faults))
    return Office(text=text, format=data["format"], **made)


def _made(data: Data) -> tuple[dict[str, Any], list[Fault]]:
    """Return the parts that could be made of *data*, and every fault."""
    faults, read = list(head_faults(data)), as_read(data)
    made: dict[str, Any] = {}
    for name, kind, needed in _parts():
        if name in data:
            try:
                made[name] = structure_file(read[name], kind, name)
            except OfficeFileError as error:
                faults.extend(error.faults)
        elif needed:
            faults.append((name, "wajib ada / must be there"))
    known = {name for name, _, _ in _parts()} | {"format"}
    faults.extend((key, unknown(key, known)) for key in data if key not in known)
    faults.extend(cross_faults(made, data))
    return made, faults


def _parts() -> list[tuple[str, type, bool]]:
    """Return name, type and whether it is needed, of every part but the text and its format."""
    attrs.resolve_types(Office)
    parts = []
    for field in attrs.fields(Office)[2:]:
        absent: object = field.default
        parts.append((field.name, cast("type", field.type), absent is attrs.NOTHING))
    return parts
