"""What was sealed, indexed and fingerprinted once is known again for ever: answers of 0.1.0."""

from __future__ import annotations

import pytest

from ikd.core.errors import InputError
from ikd.core.secrets.pin import check_budget, make_pin
from ikd.core.secrets.sealing import (
    SecretKey,
    blind_index,
    fingerprint,
    key_scope,
    new_data_key,
    pseudonym,
)

KEY = SecretKey(kid=bytes(range(8)), key=bytes(range(32)))


def test_a_data_key_comes_from_its_entropy():
    known = "7a2e85bdda84e9adacea95902a3d4b135dfcc1024828244a12ba54b906353388"
    assert new_data_key(bytes(32)).hex() == known


def test_a_resident_is_found_again_by_the_same_index():
    known = "4bb1c0d7edf24b444095ddff046d7465f40f461d05afe9f94c18387b841a5cf6"
    assert blind_index(KEY, "nik", "1376015708909901").hex() == known


def test_a_resident_keeps_the_same_pseudonym():
    assert pseudonym(KEY, "resident-1") == "bb024e6d95fd48b2"


def test_a_repeat_is_known_by_its_fingerprint_in_its_scope():
    known = "65050c0c7f832425ebe898c3963709dcfdfb575f8deeb1533e186f25a64cf7f7"
    assert fingerprint(KEY, b"data").hex() == known
    known = "d552b3ccc0cae74b7ac6d6b03c59c33cb0220ffa71c46a52c02748df530b4325"
    assert key_scope(KEY, b"data").hex() == known
    assert key_scope(KEY, b"other") != key_scope(KEY, b"data")


def test_a_pin_is_drawn_as_it_always_was():
    assert make_pin(bytes(range(32))).reveal() == "907006"


def test_what_is_refused_is_called_as_it_always_was():
    with pytest.raises(InputError) as met:
        make_pin(bytes(7))
    assert met.value.code == "entropy.short"
    with pytest.raises(InputError) as met:
        check_budget(5, 6)
    assert met.value.code == "pin.budget"
