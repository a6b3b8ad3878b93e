"""Claims that aren't as they must be, under signatures that hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import house
from cases import Case
from rawcbor import Pairs, Raw, encode

NAMES = {1: "iss", 4: "exp", 5: "nbf", 6: "iat", 7: "cti", 8: "cnf", 169: "169", 65535: "status"}
_DAY = 86_400


def bad_claims() -> Iterator[Case]:
    """Yield every case."""
    yield from _missing()
    yield from _values()
    yield from _spellings()


def signed(name: str, payload: object, reason: str = "malformed") -> Case:
    """Return a case around a payload whose signature holds."""
    return Case(f"claims_{name}", house.text(house.sign1(payload)), reason)


def _missing() -> Iterator[Case]:
    for label, name in NAMES.items():
        payload = {key: value for key, value in house.plain_claims().items() if key != label}
        foreign = label != 169
        yield signed(f"{name}_missing", payload, "rewritten" if foreign else "malformed")


def _values() -> Iterator[Case]:
    sound = house.plain_claims()
    exp, nbf, iat = sound[4], sound[5], sound[6]
    key = sound[8][1]
    place = sound[65535]["status_list"]
    foreign: dict[str, tuple[int, Any]] = {
        "iss_empty": (1, ""),
        "iss_as_bytes": (1, b"ikd"),
        "iss_with_a_space": (1, "ikd example"),
        "iss_with_a_line_feed": (1, "ikd\n"),
        "iss_not_ascii": (1, "ikd\u00e9"),
        "iss_with_a_nul": (1, "ikd\0"),
        "addresses_of_93_characters": (1, "i" * (93 - len(house.LIST))),
        "cti_of_15_bytes": (7, bytes(15)),
        "cti_of_17_bytes": (7, bytes(17)),
        "cti_as_text": (7, "credential-id-01"),
        "cti_as_number": (7, 1),
        "cnf_empty": (8, {}),
        "cnf_as_bytes": (8, b"key"),
        "cnf_by_key_name": (8, {3: b"12345678"}),
        "cnf_with_key_and_name": (8, {1: key, 3: b"12345678"}),
        "cnf_key_with_an_algorithm": (8, {1: Pairs([(1, 2), (3, -7), *list(key.items())[1:]])}),
        "cnf_key_without_y": (8, {1: {1: 2, -1: 1, -2: key[-2]}}),
        "cnf_key_uncompressed": (8, {1: {**key, -3: house.DEVICE.public.raw[33:]}}),
        "cnf_key_of_31_bytes": (8, {1: {**key, -2: key[-2][1:]}}),
        "cnf_key_of_33_bytes": (8, {1: {**key, -2: b"\0" + key[-2]}}),
        "cnf_key_x_above_the_field": (8, {1: {**key, -2: b"\xff" * 32}}),
        "cnf_key_of_curve_p384": (8, {1: {**key, -1: 2}}),
        "cnf_key_of_type_okp": (8, {1: {1: 1, -1: 6, -2: key[-2]}}),
        "cnf_key_with_its_private_half": (8, {1: {**key, -4: bytes(32)}}),
        "status_empty": (65535, {}),
        "status_as_text": (65535, "valid"),
        "status_without_list": (65535, {"identifier_list": place}),
        "status_with_another_list_besides": (65535, {"status_list": place, "x": 1}),
        "status_without_place": (65535, {"status_list": {"uri": house.LIST}}),
        "status_without_address": (65535, {"status_list": {"idx": 7}}),
        "status_place_beyond_32_bits": (65535, {"status_list": {"idx": 2**32, "uri": house.LIST}}),
        "status_address_empty": (65535, {"status_list": {"idx": 7, "uri": ""}}),
    }
    for name, (label, value) in foreign.items():
        yield signed(name, {**sound, label: value}, "rewritten")
    unreadable: dict[str, tuple[int, Any]] = {
        "status_place_as_text": (65535, {"status_list": {"idx": "7", "uri": house.LIST}}),
        "status_place_negative": (65535, {"status_list": {"idx": -1, "uri": house.LIST}}),
        "status_place_as_true": (65535, {"status_list": {"idx": True, "uri": house.LIST}}),
        "status_address_as_bytes": (65535, {"status_list": {"idx": 7, "uri": b"x"}}),
    }
    for name, (label, value) in unreadable.items():
        yield signed(name, {**sound, label: value})
    for name, changes in {
        "exp_before_nbf": {4: nbf - 1},
        "exp_as_nbf": {4: nbf},
        "exp_181_days_behind_iat": {4: iat + 181 * _DAY},
        "exp_a_second_too_late": {4: iat + 180 * _DAY + 1},
        "nbf_before_iat": {5: iat - 1},
    }.items():
        yield signed(name, {**sound, **changes}, "life")
    for name, changes in {
        "exp_as_text": {4: str(exp)},
        "exp_as_true": {4: True},
        "exp_negative": {4: -1},
        "exp_beyond_the_year_9999": {4: 253402300800},
        "exp_of_64_bits": {4: 2**64 - 1},
        "nbf_as_text": {5: str(nbf)},
        "iat_as_bytes": {6: b"\x01"},
        "iat_as_tagged_time": {6: Raw(b"\xc1" + encode(iat))},
    }.items():
        yield signed(name, {**sound, **changes})
    yield signed("169_as_array", {**sound, 169: [1]})
    yield signed("exp_as_float", {**sound, 4: float(exp)}, "rewritten")
    yield signed("null_for_the_issuer", {**sound, 1: None}, "rewritten")


def _spellings() -> Iterator[Case]:
    sound = house.plain_claims()
    pairs = list(sound.items())
    whole = encode(sound)
    foreign: dict[str, Any] = {
        "another_claim_besides": {**sound, 65536: 1},
        "another_claim_with_a_text_label": {**sound, "x": 1},
        "labels_descending": Pairs(reversed(pairs)),
        "two_labels_swapped": Pairs([pairs[1], pairs[0], *pairs[2:]]),
        "key_of_the_phone_descending": {
            **sound,
            8: {1: Pairs(reversed(list(sound[8][1].items())))},
        },
        "spelling_map_without_end": Raw(b"\xbf" + whole[1:] + b"\xff"),
        "spelling_map_length_in_two_bytes": Raw(b"\xb8" + bytes((len(pairs),)) + whole[1:]),
        "spelling_number_not_shortest": Raw(whole.replace(b"\x1a", b"\x1b\0\0\0\0", 1)),
        "spelling_label_not_shortest": Raw(whole[:1] + b"\x18" + whole[1:]),
        "spelling_text_in_chunks": Raw(
            whole.replace(encode(house.ISSUER), b"\x7f" + encode(house.ISSUER) + b"\xff", 1)
        ),
        "spelling_half_float_inside": {**sound, 65536: Raw(b"\xf9\x3c\x00")},
    }
    for name, payload in foreign.items():
        yield signed(name, payload, "rewritten")
    bad: dict[str, Any] = {
        "label_twice": Pairs([pairs[0], *pairs]),
        "label_twice_with_another_value": Pairs([(1, "https://other.example.id"), *pairs]),
        "text_not_utf8": Raw(whole.replace(b"SITI", b"SIT\xff", 1)),
        "text_with_a_surrogate": {**sound, 169: {**sound[169], 4: "SITI \ud800"}},
        "byte_behind": Raw(whole + b"\0"),
        "last_byte_missing": Raw(whole[:-1]),
        "undefined_inside": {**sound, 65536: Raw(b"\xf7")},
        "simple_value_inside": {**sound, 65536: Raw(b"\xf8\x20")},
        "tag_inside": {**sound, 65536: Raw(b"\xc0" + encode("2026-11-22T03:00:00Z"))},
        "bignum_inside": {**sound, 4: Raw(b"\xc2\x44" + sound[4].to_bytes(4, "big"))},
        "shared_reference_inside": {**sound, 65536: Raw(b"\xd8\x1d\x00")},
        "break_alone_inside": {**sound, 65536: Raw(b"\xff")},
        "label_as_bytes": Pairs([*pairs, (b"x", 1)]),
        "label_as_array": Pairs([*pairs, ([1], 1)]),
        "nested_200_deep": {**sound, 65536: Raw(b"\x81" * 200 + b"\x01")},
        "length_of_2_to_the_63": Raw(whole[:2] + b"\x7b" + (2**63).to_bytes(8, "big") + whole[3:]),
        "empty": b"",
        "array": [1, 2],
        "text": "claims",
        "number": 1,
        "empty_map": {},
    }
    for name, payload in bad.items():
        yield signed(f"spelling_{name}", payload)
