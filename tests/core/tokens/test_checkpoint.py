"""A checkpoint is read only as it was signed, its list only as it was made."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.core.errors import TokenError
from ikd.core.tokens.checkpoint import Checkpoint, TableSum
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.service.credentials import signing_key
from ikd.testing import seeded_entropy

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
LINES = [("application", "a" * 32, 3, b"h" * 32), ("house", "b" * 32, 1, b"i" * 32)]
DIGEST = bytes.fromhex("")


def keys(seed="keys"):
    return MemoryKeys(seeded_entropy(seed), NOW)


def ring(source):
    return Keyring.read(source.keyring(), [PublicKey.ed25519(r) for r in source.roots()], now=NOW)


def made(source, role="checkpoint", lines=LINES):
    import hashlib

    from ikd.core.tokens.checkpoint import line_bytes

    digest = hashlib.sha256(b"".join(map(line_bytes, LINES))).digest()
    value = Checkpoint(
        at=NOW,
        records=TableSum(count=len(LINES), digest=digest),
        tables={"records": TableSum(count=2, digest=b"t" * 32)},
    )
    return value, list(value.write(signing_key(source, role), lines))


def test_what_was_written_is_read():
    source = keys()
    value, (signed, *lines) = made(source)
    read = Checkpoint.read(signed, ring(source))
    assert read == value
    assert read.listed(lines) == {(kind, one): (n, head) for kind, one, n, head in LINES}


@pytest.mark.parametrize("role", ["credential", "status"])
def test_a_key_of_another_role_signs_none(role):
    source = keys()
    _, (signed, *_) = made(source, role)
    with pytest.raises(TokenError, match=r"token\.key"):
        Checkpoint.read(signed, ring(source))


def test_keys_of_others_sign_none():
    _, (signed, *_) = made(keys("others"))
    with pytest.raises(TokenError, match=r"token\.key"):
        Checkpoint.read(signed, ring(keys()))


@pytest.mark.parametrize("place", range(20, 400, 23))
def test_no_sign_of_the_signed_line_may_change(place):
    source = keys()
    _, (signed, *_) = made(source)
    other = b"0" if signed[place : place + 1] != b"0" else b"1"
    with pytest.raises(TokenError):
        Checkpoint.read(signed[:place] + other + signed[place + 1 :], ring(source))


@pytest.mark.parametrize("signed", [b"", b"zz\n", b"00\n", b"\xff\n", b"d2" * 9000])
def test_what_is_no_signed_line_is_refused(signed):
    with pytest.raises(TokenError):
        Checkpoint.read(signed, ring(keys()))


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[1:],
        lambda lines: lines[::-1],
        lambda lines: [*lines, lines[0]],
        lambda lines: [lines[0].replace(b" 3 ", b" 2 "), lines[1]],
        lambda lines: [b"application x\n", lines[1]],
        lambda lines: [lines[0], b"\xff\n"],
        lambda lines: [lines[0].replace(b" 3 ", b" three "), lines[1]],
    ],
)
def test_another_list_than_the_one_that_was_signed_is_refused(change):
    source = keys()
    _, (signed, *lines) = made(source)
    read = Checkpoint.read(signed, ring(source))
    with pytest.raises(TokenError, match=r"token\.checkpoint"):
        read.listed(change(lines))
