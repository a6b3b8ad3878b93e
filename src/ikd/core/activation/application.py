"""The application: one request to activate, as its events have made it."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from typing import ClassVar

import attrs

from ikd.core.ids import RecordId
from ikd.core.records.phone_record import PhoneRecord
from ikd.core.records.questions import OpenQuestion
from ikd.core.standard.findings import RequirementVerdict

AT_THE_COUNTER = "presence"  # what a case is referred for when its visitor was turned away
UNFIT_TEXT = "unfit_text"  # and when no credential could hold what the register says of a person
PAUSED = timedelta(days=30)  # of drafts that were registered before the office's file said it


class ApplicationStatus(enum.Enum):
    """Where an application stands; within OPEN the office's own order of steps rules."""

    OPEN = "OPEN"
    PIN_SENT = "PIN_SENT"
    LOCKED = "LOCKED"
    ACTIVATED = "ACTIVATED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


LIVE = frozenset({ApplicationStatus.OPEN, ApplicationStatus.PIN_SENT})


@attrs.frozen(kw_only=True)
class PendingSample:
    """A biometric sample that waits for the registry's answer."""

    method: str
    sample_id: RecordId = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class PendingPairing:
    """The phone's answer to a station's QR, not confirmed yet; *wrong* codes were typed for it."""

    office: str
    station: str
    transcript: bytes
    until: datetime
    wrong: int = 0


@attrs.frozen(kw_only=True)
class Application(PhoneRecord):
    """One application.

    Attributes:
        done: Names of the steps that are done, in the order they were done.
        questions: Open questions to the registry (one at a time by the procedure).
        referred: Why an officer must look at it, or ``None``; what exactly ``verdicts`` say.
        cleared: What officers have cleared up; it isn't referred for that again.
        supervised_until: Until when one more biometric sample may be handed in at the counter.
        pin_tries: Wrong tries over all PINs; never refilled.
        presence_refusal: Why an operator turned the person away, until a visit is confirmed.
        contact_corrections: How often e-mail or phone were mended.
        expires_at: When the application dies if nothing happens.
        status: Where it stands.
        device_model: Model of the phone as it said, or ``None``.
        registered_at: When it was opened.
        sample: The biometric sample that waits for the registry's answer, if one does.
        biometric_tries: Samples that didn't match so far.
        pairing: The phone's answer to a station's QR, until an operator there confirms it.
        presence_office: Office of the visit, once that was confirmed.
        presence_at: When it was.
        identity_id: The identity it became, if it did.
        order: The office's steps, each with the role that is waited for at it; empty in what was
            registered before it was noted.
        pause_left: How long others than the resident may still be waited for while its life
            pauses.
        turned_at: Since when the role that moves next does.
        done_at: When the steps were done, as far as it was noted.
        declared_at: When an officer declared it complete, if one did.
        facts: What the resident stated of themselves, each statement sealed, oldest first.
        verdicts: How each requirement was weighed last.
    """

    kind: ClassVar[str] = "application"
    status: ApplicationStatus
    device_model: str | None
    registered_at: datetime
    expires_at: datetime
    done: tuple[str, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    sample: PendingSample | None = None
    referred: str | None = None
    cleared: tuple[str, ...] = ()
    biometric_tries: int = 0
    supervised_until: datetime | None = None
    pairing: PendingPairing | None = None
    presence_office: str | None = None
    presence_at: datetime | None = None
    pin_tries: int = 0
    identity_id: RecordId | None = None
    presence_refusal: str | None = None
    contact_corrections: int = 0
    order: tuple[tuple[str, str], ...] = ()
    pause_left: timedelta = PAUSED
    turned_at: datetime | None = None
    done_at: tuple[datetime, ...] = ()
    declared_at: datetime | None = None
    facts: tuple[bytes, ...] = attrs.field(default=(), repr=False)
    verdicts: tuple[RequirementVerdict, ...] = ()

    @property
    def desks(self) -> frozenset[str]:
        """Its own office, that of the visit, and that whose QR the phone has just read."""
        elsewhere = self.pairing.office if self.pairing else self.presence_office
        return super().desks | ({elsewhere} if elsewhere else set())

    @property
    def was_present(self) -> bool:
        """Whether its owner came to a counter: the visit is confirmed."""
        return self.presence_at is not None

    @property
    def is_live(self) -> bool:
        """Whether it can still come to an activation."""
        return self.status in LIVE

    @property
    def asked(self) -> tuple[RequirementVerdict, ...]:
        """The requirements that the resident must state something for."""
        return tuple(
            one for one in self.verdicts if not one.is_settled and one not in self.referrals
        )

    @property
    def referrals(self) -> tuple[RequirementVerdict, ...]:
        """The requirements that an officer must look at."""
        return tuple(one for one in self.verdicts if one.verdict == "human")

    @property
    def asked_facts(self) -> frozenset[str]:
        """Names of the facts that the resident is asked for."""
        return frozenset(fact for one in self.asked for fact in one.facts)

    def mover(self, order: tuple[tuple[str, str], ...]) -> str:
        """Return the role that moves next where the steps are *order*, a pairing left out."""
        if self.questions:
            return "registry"
        if self.referred == AT_THE_COUNTER and dict(order).get("decision") == "ministry":
            return "ministry"
        if self.referred is not None:
            return "operator"
        if self.asked:
            return "resident"
        ahead = (role for name, role in order if name not in self.done)
        return next(ahead, "resident") if self.status is ApplicationStatus.OPEN else "resident"

    @property
    def is_paused(self) -> bool:
        """Whether its life pauses: somebody else than the resident is waited for."""
        return self.status is ApplicationStatus.OPEN and self.mover(self.order) != "resident"

    @property
    def ends_at(self) -> datetime:
        """When it dies of age if nothing happens until then; a pause holds its life."""
        return self.expires_at + (self.pause_left if self.is_paused else timedelta())

    @property
    def due(self) -> datetime | None:
        """When time alone changes it: its PIN's end or its own."""
        if not self.is_live:
            return None
        return min(self.ends_at, self.pin.until) if self.pin else self.ends_at
