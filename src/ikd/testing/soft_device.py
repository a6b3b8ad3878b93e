"""A resident's phone in software: for tests, examples and trials without a phone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from ikd.core.errors import TokenError
from ikd.core.ids import RecordId, id_bytes
from ikd.core.ports import Entropy
from ikd.core.tokens import credential as credentials
from ikd.core.tokens import pairing as pairings
from ikd.core.tokens import presentation as presentations
from ikd.core.tokens import proof as proofs
from ikd.core.tokens.checkcode import check_code
from ikd.core.tokens.cwt import ID_BYTES
from ikd.core.tokens.pairing import transcript_of
from ikd.core.tokens.signing import es256_signer

__all__ = ["SoftDevice", "transcript_of"]


class SoftDevice:
    """Holds a P-256 key and does with it what the app on a phone does.

    It is no place for a real resident's key: a phone keeps it in its secure element.

    Attributes:
        signer: The key as the makers of tokens take it.
        transcripts: Hashes of all pairing tokens that it showed or scanned, oldest first. A QR
            lives 90 seconds and is drawn again, so an app keeps them all: only the office
            knows which one was read.
    """

    def __init__(self, entropy: Entropy, transcripts: Iterable[bytes] = ()) -> None:
        """Make the phone, or one that was restarted and kept *transcripts*."""
        self.transcripts = list(transcripts)
        self._entropy = entropy
        # 31 bytes stay below the order of P-256: good enough for a phone that is none.
        self.signer = es256_signer(b"\x00" + entropy(31))

    @property
    def transcript(self) -> bytes:
        """Hash of the pairing token it showed or scanned last; empty before."""
        return self.transcripts[-1] if self.transcripts else b""

    @property
    def public_key(self) -> bytes:
        """The 65-byte point that is registered."""
        return self.signer.public.raw

    @property
    def thumbprint(self) -> bytes:
        """SHA-256 over the canonical COSE_Key: how records know the device."""
        return self.signer.public.thumbprint

    def pairing_token(self, application_id: RecordId, now: datetime) -> str:
        """Return the ``IKDR:`` text that the phone shows to the operator for 90 seconds."""
        text = pairings.write_resident(
            application_id=id_bytes(application_id),
            token_id=self._entropy(ID_BYTES),
            now=now,
            device=self.signer,
        )
        self.remember(text)
        return text

    def remember(self, token: str) -> None:
        """Keep that the phone shows or scanned *token*, wherever it was made."""
        self.transcripts.append(transcript_of(token))

    def answer(self, record_id: RecordId, token: str, challenge: bytes, at: datetime) -> bytes:
        """Return the proof that answers the office's ``IKDO:`` text, which was scanned."""
        self.remember(token)
        return self.proof(record_id, "answer_pairing", challenge, at)

    def proof(
        self,
        record_id: RecordId,
        act: str,
        challenge: bytes,
        at: datetime,
        pairing: bytes | Literal["newest"] | None = "newest",
    ) -> bytes:
        """Return a proof that the device does *act* on that record now.

        Args:
            record_id: Application or identity.
            act: The command, as a word, e.g. ``enter_pin``.
            challenge: What the service gave for it.
            at: Time of the phone's clock.
            pairing: The record's own ``transcript``: which token the office read at the visit;
                ``None`` or empty before it, even if a QR was drawn already. If not named, the
                newest that the phone showed or scanned, which another may have followed.

        Raises:
            TokenError: The act is no such word, the challenge is none, or the phone never
                showed or scanned that token (``token.pairing``).
        """
        named = self.transcript if pairing == "newest" else pairing or b""
        if named and named not in self.transcripts:
            raise TokenError("pairing", "this phone never showed or scanned that token")
        said = proofs.Proof(
            record_id=id_bytes(record_id),
            act=act,
            challenge=challenge,
            at=at,
            pairing=named,
        )
        return proofs.write(said, self.signer)

    def present(
        self,
        credential: str,
        now: datetime,
        *,
        challenge: bytes = b"",
        by: Literal["hash", "value"] = "hash",
    ) -> str:
        """Return the ``IKDP:`` text that shows the credential to a verifier for 90 seconds.

        Args:
            credential: Text of the credential, which names this device.
            now: The present.
            challenge: What the verifier gave, if it gave one.
            by: Whether the credential comes along (``value``) or only its hash.

        Raises:
            TokenError: No credential, or too long for a QR.
        """
        signed = credentials.to_cose(credential)
        token_id = self._entropy(ID_BYTES)
        return presentations.write(
            signed, token_id=token_id, now=now, device=self.signer, by=by, challenge=challenge
        )

    def check_code(self, token: str) -> str:
        """Return the four digits that the phone shows beside the pairing token *token*."""
        return check_code(transcript_of(token), self.thumbprint)
