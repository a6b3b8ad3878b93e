"""What is wrong with a call is told as a problem that helps, and nothing is lost by it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import ikd
from ikd import api
from ikd.ports import Puzzle
from ikd.testing import SoftDevice

from .conftest import EMAIL, NIK, Answer, FrontEnd, Served, Ticked, text

RESIDENT = {"role": "resident", "id": "s-1"}
OPERATOR = {"role": "operator", "id": "op-1", "office": "payakumbuh", "station": "loket-1"}
CASE = "0" * 32


@pytest.fixture
def asked(phone: SoftDevice) -> dict[str, Any]:
    """A registration at Payakumbuh."""
    device = {"kind": "smartphone", "platform": "android", "os_version": "14", "online": True}
    device["key"] = text(phone.public_key)
    told = {"office": "payakumbuh", "nik": NIK, "email": EMAIL, "phone": "081234567890"}
    return {**told, "device": device}


def problem(answer: Answer, status: int, code: str) -> Any:
    """Return the body of a problem, which has everything that each of them has."""
    told = answer.json
    assert (answer.status, told["status"], told["error"]) == (status, status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert told["type"] == f"urn:ikd:error:{code}"
    assert told["words"]["id"] != told["words"]["en"]
    return told


# --- who calls ---------------------------------------------------------------------------------


def test_without_a_token_that_counts_nothing_is_answered(served: Served) -> None:
    revoked = served.front_end("old")
    served.access.revoke(served.access.all()[0].id)
    for token in (None, "", "ikd_nothing", revoked.token, "é"):
        answer = FrontEnd(served.address, token).see("now", RESIDENT)
        problem(answer, 401, "api.token")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    basic = FrontEnd(served.address, None).ask("/v1/reads/now", b"{}", Authorization="Basic eA==")
    problem(basic, 401, "api.token")


def test_a_front_end_states_only_the_actors_that_it_may(served: Served) -> None:
    web = served.front_end("web", {ikd.Role.RESIDENT})
    for role in ("operator", "ministry", "registry", "system"):
        actor = {**OPERATOR, "role": role}
        problem(web.see("find", actor), 403, "api.role")
        problem(web.do("approve", actor, application_id=CASE), 403, "api.role")
    problem(web.see("find", {"role": "king", "id": "x"}), 400, "structure.choice")


def test_a_front_end_of_one_office_meets_no_case_of_another(
    served: Served, asked: dict[str, Any]
) -> None:
    here = served.front_end("here", offices={"payakumbuh"})
    there = served.front_end("there", offices={"wakatobi"})
    problem(there.do("register", RESIDENT, **asked), 403, "api.office")
    case = here.do("register", RESIDENT, **asked).json["id"]
    for actor in (RESIDENT, {**RESIDENT, "office": "wakatobi"}, {"role": "ministry", "id": "m"}):
        hidden = problem(there.see("where", actor, record_id=case), 404, "record.unknown")
        absent = problem(there.see("where", actor, record_id=CASE), 404, "record.unknown")
        assert hidden == absent
        withdrawn = there.do("withdraw", actor, application_id=case)
        assert withdrawn.status in (403, 404)
    problem(there.see("get", OPERATOR, record_id=case), 403, "api.office")
    wakatobi = {**OPERATOR, "office": "wakatobi"}
    problem(there.see("get", wakatobi, record_id=case), 403, "actor.other_office")
    assert here.see("where", RESIDENT, record_id=case).status == 200


def test_what_is_about_every_office_is_not_for_a_front_end_of_one(served: Served) -> None:
    here = served.front_end("here", offices={"payakumbuh"})
    everywhere = served.front_end("everywhere")
    ministry, system = {"role": "ministry", "id": "m"}, {"role": "system", "id": "s"}
    for read in (
        "owed",
        "refusals",
        "looks",
        "health",
        "delivered",
        "findings",
        "worklist",
        "find",
    ):
        problem(here.see(read, system), 403, "api.office")
        assert everywhere.see(read, system).status == 200
    assert here.see("worklist", ministry, office="payakumbuh").status == 200
    problem(here.see("worklist", ministry, office="wakatobi"), 403, "api.office")
    problem(everywhere.see("health", OPERATOR), 403, "api.role")


def test_a_stations_code_is_for_the_operators_of_its_office(served: Served) -> None:
    """Whoever has one could pretend to stand at that counter."""
    desk = served.front_end("desk")
    station = {"office": "payakumbuh", "station": "loket-1"}
    assert desk.see("station_token", OPERATOR, **station).status == 200
    problem(desk.see("station_token", RESIDENT, **station), 403, "api.role")
    elsewhere = {**OPERATOR, "office": "wakatobi"}
    problem(desk.see("station_token", elsewhere, **station), 403, "api.office")
    web = served.front_end("web", {ikd.Role.RESIDENT})
    problem(web.see("station_token", OPERATOR, **station), 403, "api.role")


def test_whoever_holds_a_receipt_sees_their_complaint_and_officers_of_one_office_its_own(
    served: Served,
) -> None:
    web = served.front_end("web", {ikd.Role.RESIDENT}, {"wakatobi"})
    filed = web.do(
        "file_complaint",
        RESIDENT,
        office="wakatobi",
        channel="email",
        message="aduan",
        text="Antre tiga jam.",
        email=EMAIL,
    )
    receipt = filed.json["receipt"]["receipt"]
    assert web.see("complaint", RESIDENT, receipt=receipt).status == 200
    assert web.see("complaint_dossier", RESIDENT, named=receipt).status == 200
    complaint = filed.json["id"]
    for office, status in (("wakatobi", 200), ("payakumbuh", 403)):
        desk = served.front_end(f"desk-{office}", {ikd.Role.OPERATOR}, {"wakatobi", "payakumbuh"})
        operator = {**OPERATOR, "office": office}
        assert desk.see("complaint_file", operator, complaint_id=complaint).status == status
    other = served.front_end("other", offices={"payakumbuh"})
    ministry = {"role": "ministry", "id": "m"}
    problem(other.see("complaint_file", ministry, complaint_id=complaint), 404, "record.unknown")
    problem(other.see("complaint_dossier", ministry, named=complaint), 403, "api.office")


# --- what is sent ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        (b"", "wire.json", "body"),
        (b'{"actor": {"role": "resi', "wire.json", "body"),
        (b"\xff", "wire.json", "body"),
        (b"[" * 100_000, "wire.json", "body"),
        (b"[]", "api.parts", "an object of two parts"),
        (b"{}", "api.parts", "an object of two parts"),
        (b'{"actor": {}, "actor": {}}', "api.parts", "an object of two parts"),
        (b'{"actor": [], "read": {}}', "api.parts", "an object of two parts"),
        (b'{"actor": {"role": "resident", "id": "s"}, "read": 1}', "api.parts", "an object"),
        (b'{"actor": {"role": "resident", "id": "s"}, "more": 1}', "api.parts", "an object"),
        (b'{"actor": {"role": "resident"}}', "wire.key", "actor.id"),
        (b'{"actor": {"role": "resident", "id": "%d"}}' % 10**15, "actor.id", "actor.id"),
        (b'{"actor": {"role": "resident", "id": "s"}}', "wire.key", "read.record_id"),
        (
            b'{"actor": {"role": "resident", "id": "s"}, "read": {"record_id": 1}}',
            "structure.type",
            "read.record_id",
        ),
    ],
)
def test_a_body_that_is_wrong_is_told_with_its_place(
    served: Served, body: bytes, code: str, place: str
) -> None:
    told = problem(served.front_end().post("/v1/reads/get", body), 400, code)
    assert told["detail"].startswith(place)


def test_a_command_that_is_wrong_is_told_with_its_place(served: Served) -> None:
    web = served.front_end()
    told = problem(web.do("approve", RESIDENT), 400, "wire.key")
    assert told["detail"].startswith("command.application_id")
    problem(web.do("withdraw", RESIDENT, application_id=CASE, command="approve"), 400, "api.parts")
    problem(web.do("withdraw", RESIDENT, application_id=CASE), 404, "record.unknown")


def test_a_body_of_ten_megabytes_is_refused(served: Served) -> None:
    web = served.front_end()
    problem(web.post("/v1/reads/now", b" " * 10_000_000), 413, "api.size")
    chunked = web.token or ""
    with socket.create_connection(served.address.removeprefix("http://").split(":")) as line:
        head = f"POST /v1/reads/now HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {chunked}\r\n"
        head += "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        line.sendall(head.encode())
        part = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        line.sendall(3 * part + b"0\r\n\r\n")
        assert line.recv(1000).startswith(b"HTTP/1.1 413")
    assert web.see("now", RESIDENT).status == 200


def test_only_json_is_taken(served: Served) -> None:
    web = served.front_end()
    form = web.ask("/v1/reads/now", b"a=b", Content_Type="application/x-www-form-urlencoded")
    problem(form, 415, "api.media")


def test_an_address_that_is_none_and_a_way_that_is_none_are_told(served: Served) -> None:
    web = served.front_end()
    problem(web.ask(f"/v1/{NIK}"), 404, "api.path")
    other = web.ask("/v1/reads/now")
    problem(other, 405, "api.method")
    assert other.headers["Allow"] == "POST"
    problem(web.post("/v1/reads/close", {}), 404, "api.path")
    problem(web.post("/v1/", {}), 404, "api.path")


# --- once and no more --------------------------------------------------------------------------


def test_a_double_click_is_one_write(served: Served, asked: dict[str, Any]) -> None:
    web = served.front_end()
    with ThreadPoolExecutor(8) as clicks:
        answers = list(clicks.map(lambda _: web.do("register", RESIDENT, "1", **asked), range(8)))
    assert {one.status for one in answers} == {200}
    assert len({one.json["id"] for one in answers}) == 1


def test_a_key_that_was_used_for_something_else_is_refused(
    served: Served, asked: dict[str, Any]
) -> None:
    web = served.front_end()
    assert web.do("register", RESIDENT, "1", **asked).status == 200
    problem(
        web.do("register", RESIDENT, "1", **{**asked, "email": "b@example.id"}), 422, "key.reused"
    )


@pytest.mark.parametrize("key", ["", "x" * 81, "a\tb"])
def test_a_write_without_a_key_is_refused(served: Served, asked: dict[str, Any], key: str) -> None:
    body = {"actor": RESIDENT, "command": asked}
    answer = served.front_end().post("/v1/commands/register", body, Idempotency_Key=key)
    problem(answer, 400, "key.form")


def test_two_front_ends_may_both_say_key_1(served: Served, asked: dict[str, Any]) -> None:
    """And one that changes its token goes on with its own keys."""
    one, other = served.front_end("one"), served.front_end("other")
    first = one.do("register", RESIDENT, "1", **asked).json["id"]
    assert other.do("register", RESIDENT, '"1"', **asked).json["id"] != first
    renewed = served.front_end("one")
    assert renewed.do("register", RESIDENT, '"1"', **asked).json["id"] == first


# --- how much, how long, how often ------------------------------------------------------------


def test_who_calls_too_often_is_told_when_to_come_back(serve: Callable[..., Served]) -> None:
    served = serve(api.ApiLimits(rate=1, burst=2))
    web, other = served.front_end("web"), served.front_end("other")
    answers = [web.see("now", RESIDENT) for _ in range(20)]
    refused = [one for one in answers if one.status != 200]
    problem(refused[0], 429, "api.rate")
    assert int(refused[0].headers["Retry-After"]) == 1
    assert other.see("now", RESIDENT).status == 200
    unknown = [FrontEnd(served.address, "x").see("now", RESIDENT).status for _ in range(20)]
    assert {401, 429} == set(unknown)


def test_a_body_that_never_comes_is_given_up(serve: Callable[..., Served]) -> None:
    served = serve(api.ApiLimits(body_seconds=1))
    token = served.front_end().token
    with socket.create_connection(served.address.removeprefix("http://").split(":")) as line:
        head = f"POST /v1/reads/now HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        head += "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        line.sendall(head.encode())
        told = b"".join(iter(lambda: line.recv(4096), b""))  # until the server closes
    assert told.startswith(b"HTTP/1.1 408")
    assert b'"api.slow_body"' in told


@pytest.mark.parametrize("begun", [b"", b"GET /healthz HT", b"GET /healthz HTTP/1.1\r\nA: b\r\n"])
def test_a_head_that_never_comes_is_given_up(serve: Callable[..., Served], begun: bytes) -> None:
    served = serve(api.ApiLimits(body_seconds=1))
    whole = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    for before in (b"", whole):  # on a new connection, and on one that was used
        with socket.create_connection(served.address.removeprefix("http://").split(":")) as line:
            line.sendall(before + begun)
            told = b"".join(iter(lambda: line.recv(4096), b""))
            assert told.count(b"HTTP/1.1 200") == bool(before)


class Held(Ticked):
    """A captcha that takes as long as the test likes."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def puzzle(self, subject: str, *, now: datetime, entropy: bytes) -> Puzzle:
        self.begun.set()
        self.go_on.wait()
        return super().puzzle(subject, now=now, entropy=entropy)


