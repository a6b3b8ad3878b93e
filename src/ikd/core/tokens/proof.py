"""Device proofs: the paired phone says, with its own key, that it does this act now."""

from __future__ import annotations

import re
from datetime import datetime

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.timing import to_seconds
from ikd.core.tokens import cose
from ikd.core.tokens.cwt import (
    ACT,
    HASH_BYTES,
    IAT,
    ID_BYTES,
    NONCE,
    RECORD,
    TRANSCRIPT,
    exact_bytes,
    moment,
    read_map,
    sized,
    whole_second,
)
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import Signer

MAX_CHALLENGE = 128
_AAD = b"ikd/proof/1"
_ACT = re.compile(r"[a-z][a-z0-9_.-]{0,31}", re.ASCII)
_LABELS = {IAT: int, NONCE: bytes, RECORD: bytes, ACT: str, TRANSCRIPT: bytes}


def check_act(act: str) -> str:
    """Return *act*, which must be a word of at most 32 characters, e.g. ``enter_pin``.

    Raises:
        TokenError: It isn't (``claims``).
    """
    if type(act) is not str or _ACT.fullmatch(act) is None:
        raise TokenError("claims", "an act is a word of at most 32 characters")
    return act


@attrs.frozen(kw_only=True)
class Proof:
    """What a device signed.

    Attributes:
        record_id: 16 bytes: the application, identity or complaint that it acts on.
        act: The command, as a word.
        challenge: What the service gave for this act; empty only where none is asked for.
        at: Time of the device's clock, whole seconds; for the record, never for a decision.
        pairing: Transcript of the pairing token (32 bytes), or empty before the pairing.
    """

    record_id: bytes = attrs.field(validator=sized(ID_BYTES))
    act: str = attrs.field(validator=lambda _instance, _attribute, value: check_act(value))
    challenge: bytes = attrs.field(repr=False)
    at: datetime = attrs.field(converter=whole_second)
    pairing: bytes = attrs.field(default=b"", repr=False)

    def __attrs_post_init__(self) -> None:
        if type(self.challenge) is not bytes or len(self.challenge) > MAX_CHALLENGE:
            raise TokenError("claims", "no challenge")
        if self.pairing != b"":
            exact_bytes(self.pairing, HASH_BYTES)


def write(proof: Proof, device: Signer) -> bytes:
    """Return *proof* signed by the device.

    Raises:
        KeySourceError: Signing failed.
    """
    claims = {
        IAT: to_seconds(proof.at),
        NONCE: proof.challenge,
        RECORD: proof.record_id,
        ACT: proof.act,
        TRANSCRIPT: proof.pairing,
    }
    return cose.write(cbor.encode(claims), device, external_aad=_AAD)


def read(data: bytes, device_key: PublicKey) -> Proof:
    """Return the proof in *data*, signed by *device_key*.

    The caller compares record, act and pairing with what it expects and checks the challenge.

    Raises:
        TokenError: It isn't one, or by another key.
    """
    payload = cose.read(data).verify(device_key, external_aad=_AAD)
    found = read_map(payload, _LABELS)
    return Proof(
        record_id=found[RECORD],
        act=found[ACT],
        challenge=found[NONCE],
        at=moment(found[IAT]),
        pairing=found[TRANSCRIPT],
    )
