"""The front end in PHP: people at its pages, a phone behind it, `ikd` over HTTP before it."""

from __future__ import annotations

import html
import http.cookiejar
import json
import os
import re
import shutil
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs
import claim169
import pytest

import ikd
from ikd.testing import SoftDevice
from tests.adapters.api.conftest import EMAIL, FACE, NIK, Served, phone, raw, serve, text

__all__ = ["phone", "serve"]  # fixtures
OPERATOR = {"role": "operator", "id": "op-1", "office": "wakatobi", "station": "loket-1"}
TYPED = {"nik": NIK, "email": EMAIL, "phone": "081234567890", "os_version": "14"}


@attrs.define
class Browser:
    """Somebody's session at the site; the app on the phone shares it."""

    address: str
    opener: urllib.request.OpenerDirector = attrs.field(
        factory=lambda: urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
    )

    def ask(self, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with self.opener.open(urllib.request.Request(self.address + path, data, named)) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def fill(self, path: str, to: str | None = None, **typed: str) -> tuple[int, str]:
        """Fill in the form of a page and send it, twice as a nervous finger does."""
        form = self.ask(path)[1].partition(f"action={to or path}>")[2]
        hidden = dict(
            re.findall(r"type=hidden name=(\w+) value=(\w+)", form.partition("</form>")[0])
        )
        data = urllib.parse.urlencode({**hidden, **typed}).encode()
        first = self.ask(to or path, data)
        assert self.ask(to or path, data)[0] == first[0]
        return first

    def relay(self, act: str, /, **sent: Any) -> tuple[int, Any]:
        named = {"Content_Type": "application/json", "Idempotency_Key": f"app-{act}"}
        status, told = self.ask(f"/ponsel/{act}", json.dumps(sent).encode(), **named)
        return status, json.loads(told)


@pytest.fixture
def served(serve: Callable[..., Served]) -> Served:
    """The API, with both offices behind it."""
    return serve()


@pytest.fixture
def site(served: Served, tmp_path: Path, root: Path) -> Iterator[str]:
    """The address of Wakatobi's site."""
    if shutil.which("php") is None:
        told = "php isn't installed (Debian: php-cli)"
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    front_end = served.front_end("situs", {ikd.Role.RESIDENT}, {"wakatobi"})
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    tmp_path.joinpath("sessions").mkdir()
    settings = ("-d", f"session.save_path={tmp_path / 'sessions'}", "-d", "display_errors=stderr")
    log = tmp_path.joinpath("php.log")
    with (
        log.open("wb") as written,
        subprocess.Popen(
            ["php", *settings, "-S", place, root / "examples" / "php" / "index.php"],
            env={
                **os.environ,
                "IKD_ADDRESS": served.address,
                "IKD_TOKEN": front_end.token or "",
                "IKD_OFFICE": "wakatobi",
            },
            stderr=written,
        ) as server,
    ):
        while "started" not in log.read_text("utf-8"):
            assert server.poll() is None
        yield f"http://{place}"
        server.terminate()
    told = log.read_text("utf-8")
    assert "Warning" not in told, told
    assert "Notice" not in told, told
    kept = told + "".join(one.read_text("utf-8") for one in tmp_path.glob("sessions/*"))
    for secret in (NIK, EMAIL, front_end.token or "", *served.mails.pins(EMAIL)):
        assert secret not in kept


def test_a_resident_comes_to_an_identity_through_the_site(
    site: str, served: Served, phone: SoftDevice
) -> None:
    browser, now = Browser(site), lambda: datetime.now(UTC)
    assert "Belum ada permohonan" in browser.ask("/kasus")[1]
    status, page = browser.fill("/daftar", **TYPED, device=text(phone.public_key))
    assert (status, "<h1>Permohonan saya</h1>" in page) == (200, True)
    (found,) = served.service.find(actor=ikd.Actor.system())

    def proof(act: str, pairing: bytes | None = None) -> str:
        told = browser.relay("challenge", act=act)[1]
        return text(phone.proof(told["record"], act, raw(told["challenge"]), now(), pairing))

    face = {"method": "face", "sample": text(FACE), "proof": proof("submit_biometric")}
    assert browser.relay("submit_biometric", **face)[0] == 200
    desk = served.front_end("desk", {ikd.Role.OPERATOR}, {"wakatobi"})
    asked = {"office": "wakatobi", "station": "loket-1"}
    shown = desk.see("station_token", OPERATOR, **asked).json["answer"]
    told = browser.relay("challenge", act="answer_pairing")[1]
    answered = phone.answer(told["record"], shown, raw(told["challenge"]), now())
    assert browser.relay("answer_pairing", token=shown, proof=text(answered))[0] == 200
    code = phone.check_code(shown)
    assert desk.do("confirm_presence", OPERATOR, application_id=found.id, check_code=code).json
    assert desk.do("approve", OPERATOR, application_id=found.id).status == 200
    assert "kode aktivasi" in browser.ask("/kasus")[1].lower()

    puzzle = browser.relay("captcha")[1]["answer"]
    entered = browser.relay(
        "enter_pin",
        pin=served.mails.pins(EMAIL)[-1],
        captcha={"token": puzzle["token"], "text": "ok"},
        proof=proof("enter_pin", sha256(shown.encode()).digest()),
        application_id="0" * 32,  # the session says whose case it is
    )
    assert (entered[0], entered[1]["events"]) == (200, ["application.activated/1"])
    read = claim169.decode(browser.relay("credential")[1]["answer"], allow_unverified=True)
    assert read.claim169.full_name == "Sari Contohwati"


def test_a_complaint_is_filed_once_and_shown_to_whoever_holds_its_receipt(site: str) -> None:
    filed = Browser(site).fill("/aduan", text="Antre tiga jam <b>lagi</b>.")[1]
    receipt = re.search(r"<b>([\w-]+)</b>", filed)
    assert receipt is not None
    other = Browser(site)
    status, page = other.fill("/aduan", "/aduan/lihat", receipt=receipt[1])
    assert (status, "<form" in page) == (200, False)
    status, page = other.fill("/aduan", "/aduan/lihat", receipt=receipt[1][::-1])
    assert (status in (400, 409), "role=alert" in page) == (True, True)


def test_what_is_wrong_is_told_and_what_was_typed_stays(
    site: str, served: Served, phone: SoftDevice
) -> None:
    browser = Browser(site)
    wrong = {**TYPED, "nik": "137'\"><script>", "device": text(phone.public_key)}
    status, page = browser.fill("/daftar", **wrong)
    assert (status, "role=alert" in page) == (400, True)
    assert html.escape(wrong["nik"], quote=True).replace("&#x27;", "&#039;") in page
    assert served.service.find(actor=ikd.Actor.system()) == ()
    assert browser.ask("/daftar", b"guard=&key=1")[0] == 403
    assert browser.ask("/nowhere")[0] == 404
    assert browser.relay("enter_pin", pin="123456", proof="x")[0] == 404
    browser.fill("/daftar", **TYPED, device=text(phone.public_key))
    assert browser.relay("approve")[0] == 404
    assert browser.relay("../reads/find")[0] == 404
    status, told = browser.relay("withdraw", proof="%")
    assert (status, told["error"], bool(told["words"]["id"])) == (400, "structure.form", True)
    browser.ask("/ponsel/withdraw", b"{", Content_Type="application/json")
    assert browser.ask("/ponsel/withdraw", b"{}", Content_Type="text/plain")[0] == 403


def test_while_ikd_is_away_the_site_says_so(site: str, served: Served, phone: SoftDevice) -> None:
    browser = Browser(site)
    typed = {**TYPED, "device": text(phone.public_key)}
    served.server.should_exit = True
    with suppress(ConnectionError):
        while True:  # until nobody listens there any more
            socket.create_connection(served.address.removeprefix("http://").split(":")).close()
    status, page = browser.fill("/daftar", **typed)
    assert (status, "terganggu" in page) == (503, True)


def test_every_block_of_the_guide_stands_in_the_example(root: Path) -> None:
    page = root.joinpath("docs", "how-to", "embed-from-php.md").read_text("utf-8")
    example = root.joinpath("examples", "php", "index.php").read_text("utf-8")
    blocks = re.findall(r"^```php\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 4
    assert [block for block in blocks if block not in example] == []
