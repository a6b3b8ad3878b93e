"""What is slow: hashing a PIN or passcode. Once a call, and only where it can matter.

Whether it would, the decision says, rehearsed with stand-ins: so the rules of the domain say who
may make the service hash or unpack a picture, and nobody does without the paired phone, an
officer's right or the registry's own.
"""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import attrs

from ikd.core.decide import decide
from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId, draw
from ikd.core.records.context import Context, Evidence, FreshPin, Guess
from ikd.core.records.declaration import Command, Guessed, Need
from ikd.core.records.kind import AnyKind, Around
from ikd.core.records.phone_record import PhoneRecord
from ikd.core.resident.nik import Nik
from ikd.core.secrets import passcode as passcodes
from ikd.core.secrets import pin as pins
from ikd.core.secrets.passcode import Passcode
from ikd.service.parts import Parts
from ikd.service.sealed_fields import SALT, Vault

_SLOW = threading.Semaphore(2)  # Argon2id takes 19 MiB a run: bounded, whatever comes in


def guessed(command: Command, phone: PhoneRecord | None) -> Guessed | None:
    """Return which secret *command* guesses at, as things stand, if any."""
    guesses_at = command.declared.guesses_at
    return guesses_at(command, phone) if guesses_at and phone else None


_NOTHING = RecordId("0" * 32)


def stand_in(command: Command, aimed: RecordId | None, made: Evidence) -> Evidence:
    """Return the evidence with a stand-in for each slow part, for a rehearsal only."""
    needs = command.needs()
    return attrs.evolve(
        made,
        guess=Guess(secret_id=aimed, candidate=b"") if aimed else None,
        fresh_pin=FreshPin(pin_id=_NOTHING, notice_id=_NOTHING, verifier=b"", sealed=b""),
        passcode=b"" if Need.PASSCODE in needs else None,
        person=b"" if Need.PERSON in needs else None,
    )


def matters(kind: AnyKind, around: Around, command: Command, context: Context) -> bool:
    """Rehearse the decision: say whether it would come to what is slow."""
    try:
        decision = decide(kind, around, command, context)
    except RefusedError:
        return False
    happened = [one for change in decision.changes for one in change.events]
    keeps = any(getattr(one, "person", None) is not None for one in happened)
    # what the registry tells may be absorbed, or end or refer the case: then it isn't kept
    return decision.refusal is None and (keeps or Need.PERSON not in command.needs())


@attrs.frozen
class Hasher:
    """Makes the slow parts of the evidence of one call."""

    parts: Parts
    command: Command
    entropy: bytes

    def hashed(self, phone: PhoneRecord, guess: Guessed | None) -> dict[str, Any]:
        """Return, as evidence, the candidate for the secret that is guessed at, or a new one."""
        with _SLOW:
            if guess is not None:
                return {"guess": self._candidate(guess, phone)}
            if Need.PASSCODE in self.command.needs():
                return self._passcode(phone)
            return {"fresh_pin": Vault(self.parts).fresh_pin(phone, self.entropy)}

    def _candidate(self, guess: Guessed, phone: PhoneRecord) -> Guess | None:
        if guess.secret_id is None:
            return None
        keys, kdf = self.parts.keys.secrets("pepper"), self.parts.kdf
        stored = self.parts.store.secret(guess.secret_id)
        verifier = stored.value if stored else None
        if isinstance(guess.entered, Passcode):
            candidate = passcodes.candidate(
                guess.entered,
                verifier,
                peppers=keys,
                identity_id=phone.id,
                device=phone.thumbprint,
                kdf=kdf,
            )
        else:
            candidate = pins.candidate(
                guess.entered,
                verifier,
                peppers=keys,
                application_id=Vault(self.parts).owner(phone).id,
                pin_id=guess.secret_id,
                device=phone.thumbprint,
                kdf=kdf,
            )
        return Guess(secret_id=guess.secret_id, candidate=candidate)

    def _passcode(self, phone: PhoneRecord) -> dict[str, Any]:
        passcode: Passcode = getattr(self.command, "passcode")  # noqa: B009 - declared
        if self._is_known(passcode, phone):
            return {"passcode_known": True}
        verifier = passcodes.make_verifier(
            passcode,
            salt=draw(self.entropy, "passcode-salt", SALT),
            pepper=self.parts.keys.secrets("pepper")[0],
            identity_id=phone.id,
            device=phone.thumbprint,
            kdf=self.parts.kdf,
        )
        return {"passcode": verifier}

    def _is_known(self, passcode: Passcode, phone: PhoneRecord) -> bool:
        """Say whether *passcode* is what others try first; opened for this and kept nowhere."""
        vault = Vault(self.parts)
        nik, person = Nik.parse(vault.open_field(phone, "nik") or ""), vault.open_person(phone)
        registered = date.fromisoformat(person.birth_date) if person else None
        return passcode.resembles(*passcodes.known_of(nik, registered))
