"""How far a credential's path lies above the bare signature, measured in turns in one run.

    python tools/bench/tokens.py [rounds]

Processor time, not the clock, so that neighbours on the machine count less. Every round measures
each thing once, in turns, so that a slow moment hits all of them. Printed are the median over the
rounds of the ratio within a round, and the ratio of the fastest rounds.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from cryptography.hazmat.primitives.asymmetric import ed25519

from ikd.core.tokens import base45, cose, credential
from ikd.core.tokens.credential import CredentialClaims
from ikd.core.tokens.inflate import deflate, inflate
from ikd.core.tokens.keyrecord import KeyRecord
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.person import Person
from ikd.core.tokens.signing import ed25519_signer, es256_signer
from ikd.core.tokens.status import StatusList
from ikd.core.tokens.verifier import Verifier

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LIST = "https://ikd.example.id/status/1"
CALLS = 50  # of each thing a round
PHONES = 64  # each credential names another phone, as at a counter


def main(rounds: int = 101) -> None:
    """Print the ratios."""
    issuer, status = ed25519_signer(b"issuer.." * 4), ed25519_signer(b"status.." * 4)
    raw_key = ed25519.Ed25519PrivateKey.from_private_bytes(b"issuer.." * 4)
    raw_public = raw_key.public_key()
    claims = [_claims(number) for number in range(PHONES)]
    texts = [credential.issue(one, issuer) for one in claims]
    ring = _ring(issuer.public, status.public)
    listed = StatusList.of(
        {}, uri=LIST, size=2**20, issued_at=NOW, expires_at=NOW + timedelta(days=7)
    )
    verifier = Verifier(ring, listed)
    signed = cose.read(credential.to_cose(texts[0]))
    message = cose.signing_input(signed.protected, signed.payload)
    data = deflate(credential.to_cose(texts[0]))
    coded = base45.encode(data)

    def strict(text: str) -> None:
        credential.verify(credential.to_cose(text), ring)

    found = _measured(
        {
            "raw verify": lambda _: raw_public.verify(signed.signature, message),
            "raw sign": lambda _: raw_key.sign(message),
            "decode and verify": lambda turn: strict(texts[turn % PHONES]),
            "verdict": lambda turn: verifier.check(texts[turn % PHONES], now=NOW),
            "encode and sign": lambda turn: credential.issue(claims[turn % PHONES], issuer),
            "base45 decode": lambda _: base45.decode(coded),
            "base45 encode": lambda _: base45.encode(data),
            "zlib 9": lambda _: deflate(data),
            "inflate": lambda _: inflate(data, max_bytes=4096),
        },
        rounds,
    )
    print(f"cbor2 {version('cbor2')}, cryptography {version('cryptography')}", end=", ")
    print(f"{len(texts[0])} characters, {rounds} rounds of {CALLS} calls each")
    _told("decode and verify", found, "raw verify", "goal 1.4")
    _told("verdict", found, "raw verify", "goal 1.6")
    _told("encode and sign", found, "raw sign", "goal 2.0")
    for part in ("base45 decode", "inflate"):
        _told(part, found, "raw verify", "part of a decode")
    for part in ("base45 encode", "zlib 9"):
        _told(part, found, "raw sign", "part of an encode")
    _against_claim169(texts, issuer.public.raw, rounds)


def _claims(number: int) -> CredentialClaims:
    return CredentialClaims(
        issuer="https://ikd.example.id",
        credential_id=number.to_bytes(16, "big"),
        issued_at=NOW,
        not_before=NOW,
        expires_at=NOW + timedelta(days=180),
        device_key=es256_signer(bytes(30) + b"\x01" + bytes([number])).public,
        status_list=LIST,
        status_index=7 + number,
        person=Person(name="SITI CONTOH", sex=2, nik_tail="9901", birth_year=1989),
    )


def _ring(issuer: object, status: object) -> Keyring:
    times = {"not_before": NOW - timedelta(days=1), "not_after": NOW + timedelta(days=89)}
    records = [
        KeyRecord(key=issuer, role="credential", **times),
        KeyRecord(key=status, role="status", **times),
    ]
    return Keyring(version=1, issued_at=NOW, expires_at=NOW + timedelta(days=7), records=records)


def _measured(things: dict[str, Callable[[int], object]], rounds: int) -> dict[str, list[float]]:
    """Return microseconds a call, one number a round."""
    found: dict[str, list[float]] = {name: [] for name in things}
    for turn in range(rounds + 1):
        for name, call in things.items():
            begun = time.thread_time()
            for number in range(CALLS):
                call(number)
            if turn:  # the first round warms caches
                found[name].append((time.thread_time() - begun) / CALLS * 1e6)
    return found


def _told(name: str, found: dict[str, list[float]], base: str, note: str) -> None:
    ratios = [one / bare for one, bare in zip(found[name], found[base], strict=True)]
    micros = statistics.median(found[name])
    best = min(found[name]) / min(found[base])
    ratio = f"{statistics.median(ratios):5.2f} (best {best:4.2f})"
    print(f"{name:22} {micros:8.1f} us  {ratio} x {base:12} {note}")


def _against_claim169(texts: list[str], key: bytes, rounds: int) -> None:
    """Print how the peer in Rust, whose signature is another library's, reads the same text."""
    try:
        import claim169
    except ImportError:
        print("claim169 isn't installed: no peer beside it")
        return
    found = _measured(
        {
            "claim169 decode": lambda turn: claim169.decode_with_ed25519(
                texts[turn % PHONES], key, validate_timestamps=False
            )
        },
        rounds,
    )
    print(f"{'claim169 decode':22} {statistics.median(found['claim169 decode']):8.1f} us")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
