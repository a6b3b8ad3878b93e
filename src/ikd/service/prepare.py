"""Preparing: everything slow or outside, once, before any transaction.

In this order: device proof, captcha, and only then the slow hash, so that nobody can make the
service hash without holding the paired phone. What can change until the commit (claims, used
tokens, verifiers) is looked up anew at every try, by ``look_up``.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import attrs

from ikd.core.activation import commands as activation
from ikd.core.activation.application import Application
from ikd.core.activation.turn import DEVICE_SPACE, NIK_SPACE
from ikd.core.decide import Command
from ikd.core.errors import RefusedError, TokenError
from ikd.core.identity import commands as identity
from ikd.core.identity.identity import Identity
from ikd.core.identity.opening import STATUS_SPACE
from ikd.core.ids import RecordId, draw, id_bytes
from ikd.core.records.actor import Actor
from ikd.core.records.context import Evidence, FilledIn, Guess, Paired, Proven
from ikd.core.records.decision import Claim
from ikd.core.secrets import passcode as passcodes
from ikd.core.secrets import pin as pins
from ikd.core.secrets.sealing import blind_index
from ikd.core.tokens import challenge, pairing, proof
from ikd.core.tokens.checkcode import check_code
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.service.load import Loaded
from ikd.service.parts import Parts
from ikd.service.vault import SALT, Vault

ACTS = {
    activation.SubmitBiometric: "submit_biometric",
    activation.AnswerPairing: "answer_pairing",
    activation.EnterPin: "enter_pin",
    activation.ReissuePin: "reissue_pin",
    activation.Withdraw: "withdraw",
    identity.SignIn: "sign_in",
    identity.SetPasscode: "set_passcode",
    identity.RenewSignIn: "renew_sign_in",
}
"""What a device proof for each command says that it means."""

STATUS_PLACES = 2**20  # entries of one status list: a crowd to hide in
_TRIED_PLACES = 8
_KEPT = timedelta(minutes=10)  # a used token's row outlives every token and its clock skew
_SLOW = threading.Semaphore(2)  # Argon2id takes 19 MiB a run: bounded, whatever comes in


@attrs.define
class Preparer:
    """Makes the evidence of one call."""

    parts: Parts
    command: Command
    actor: Actor
    entropy: bytes
    _slow: Evidence | None = None

    def evidence(self, loaded: Loaded, now: datetime) -> Evidence:
        """Return the evidence for this try; the slow part is made at the first one only."""
        if self._slow is None:
            self._slow = self._prepare(loaded, now)
        return self._look_up(self._slow, loaded)

    def _prepare(self, loaded: Loaded, now: datetime) -> Evidence:
        made = Evidence(
            proof=self._proof(loaded, now),
            pairing=self._pairing(loaded, now),
            captcha=self._captcha(now),
            own_case=self._own_case(loaded),
        )
        return self._with_secrets(self._with_sealed(made, loaded), loaded, now)

    # --- what the phone and the office signed ---------------------------------------

    def _subject(self, loaded: Loaded) -> Application | Identity | None:
        if isinstance(self.command, identity.Command):
            return loaded.records.identity
        return loaded.records.application

    def _proof(self, loaded: Loaded, now: datetime) -> Proven | None:
        given: bytes | None = getattr(self.command, "proof", None)
        subject = self._subject(loaded)
        if given is None or subject is None:
            return None
        act = ACTS[type(self.command)]
        try:
            read = proof.read(given, PublicKey.p256(subject.device_key))
            if read.record_id != id_bytes(subject.id) or read.act != act:
                raise TokenError("claims")
            nonce = self._check_challenge(read.challenge, subject.id, act, now)
        except TokenError as fault:
            raise RefusedError("proof.invalid", "not a proof of the phone of this case") from fault
        used = Claim(space="token:challenge", key=nonce, owner=subject.id, until=now + _KEPT)
        return Proven(thumbprint=subject.thumbprint, act=act, pairing=read.pairing, challenge=used)

    def _check_challenge(self, given: bytes, record_id: RecordId, act: str, now: datetime) -> bytes:
        fault = TokenError("challenge")
        for key in self.parts.keys.secrets("challenge"):
            try:
                return challenge.check_challenge(
                    key.key, given, record_id=id_bytes(record_id), act=act, now=now
                )
            except TokenError as not_this:
                fault = not_this
        raise fault

    def _pairing(self, loaded: Loaded, now: datetime) -> Paired | None:
        subject = self._subject(loaded)
        if isinstance(self.command, activation.ConfirmPresence):
            return self._waiting(loaded)
        token: str | None = getattr(self.command, "token", None)
        if token is None or subject is None:
            return None
        if isinstance(self.command, activation.AnswerPairing):
            return self._office_pairing(token, subject, now)
        key = PublicKey.p256(subject.device_key)
        read = pairing.read_resident(token, key, now=now)
        named = subject.application_id if isinstance(subject, Identity) else subject.id
        if read.application_id != id_bytes(named):
            raise TokenError("claims", "the QR of another case")
        return _paired("resident", read, subject)

    def _office_pairing(self, token: str, subject: Application | Identity, now: datetime) -> Paired:
        read = pairing.read_office(token, self._keyring(now), now=now)
        made = _paired("office", read, subject)
        return attrs.evolve(made, office=read.office, station=read.station)

    def _keyring(self, now: datetime) -> Keyring:
        keys = self.parts.keys
        roots = [PublicKey.ed25519(root) for root in keys.roots()]
        return Keyring.read(keys.keyring(), roots, now=now)

    def _waiting(self, loaded: Loaded) -> Paired | None:
        application = loaded.records.application
        if application is None or application.pairing is None:
            return None
        waiting = application.pairing
        return Paired(
            shown_by="office",
            transcript=waiting.transcript,
            check_code=check_code(waiting.transcript, application.thumbprint),
            token=Claim(space="token:none", key=b"", owner=application.id),
        )

    def _captcha(self, now: datetime) -> FilledIn | None:
        command = self.command
        if not isinstance(command, activation.EnterPin) or command.captcha is None:
            return None
        filled = command.captcha
        solved = self.parts.captcha.check(
            command.application_id, filled.token, filled.text, now=now
        )
        used = Claim(
            space="token:captcha",
            key=solved.puzzle_id,
            owner=command.application_id,
            until=solved.expires_at + _KEPT,
        )
        return FilledIn(ok=solved.ok is True, puzzle=used)

    def _own_case(self, loaded: Loaded) -> bool:
        resident = loaded.records.resident
        if self.actor.nik is None or resident is None:
            return False
        owners = {
            self.parts.store.owner(NIK_SPACE, blind_index(key, NIK_SPACE, self.actor.nik.digits))
            for key in self.parts.keys.secrets("index")
        }
        return resident.id in owners

    # --- what is sealed and what is slowly hashed --------------------------------------

    def _with_sealed(self, made: Evidence, loaded: Loaded) -> Evidence:
        vault, command = Vault(self.parts), self.command
        application = loaded.records.application
        if isinstance(command, activation.Register):
            return attrs.evolve(made, sealed=vault.seal_registration(command, self.entropy))
        if application is None:
            return made
        if isinstance(command, activation.SubmitBiometric):
            sample = vault.seal_bytes(application, "sample", command.sample, self.entropy)
            return attrs.evolve(made, sample=sample)
        if isinstance(command, activation.RecordAnswer) and command.answer.person is not None:
            person = vault.seal_person(application, command.answer.person, self.entropy)
            return attrs.evolve(made, person=person)
        return made

    def _with_secrets(self, made: Evidence, loaded: Loaded, now: datetime) -> Evidence:
        if not self._may_hash(made, loaded, now):
            return made
        with _SLOW:
            return self._hashed(made, loaded)

    def _may_hash(self, made: Evidence, loaded: Loaded, now: datetime) -> bool:
        """Say whether hashing can matter: the proof is the paired phone's and unused."""
        subject = self._subject(loaded)
        if subject is None or (subject.due is not None and subject.due <= now):
            return not isinstance(self.command, activation.EnterPin)
        wants = getattr(self.command, "proof", None) is not None
        if not wants:
            return True
        proven = made.proof
        if proven is None or proven.pairing != (subject.transcript or b""):
            return False
        if self._used(proven.challenge):
            return False
        captcha = loaded.standard.pin.captcha.value
        filled = made.captcha is not None and made.captcha.ok
        return filled or not captcha or not isinstance(self.command, activation.EnterPin)

    def _hashed(self, made: Evidence, loaded: Loaded) -> Evidence:
        vault, command, records = Vault(self.parts), self.command, loaded.records
        application, active = records.application, records.identity
        if application and self._issues_pin():
            pin = vault.fresh_pin(application, application.id, self.entropy)
            return attrs.evolve(made, fresh_pin=pin)
        if isinstance(command, identity.RenewSignIn | identity.ResetSignIn) and active:
            pin = vault.fresh_pin(active, active.application_id, self.entropy)
            return attrs.evolve(made, fresh_pin=pin)
        if isinstance(command, activation.EnterPin) and application and application.pin:
            guess = self._guess_pin(command.pin, application.pin.id, application, application.id)
            return attrs.evolve(made, guess=guess)
        if isinstance(command, identity.SignIn) and active:
            return attrs.evolve(made, guess=self._guess_sign_in(command, active))
        if isinstance(command, identity.SetPasscode) and active and command.passcode:
            return attrs.evolve(made, passcode=self._new_passcode(command.passcode, active))
        return made

    def _issues_pin(self) -> bool:
        command = self.command
        reported = isinstance(command, activation.ReportStep) and command.step == "decision"
        return reported or isinstance(command, activation.Approve | activation.ReissuePin)

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

    def _guess_sign_in(self, command: identity.SignIn, active: Identity) -> Guess | None:
        if command.pin is not None:
            if active.pin is None:
                return None
            return self._guess_pin(command.pin, active.pin.id, active, active.application_id)
        if active.passcode_id is None or command.passcode is None:
            return None
        stored = self.parts.store.secret(active.passcode_id)
        candidate = passcodes.candidate(
            command.passcode,
            stored.value if stored else None,
            peppers=self.parts.keys.secrets("pepper"),
            identity_id=active.id,
            device=active.thumbprint,
            kdf=self.parts.kdf,
        )
        return Guess(secret_id=active.passcode_id, candidate=candidate)

    def _new_passcode(self, passcode: passcodes.Passcode, active: Identity) -> bytes:
        return passcodes.make_verifier(
            passcode,
            salt=draw(self.entropy, "passcode-salt", SALT),
            pepper=self.parts.keys.secrets("pepper")[0],
            identity_id=active.id,
            device=active.thumbprint,
            kdf=self.parts.kdf,
        )

    # --- what may have changed since ----------------------------------------------------

    def _used(self, claim: Claim) -> bool:
        return self.parts.store.owner(claim.space, claim.key) is not None

    def _look_up(self, made: Evidence, loaded: Loaded) -> Evidence:
        claims = [
            claim
            for claim in (
                made.proof.challenge if made.proof else None,
                made.pairing.token if made.pairing else None,
                made.captcha.puzzle if made.captcha else None,
            )
            if claim is not None and self._used(claim)
        ]
        used = frozenset((claim.space, claim.key) for claim in claims)
        verifier = self.parts.store.secret(made.guess.secret_id) if made.guess else None
        return attrs.evolve(
            made,
            used=used,
            verifier=verifier.value if verifier else None,
            device_owner=self._device_owner(loaded),
            status_indexes=self._free_places(),
        )

    def _device_owner(self, loaded: Loaded) -> str | None:
        application = loaded.records.application
        if not isinstance(self.command, activation.ScanPairing | activation.ConfirmPresence):
            return None
        return self.parts.store.owner(DEVICE_SPACE, application.thumbprint) if application else None

    def _free_places(self) -> tuple[int, ...]:
        if not isinstance(self.command, activation.EnterPin):
            return ()
        drawn = (
            int.from_bytes(draw(self.entropy, f"status/{n}", 8), "big") % STATUS_PLACES
            for n in range(_TRIED_PLACES)
        )
        free = (
            place
            for place in drawn
            if self.parts.store.owner(STATUS_SPACE, place.to_bytes(4, "big")) is None
        )
        return tuple(free)


def _paired(
    shown_by: str,
    read: pairing.ResidentPairing | pairing.OfficePairing,
    subject: Application | Identity,
) -> Paired:
    used = Claim(
        space="token:pairing",
        key=read.token_id,
        owner=subject.id,
        until=read.expires_at + _KEPT,
    )
    return Paired(
        shown_by=shown_by,
        transcript=read.transcript,
        check_code=check_code(read.transcript, subject.thumbprint),
        token=used,
    )
