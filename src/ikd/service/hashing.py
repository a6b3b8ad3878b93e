"""What is slow: hashing a PIN or passcode. Once a call, and only where it can matter."""

from __future__ import annotations

import threading
from datetime import date

import attrs

from ikd.core.activation import commands as activation
from ikd.core.activation.application import Application
from ikd.core.decide import Command
from ikd.core.identity import commands as identity
from ikd.core.identity.identity import Identity
from ikd.core.ids import RecordId, draw
from ikd.core.records.context import Evidence, FreshPin, Guess
from ikd.core.resident.nik import Nik
from ikd.core.secrets import passcode as passcodes
from ikd.core.secrets import pin as pins
from ikd.service.load import Loaded
from ikd.service.parts import Parts
from ikd.service.vault import SALT, Vault

_SLOW = threading.Semaphore(2)  # Argon2id takes 19 MiB a run: bounded, whatever comes in


def aimed_at(command: Command, loaded: Loaded) -> RecordId | None:
    """Return the id of the secret that *command* guesses at, as things stand, if any."""
    application, active = loaded.records.application, loaded.records.identity
    if isinstance(command, activation.EnterPin):
        return application.pin.id if application and application.pin else None
    if isinstance(command, identity.SignIn) and active:
        if command.passcode is not None:
            return active.passcode_id
        return active.pin.id if active.pin else None
    return None


@attrs.frozen
class Hasher:
    """Makes the slow parts of the evidence of one call."""

    parts: Parts
    command: Command
    entropy: bytes

    def hashed(self, made: Evidence, loaded: Loaded, aimed: RecordId | None) -> Evidence:
        """Return *made* with the candidate for the secret *aimed* at, or a new secret."""
        with _SLOW:
            return self._hashed(made, loaded, aimed)

    def _hashed(self, made: Evidence, loaded: Loaded, aimed: RecordId | None) -> Evidence:
        command, records = self.command, loaded.records
        application, active = records.application, records.identity
        if isinstance(command, activation.EnterPin) and application and aimed:
            guess = self._guess_pin(command.pin, aimed, application, application.id)
            return attrs.evolve(made, guess=guess)
        if isinstance(command, identity.SignIn) and active and aimed:
            return attrs.evolve(made, guess=self._guess_sign_in(command, active, aimed))
        if isinstance(command, identity.SetPasscode) and active and command.passcode:
            if self._is_known(command.passcode, active):
                return attrs.evolve(made, passcode_known=True)
            return attrs.evolve(made, passcode=self._new_passcode(command.passcode, active))
        if isinstance(command, identity.RenewSignIn | identity.ResetSignIn) and active:
            return attrs.evolve(made, fresh_pin=self._fresh_pin(active, active.application_id))
        assert application is not None  # noqa: S101 - the rehearsal refuses without one
        return attrs.evolve(made, fresh_pin=self._fresh_pin(application, application.id))

    def _fresh_pin(self, record: Application | Identity, application_id: RecordId) -> FreshPin:
        return Vault(self.parts).fresh_pin(record, application_id, self.entropy)

    def _guess_pin(
        self,
        pin: pins.Pin,
        pin_id: RecordId,
        record: Application | Identity,
        application_id: RecordId,
    ) -> Guess:
        stored = self.parts.store.secret(pin_id)
        candidate = pins.candidate(
            pin,
            stored.value if stored else None,
            peppers=self.parts.keys.secrets("pepper"),
            application_id=application_id,
            pin_id=pin_id,
            device=record.thumbprint,
            kdf=self.parts.kdf,
        )
        return Guess(secret_id=pin_id, candidate=candidate)

    def _guess_sign_in(self, command: identity.SignIn, active: Identity, aimed: RecordId) -> Guess:
        if command.passcode is None:
            assert command.pin is not None  # noqa: S101 - a SignIn has one of the two
            return self._guess_pin(command.pin, aimed, active, active.application_id)
        stored = self.parts.store.secret(aimed)
        candidate = passcodes.candidate(
            command.passcode,
            stored.value if stored else None,
            peppers=self.parts.keys.secrets("pepper"),
            identity_id=active.id,
            device=active.thumbprint,
            kdf=self.parts.kdf,
        )
        return Guess(secret_id=aimed, candidate=candidate)

    def _is_known(self, passcode: passcodes.Passcode, active: Identity) -> bool:
        """Say whether *passcode* is what others try first; opened for this and kept nowhere."""
        vault = Vault(self.parts)
        nik, person = Nik.parse(vault.open_field(active, "nik") or ""), vault.open_person(active)
        registered = date.fromisoformat(person.birth_date) if person else None
        return passcode.resembles(*passcodes.known_of(nik, registered))

    def _new_passcode(self, passcode: passcodes.Passcode, active: Identity) -> bytes:
        return passcodes.make_verifier(
            passcode,
            salt=draw(self.entropy, "passcode-salt", SALT),
            pepper=self.parts.keys.secrets("pepper")[0],
            identity_id=active.id,
            device=active.thumbprint,
            kdf=self.parts.kdf,
        )
