"""Defects of the COSE_Sign1: its form, its headers, its keys and its signature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import house
from cases import Case
from house import EDDSA, ES256
from rawcbor import Pairs, Raw, encode

from ikd.core.tokens import cose

# Order of the group of Ed25519 (RFC 8032) and of P-256 (FIPS 186).
_L = 2**252 + 27742317777372353535851937790883648493
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def bad_cose() -> Iterator[Case]:
    """Yield every case."""
    yield from _forms()
    yield from _headers()
    yield from _keys()
    yield from _signatures()
    yield from _flips()


def _case(name: str, signed: bytes, reason: str) -> Case:
    return Case(name, house.text(signed), reason)


def _parts(key: house.Signer = EDDSA) -> tuple[bytes, bytes, bytes]:
    """Return header, payload and signature of a sound credential."""
    head, payload = encode(house.protected(key)), encode(house.plain_claims())
    return head, payload, key.sign(cose.signing_input(head, payload))


def _forms() -> Iterator[Case]:
    head, payload, signature = _parts()
    body = encode([head, Pairs(), payload, signature])
    foreign = {
        "tag_missing": body,
        "tag_61_before_18": b"\xd8\x3d\xd2" + body,
        "array_without_end": b"\xd2\x9f" + body[1:] + b"\xff",
        "array_length_in_two_bytes": b"\xd2\x98\x04" + body[1:],
        "payload_in_chunks": b"\xd2"
        + encode([head, Pairs(), Raw(b"\x5f" + encode(payload) + b"\xff"), signature]),
    }
    for name, signed in foreign.items():
        yield _case(f"cose_{name}", signed, "rewritten")
    forms: dict[str, bytes] = {
        "tag_17": b"\xd1" + body,
        "tag_98": b"\xd8\x62" + body,
        "tag_18_in_two_bytes": b"\xd8\x12" + body,
        "tag_18_twice": b"\xd2\xd2" + body,
        "tag_55799_before": b"\xd9\xd9\xf7\xd2" + body,
        "array_of_3": b"\xd2" + encode([head, Pairs(), payload]),
        "array_of_5": b"\xd2" + encode([head, Pairs(), payload, signature, b""]),
        "map_instead_of_array": b"\xd2" + encode(Pairs([(head, payload), (1, signature)])),
        "byte_behind": b"\xd2" + body + b"\0",
        "last_byte_missing": b"\xd2" + body[:-1],
        "payload_missing": b"\xd2" + encode([head, Pairs(), None, signature]),
        "payload_as_map": b"\xd2" + encode([head, Pairs(), Raw(payload), signature]),
        "payload_as_text": b"\xd2" + encode([head, Pairs(), "x", signature]),
        "header_as_map": b"\xd2" + encode([house.protected(), Pairs(), payload, signature]),
        "signature_of_63_bytes": b"\xd2" + encode([head, Pairs(), payload, signature[:-1]]),
        "signature_of_65_bytes": b"\xd2" + encode([head, Pairs(), payload, signature + b"\0"]),
        "signature_missing": b"\xd2" + encode([head, Pairs(), payload, b""]),
        "signature_as_text": b"\xd2" + encode([head, Pairs(), payload, "x" * 64]),
        "unprotected_as_array": b"\xd2" + encode([head, [], payload, signature]),
        "length_beyond_the_end": b"\xd2\x84\x5a\x7f\xff\xff\xff",
    }
    for name, signed in forms.items():
        yield _case(f"cose_{name}", signed, "malformed")


def _headers() -> Iterator[Case]:
    payload, kid = house.plain_claims(), EDDSA.public.kid
    foreign: dict[str, Any] = {
        "content_type_besides": {1: -8, 3: "application/cwt", 4: kid},
        "private_header": {1: -8, 4: kid, "x": 1},
        "key_name_missing": {1: -8},
        "key_names_descending": Pairs([(4, kid), (1, -8)]),
        "algorithm_in_two_bytes": Raw(b"\xa2\x01\x38\x07\x04" + encode(kid)),
        "without_end": Raw(b"\xbf\x01\x27\x04" + encode(kid) + b"\xff"),
    }
    for name, header in foreign.items():
        yield _case(f"header_{name}", house.sign1(payload, header=header), "rewritten")
    yield _case(
        "header_key_name_unprotected",
        house.sign1(payload, header={1: -8}, loose={4: kid}),
        "rewritten",
    )
    bad: dict[str, Any] = {
        "empty": b"",
        "empty_map": {},
        "algorithm_missing": {4: kid},
        "algorithm_as_text": {1: "EdDSA", 4: kid},
        "algorithm_as_true": {1: True, 4: kid},
        "algorithm_as_float": {1: -8.0, 4: kid},
        "algorithm_null": {1: None, 4: kid},
        "algorithm_twice": Pairs([(1, -8), (1, -8), (4, kid)]),
        "key_name_as_text": {1: -8, 4: "abcdefgh"},
        "byte_behind": encode(house.protected()) + b"\0",
        "array": [1, -8, 4, kid],
        "critical": {1: -8, 2: [4], 4: kid},
    }
    for name, header in bad.items():
        yield _case(f"header_{name}", house.sign1(payload, header=header), "malformed")
    yield _case(
        "header_all_unprotected",
        house.sign1(payload, header=b"", loose={1: -8, 4: kid}),
        "malformed",
    )
    yield _case("header_unprotected_besides", house.sign1(payload, loose={4: kid}), "malformed")


def _keys() -> Iterator[Case]:
    payload = house.plain_claims()
    for name, header in {
        "hs256": {1: 5, 4: EDDSA.public.kid},
        "es384": {1: -35, 4: EDDSA.public.kid},
        "es512": {1: -36, 4: EDDSA.public.kid},
        "rs256": {1: -257, 4: EDDSA.public.kid},
        "zero": {1: 0, 4: EDDSA.public.kid},
        "fully_specified_ed25519": {1: -19, 4: EDDSA.public.kid},
        "es256_for_an_eddsa_key": {1: -7, 4: EDDSA.public.kid},
    }.items():
        yield _case(f"algorithm_{name}", house.sign1(payload, header=header), _ALGORITHM[name])
    eddsa_for_es256 = house.sign1(payload, key=ES256, header={1: -8, 4: ES256.public.kid})
    yield _case("algorithm_eddsa_for_an_es256_key", eddsa_for_es256, "signature")
    for name, kid in {
        "of_7_bytes": EDDSA.public.kid[:7],
        "of_9_bytes": EDDSA.public.kid + b"\0",
        "empty": b"",
        "of_32_bytes": EDDSA.public.thumbprint,
    }.items():
        signed = house.sign1(payload, header={1: -8, 4: kid})
        yield _case(f"key_name_{name}", signed, "rewritten")
    for name, key, reason in (
        ("that_nobody_lists", house.UNLISTED, "key"),
        ("for_status_lists", house.STATUS, "key"),
        ("of_a_station", house.STATION, "key"),
        ("of_the_root", house.ROOT, "key"),
        ("of_the_phone_itself", house.DEVICE, "key"),
        ("that_was_revoked", house.REVOKED, "revoked_key"),
        ("that_is_pending", house.PENDING, "key"),
        ("that_is_used_from_tomorrow", house.FUTURE, "key"),
    ):
        yield _case(f"key_{name}", house.sign1(payload, key=key), reason)
    late = {**payload, 5: int(house.NOW.timestamp()), 6: int(house.NOW.timestamp())}
    yield _case("key_whose_time_was_over", house.sign1(late, key=house.PAST), "key")
    other = house.sign1(payload, key=house.UNLISTED, header=house.protected(EDDSA))
    yield _case("key_under_the_name_of_another", other, "signature")


_ALGORITHM = {
    "hs256": "malformed",
    "es384": "malformed",
    "es512": "malformed",
    "rs256": "malformed",
    "zero": "malformed",
    "fully_specified_ed25519": "rewritten",
    "es256_for_an_eddsa_key": "signature",
}


def _signatures() -> Iterator[Case]:
    head, payload, good = _parts()
    scalar = int.from_bytes(good[32:], "little")
    spoiled = {
        "of_zeros": bytes(64),
        "of_ones": b"\xff" * 64,
        "halves_swapped": good[32:] + good[:32],
        "reversed": good[::-1],
        "s_plus_the_order": good[:32] + (scalar + _L).to_bytes(32, "little"),
        "s_zero": good[:32] + bytes(32),
        "r_of_small_order": b"\x01" + bytes(31) + good[32:],
        "over_the_payload_alone": EDDSA.sign(payload),
        "with_external_data": EDDSA.sign(cose.signing_input(head, payload, b"ikd/present/1")),
        "in_the_context_of_many_signers": EDDSA.sign(
            encode(["Signature", b"", head, b"", payload])
        ),
        "over_another_header": EDDSA.sign(cose.signing_input(b"", payload)),
        "of_another_credential": EDDSA.sign(
            cose.signing_input(head, encode({**house.plain_claims(), 7: bytes(16)}))
        ),
    }
    for name, signature in spoiled.items():
        yield _case(f"signature_{name}", cose.assemble(head, payload, signature), "signature")
    yield from _es256()


def _es256() -> Iterator[Case]:
    head, payload, good = _parts(ES256)
    r, s = int.from_bytes(good[:32], "big"), int.from_bytes(good[32:], "big")
    zero, order = bytes(32), _N.to_bytes(32, "big")
    spoiled = {
        "r_zero": zero + good[32:],
        "s_zero": good[:32] + zero,
        "both_zero": zero + zero,
        "r_the_order": order + good[32:],
        "s_the_order": good[:32] + order,
        "r_and_s_swapped": good[32:] + good[:32],
        "r_negated": (_N - r).to_bytes(32, "big") + good[32:],
        "s_plus_one": good[:32] + (s + 1).to_bytes(32, "big"),
        "little_endian": good[31::-1] + good[:31:-1],
    }
    for name, signature in spoiled.items():
        yield _case(f"es256_{name}", cose.assemble(head, payload, signature), "signature")


def _flips() -> Iterator[Case]:
    """Yield a sound credential with one bit turned, in every fourth byte of it."""
    whole = house.sign1(house.plain_claims())
    payload = encode(house.plain_claims())
    begins, ends = whole.index(payload), len(whole) - 64
    for place in range(begins, begins + len(payload), 4):
        yield _flipped(whole, place, f"payload_byte_{place - begins:03}", "signature")
    for place in range(ends, len(whole), 4):
        yield _flipped(whole, place, f"signature_byte_{place - ends:02}", "signature")


def _flipped(whole: bytes, place: int, name: str, reason: str) -> Case:
    spoiled = bytearray(whole)
    spoiled[place] ^= 1 << place % 8
    return _case(f"bit_turned_in_{name}", bytes(spoiled), reason)
