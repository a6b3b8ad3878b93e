"""How far a credential's path lies above the bare signature, measured in turns in one run.

    python tools/bench/tokens.py [rounds]

Processor time, not the clock, so that neighbours on the machine count less. Every round measures
each thing once, in turns, so that a slow moment hits all of them; printed are the medians over
the rounds of a thing's time and of its ratio to the bare primitive within the round. Twice: with
one token again and again, and with another token at each call, as at a counter, where no branch
of the compressor can be foretold. The primitive signs and verifies the very same messages.
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

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LIST = "https://ikd.example.id/status/1"
SEED = b"issuer.." * 4
CALLS = 64  # of each thing a round
GOALS = {"decode and verify": 1.4, "verdict": 1.6, "encode and sign": 2.0}
PARTS = {"base45 decode": "verify", "inflate": "verify", "base45 encode": "sign", "zlib 9": "sign"}


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
    for title, chosen in (
        ("one token again and again", tokens[:1] * CALLS),
        ("another token at each call", tokens),
    ):
        print(f"\n{title}, {len(chosen[0].text)} characters")
        _told(_measured(things, chosen, rounds))


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
    issuer = ed25519_signer(SEED)
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
        "encode and sign": lambda token: credential.write(token.claims, issuer),
        "base45 decode": lambda token: base45.decode(token.text),
        "inflate": lambda token: inflate(token.packed, max_bytes=4096),
        "base45 encode": lambda token: base45.encode(token.packed),
        "zlib 9": lambda token: deflate(token.signed),
    }


def _peer() -> dict[str, Callable[[Token], object]]:
    """Return how the peer in Rust, whose signature is another library's, reads the same text."""
    try:
        import claim169
    except ImportError:
        print("claim169 isn't installed: no peer beside it")
        return {}
    key: PublicKey = ed25519_signer(SEED).public
    return {
        "claim169 decode": lambda token: claim169.decode_with_ed25519(
            token.text, key.raw, validate_timestamps=False
        )
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
        base = "sign" if PARTS.get(name) == "sign" or name == "encode and sign" else "verify"
        ratios = [one / bare for one, bare in zip(times, found[f"raw {base}"], strict=True)]
        goal = f"  goal {GOALS[name]}" if name in GOALS else ""
        line = f"{name:20} {statistics.median(times):7.1f} us"
        if not name.startswith("raw"):
            line += f"  {statistics.median(ratios):5.2f} x raw {base}{goal}"
        print(line)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
