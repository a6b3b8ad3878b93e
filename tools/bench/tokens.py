"""How far a credential's path lies above the bare signature, measured in turns in one run.

    python tools/bench/tokens.py [rounds]

Processor time, not the clock, so that neighbours on the machine count less. Every round measures
each thing once, in turns, so that a slow moment hits all of them; printed are the medians over
the rounds of a thing's time and of its ratio to one bare verification within the round. Each call
has another token, as at a counter, where no branch of the compressor can be foretold. The
primitive signs and verifies the very same messages. "Through the service" is as the service
issues: the key is asked for, and what it signed verified before it is released.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import attrs
from cryptography.hazmat.primitives.asymmetric import ed25519

from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.adapters.system import system_entropy
from ikd.core.tokens import base45, cose, credential
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.credential import CredentialClaims
from ikd.core.tokens.inflate import deflate, inflate
from ikd.core.tokens.keyrecord import KeyRecord
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import ed25519_signer, es256_signer
from ikd.core.tokens.statuslist import StatusList
from ikd.core.tokens.verifier import Verifier
from ikd.service.signers import signing_key

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LIST = "https://ikd.example.id/status/1"
SEED = b"issuer.." * 4
CALLS = 64  # of each thing a round
GOALS = {"decode and verify": 1.4, "verdict": 1.6, "encode through the service": 2.5}


@attrs.frozen
class Token:
    """One credential in all the forms that are measured."""

    claims: CredentialClaims
    text: str
    signed: bytes
    message: bytes
    signature: bytes
    packed: bytes


def main(rounds: int = 101) -> None:
    """Print the ratios."""
    tokens = [_token(number) for number in range(CALLS)]
    print(f"cbor2 {version('cbor2')}, cryptography {version('cryptography')}", end=", ")
    print(f"Python {sys.version.split()[0]}, {rounds} rounds of {CALLS} calls each")
    things = {**_things(_ring()), **_peer()}
    print(f"another token at each call, {len(tokens[0].text)} characters")
    _told(_measured(things, tokens, rounds))


def _token(number: int) -> Token:
    noise = hashlib.shake_256(number.to_bytes(2, "big")).digest(24)
    claims = CredentialClaims(
        issuer="https://ikd.example.id",
        credential_id=noise[:16],
        issued_at=NOW,
        not_before=NOW,
        expires_at=NOW + timedelta(days=180),
        device_key=es256_signer(noise + bytes(7) + b"\x01").public,
        status_list=LIST,
        status_index=int.from_bytes(noise[16:18], "big"),
        person=Claim169(name="SITI CONTOH", sex=2, nik_tail="9901", birth_year=1989),
    )
    text = credential.write(claims, ed25519_signer(SEED))
    signed = credential.to_cose(text)
    parts = cose.read(signed)
    return Token(
        claims=claims,
        text=text,
        signed=signed,
        message=cose.signing_input(parts.protected, parts.payload),
        signature=parts.signature,
        packed=deflate(signed),
    )


def _ring() -> Keyring:
    times = {"not_before": NOW - timedelta(days=1), "not_after": NOW + timedelta(days=89)}
    record = KeyRecord(key=ed25519_signer(SEED).public, role="credential", **times)
    return Keyring(version=1, issued_at=NOW, expires_at=NOW + timedelta(days=7), records=[record])


def _things(ring: Keyring) -> dict[str, Callable[[Token], object]]:
    keys = MemoryKeys(system_entropy, NOW)
    private = ed25519.Ed25519PrivateKey.from_private_bytes(SEED)
    public = private.public_key()
    week = NOW + timedelta(days=7)
    listed = StatusList.of({}, uri=LIST, size=2**16, issued_at=NOW, expires_at=week)
    verifier = Verifier(ring, listed)
    return {
        "raw verify": lambda token: public.verify(token.signature, token.message),
        "raw sign": lambda token: private.sign(token.message),
        "decode and verify": lambda token: credential.verify(credential.to_cose(token.text), ring),
        "verdict": lambda token: verifier.check(token.text, now=NOW),
        "encode through the service": lambda token: credential.write(
            token.claims, signing_key(keys, "credential")
        ),
        "base45 decode": lambda token: base45.decode(token.text),
        "inflate": lambda token: inflate(token.packed, max_bytes=4096),
        "base45 encode": lambda token: base45.encode(token.packed),
        "zlib 9": lambda token: deflate(token.signed),
    }


def _peer() -> dict[str, Callable[[Token], object]]:
    """Return how the peer in Rust reads the same text: by its own curve, and by OpenSSL's."""
    try:
        import claim169
    except ImportError:
        print("claim169 isn't installed: no peer beside it")
        return {}
    key: PublicKey = ed25519_signer(SEED).public
    public = ed25519.Ed25519PublicKey.from_public_bytes(key.raw)

    def holds(_alg: str, _kid: bytes | None, message: bytes, signature: bytes) -> None:
        public.verify(bytes(signature), bytes(message))

    return {
        "claim169, its own key": lambda token: claim169.decode_with_ed25519(
            token.text, key.raw, validate_timestamps=False
        ),
        "claim169, the same key": lambda token: claim169.decode_with_verifier(token.text, holds),
    }


def _measured(
    things: Mapping[str, Callable[[Token], object]], tokens: Sequence[Token], rounds: int
) -> dict[str, list[float]]:
    """Return microseconds a call, one number a round."""
    found: dict[str, list[float]] = {name: [] for name in things}
    for turn in range(rounds + 1):
        for name, call in things.items():
            begun = time.thread_time()
            for token in tokens:
                call(token)
            if turn:  # the first round warms caches
                found[name].append((time.thread_time() - begun) / len(tokens) * 1e6)
    return found


def _told(found: Mapping[str, list[float]]) -> None:
    for name, times in found.items():
        ratios = [one / bare for one, bare in zip(times, found["raw verify"], strict=True)]
        goal = f"  goal {GOALS[name]}" if name in GOALS else ""
        told = f"{statistics.median(times):7.1f} us  {statistics.median(ratios):5.2f} x raw verify"
        print(f"{name:27} {told}{goal}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
