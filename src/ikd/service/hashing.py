"""What is slow: hashing a PIN or passcode. Once a call, and only where it can matter."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import attrs

from ikd.core.ids import draw
from ikd.core.records.context import Guess
from ikd.core.records.declaration import Command, Guessed, Need
from ikd.core.records.phone import PhoneRecord
from ikd.core.resident.nik import Nik
from ikd.core.secrets import passcode as passcodes
from ikd.core.secrets import pin as pins
from ikd.core.secrets.passcode import Passcode
from ikd.service.parts import Parts
from ikd.service.vault import SALT, Vault

_SLOW = threading.Semaphore(2)  # Argon2id takes 19 MiB a run: bounded, whatever comes in


def guessed(command: Command, phone: PhoneRecord | None) -> Guessed | None:
    """Return which secret *command* guesses at, as things stand, if any."""
    guesses_at = command.declared.guesses_at
    return guesses_at(command, phone) if guesses_at and phone else None


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
