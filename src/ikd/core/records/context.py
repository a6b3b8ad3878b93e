"""Everything outside a decision, as values: time, chance, the standard, prepared evidence.

Evidence is what the service found out before the transaction: signatures checked, slow
hashes computed, personal fields sealed. A decision weighs it and can't make any itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import attrs

from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.records.decision import Claim, Retold
from ikd.core.records.phone_record import SealedFields
from ikd.core.standard.calendar import DaysOff, no_days_off
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.office import Office


@attrs.frozen(kw_only=True)
class Proven:
    """A device proof whose signature and challenge held.

    Attributes:
        thumbprint: Of the key that signed.
        act: What the phone meant to do.
        pairing: Hash of the pairing token it named; empty before the visit.
        challenge: To be used up with the effect.
        ahead: How far the phone's clock was ahead of ours, the way here counted in.
    """

    thumbprint: bytes
    act: str
    pairing: bytes
    challenge: Claim
    ahead: timedelta = timedelta()


@attrs.frozen(kw_only=True)
class Paired:
    """A pairing token whose signature and times held.

    Attributes:
        shown_by: ``resident`` or ``office``: who showed the QR.
        transcript: SHA-256 of the whole token.
        check_code: What both screens show.
        token: To be used up with the effect.
        office: Office in an office's token.
        station: Station in an office's token.
    """

    shown_by: str
    transcript: bytes
    check_code: str
    token: Claim
    office: str | None = None
    station: str | None = None


@attrs.frozen(kw_only=True)
class FilledIn:
    """A captcha that was filled in, rightly or not; used up either way."""

    ok: bool
    puzzle: Claim


@attrs.frozen(kw_only=True)
class Guess:
    """A secret that was entered, slowly hashed for one verifier (``secret_id``)."""

    secret_id: RecordId
    candidate: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class FreshPin:
    """A PIN made beforehand: only its verifier and its sealed form come in here."""

    pin_id: RecordId
    notice_id: RecordId
    verifier: bytes = attrs.field(repr=False)
    sealed: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Sealed:
    """Personal fields sealed under one data key, which stands wrapped beside them.

    Attributes:
        data_key_id: Name of the data key.
        wrapped: The data key, wrapped.
        fields: The sealed fields.
        indexes: Blind indexes of the NIK, under every index key there is.
        counted: By what a door counts those that come in: blind indexes of NIK and contacts.
    """

    data_key_id: RecordId
    wrapped: bytes = attrs.field(repr=False)
    fields: SealedFields
    indexes: tuple[bytes, ...] = attrs.field(default=(), repr=False)
    facts: bytes | None = attrs.field(default=None, repr=False)
    counted: Mapping[str, bytes] = attrs.field(factory=dict, repr=False)


@attrs.frozen(kw_only=True)
class SealedText:
    """What somebody wrote, sealed to stand apart from records and journal.

    Attributes:
        id: Name of the secret that holds it.
        value: The words, sealed under the record's data key.
        data_key_id: Name of that key, where it was made for a new record.
        wrapped: That key, wrapped.
        receipts: Under which indexes the receipt of a new record is found.
    """

    id: RecordId
    value: bytes = attrs.field(repr=False)
    data_key_id: RecordId | None = None
    wrapped: bytes = attrs.field(default=b"", repr=False)
    receipts: tuple[bytes, ...] = attrs.field(default=(), repr=False)


@attrs.frozen(kw_only=True)
class Evidence:
    """What was prepared for one command; everything absent unless that command needs it.

    Attributes:
        own_case: The officer's own NIK is the application's.
        used: Single-use tokens met before, as ``(space, key)``.
        device_owner: Resident who holds the claim on the device, if anybody.
        verifier: Stored verifier of the secret that was guessed at.
        passcode: Verifier made for a new passcode.
        passcode_known: The new passcode resembles what others know of its owner.
        contact: The corrected contact, sealed field by field.
        facts: What the resident states of themselves, sealed.
        stated: What they stated before, opened.
        person: The registry's facts of the person, sealed.
        sample: The biometric sample, sealed.
        status_indexes: Free places on the status list, in the order to try.
        ahead: Times of the first and the newest change that lie ahead of the clock, if any do.
        proof: The device proof, checked.
        pairing: The pairing token, read.
        captcha: The filled-in captcha, checked.
        guess: The secret that was entered, hashed.
        fresh_pin: A new PIN.
        sealed: What was typed, sealed.
        pin_waits: The notice that carries the PIN that counts hasn't left yet.
        text: What was written, sealed.
        receipt_of: The record that the receipt belongs to, if any.
        undelivered: Kind and id of the record whose message was named, if it reached nobody so far.
        retold: The record that was named as its journal tells it, where that is whole and agrees
            with what was kept outside.
    """

    proof: Proven | None = None
    pairing: Paired | None = None
    captcha: FilledIn | None = None
    guess: Guess | None = None
    verifier: bytes | None = attrs.field(default=None, repr=False)
    fresh_pin: FreshPin | None = None
    passcode: bytes | None = attrs.field(default=None, repr=False)
    sealed: Sealed | None = None
    contact: Mapping[str, bytes] = attrs.field(factory=dict, repr=False)
    facts: bytes | None = attrs.field(default=None, repr=False)
    stated: Candidate = attrs.field(factory=Candidate, repr=False)
    person: bytes | None = attrs.field(default=None, repr=False)
    sample: bytes | None = attrs.field(default=None, repr=False)
    passcode_known: bool = False
    own_case: bool = False
    device_owner: str | None = None
    used: frozenset[tuple[str, bytes]] = frozenset()
    status_indexes: tuple[int, ...] = ()
    ahead: tuple[datetime, datetime] | None = None
    pin_waits: bool = False
    text: SealedText | None = None
    receipt_of: str | None = None
    undelivered: tuple[str, RecordId] | None = None
    retold: Retold | None = None


@attrs.frozen(kw_only=True)
class Context:
    """The world at one instant, for one decision.

    Attributes:
        now: Effective time: never before the last change of any record loaded.
        actor: Who asks.
        standard: The office's standard, as pinned by the case.
        entropy: Fresh bytes; everything random is drawn from them by label.
        evidence: What was prepared.
        days_off: Tells the nation's holidays of a year.
    """

    now: datetime
    actor: Actor
    standard: Office
    entropy: bytes = attrs.field(repr=False)
    evidence: Evidence = attrs.field(factory=Evidence)
    days_off: DaysOff = no_days_off

    @property
    def today(self) -> date:
        """The day it is at the office: in WIT it begins two hours before WIB."""
        return self.now.astimezone(self.standard.tz).date()

    @property
    def phone_ahead(self) -> timedelta:
        """How far ahead the phone's clock is by the proof that came; nothing without one."""
        return self.evidence.proof.ahead if self.evidence.proof else timedelta()

    def fresh(self, claim: Claim) -> Claim:
        """Return *claim* if the token is unused.

        Raises:
            RefusedError: It was used before (``token.used``).
        """
        if (claim.space, claim.key) in self.evidence.used:
            raise RefusedError("token.used", "each token, proof and puzzle counts once")
        return claim

    def proven(self, act: str, thumbprint: bytes, transcript: bytes | None) -> Proven:
        """Return the device proof, if it is the paired phone's and means this act.

        Raises:
            RefusedError: It isn't (``proof.invalid``), or it was used before.
        """
        proof = self.evidence.proof
        if (
            proof is None
            or proof.act != act
            or proof.thumbprint != thumbprint
            or proof.pairing != (transcript or b"")
        ):
            raise RefusedError("proof.invalid", "not a proof of the phone of this case")
        self.fresh(proof.challenge)
        return proof
