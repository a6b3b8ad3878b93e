"""The web front end in 150 lines, from registration to a credential, by HTTP alone."""

from __future__ import annotations

import base64
import importlib.util
import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import claim169
import pytest

import ikd
from ikd.ports import Puzzle, Solved
from ikd.testing import Mailbox, Simulator, SoftDevice, quick_kdf, seeded_entropy

EMAIL = "sari@example.id"


class Ticked:
    """A captcha whose answer is the word "ok"."""

    def puzzle(self, _subject: str, *, now: datetime, entropy: bytes) -> Puzzle:
        return Puzzle(token=entropy[:16], picture=b"png", expires_at=now + timedelta(minutes=5))

    def check(self, _subject: str, token: bytes, text: str, *, now: datetime) -> Solved:
        return Solved(puzzle_id=token, expires_at=now + timedelta(minutes=5), ok=text == "ok")


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def raw(data: str) -> bytes:
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))


class Client:
    """A browser, or the app, with one session."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.token = token or self.post("/session", {})[1]["token"]
        self.writes = 0

    def ask(self, request: urllib.request.Request) -> tuple[int, dict[str, Any]]:
        request.add_header("Authorization", f"Bearer {getattr(self, 'token', '')}")
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    def get(self, path: str, **asked: str) -> tuple[int, dict[str, Any]]:
        return self.ask(
            urllib.request.Request(f"{self.address}{path}?{urllib.parse.urlencode(asked)}")
        )

    def post(self, path: str, body: object, key: str = "") -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Idempotency-Key": key}
        return self.ask(urllib.request.Request(f"{self.address}{path}", data, headers))

    def do(self, command: str, **parts: object) -> dict[str, Any]:
        """Ask *command*, twice as a nervous finger does, and return the one answer."""
        self.writes += 1
        sent = {"command": command, **parts}
        status, answer = self.post("/commands", sent, f"k-{self.writes}")
        assert status == 200, answer
        again = self.post("/commands", sent, f"k-{self.writes}")[1]
        assert (again["id"], again["events"]) == (answer["id"], answer["events"])
        return answer


@pytest.fixture(params=["payakumbuh", "wakatobi"])
def front(request: pytest.FixtureRequest, root: Path, tmp_path: Path) -> Iterator[Any]:
    spec = importlib.util.spec_from_file_location("embed_web", root / "examples" / "embed_web.py")
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    with ikd.open_service(
        offices=[request.param],
        registry=Simulator([example.SARI]),
        channels=[f"file:{tmp_path}"],
        captcha=Ticked(),
        deliver="inline",
        kdf=quick_kdf,
    ) as service:
        made = example.FrontEnd(service, request.param)
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        made.server_close()
        thread.join()


def test_a_resident_comes_to_an_identity_by_http(front: Any, tmp_path: Path) -> None:
    port, office = front.server_address[1], front.office
    phone, app = SoftDevice(seeded_entropy(office)), Client(port)
    counter = Client(
        port, front.log_in(ikd.Actor.operator("op-1", office=office, station="loket-1"))
    )
    ministry = Client(port, front.log_in(ikd.Actor.ministry()))

    def proof(record: str, act: str, pairing: bytes | None = None) -> str:
        challenge = raw(app.get("/challenge", id=record, act=act)[1]["challenge"])
        return text(phone.proof(record, act, challenge, datetime.now(UTC), pairing))

    device = {"kind": "smartphone", "platform": "android", "os_version": "14", "online": True}
    opened = app.do(
        "register",
        office=office,
        nik="1376015708909901",
        email=EMAIL,
        phone="081234567890",
        device={**device, "key": text(phone.public_key)},
    )
    case = opened["id"]
    assert "record" not in opened
    face = text(b"a face, as far as the simulator can see")
    app.do(
        "submit_biometric",
        application_id=case,
        method="face",
        moving=True,
        sample=face,
        proof=proof(case, "submit_biometric"),
    )
    if office == "payakumbuh":
        ministry.do("review", application_id=case, verified=True, validated=True)
        counter.do("scan_pairing", token=phone.pairing_token(case, datetime.now(UTC)))
        ministry.do("approve", application_id=case)
    else:
        shown = counter.get("/station", station="loket-1")[1]["text"]
        challenge = raw(app.get("/challenge", id=case, act="answer_pairing")[1]["challenge"])
        answer = text(phone.answer(case, shown, challenge, datetime.now(UTC)))
        app.do("answer_pairing", application_id=case, token=shown, proof=answer)
        counter.do("confirm_presence", application_id=case, check_code=phone.check_code(shown))
        counter.do("approve", application_id=case)

    found = app.get("/application", id=case)[1]
    assert found["status"] == "PIN_SENT"
    filled = {}
    if office == "wakatobi":
        puzzle = app.get("/captcha", id=case)[1]
        filled = {"captcha": {"token": puzzle["token"], "text": "ok"}}
    entered = app.do(
        "enter_pin",
        application_id=case,
        pin=Mailbox(tmp_path).pins(EMAIL)[-1],
        proof=proof(case, "enter_pin", raw(found["transcript"])),
        **filled,
    )
    (activated,) = entered["events"]
    assert activated["event"] == "application.activated/1"
    shown = app.get("/credential", id=activated["identity_id"])[1]["text"]
    read = claim169.decode(shown, allow_unverified=True)
    assert read.claim169.full_name == "Sari Contohwati"


def test_each_session_is_told_no_more_than_it_may_see(front: Any) -> None:
    port = front.server_address[1]
    app, other = Client(port), Client(port)
    key = text(SoftDevice(seeded_entropy("x")).public_key)
    device = {"kind": "smartphone", "platform": "android", "os_version": "14", "online": True}
    asked = {"office": front.office, "nik": "1376015708909901", "email": EMAIL}
    case = app.do("register", **asked, phone="081234567890", device={**device, "key": key})["id"]
    assert app.get("/application", id=case)[0] == 200
    hidden = other.get("/application", id=case)
    assert hidden == other.get("/application", id="0" * 32)
    assert (hidden[0], set(hidden[1])) == (409, {"words"})
    assert other.post("/commands", b'{"command": "approve"}', "k")[0] == 400
    assert other.post("/commands", {"command": "approve", "application_id": case}, "k")[0] == 409
    assert other.get("/nowhere", id=case)[0] in (404, 409)
    elsewhere = front.log_in(ikd.Actor.operator("op-2", office="elsewhere", station="loket-1"))
    status, told = Client(port, elsewhere).get("/application", id=case)
    assert (status, told["error"]) == (409, "actor.other_office")
    assert Client(port, "nobody's").get("/application", id=case)[0] == 401


def test_it_is_short(root: Path) -> None:
    assert len(root.joinpath("examples", "embed_web.py").read_text("utf-8").splitlines()) <= 150
