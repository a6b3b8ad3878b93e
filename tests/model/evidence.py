"""Evidence that is said, not made: everything right, until a test takes something away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

import attrs

from ikd.core.activation import commands as activation
from ikd.core.activation.application import Application
from ikd.core.activation.turn import DEVICE_SPACE
from ikd.core.decide import Command, Records
from ikd.core.identity import commands as identity
from ikd.core.identity.identity import Identity
from ikd.core.ids import draw_id
from ikd.core.records.context import Evidence, FilledIn, FreshPin, Guess, Paired, Proven, Sealed
from ikd.core.records.decision import Claim, Secret
from ikd.core.resident.nik import Nik
from ikd.core.secrets import passcode as passcodes
from ikd.core.secrets import pin as pins
from ikd.core.secrets.framing import framed

RIGHT, WRONG = b"\x01" * 32, b"\x02" * 32
"""What the slow hash of a right and of a wrong secret comes to here."""
STATION = "counter-1"
CHECK_CODE = "4711"


PIN_VERIFIER = framed(pins.SCHEME, bytes(16), bytes(8), RIGHT)
PASSCODE_VERIFIER = framed(passcodes.SCHEME, bytes(16), bytes(8), RIGHT)
"""What is stored of every secret here: ``RIGHT`` matches it."""


def act_of(command: object) -> str:
    """Return what a device proof for *command* says: its name in small letters."""
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", type(command).__name__).lower()


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

    def right(self, records: Records, command: Command) -> Evidence:
        """Return evidence for *command* in which everything is right."""
        if isinstance(command, activation.Register):
            return Evidence(sealed=self._sealed(command))
        living = isinstance(command, identity.Command)
        subject = records.identity if living else records.application
        return self._of(subject, command) if subject else Evidence()

    def _of(self, subject: Application | Identity, command: Command) -> Evidence:
        guess = self._guess(subject, command)
        stored = self.secrets.get(guess.secret_id) if guess else None
        return Evidence(
            proof=self._proof(subject, command),
            pairing=self._pairing(subject, command),
            captcha=FilledIn(ok=True, puzzle=self.token("captcha")),
            guess=guess,
            verifier=stored.value if stored else None,
            fresh_pin=self._fresh_pin(),
            passcode=PASSCODE_VERIFIER,
            person=b"sealed person",
            sample=b"sealed sample",
            device_owner=self.claims.get((DEVICE_SPACE, subject.thumbprint)),
            status_indexes=(int.from_bytes(self.entropy[:3], "big"),),
        )

    def token(self, kind: str) -> Claim:
        """Return a single-use token of *kind* that nobody has used."""
        return Claim(space=f"token:{kind}", key=self.entropy[:16], owner="0" * 32)

    @property
    def _transcript(self) -> bytes:
        return hashlib.sha256(b"pairing" + self.entropy).digest()

    def _proof(self, subject: Application | Identity, command: Command) -> Proven:
        answers = isinstance(command, activation.AnswerPairing)
        return Proven(
            thumbprint=subject.thumbprint,
            act=act_of(command),
            pairing=self._transcript if answers else subject.transcript or b"",
            challenge=self.token("challenge"),
        )

    def _pairing(self, subject: Application | Identity, command: Command) -> Paired:
        transcript, confirms = self._transcript, isinstance(command, activation.ConfirmPresence)
        if confirms and isinstance(subject, Application) and subject.pairing:
            transcript = subject.pairing.transcript
        office_shows = confirms or isinstance(command, activation.AnswerPairing)
        return Paired(
            shown_by="office" if office_shows else "resident",
            transcript=transcript,
            check_code=CHECK_CODE,
            token=self.token("pairing"),
            office=self.office if office_shows else None,
            station=STATION if office_shows else None,
        )

    def _guess(self, subject: Application | Identity, command: Command) -> Guess | None:
        guessed = subject.pin.id if subject.pin else None
        if isinstance(command, identity.SignIn) and isinstance(subject, Identity):
            guessed = guessed if command.pin else subject.passcode_id
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
            nik=b"sealed nik",
            email=b"sealed email" if command.email else None,
            phone=b"sealed phone" if command.phone else None,
            indexes=(index_of(command.nik),),
        )
