"""A verifier's files: regular ones only, and the one at fault is named."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ikd.adapters.trust import FileTrust
from ikd.adapters.trust.trust_files import read_file, read_foreign_keys, read_lists
from ikd.core.errors import InputError, PortError, TokenError
from ikd.core.tokens.keyrecord import KeyRecord
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.signing import ed25519_signer
from ikd.core.tokens.statuslist import StatusList

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
STATUS = ed25519_signer(b"status.." * 4)


def ring() -> Keyring:
    times = {"not_before": NOW - timedelta(days=1), "not_after": NOW + timedelta(days=89)}
    record = KeyRecord(key=STATUS.public, role="status", **times)
    week = NOW + timedelta(days=7)
    return Keyring(version=1, issued_at=NOW, expires_at=week, records=[record])


def listed(number: int) -> bytes:
    made = StatusList.of(
        {}, uri=f"list-{number}", size=8, issued_at=NOW, expires_at=NOW + timedelta(days=1)
    )
    return made.write(STATUS)


def test_of_several_lists_the_broken_one_is_named(tmp_path):
    paths = [tmp_path / f"{number}.cwt" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(listed(number))
    assert len(read_lists(paths, ring(), now=NOW)) == 3
    paths[1].write_bytes(listed(1)[:-1] + b"x")
    with pytest.raises(TokenError, match=r"1\.cwt") as caught:
        read_lists(paths, ring(), now=NOW)
    assert caught.value.fault == "signature"
    with pytest.raises(TokenError, match=r"status\[1\]"):
        read_lists([listed(0), b"no list"], ring(), now=NOW)
    with pytest.raises(TokenError) as alone:
        read_lists([b"no list"], ring(), now=NOW)
    assert "status[" not in str(alone.value)


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_only_regular_files_are_opened(tmp_path, kind):
    """A pipe would wait for ever for somebody to write."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    given = {"pipe": path, "device": "/dev/zero", "folder": tmp_path}[kind]
    with pytest.raises(InputError, match=r"trust\.form"):
        read_file(given)
    with pytest.raises(PortError, match=r"trust\.failed"):
        FileTrust(given).newest_keyring()


def test_one_that_becomes_a_pipe_meanwhile_is_not_waited_for(tmp_path, monkeypatch):
    path = tmp_path / "keyring.cbor"
    path.write_bytes(b"x")
    opened = os.open

    def swapped(name, flags, *more):
        path.unlink()
        os.mkfifo(path)
        return opened(name, flags, *more)

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(InputError, match=r"trust\.form"):
        read_file(path)


def pem(key) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(b"another." * 4).public_key()
P256 = ec.derive_private_key(7, ec.SECP256R1()).public_key()
ENTRY = """
[[key]]
issuer = "https://id.example.org"
name = "Negeri Contoh"
pem = '''{}'''
"""


def test_foreign_keys_are_read_under_their_own_names():
    more = 'kid = "6b31"\nnot_before = 2026-01-01T00:00:00Z\nnot_after = 2027-01-01T00:00:00Z\n'
    text = ENTRY.format(pem(ED25519)) + more + ENTRY.format(pem(P256))
    first, second = read_foreign_keys(text.encode())
    assert (first.kid, first.issuer, first.name) == (b"k1", "https://id.example.org",
                                                     "Negeri Contoh")  # fmt: skip
    assert first.key.raw == ED25519.public_bytes_raw()
    assert (first.not_before, first.not_after) == (
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    )
    assert (second.kid, second.not_before) == (b"", None)
    assert second.key.raw == P256.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert read_foreign_keys(None) == ()
    assert read_foreign_keys([first]) == (first,)


GOOD = ENTRY.format(pem(ED25519))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("key = 5", "foreign.form"),
        ("", "foreign.form"),
        ("[[key]]\n[other]", "foreign.form"),
        ("not toml", "foreign.form"),
        ("key = [5]", "foreign.key"),
        ("[[key]]\nissuer = 'i'", "foreign.key"),
        (GOOD + "x = 1", "foreign.key"),
        (GOOD + "kid = 'xyz'", "foreign.key"),
        (GOOD + "kid = 5", "foreign.key"),
        (GOOD + "not_after = 2026-01-01", "foreign.key"),
        (GOOD + "not_after = 2026-01-01T00:00:00", "foreign.key"),
        (GOOD.replace("Negeri Contoh", ""), "foreign.key"),
        (ENTRY.format("nothing"), "foreign.key"),
        (ENTRY.format(pem(x25519.X25519PrivateKey.generate().public_key())), "foreign.key"),
        (ENTRY.format(pem(ec.derive_private_key(7, ec.SECP384R1()).public_key())), "foreign.key"),
    ],
)
def test_a_file_of_foreign_keys_with_a_fault_is_refused(text, code):
    with pytest.raises(InputError) as caught:
        read_foreign_keys(text.encode())
    assert caught.value.code == code
    assert code == "foreign.form" or "key[0]" in str(caught.value)


def test_a_file_that_is_no_text_is_no_file_of_keys():
    with pytest.raises(InputError, match=r"foreign\.form"):
        read_foreign_keys(b"\xff")
