"""What is sealed opens at its own place and nowhere else."""

import subprocess
import sys
import traceback

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import IkdError, InputError, SealError
from ikd.core.secrets.framing import framed
from ikd.core.secrets.sealing import (
    FieldPlace,
    SecretKey,
    blind_index,
    fingerprint,
    key_scope,
    new_data_key,
    pseudonym,
    seal,
    seal_with,
    unseal,
    unseal_with,
    unwrap,
    wrap,
)

OLD = SecretKey(kid=b"wrap0001", key=bytes(range(32)))
NEW = SecretKey(kid=b"wrap0002", key=bytes(range(1, 33)))
DATA_KEY = bytes(range(100, 132))
NONCE = b"twelve bytes"
PLACE = FieldPlace("application", "a" * 32, "nik")
TEXT = b"1376015708909901"
BOUND = ("notice", "pin")


def sealed():
    return seal(DATA_KEY, TEXT, nonce=NONCE, place=PLACE)


def with_key():
    return seal_with(OLD, TEXT, nonce=NONCE, purpose="outbox", bound=BOUND)


def flips(data: bytes):
    for place in range(len(data) * 8):
        altered = bytearray(data)
        altered[place // 8] ^= 1 << place % 8
        yield bytes(altered)


@given(st.binary(max_size=300), st.binary(min_size=12, max_size=12))
def test_what_was_sealed_opens_at_its_place(plaintext, nonce):
    assert (
        unseal(DATA_KEY, seal(DATA_KEY, plaintext, nonce=nonce, place=PLACE), place=PLACE)
        == plaintext
    )
    again = seal_with(OLD, plaintext, nonce=nonce, purpose="outbox", bound=BOUND)
    assert unseal_with([NEW, OLD], again, purpose="outbox", bound=BOUND) == plaintext


@pytest.mark.parametrize(
    "place",
    [
        FieldPlace("identity", "a" * 32, "nik"),
        FieldPlace("application", "b" * 32, "nik"),
        FieldPlace("application", "a" * 32, "email"),
        FieldPlace("applicatio", "n" + "a" * 32, "nik"),
        FieldPlace("application", "a" * 32 + "n", "ik"),
    ],
    ids=repr,
)
def test_a_sealed_field_opens_nowhere_else(place):
    with pytest.raises(SealError, match=r"seal\.broken"):
        unseal(DATA_KEY, sealed(), place=place)


def test_another_data_key_opens_nothing():
    with pytest.raises(SealError, match=r"seal\.broken"):
        unseal(bytes(32), sealed(), place=PLACE)


def test_no_flipped_bit_of_anything_sealed_opens():
    wrapped = wrap(DATA_KEY, OLD, nonce=NONCE, owner="owner")
    for altered in flips(sealed()):
        with pytest.raises(SealError):
            unseal(DATA_KEY, altered, place=PLACE)
    for altered in flips(with_key()):
        with pytest.raises(SealError):
            unseal_with([OLD], altered, purpose="outbox", bound=BOUND)
    for altered in flips(wrapped):
        with pytest.raises(SealError):
            unwrap(altered, [OLD], owner="owner")


@given(st.binary(max_size=80))
def test_rubbish_raises_our_error_and_nothing_hangs_on_it(data):
    for use in (
        lambda: unseal(DATA_KEY, data, place=PLACE),
        lambda: unseal_with([OLD], data, purpose="outbox", bound=BOUND),
        lambda: unwrap(data, [OLD], owner="owner"),
        lambda: unwrap(b"\x01" + OLD.kid + data, [OLD], owner="owner"),
    ):
        with pytest.raises(SealError) as caught:
            use()
        assert "InvalidTag" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_cut_envelope_is_broken(cut):
    with pytest.raises(SealError, match=r"seal\.broken"):
        unseal(DATA_KEY, sealed()[:-cut], place=PLACE)
    with pytest.raises(SealError, match=r"seal\.broken"):
        unwrap(wrap(DATA_KEY, OLD, nonce=NONCE, owner="owner")[: cut + 1], [OLD], owner="owner")


def test_a_data_key_opens_for_its_owner_under_any_key_still_kept():
    wrapped = wrap(DATA_KEY, OLD, nonce=NONCE, owner="owner")
    assert len(wrapped) == 69
    assert unwrap(wrapped, [NEW, OLD], owner="owner") == DATA_KEY
    with pytest.raises(SealError, match=r"seal\.broken"):
        unwrap(wrapped, [OLD], owner="another")
    with pytest.raises(SealError, match=r"seal\.key"):
        unwrap(wrapped, [NEW], owner="owner")
    false = SecretKey(kid=OLD.kid, key=NEW.key)
    with pytest.raises(SealError, match=r"seal\.broken"):
        unwrap(wrapped, [false], owner="owner")


@pytest.mark.parametrize(
    ("purpose", "bound"),
    [
        ("outbox", ("pin", "notice")),
        ("outbox", ("notice",)),
        ("outbox", ("noticepin",)),
        ("outbox", ("notice", "pin", "")),
        ("challenge", BOUND),
        ("outboxnotice", ("pin",)),
    ],
)
def test_a_waiting_pin_opens_only_for_its_notice_and_purpose(purpose, bound):
    with pytest.raises(SealError, match=r"seal\.broken"):
        unseal_with([OLD], with_key(), purpose=purpose, bound=bound)


def test_what_is_sealed_for_one_use_never_opens_in_another():
    same_words = wrap(DATA_KEY, OLD, nonce=NONCE, owner="outbox")
    with pytest.raises(SealError, match=r"seal\.broken"):
        unseal_with([OLD], same_words, purpose="outbox", bound=())
    other = seal_with(OLD, DATA_KEY, nonce=NONCE, purpose="owner", bound=())
    with pytest.raises(SealError, match=r"seal\.broken"):
        unwrap(other, [OLD], owner="owner")


def test_a_field_is_sealed_as_published():
    """AES-256-GCM under HKDF-SHA256(data key, info=framed(domain, place)), the place bound."""
    info = framed("ikd/field/v1", "application", "a" * 32, "nik")
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(DATA_KEY)
    assert sealed() == b"\x01" + NONCE + AESGCM(key).encrypt(NONCE, TEXT, info)


@pytest.mark.parametrize(
    "nonce", [b"", b"eleven bytes"[:11], bytes(13), "twelve bytes", bytearray(12)]
)
def test_a_nonce_is_twelve_bytes(nonce):
    with pytest.raises(InputError, match=r"key\.form"):
        seal(DATA_KEY, TEXT, nonce=nonce, place=PLACE)


@pytest.mark.parametrize("key", [b"", bytes(16), bytes(31), bytes(33), "k" * 32])
def test_a_data_key_is_thirty_two_bytes(key):
    for use in (
        lambda: seal(key, TEXT, nonce=NONCE, place=PLACE),
        lambda: unseal(key, sealed(), place=PLACE),
        lambda: wrap(key, OLD, nonce=NONCE, owner="owner"),
    ):
        with pytest.raises(InputError, match=r"key\.form"):
            use()


@pytest.mark.parametrize(
    "fields", [{"kid": b"short", "key": bytes(32)}, {"kid": bytes(8), "key": bytes(31)}]
)
def test_a_secret_key_has_an_eight_byte_name_and_32_bytes(fields):
    with pytest.raises(InputError, match=r"key\.form"):
        SecretKey(**fields)


def test_a_secret_key_is_known_by_its_name_alone():
    assert repr(OLD) == "SecretKey(kid=b'wrap0001')"
    assert SecretKey(kid=OLD.kid, key=NEW.key) == OLD


def test_a_data_key_is_drawn_from_all_of_enough_entropy():
    assert len(new_data_key(bytes(32))) == 32
    assert new_data_key(bytes(32)) == new_data_key(bytes(32)) != new_data_key(bytes(33))
    with pytest.raises(InputError, match=r"entropy\.short"):
        new_data_key(bytes(31))


def test_a_wrapped_thing_of_another_size_is_no_data_key():
    """Only someone who holds the wrapping key can make one; it is refused all the same."""
    info = framed(OLD.kid, "ikd/wrap/v1", "owner")
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(OLD.key)
    short = b"\x01" + OLD.kid + NONCE + AESGCM(key).encrypt(NONCE, bytes(31), info)
    with pytest.raises(SealError, match=r"seal\.broken"):
        unwrap(short, [OLD], owner="owner")


def test_an_index_depends_on_key_space_and_text():
    base = blind_index(OLD, "nik", "1376015708909901")
    assert len(base) == 32
    assert base == blind_index(OLD, "nik", "1376015708909901")
    others = {
        blind_index(NEW, "nik", "1376015708909901"),
        blind_index(OLD, "email", "1376015708909901"),
        blind_index(OLD, "nik1", "376015708909901"),
        blind_index(OLD, "nik", "1376015708909902"),
        fingerprint(OLD, b"1376015708909901"),
        key_scope(OLD, b"1376015708909901"),
    }
    assert len(others) == 6
    assert base not in others


def test_a_pseudonym_is_sixteen_hexadecimal_characters():
    name = pseudonym(OLD, "operator 7")
    assert len(name) == 16
    assert set(name) <= set("0123456789abcdef")
    assert name == pseudonym(OLD, "operator 7")
    assert name not in {pseudonym(NEW, "operator 7"), pseudonym(OLD, "operator 8")}


def test_a_fingerprint_tells_two_requests_apart():
    assert len(fingerprint(OLD, b"")) == 32
    assert fingerprint(OLD, b"a") == fingerprint(OLD, b"a") != fingerprint(OLD, b"b")


def test_seal_errors_belong_to_our_family():
    assert issubclass(SealError, IkdError)
    told = "seal.broken: Something sealed can't be opened; what was wrong with it isn't told"
    assert str(SealError()) == told


def test_loading_the_module_does_not_load_cryptography():
    code = (
        "import sys, ikd.core.secrets.pin, ikd.core.secrets.passcode;"
        "sys.exit('cryptography' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
