"""What phones say to the service: sound proofs, answers to an office's code, check codes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import house
from cases import Case
from house import DEVICE, NOW, ODD_DEVICE, SECOND, STATION

from ikd.core.tokens import pairing, proof
from ikd.core.tokens.checkcode import check_code

TOKEN_ID, RECORD, CHALLENGE = b"token-id-16-byte", b"application-id-1", bytes(range(40))
ACTS = (
    *("submit_biometric", "answer_pairing", "enter_pin", "reissue_pin"),
    *("withdraw", "sign_in", "set_passcode", "renew_sign_in"),
)


def transcript(text: str) -> bytes:
    """Return what proofs hold of a pairing code."""
    return hashlib.sha256(text.encode()).digest()


def office(**changes: Any) -> str:  # noqa: ANN401 - any argument of the writer
    """Return a pairing code as a station of the house shows it."""
    values = {"office": "wakatobi", "station": "loket-1", "token_id": TOKEN_ID, "now": NOW}
    return pairing.write_office(**{**values, "key": STATION, **changes})


def resident(**changes: Any) -> str:  # noqa: ANN401 - as above
    """Return a pairing code as the phone of the house shows it."""
    values = {"application_id": RECORD, "token_id": TOKEN_ID, "now": NOW, "device": DEVICE}
    return pairing.write_resident(**{**values, **changes})


def said(device: house.Signer = DEVICE, **changes: Any) -> bytes:  # noqa: ANN401 - as above
    """Return a proof."""
    values = {"record_id": RECORD, "act": "enter_pin", "challenge": CHALLENGE, "at": NOW}
    return proof.write(proof.Proof(**{**values, **changes}), device)


def asked(**changes: str) -> dict[str, str]:
    """Return what a proof is compared with."""
    return {"record": RECORD.hex(), "act": "enter_pin", "pairing": "", **changes}


def case(name: str, data: bytes, reason: str = "", **changes: Any) -> Case:  # noqa: ANN401
    """Return a case around a proof."""
    beside = asked(**changes.pop("beside", {}))
    values = {"reader": "proof", "challenge": CHALLENGE, "beside": beside, **changes}
    return Case(f"proof_{name}", data.hex(), reason, **values)


def answered(name: str, text: str, data: bytes, reason: str = "", **changes: Any) -> Case:  # noqa: ANN401
    """Return a case around an answer to an office's code."""
    beside = {"record": RECORD.hex(), "proof": data.hex()}
    values = {"reader": "answer", "challenge": CHALLENGE, "beside": beside, **changes}
    return Case(f"answer_{name}", text, reason, **values)


def coded(name: str, text: str, code: str, reason: str = "") -> Case:
    """Return a case around the digits on a screen."""
    return Case(f"code_{name}", text, reason, reader="code", beside={"code": code})


def code_of(text: str, device: house.Signer = DEVICE) -> str:
    """Return the digits that go with a pairing code and a phone."""
    return check_code(transcript(text), device.public.thumbprint)


def phones() -> Iterator[Case]:
    """Yield every case that must pass."""
    yield from _proofs()
    yield from _answers()
    yield from _codes()


def _proofs() -> Iterator[Case]:
    visit = transcript(office())
    for act in ACTS:
        yield case(f"of_{act}", said(act=act), beside={"act": act})
        yield case(
            f"of_{act}_after_the_visit",
            said(act=act, pairing=visit),
            beside={"act": act, "pairing": visit.hex()},
        )
    for label, act in (("one_letter", "a"), ("32_letters", "a" * 32), ("signs", "a1_.-z")):
        yield case(f"of_an_act_of_{label}", said(act=act), beside={"act": act})
    for size in (1, 16, 23, 24, 64, 128):
        given = bytes(range(size))
        yield case(f"with_challenge_of_{size}_bytes", said(challenge=given), challenge=given)
    for label, record in (("zeros", bytes(16)), ("ones", b"\xff" * 16)):
        yield case(f"of_a_record_of_{label}", said(record_id=record),
                   beside={"record": record.hex()})  # fmt: skip
    for label, at in (("1970", 0), ("2106", 2**32), ("9999", 253402300799)):
        moment = NOW.fromtimestamp(at, NOW.tzinfo)
        yield case(f"of_a_clock_in_{label}", said(at=moment))


def _answers() -> Iterator[Case]:
    for label, changes in {
        "to_a_code": {},
        "to_a_code_with_another_id": {"token_id": bytes(16)},
        "to_a_code_of_30_seconds_ago": {"now": NOW - 30 * SECOND},
    }.items():
        text = office(**changes)
        proven = said(act="answer_pairing", pairing=transcript(text))
        yield answered(label, text, proven)
    text = office()
    late = said(act="answer_pairing", pairing=transcript(text), at=NOW + 3600 * SECOND)
    yield answered("by_a_phone_whose_clock_is_off", text, late)


def _codes() -> Iterator[Case]:
    leading = 0
    for number in range(400):
        token_id = number.to_bytes(16, "big")
        text = office(token_id=token_id) if number % 2 else resident(token_id=token_id)
        code = code_of(text)
        if number < 24:
            yield coded(f"of_token_{number:03}", text, code)
        elif code.startswith("0") and leading < 8:
            leading += 1
            yield coded(f"with_leading_zero_{leading}", text, code)
    assert code_of(text) != code_of(text, ODD_DEVICE)