def test_a_call_that_takes_too_long_is_answered_all_the_same(serve: Callable[..., Served]) -> None:
    held = Held()
    served = serve(api.ApiLimits(answer_seconds=1), captcha=held)
    answer = served.front_end().see("captcha", RESIDENT, application_id=CASE)
    held.go_on.set()
    problem(answer, 503, "api.slow")
    assert answer.headers["Retry-After"]


def test_what_was_begun_is_answered_before_the_server_stops(serve: Callable[..., Served]) -> None:
    held = Held()
    served = serve(captcha=held)
    web = served.front_end()
    with ThreadPoolExecutor(1) as caller:
        waiting = caller.submit(web.see, "captcha", RESIDENT, application_id=CASE)
        held.begun.wait()
        served.server.should_exit = True
        held.go_on.set()
        assert waiting.result().status == 200


# --- what nobody thought of --------------------------------------------------------------------


def test_a_fault_of_our_own_tells_neither_caller_nor_log_what_it_held(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError(NIK)

    monkeypatch.setattr(ikd.Service, "get", broken)
    here = served.front_end(offices={"payakumbuh"})
    answer = here.see("where", RESIDENT, record_id=CASE)
    problem(answer, 500, "api.failed")
    assert NIK not in answer.body.decode()
    assert "RuntimeError at" in served.log.text
    assert NIK not in served.log.text


def test_a_store_that_fails_is_a_failure_outside(served: Served) -> None:
    served.service.close()
    answer = served.front_end().see("find", {"role": "system", "id": "s"})
    problem(answer, 503, "store.closed")
    assert answer.headers["Retry-After"]
    assert served.front_end().ask("/readyz").status == 503
    assert served.front_end().ask("/healthz").status == 200


@pytest.mark.parametrize(
    "held", [b"", b"{}", b'{"form": 2, "tokens": []}', b'{"form": 1, "tokens": [1]}']
)
def test_a_damaged_file_of_tokens_lets_nobody_in(
    served: Served, tmp_path: Path, held: bytes
) -> None:
    web = served.front_end()
    tmp_path.joinpath("access.json").write_bytes(held)
    problem(web.see("now", RESIDENT), 503, "access.corrupt")


def test_the_file_holds_no_token_and_is_for_its_owner_alone(served: Served, tmp_path: Path) -> None:
    token = served.front_end().token or ""
    file = tmp_path / "access.json"
    assert token.startswith("ikd_")
    assert token not in file.read_text("utf-8")
    assert token[4:] not in file.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_bytes())["tokens"][0]["holder"]["name"] == "web"


def test_the_log_names_neither_nik_nor_token_nor_case(
    served: Served, asked: dict[str, Any]
) -> None:
    web = served.front_end("web")
    case = web.do("register", RESIDENT, **asked).json["id"]
    web.see("where", RESIDENT, record_id=case)
    web.ask(f"/v1/{case}?nik={NIK}")
    web.do("approve", {**OPERATOR, "nik": NIK}, application_id=case)
    while served.log.text.count(" web\n") < 3:  # a line may follow its answer
        time.sleep(0.01)
    lines = served.log.text
    for secret in (case, NIK, web.token or "", EMAIL):
        assert secret not in lines
    assert "POST /v1/commands/register 200" in lines
    assert "GET - 404" in lines
