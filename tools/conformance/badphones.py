"""What phones say to the service, spoiled; and each kind by a phone or station spelled wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import house
import phones
from cases import Case
from house import DEVICE, NOW, ODD_DEVICE, SECOND, STATION
from phones import CHALLENGE, RECORD, TOKEN_ID, answered, case, code_of, coded, said, transcript
from rawcbor import Pairs, Raw, encode

from ikd.core.tokens import base45, cose, presentation

_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_SECONDS = int(NOW.timestamp())
_TIMES = {4: _SECONDS + 90, 6: _SECONDS, 7: TOKEN_ID}
Make = Callable[[str, bytes, str], Case]


def bad_phones() -> Iterator[Case]:
    """Yield every case."""
    yield from _proofs()
    yield from _answers()
    yield from _codes()
    for kind in (_PROOF, _RESIDENT, _OFFICE, _PRESENTATION):
        yield from _spoiled(*kind)


def _proofs() -> Iterator[Case]:
    visit = transcript(phones.office())
    good = said(pairing=visit)
    beside = {"pairing": visit.hex()}
    yield case("of_another_record", said(record_id=bytes(16)), "record")
    yield case("of_another_act", said(act="sign_in"), "act")
    yield case("of_an_act_in_capitals", said(), "act", beside={"act": "ENTER_PIN"})
    yield case("to_another_challenge", said(challenge=bytes(40)), "challenge")
    yield case("to_a_part_of_the_challenge", said(challenge=CHALLENGE[:-1]), "challenge")
    yield case("to_no_challenge", said(challenge=b""), "challenge")
    yield case("without_the_visit", said(), "pairing", beside=beside)
    yield case("of_a_visit_that_was_not", good, "pairing")
    yield case("of_another_visit", said(pairing=bytes(32)), "pairing", beside=beside)
    yield case("of_another_phone", said(ODD_DEVICE), "key")
    yield case("of_a_station", said(STATION), "key")
    yield case("of_another_phone_under_this_ones_name", _signed(_PROOF_CLAIMS, key=ODD_DEVICE,
               header=house.protected(DEVICE)), "signature")  # fmt: skip
    for name, aad in {
        "of_a_presentation": b"ikd/present/1",
        "of_a_pairing": b"ikd/pair-r/1",
        "of_the_next_version": b"ikd/proof/2",
        "in_capitals": b"IKD/PROOF/1",
    }.items():
        yield case(f"in_the_context_{name}", _signed(_PROOF_CLAIMS, aad=aad), "signature")


def _answers() -> Iterator[Case]:
    text, other = phones.office(), phones.office(token_id=bytes(16))
    over = {"act": "answer_pairing", "pairing": transcript(text)}
    good = said(**over)
    yield answered("over_another_code", other, good, "pairing")
    yield answered("without_a_code", text, said(**{**over, "pairing": b""}), "pairing")
    bare = {**over, "pairing": transcript(text.removeprefix("IKDO:"))}
    yield answered("over_the_code_without_its_prefix", text, said(**bare), "pairing")
    data = {**over, "pairing": transcript_of_bytes(base45.decode(text[5:]))}
    yield answered("over_the_bytes_inside", text, said(**data), "pairing")
    yield answered("of_another_act", text, said(**{**over, "act": "enter_pin"}), "act")
    yield answered("of_another_record", text, said(**over, record_id=bytes(16)), "record")
    yield answered("to_another_challenge", text, said(**over, challenge=bytes(40)), "challenge")
    yield answered("by_another_phone", text, said(ODD_DEVICE, **over), "key")
    late = NOW + 90 * SECOND
    yield answered("to_a_code_of_90_seconds_ago", text, good, "expired", now=late)
    shown = phones.resident()
    mine = said(act="answer_pairing", pairing=transcript(shown))
    yield answered("to_the_code_of_a_phone", shown, mine, "prefix")
    strange = phones.office(key=house.STRANGER)
    theirs = said(act="answer_pairing", pairing=transcript(strange))
    yield answered("to_a_code_that_nobody_knows", strange, theirs, "key")
    away = phones.office(station="loket-2")
    moved = said(act="answer_pairing", pairing=transcript(away))
    yield answered("to_a_code_of_another_station", away, moved, "key")


def transcript_of_bytes(data: bytes) -> bytes:
    """Return the SHA-256 over bytes, which is no transcript."""
    return phones.hashlib.sha256(data).digest()


def _codes() -> Iterator[Case]:
    for number in range(16):
        text = phones.office(token_id=number.to_bytes(16, "big"))
        code = code_of(text)
        wrong = {
            "of_another_phone": code_of(text, ODD_DEVICE),
            "of_another_token": code_of(phones.office(token_id=b"x" * 16)),
            "one_higher": f"{(int(code) + 1) % 10_000:04}",
            "turned_round": code[::-1],
        }
        for name, digits in wrong.items():
            if digits != code:
                yield coded(f"{name}_{number:02}", text, digits, "code")
    text = next(
        text
        for number in range(999)
        if code_of(text := phones.office(token_id=number.to_bytes(16, "big"))).startswith("0")
    )
    code = code_of(text)
    for name, digits in {
        "without_its_zero": code.lstrip("0"),
        "with_a_zero_too_many": "0" + code,
        "with_a_space": f" {code}",
        "empty": "",
    }.items():
        yield coded(name, text, digits, "code")


def _signed(payload: object, **changes: Any) -> bytes:  # noqa: ANN401 - any argument of sign1
    return house.sign1(payload, **{"key": DEVICE, "aad": b"ikd/proof/1", **changes})


_PROOF_CLAIMS = {6: _SECONDS, 10: CHALLENGE, -65542: RECORD, -65543: "enter_pin", -65544: b""}


def _proof(name: str, data: bytes, reason: str) -> Case:
    return case(name, data, reason)


def _resident(name: str, data: bytes, reason: str) -> Case:
    text = "IKDR:" + base45.encode(data)
    return Case(f"resident_{name}", text, reason, reader="resident")


def _office(name: str, data: bytes, reason: str) -> Case:
    return Case(f"office_{name}", "IKDO:" + base45.encode(data), reason, reader="office")


def _presented(name: str, data: bytes, reason: str) -> Case:
    told = "holder" if reason in ("key", "signature", "algorithm") else "malformed"
    text = "IKDP:" + base45.encode(data)
    return Case(f"presented_{name}", text, told, challenge=bytes(32))


_CREDENTIAL = house.sign1(house.plain_claims())
_PROOF = (_proof, _PROOF_CLAIMS, b"ikd/proof/1", DEVICE)
_RESIDENT = (_resident, _TIMES | {-65537: RECORD}, b"ikd/pair-r/1", DEVICE)
_OFFICE = (
    _office,
    _TIMES | {-65538: "wakatobi", -65539: "loket-1"},
    b"ikd/pair-o/1",
    STATION,
)
_PRESENTATION = (
    _presented,
    _TIMES | {10: bytes(32), -65540: presentation.credential_hash(_CREDENTIAL)},
    b"ikd/present/1",
    DEVICE,
)


def _spoiled(make: Make, plain: Mapping[Any, Any], aad: bytes, key: house.Signer) -> Iterator[Case]:
    """Yield one kind of token with each defect that any of them can have."""
    good: dict[str, Any] = {"key": key, "aad": aad}
    yield from _forms(make, house.sign1(dict(plain), **good))
    yield from _headers(make, dict(plain), good, key)
    yield from _signatures(make, dict(plain), aad, key)
    yield from _claims(make, dict(plain), good)
    yield from _spellings(make, dict(plain), good)
    yield from _flips(make, house.sign1(dict(plain), **good), encode(dict(plain)))


def _forms(make: Make, whole: bytes) -> Iterator[Case]:
    body, signature = whole[1:], whole[-64:]
    head, payload = _parts(whole)
    forms = {
        "untagged": (body, "cose"),
        "tag_17": (b"\xd1" + body, "cose"),
        "tag_61_before": (b"\xd8\x3d" + whole, "cose"),
        "tag_18_in_two_bytes": (b"\xd8\x12" + body, "cose"),
        "array_of_3": (b"\xd2" + encode([head, Pairs(), payload]), "cose"),
        "array_of_5": (b"\xd2" + encode([head, Pairs(), payload, signature, b""]), "cose"),
        "array_without_end": (b"\xd2\x9f" + body[1:] + b"\xff", "cose"),
        "byte_behind": (whole + b"\0", "cose"),
        "last_byte_missing": (whole[:-1], "cbor"),
        "payload_missing": (b"\xd2" + encode([head, Pairs(), None, signature]), "cbor"),
        "something_unprotected": (
            b"\xd2" + encode([head, Pairs([(5, b"x")]), payload, signature]),
            "cose",
        ),
        "signature_of_63_bytes": (
            b"\xd2" + encode([head, Pairs(), payload, signature[:-1]]),
            "cose",
        ),
        "signature_of_65_bytes": (
            b"\xd2" + encode([head, Pairs(), payload, signature + b"\0"]),
            "cose",
        ),
    }
    for name, (data, reason) in forms.items():
        yield make(f"form_{name}", data, reason)


def _parts(whole: bytes) -> tuple[bytes, bytes]:
    found = cose.read(whole)
    return found.protected, found.payload


def _headers(
    make: Make, plain: dict[Any, Any], good: dict[str, Any], key: house.Signer
) -> Iterator[Case]:
    kid = key.public.kid
    for name, header, reason in (
        ("empty", {}, "cose"),
        ("without_algorithm", {4: kid}, "cose"),
        ("without_key_name", {1: -7}, "cose"),
        ("with_a_type", {1: -7, 4: kid, 16: "x"}, "cose"),
        ("critical", {1: -7, 2: [4], 4: kid}, "cose"),
        ("descending", Pairs([(4, kid), (1, -7)]), "cbor"),
        ("algorithm_as_text", {1: "ES256", 4: kid}, "cose"),
        ("algorithm_eddsa", {1: -8, 4: kid}, "algorithm"),
        ("algorithm_es256k", {1: -47, 4: kid}, "cose"),
        ("algorithm_esp256", {1: -9, 4: kid}, "cose"),
        ("algorithm_hs256", {1: 5, 4: kid}, "cose"),
        ("key_name_of_7_bytes", {1: -7, 4: kid[:7]}, "cose"),
        ("key_name_of_another", {1: -7, 4: house.STRANGER.public.kid}, "key"),
    ):
        yield make(f"header_{name}", house.sign1(plain, **good, header=header), reason)


def _signatures(make: Make, plain: dict[Any, Any], aad: bytes, key: house.Signer) -> Iterator[Case]:
    whole = house.sign1(plain, key=key, aad=aad)
    head, payload = _parts(whole)
    good, zero, order = whole[-64:], bytes(32), _N.to_bytes(32, "big")
    r, s = good[:32], good[32:]
    spoiled = {
        "of_zeros": bytes(64),
        "of_ones": b"\xff" * 64,
        "r_zero": zero + s,
        "s_zero": r + zero,
        "r_the_order": order + s,
        "s_the_order": r + order,
        "r_and_s_swapped": s + r,
        "r_negated": (_N - int.from_bytes(r, "big")).to_bytes(32, "big") + s,
        "little_endian": r[::-1] + s[::-1],
        "over_the_payload_alone": key.sign(payload),
        "without_context": key.sign(cose.signing_input(head, payload)),
        "in_the_context_of_a_keyring": key.sign(
            cose.signing_input(head, payload, b"ikd/keyring/1")
        ),
        "over_another_header": key.sign(cose.signing_input(b"", payload, aad)),
    }
    for name, signature in spoiled.items():
        yield make(f"signature_{name}", cose.assemble(head, payload, signature), "signature")


def _claims(make: Make, plain: dict[Any, Any], good: dict[str, Any]) -> Iterator[Case]:
    for label, value in plain.items():
        without = {one: held for one, held in plain.items() if one != label}
        optional = make is _presented and label == 10
        if not optional:
            yield make(f"without_{label}", house.sign1(without, **good), "claims")
        for name, wrong in (
            ("as_text", "x"),
            ("as_bytes", b"x"),
            ("as_number", 7),
            ("as_true", True),
        ):
            if type(wrong) is not type(value):
                reason = "cbor" if wrong is True else "claims"
                yield make(f"{label}_{name}", house.sign1({**plain, label: wrong}, **good), reason)
        if type(value) is bytes and len(value) > 1 and label != 10:
            short, long = {**plain, label: value[1:]}, {**plain, label: value + b"\0"}
            yield make(f"{label}_too_short", house.sign1(short, **good), "claims")
            yield make(f"{label}_too_long", house.sign1(long, **good), "claims")
        if type(value) is int:
            beyond = {**plain, label: 253402300800}
            yield make(f"{label}_beyond_the_year_9999", house.sign1(beyond, **good), "claims")
            yield make(f"{label}_negative", house.sign1({**plain, label: -1}, **good), "claims")
    for name, act in (("empty", ""), ("capital", "Enter_pin"), ("of_33_letters", "a" * 33),
                      ("with_a_space", "enter pin"), ("accented", "\u00e9nter")):  # fmt: skip
        if -65543 in plain:
            yield make(f"act_{name}", house.sign1({**plain, -65543: act}, **good), "claims")
    if 10 in plain:
        most = 128 if -65543 in plain else 64
        long = {**plain, 10: bytes(most + 1)}
        yield make(f"nonce_of_{most + 1}_bytes", house.sign1(long, **good), "claims")


def _spellings(make: Make, plain: dict[Any, Any], good: dict[str, Any]) -> Iterator[Case]:
    whole, pairs = encode(plain), list(plain.items())
    for name, payload, reason in (
        ("another_claim", {**plain, -65600: 1}, "claims"),
        ("another_claim_with_a_text_label", {**plain, "x": 1}, "claims"),
        ("labels_descending", Pairs(reversed(pairs)), "cbor"),
        ("label_twice", Pairs([pairs[0], *pairs]), "cbor"),
        ("map_without_end", Raw(b"\xbf" + whole[1:] + b"\xff"), "cbor"),
        ("map_length_in_two_bytes", Raw(b"\xb8" + bytes((len(pairs),)) + whole[1:]), "cbor"),
        ("label_not_shortest", Raw(whole[:1] + b"\x18" + whole[1:]), "cbor"),
        ("byte_behind", Raw(whole + b"\0"), "cbor"),
        ("last_byte_missing", Raw(whole[:-1]), "cbor"),
        ("tag_inside", Raw(b"\xc0" + whole), "cbor"),
        ("null_inside", {**plain, -65600: None}, "cbor"),
        ("float_inside", {**plain, -65600: 1.0}, "cbor"),
        ("time_as_float", {**plain, 6: float(_SECONDS)}, "cbor"),
        ("array", [1, 2], "claims"),
        ("empty_map", {}, "claims"),
        ("empty", b"", "cbor"),
    ):
        yield make(f"spelling_{name}", house.sign1(payload, **good), reason)


def _flips(make: Make, whole: bytes, payload: bytes) -> Iterator[Case]:
    begins, ends = whole.index(payload), len(whole) - 64
    # A presentation's claims are looked at before its signature, to find the credential.
    signed = () if make is _presented else range(begins, begins + len(payload), 4)
    for place in (*signed, *range(ends, len(whole), 4)):
        spoiled = bytearray(whole)
        spoiled[place] ^= 1 << place % 8
        yield make(f"bit_turned_in_byte_{place:03}", bytes(spoiled), "signature")
