"""What came from outside with a command, checked once: device proof, QR token, captcha."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from ikd.core.activation.application import PendingPairing
from ikd.core.activation.commands import Captcha
from ikd.core.errors import PortError, RefusedError, TokenError
from ikd.core.ids import RecordId, id_bytes
from ikd.core.ports import Solved
from ikd.core.records.actor import Actor
from ikd.core.records.context import FilledIn, Paired, Proven
from ikd.core.records.decision import Claim
from ikd.core.records.declaration import Command
from ikd.core.records.phone_record import PhoneRecord
from ikd.core.tokens import challenge, pairing, proof
from ikd.core.tokens.checkcode import check_code
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.service.adapter_call import fenced
from ikd.service.load import Loaded, is_own
from ikd.service.parts import Parts
from ikd.service.sealed_fields import Vault

_FARTHEST = timedelta(days=3650)  # that a phone's clock is believed to be off
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
        subject, act = loaded.around.phone, self.command.act()
        if given is None or subject is None:
            return None
        try:
            read = proof.read(given, PublicKey.p256(subject.device_key))
            if read.record_id != id_bytes(subject.id) or read.act != act:
                raise TokenError("claims")
            nonce = self._check_challenge(read.challenge, subject.id, act, now)
        except TokenError as fault:
            raise RefusedError("proof.invalid", "not a proof of the phone of this case") from fault
        used = Claim(space="token:challenge", key=nonce, owner=subject.id, until=now + _KEPT)
        return Proven(
            thumbprint=subject.thumbprint,
            act=act,
            pairing=read.pairing,
            challenge=used,
            ahead=min(max(read.at - now, -_FARTHEST), _FARTHEST),
        )

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

    def phone_qr(self, loaded: Loaded, now: datetime) -> Paired | None:
        """Return the phone's QR that was scanned, or ``None`` where there is no such phone.

        Raises:
            TokenError: It is no good token, or that of another case.
        """
        subject = loaded.around.phone
        if subject is None:
            return None
        read = self._shown(subject, now)
        if read.application_id != id_bytes(Vault(self.parts).owner(subject).id):
            raise TokenError("claims", "the QR of another case")
        return _paired("resident", read, subject, now)

    def _shown(self, subject: PhoneRecord, now: datetime) -> pairing.ResidentPairing:
        """Return what the phone's QR says, by our clock or else by its own as its proof showed it.

        A phone whose clock is wrong tells so by itself, and its QR is as fresh by that clock as
        another's by ours. Ours comes first: a proof that was long on its way looks slow.
        """
        device = PublicKey.p256(subject.device_key)
        try:
            return pairing.read_resident(self._token(), device, now=now)
        except TokenError as fault:
            if fault.code not in ("token.early", "token.expired") or not subject.phone_ahead:
                raise
        return pairing.read_resident(self._token(), device, now=now + subject.phone_ahead)

    def office_qr(self, loaded: Loaded, now: datetime) -> Paired | None:
        """Return the office's QR that the phone scanned, or ``None`` where there is no phone.

        Raises:
            TokenError: It is no good token.
        """
        subject = loaded.around.phone
        if subject is None:
            return None
        read = pairing.read_office(self._token(), self._keyring(now), now=now)
        made = _paired("office", read, subject, now)
        return attrs.evolve(made, office=read.office, station=read.station)

    def _token(self) -> str:
        token: str = getattr(self.command, "token", "")
        return token

    def _keyring(self, now: datetime) -> Keyring:
        keys = self.parts.keys
        roots = [PublicKey.ed25519(root) for root in keys.roots()]
        return Keyring.read(keys.keyring(), roots, now=now)

    def waiting(self, loaded: Loaded, _now: datetime) -> Paired | None:
        """Return the answer that waits at the station; its token was used up when it came."""
        subject = loaded.around.phone
        waiting: PendingPairing | None = getattr(subject, "pairing", None)
        if subject is None or waiting is None:
            return None
        return Paired(
            shown_by="office",
            transcript=waiting.transcript,
            check_code=check_code(waiting.transcript, subject.thumbprint),
            token=Claim(space="token:none", key=b"", owner=subject.id),
        )

    def captcha(self, loaded: Loaded, now: datetime) -> FilledIn | None:
        """Return whether the captcha is filled in rightly, or ``None`` where none came.

        Raises:
            PortError: The captcha's adapter failed (``captcha.failed``).
        """
        filled: Captcha | None = getattr(self.command, "captcha", None)
        if filled is None or loaded.around.phone is None:
            return None
        token, text, subject = filled.token, filled.text, loaded.around.phone.id
        solved = fenced(
            lambda: self.parts.captcha.check(subject, token, text, now=now),
            Solved,
            lambda why: PortError("captcha.failed", why, port="captcha"),
        )
        until = solved.expires_at + _KEPT
        used = Claim(space="token:captcha", key=solved.puzzle_id, owner=subject, until=until)
        return FilledIn(ok=solved.ok is True, puzzle=used)

    def own_case(self, loaded: Loaded) -> bool:
        """Say whether the actor's own NIK is that of the case."""
        resident = loaded.around.resident
        return resident is not None and is_own(self.parts, self.actor, resident.id)


def _paired(
    shown_by: str,
    read: pairing.ResidentPairing | pairing.OfficePairing,
    subject: PhoneRecord,
    now: datetime,
) -> Paired:
    used = Claim(
        space="token:pairing",
        key=read.token_id,
        owner=subject.id,
        until=max(read.expires_at, now) + _KEPT,
    )
    return Paired(
        shown_by=shown_by,
        transcript=read.transcript,
        check_code=check_code(read.transcript, subject.thumbprint),
        token=used,
    )
