"""Presentations that another phone made, for another moment or another verifier."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import house
from cases import Case
from house import DEVICE, NOW, SECOND

from ikd.core.tokens import base45, credential, presentation

_TOKEN_ID = b"token-id-16-byte"
_AAD = b"ikd/present/1"
_HASH, _VALUE = -65540, -65541


def bad_presentations() -> Iterator[Case]:
    """Yield every case."""
    signed = credential.to_cose(credential.write(house.claims(), house.EDDSA))
    yield from _moments(signed)
    yield from _challenges(signed)
    yield from _phones(signed)
    yield from _credentials(signed)
    yield from _forms(signed)
    asked = {"challenge": bytes(range(32))}
    yield Case("credential_where_a_challenge_was_given", credential.to_text(signed),
               "no_holder_proof", **asked)  # fmt: skip


def _shown(signed: bytes, **changes: object) -> str:
    values = {"token_id": _TOKEN_ID, "now": NOW, "device": DEVICE, "by": "value"}
    return presentation.write(signed, **{**values, **changes})


def _raw(claims: dict[Any, Any], **changes: object) -> str:
    made = house.sign1(dict(claims), **{"key": DEVICE, "aad": _AAD, **changes})
    return "IKDP:" + base45.encode(made)


def _plain(signed: bytes) -> dict[Any, Any]:
    now = int(NOW.timestamp())
    return {4: now + 90, 6: now, 7: _TOKEN_ID, _VALUE: signed}


def _moments(signed: bytes) -> Iterator[Case]:
    text = _shown(signed)
    yield Case("presentation_of_90_seconds_ago", text, "expired", now=NOW + 90 * SECOND)
    yield Case("presentation_31_seconds_early", text, "early", now=NOW - 31 * SECOND)
    plain = _plain(signed)
    for name, exp in {
        "of_91_seconds": 91,
        "of_no_time": 0,
        "that_ends_before_it_begins": -1,
    }.items():
        text = _raw({**plain, 4: plain[6] + exp})
        yield Case(f"presentation_{name}", text, "life")


def _challenges(signed: bytes) -> Iterator[Case]:
    ours, theirs = bytes(range(32)), bytes(32)
    for name, given, asked in (
        ("of_another_verifier", theirs, ours),
        ("missing", b"", ours),
        ("that_nobody_asked_for", ours, b""),
        ("cut_short", ours[:-1], ours),
    ):
        text = _shown(signed, challenge=given)
        yield Case(f"presentation_challenge_{name}", text, "challenge", challenge=asked)
    plain = _plain(signed)
    for name, challenge in {"empty": b"", "of_65_bytes": bytes(65), "as_text": "x"}.items():
        spoiled = dict(sorted({**plain, 10: challenge}.items(), key=_order))
        yield Case(f"presentation_challenge_{name}", _raw(spoiled), "malformed")


def _order(pair: tuple[int, Any]) -> tuple[bool, int]:
    return pair[0] < 0, abs(pair[0])


def _phones(signed: bytes) -> Iterator[Case]:
    yield Case("presentation_by_another_phone", _shown(signed, device=house.STRANGER), "holder")
    yield Case("presentation_by_the_issuer", _raw(_plain(signed), key=house.EDDSA), "holder")
    for name, aad in {
        "without_context": b"",
        "in_the_context_of_a_proof": b"ikd/proof/1",
        "in_the_context_of_a_pairing": b"ikd/pair-r/1",
    }.items():
        yield Case(f"presentation_signed_{name}", _raw(_plain(signed), aad=aad), "holder")
    renamed = _raw(_plain(signed), key=house.STRANGER, header=house.protected(DEVICE))
    yield Case("presentation_under_the_name_of_the_phone", renamed, "holder")
    payload = house.plain_claims()
    payload[8] = {1: {**payload[8][1], -2: _off_curve(payload[8][1][-2])}}
    off = house.sign1(payload)
    yield Case("presentation_of_a_key_off_the_curve", _raw(_plain(off)), "holder")


def _off_curve(x: bytes) -> bytes:
    """Return the next number that is no x of P-256: no y squared fits."""
    field = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    number = int.from_bytes(x, "big")
    while pow(number**3 - 3 * number + b, (field - 1) // 2, field) == 1:
        number += 1
    return number.to_bytes(32, "big")


def _credentials(signed: bytes) -> Iterator[Case]:
    spoiled = bytearray(signed)
    spoiled[-1] ^= 1
    yield Case("presentation_of_a_forged_credential", _shown(bytes(spoiled)), "signature")
    for name, place in (("revoked", house.INVALID), ("suspended", house.SUSPENDED)):
        fallen = house.claims(status_index=place)
        shown = _shown(credential.to_cose(credential.write(fallen, house.EDDSA)))
        reason = "invalid" if name == "revoked" else "suspended"
        yield Case(f"presentation_of_a_{name}_credential", shown, reason)
    stolen = credential.to_cose(credential.write(house.claims(), house.REVOKED))
    yield Case("presentation_of_a_credential_by_a_revoked_key", _shown(stolen), "revoked_key")
    unknown = credential.write(house.claims(credential_id=bytes(16)), house.EDDSA)
    by_hash = _shown(credential.to_cose(unknown), by="hash")
    yield Case("presentation_of_a_hash_nobody_knows", by_hash, "not_found")
    yield Case("presentation_of_nothing", _shown(b"nothing"), "malformed")


def _forms(signed: bytes) -> Iterator[Case]:
    plain = _plain(signed)
    digest = hashlib.sha256(signed).digest()
    without = {label: value for label, value in plain.items() if label != _VALUE}
    for name, claims in {
        "without_credential": without,
        "with_hash_and_value": {**without, _HASH: digest, _VALUE: signed},
        "with_a_hash_of_31_bytes": {**without, _HASH: digest[1:]},
        "with_a_credential_as_text": {**without, _VALUE: "x"},
        "without_token_id": {label: value for label, value in plain.items() if label != 7},
        "with_a_token_id_of_15_bytes": {**plain, 7: bytes(15)},
        "without_end": {label: value for label, value in plain.items() if label != 4},
        "with_another_claim": {**plain, -65600: 1},
        "with_times_as_text": {**plain, 4: "soon"},
    }.items():
        yield Case(f"presentation_{name}", _raw(claims), "malformed")
    text = _shown(signed)
    yield Case("presentation_with_a_line_feed_behind", text + "\n", "malformed")
    yield Case("presentation_in_lower_case", text.lower(), "malformed")
    yield Case("presentation_without_prefix", text.removeprefix("IKDP:"), "malformed")
    yield Case("presentation_as_a_pairing", "IKDR:" + text.removeprefix("IKDP:"), "other_kind")
    yield Case("presentation_prefix_twice", "IKDP:" + text, "malformed")
