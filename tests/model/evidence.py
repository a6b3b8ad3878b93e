"""Evidence that is said, not made: everything right, until a test takes something away."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Set

import attrs

from ikd.core.activation import commands as activation
from ikd.core.activation.application import Application
from ikd.core.ids import draw_id
from ikd.core.records.context import Evidence, FilledIn, FreshPin, Guess, Paired, Proven, Sealed
from ikd.core.records.decision import Claim, Secret
from ikd.core.records.declaration import Command, Need
from ikd.core.records.kind import Around
from ikd.core.records.phone_record import PhoneRecord, SealedFields
from ikd.core.records.turn import DEVICE_SPACE
from ikd.core.resident.nik import Nik
from ikd.core.secrets import passcode as passcodes
from ikd.core.secrets import pin as pins
from ikd.core.secrets.framing import framed
from ikd.core.standard.candidate import Candidate

RIGHT, WRONG = b"\x01" * 32, b"\x02" * 32
"""What the slow hash of a right and of a wrong secret comes to here."""
STATION = "counter-1"
CHECK_CODE = "4711"


PIN_VERIFIER = framed(pins.SCHEME, bytes(16), bytes(8), RIGHT)
PASSCODE_VERIFIER = framed(passcodes.SCHEME, bytes(16), bytes(8), RIGHT)
"""What is stored of every secret here: ``RIGHT`` matches it."""


def index_of(nik: Nik) -> bytes:
    """Return the blind index of *nik* here."""
    return hashlib.sha256(nik.digits.encode()).digest()


@attrs.frozen(kw_only=True)
class Witness:
    """Whoever saw it: says what a service would have found out before the decision.

    Attributes:
        office: Id of the office where it happens.
        entropy: What ids and transcripts are drawn from.
        claims: Who holds what.
        secrets: Verifiers, by id.
    """

    office: str
    entropy: bytes = attrs.field(repr=False)
    claims: Mapping[tuple[str, bytes], str]
    secrets: Mapping[str, Secret]

    def right(self, around: Around, command: Command) -> Evidence:
        """Return evidence for *command* in which everything is right: what it declares to need."""
        needs, subject = command.needs(), around.phone
        if isinstance(command, activation.Register):
            return Evidence(sealed=self._sealed(command) if Need.FIELDS in needs else None)
        if subject is None:
            return Evidence()
        guess = self._guess(subject, command) if Need.GUESS in needs else None
        stored = self.secrets.get(guess.secret_id) if guess else None
        paired = needs & {Need.PHONE_QR, Need.OFFICE_QR, Need.PAIRING}
        owner = self.claims.get((DEVICE_SPACE, subject.thumbprint))
        place = int.from_bytes(self.entropy[:3], "big")
        return Evidence(
            proof=self._proof(subject, command) if Need.PROOF in needs else None,
            pairing=self._pairing(subject, needs) if paired else None,
            captcha=self._captcha() if Need.CAPTCHA in needs else None,
            facts=_sealed_facts(command) if Need.FACTS in needs else None,
            stated=stated_by(subject) if Need.STATED in needs else Candidate(),
            guess=guess,
            verifier=stored.value if stored else None,
            fresh_pin=self._fresh_pin() if Need.PIN in needs else None,
            passcode=PASSCODE_VERIFIER if Need.PASSCODE in needs else None,
            contact=_corrected(command) if Need.CONTACT in needs else {},
            person=b"sealed person" if Need.PERSON in needs else None,
            sample=b"sealed sample" if Need.SAMPLE in needs else None,
            device_owner=owner if Need.DEVICE_OWNER in needs else None,
            status_indexes=(place,) if Need.PLACE in needs else (),
        )

    def _captcha(self) -> FilledIn:
        return FilledIn(ok=True, puzzle=self.token("captcha"))

    def token(self, kind: str) -> Claim:
        """Return a single-use token of *kind* that nobody has used."""
        return Claim(space=f"token:{kind}", key=self.entropy[:16], owner="0" * 32)

    @property
    def _transcript(self) -> bytes:
        return hashlib.sha256(b"pairing" + self.entropy).digest()

    def _proof(self, subject: PhoneRecord, command: Command) -> Proven:
        answers = Need.OFFICE_QR in command.needs()
        return Proven(
            thumbprint=subject.thumbprint,
            act=command.act(),
            pairing=self._transcript if answers else subject.transcript or b"",
            challenge=self.token("challenge"),
        )

    def _pairing(self, subject: PhoneRecord, needs: Set[Need]) -> Paired:
        transcript, office_shows = self._transcript, Need.PHONE_QR not in needs
        if Need.PAIRING in needs and isinstance(subject, Application) and subject.pairing:
            transcript = subject.pairing.transcript
        return Paired(
            shown_by="office" if office_shows else "resident",
            transcript=transcript,
            check_code=CHECK_CODE,
            token=self.token("pairing"),
            office=self.office if office_shows else None,
            station=STATION if office_shows else None,
        )

    def _guess(self, subject: PhoneRecord, command: Command) -> Guess | None:
        guesses_at = command.declared.guesses_at
        assert guesses_at is not None
        guessed = guesses_at(command, subject).secret_id
        return Guess(secret_id=guessed, candidate=RIGHT) if guessed else None

    def _fresh_pin(self) -> FreshPin:
        return FreshPin(
            pin_id=draw_id(self.entropy, "pin"),
            notice_id=draw_id(self.entropy, "notice"),
            verifier=PIN_VERIFIER,
            sealed=b"sealed pin",
        )

    def _sealed(self, command: activation.Register) -> Sealed:
        return Sealed(
            data_key_id=draw_id(self.entropy, "data-key"),
            wrapped=b"wrapped data key",
            fields=SealedFields(
                nik=b"sealed nik",
                email=b"sealed email" if command.email else None,
                phone=b"sealed phone" if command.phone else None,
            ),
            indexes=(index_of(command.nik),),
            facts=_sealed_facts(command),
        )


_FACTS: dict[bytes, Candidate] = {}
"""What was stated, by what stands for it sealed."""


def _sealed_facts(command: Command) -> bytes:
    assert isinstance(command, activation.Register | activation.StateFacts)
    sealed = hashlib.sha256(repr(command.stated).encode()).digest()
    _FACTS[sealed] = command.stated
    return sealed


def stated_by(subject: PhoneRecord) -> Candidate:
    """Return what was stated, all that is sealed of it opened."""
    facts = subject.facts if isinstance(subject, Application) else ()
    return functools.reduce(Candidate.and_then, map(_FACTS.__getitem__, facts), Candidate())


def _corrected(command: Command) -> dict[str, bytes]:
    given = (name for name in ("email", "phone") if getattr(command, name, None) is not None)
    return {name: f"corrected {name}".encode() for name in given}
