"""From registration to a credential by HTTP alone, at both offices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import claim169
import pytest

import ikd
from ikd.testing import SoftDevice

from .conftest import EMAIL, FACE, NIK, Served, raw, text

RESIDENT = {"role": "resident", "id": "s-1"}
MINISTRY = {"role": "ministry", "id": "ditjen"}
FACE_OF_SARI = {"method": "face", "moving": True, "sample": text(FACE)}


@pytest.mark.parametrize("office", ["payakumbuh", "wakatobi"])
def test_a_resident_comes_to_an_identity(served: Served, phone: SoftDevice, office: str) -> None:
    web = served.front_end("web", {ikd.Role.RESIDENT}, {office})
    desk = served.front_end("desk", {ikd.Role.OPERATOR}, {office})
    capital = served.front_end("capital", {ikd.Role.MINISTRY})
    operator = {"role": "operator", "id": "op-1", "office": office, "station": "loket-1"}
    now = lambda: datetime.now(UTC)  # noqa: E731

    def proof(record: str, act: str, pairing: bytes | None = None) -> str:
        challenge = raw(answer(web.see("challenge", RESIDENT, record_id=record, act=act)))
        return text(phone.proof(record, act, challenge, now(), pairing))

    device = {"kind": "smartphone", "platform": "android", "os_version": "14", "online": True}
    asked = {"office": office, "nik": NIK, "email": EMAIL, "phone": "081234567890"}
    device["key"] = text(phone.public_key)
    opened = done(web.do("register", RESIDENT, **asked, device=device))
    case = {"application_id": opened["id"]}
    done(
        web.do(
            "submit_biometric",
            RESIDENT,
            **case,
            **FACE_OF_SARI,
            proof=proof(opened["id"], "submit_biometric"),
        )
    )
    if office == "payakumbuh":
        done(capital.do("review", MINISTRY, **case, verified=True, validated=True))
        done(desk.do("scan_pairing", operator, token=phone.pairing_token(opened["id"], now())))
        done(capital.do("approve", MINISTRY, **case))
    else:
        station = {"office": office, "station": "loket-1"}
        shown = answer(desk.see("station_token", operator, **station))
        challenge = raw(
            answer(web.see("challenge", RESIDENT, record_id=opened["id"], act="answer_pairing"))
        )
        answered = text(phone.answer(opened["id"], shown, challenge, now()))
        done(web.do("answer_pairing", RESIDENT, **case, token=shown, proof=answered))
        code = phone.check_code(shown)
        done(desk.do("confirm_presence", operator, **case, check_code=code))
        done(desk.do("approve", operator, **case))
    found = answer(web.see("get", RESIDENT, record_id=opened["id"]))
    assert found["status"] == "PIN_SENT"
    waits = answer(web.see("where", RESIDENT, record_id=opened["id"]))["waits"]
    assert (waits["role"], waits["missing"]) == ("resident", "pin")
    filled = {}
    if office == "wakatobi":
        puzzle = answer(web.see("captcha", RESIDENT, **case))
        filled = {"captcha": {"token": puzzle["token"], "text": "ok"}}
    entered = done(
        web.do(
            "enter_pin",
            RESIDENT,
            **case,
            **filled,
            pin=served.mails.pins(EMAIL)[-1],
            proof=proof(opened["id"], "enter_pin", raw(found["transcript"])),
        )
    )
    (activated,) = entered["events"]
    assert activated["event"] == "application.activated/1"
    qr = answer(web.see("credential", RESIDENT, identity_id=activated["identity_id"]))
    read = claim169.decode(qr, allow_unverified=True)
    assert read.claim169.full_name == "Sari Contohwati"


def done(given: Any) -> Any:
    assert given.status == 200, given.body
    return given.json


def answer(given: Any) -> Any:
    return done(given)["answer"]
