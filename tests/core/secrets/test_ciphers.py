"""The ciphers under everything sealed, against public vectors through our own wrappers."""

import json

import pytest

from ikd.core.errors import SealError
from ikd.core.secrets.ciphers import decrypt, derive, encrypt, lock, unlock


def wycheproof(vectors, name):
    groups = json.loads((vectors / "wycheproof" / name).read_text())["testGroups"]
    return [(group, test) for group in groups for test in group["tests"]]


def unhexed(test, *names):
    return [bytes.fromhex(test[name]) for name in names]


def test_wycheproof_aes_gcm(vectors):
    cases = wycheproof(vectors, "aes_gcm_test.json")
    assert len(cases) == 316
    tried = 0
    for group, test in cases:
        key, nonce, info, plain, sealed, tag = unhexed(test, "key", "iv", "aad", "msg", "ct", "tag")
        if len(nonce) != 12:  # ours always have 12 bytes: others are refused, right or wrong
            for call in (encrypt, decrypt):
                with pytest.raises(SealError):
                    call(key, sealed + tag, nonce=nonce, info=info)
        elif test["result"] == "valid":
            assert decrypt(key, sealed + tag, nonce=nonce, info=info) == plain, test["tcId"]
            assert encrypt(key, plain, nonce=nonce, info=info) == sealed + tag, test["tcId"]
        else:
            with pytest.raises(SealError):
                decrypt(key, sealed + tag, nonce=nonce, info=info)
        tried += len(nonce) == 12
        assert group["tagSize"] == 128
    assert tried == 197


def test_wycheproof_hkdf(vectors):
    cases = wycheproof(vectors, "hkdf_sha256_test.json")
    assert len(cases) == 86
    for _, test in cases:
        key, salt, info, expected = unhexed(test, "ikm", "salt", "info", "okm")
        if test["result"] == "valid":
            assert derive(key, salt=salt, info=info, length=test["size"]) == expected, test["tcId"]
        else:
            with pytest.raises(SealError):
                derive(key, salt=salt, info=info, length=test["size"])


@pytest.mark.parametrize("length", [0, -1, 8161])
def test_hkdf_gives_no_more_than_it_has(length):
    with pytest.raises(SealError):
        derive(b"k" * 32, info=b"", length=length)


@pytest.mark.parametrize("locked", [b"", b"n" * 12, b"n" * 27, b"n" * 28])
def test_what_is_too_short_or_foreign_opens_nothing(locked):
    with pytest.raises(SealError) as caught:
        unlock(b"k" * 32, locked, info=b"field")
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_another_field_has_another_key():
    locked = lock(b"k" * 32, b"secret", nonce=b"n" * 12, info=b"field")
    assert unlock(b"k" * 32, locked, info=b"field") == b"secret"
    with pytest.raises(SealError):
        unlock(b"k" * 32, locked, info=b"another")
