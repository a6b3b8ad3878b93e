"""What came from outside with a command, checked once: device proof, QR token, captcha."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from ikd.core.activation import commands as activation
from ikd.core.activation.application import Application
from ikd.core.activation.turn import NIK_SPACE
from ikd.core.decide import Command
from ikd.core.errors import PortError, RefusedError, TokenError
from ikd.core.identity import commands as identity
from ikd.core.identity.identity import Identity
from ikd.core.ids import RecordId, id_bytes
from ikd.core.ports import Solved
from ikd.core.records.actor import Actor
from ikd.core.records.context import FilledIn, Paired, Proven
from ikd.core.records.decision import Claim
from ikd.core.secrets.sealing import blind_index
from ikd.core.tokens import challenge, pairing, proof
from ikd.core.tokens.checkcode import check_code
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.service.fence import fenced
from ikd.service.load import Loaded
from ikd.service.parts import Parts

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

_KEPT = timedelta(minutes=10)  # a used token's row outlives every token and its clock skew


@attrs.frozen
class Checker:
    """Checks what came with one command, against the records it was loaded with."""

    parts: Parts
    command: Command
    actor: Actor

    def proof(self, loaded: Loaded, now: datetime) -> Proven | None:
        """Return the device proof, or ``None`` where none came.

        Raises:
            RefusedError: It isn't of this device, record, act and challenge (``proof.invalid``).
        """
        given: bytes | None = getattr(self.command, "proof", None)
        subject = subject_of(self.command, loaded)
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
                return challenge.read(
                    key.key, given, record_id=id_bytes(record_id), act=act, now=now
                )
            except TokenError as not_this:
                fault = not_this
        raise fault

    def pairing(self, loaded: Loaded, now: datetime) -> Paired | None:
        """Return the pairing token that was read, or ``None`` where none came.

        Raises:
            TokenError: It is no good token, or that of another case.
        """
        if isinstance(self.command, activation.ConfirmPresence):
            return self._waiting(loaded)
        subject = subject_of(self.command, loaded)
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
        """Return the answer that waits at the station; its token was used up when it came."""
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

    def captcha(self, now: datetime) -> FilledIn | None:
        """Return whether the captcha is filled in rightly, or ``None`` where none came.

        Raises:
            PortError: The captcha's adapter failed (``captcha.failed``).
        """
        command = self.command
        if not isinstance(command, activation.EnterPin) or command.captcha is None:
            return None
        filled, subject = command.captcha, command.application_id
        solved = fenced(
            lambda: self.parts.captcha.check(subject, filled.token, filled.text, now=now),
            Solved,
            lambda why: PortError("captcha.failed", why, port="captcha"),
        )
        until = solved.expires_at + _KEPT
        used = Claim(space="token:captcha", key=solved.puzzle_id, owner=subject, until=until)
        return FilledIn(ok=solved.ok is True, puzzle=used)

    def own_case(self, loaded: Loaded) -> bool:
        """Say whether the actor's own NIK is that of the case."""
        resident = loaded.records.resident
        if self.actor.nik is None or resident is None:
            return False
        digits = self.actor.nik.digits
        return resident.id in {
            self.parts.store.owner(NIK_SPACE, blind_index(key, NIK_SPACE, digits))
            for key in self.parts.keys.secrets("index")
        }


def subject_of(command: Command, loaded: Loaded) -> Application | Identity | None:
    """Return the record that a command addresses, as loaded."""
    if isinstance(command, identity.Command):
        return loaded.records.identity
    return loaded.records.application


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
