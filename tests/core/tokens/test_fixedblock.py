"""One zlib block that every reader opens, where the compressor would store."""

import random
import zlib

from hypothesis import given
from hypothesis import strategies as st

from ikd.core.tokens import base45, credential, fixedblock
from ikd.core.tokens.inflate import deflate, inflate

KINDS = st.sampled_from([b"", b"a", b"abc", b"https://ikd.example.id/", bytes(300), b"\xff" * 9])


def kind_of(packed: bytes) -> int:
    """0 stored, 1 fixed codes, 2 codes of its own (RFC 1951 section 3.2.3)."""
    return packed[2] >> 1 & 3


@given(st.lists(st.binary(max_size=300) | KINDS, max_size=6).map(b"".join))
def test_whatever_goes_in_comes_out(data):
    packed = fixedblock.pack(data)
    assert zlib.decompress(packed) == data
    assert kind_of(packed) == 1
    assert inflate(packed, max_bytes=4096) == data


@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 255))
def test_repeats_of_every_length_and_distance_are_read(size, distance, seed):
    chance = random.Random(seed)
    begin = chance.randbytes(distance)
    data = begin + (begin * 700)[:size] + chance.randbytes(3)
    assert zlib.decompress(fixedblock.pack(data)) == data


def test_a_photo_that_hardly_compresses_is_not_stored(house):
    """Noise takes a few characters more, a photo none: its credential compresses by itself."""
    stored, longer = 0, 0
    for seed in range(200):
        photo = random.Random(seed).randbytes(300 + seed)
        person = house.person(
            nik_tail=None, birth_year=None, nik="1376015708909901", birth_date="19900817",
            nationality="IDN", photo=photo, photo_format=4,
        )  # fmt: skip
        text = credential.write(house.claims(person=person), house.issuer)
        packed = base45.decode(text)
        assert kind_of(packed) != 0
        plain = deflate(credential.to_cose(text))
        stored += kind_of(plain) == 0
        longer = max(longer, len(text) - len(base45.encode(plain)))
        assert credential.read(text, house.keyring(), now=house.now).person.photo == photo
    assert stored > 20
    assert longer <= 24
