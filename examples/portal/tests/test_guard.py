"""What no page should meet: other sites, floods, giants, stolen cookies, somebody else's case."""

from __future__ import annotations

import http.client
import json
import re

import pytest
from ikd_portal.guard import LARGEST, RATES, Rates
from ikd_portal.sessions import IDLE, LONGEST, MOST, Sessions
from running import PASSWORD, Site

WRITE = {"Content-Type": "application/x-www-form-urlencoded"}


class Visitor:
    """One client with a cookie, and no browser's manners."""

    def __init__(self, site: Site) -> None:
        self.at, self.cookie, self.csrf = site.address.removeprefix("http://"), "", ""
        self.get("/login")

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.at)
        sent = {"Cookie": self.cookie, **(headers or {})}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name == "set-cookie" and value.startswith("ikd_portal="):
                self.cookie = value.partition(";")[0]
        connection.close()
        return answer, text

    def get(self, path):
        answer, text = self.ask("GET", path)
        found = re.search(r'name="csrf" content="([^"]+)"', text)
        self.csrf = found[1] if found else self.csrf
        return answer, text

    def post(self, path, fields="", headers=None):
        body = f"csrf={self.csrf}&key=k&{fields}"
        return self.ask("POST", path, body, {**WRITE, **(headers or {})})


@pytest.fixture
def visitor(site):
    return Visitor(site)


def test_every_answer_has_its_headers(visitor):
    """Nothing inline, nothing from elsewhere, in no frame and in no cache."""
    for path in ("/", "/register/wakatobi", "/static/page.js", "/nothing"):
        headers = visitor.get(path)[0].headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_the_cookie_is_no_scripts_and_no_other_sites(site):
    """HttpOnly and SameSite stand on it."""
    connection = http.client.HTTPConnection(site.address.removeprefix("http://"))
    connection.request("GET", "/")
    told = connection.getresponse().headers["set-cookie"]
    connection.close()
    assert "HttpOnly" in told
    assert "SameSite=lax" in told


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
)
def test_another_site_can_not_send_a_form(visitor, headers):
    """A form of another site is refused, its session's own token or not."""
    assert visitor.post("/login", "name=ditjen", headers)[0].status == 403


def test_a_form_without_the_sessions_token_is_refused(visitor):
    """A guessed token is none."""
    visitor.csrf = "guessed"
    answer, text = visitor.post("/login", f"name=ditjen&password={PASSWORD}")
    assert answer.status == 401
    assert "Muat ulang" in text


def test_a_giant_is_refused_before_it_is_read(visitor):
    """Ten megabytes are told to be too large by their own word."""
    headers = {**WRITE, "Content-Length": str(10_000_000)}
    assert visitor.ask("POST", "/scan", b"", headers)[0].status == 413
    assert LARGEST < 10_000_000


def test_logging_in_changes_the_token(visitor):
    """Who knew the cookie before the log-in knows nothing after."""
    before = visitor.cookie
    assert visitor.post("/login", f"name=ditjen&password={PASSWORD}")[0].status == 303
    assert visitor.cookie != before
    assert visitor.get("/desk")[0].status == 200
    visitor.cookie = before
    assert visitor.get("/desk")[0].status == 303


def test_a_wrong_password_and_an_unknown_name_are_told_alike(visitor):
    """Nobody learns who works here."""
    wrong = visitor.post("/login", "name=ditjen&password=x")
    unknown = visitor.post("/login", "name=nobody&password=x")
    assert wrong[0].status == unknown[0].status == 403
    told = [re.search(r"told negative\">([^<]+)<", text)[1] for _, text in (wrong, unknown)]
    assert told[0] == told[1]


def test_the_desk_is_officers_alone(visitor):
    """Residents are sent to the log-in, and the ministry has no counter."""
    assert visitor.get("/desk")[0].status == 303
    assert visitor.post("/desk/do/approve", "record=" + "0" * 32)[0].status == 401
    visitor.post("/login", f"name=ditjen&password={PASSWORD}")
    visitor.get("/desk")
    assert visitor.get("/desk/scan")[0].status == 303


def test_nobody_acts_on_a_case_that_their_phone_did_not_show(visitor):
    """A case's id alone is worth nothing: not its challenge, and not one act."""
    record = "0" * 32
    for path in ("/phone/challenge", "/phone/do/withdraw", "/phone/hello"):
        headers = {"X-Portal": "1"}
        answer, text = visitor.post(path, f"record={record}&act=withdraw&signature=", headers)
        assert answer.status == 409, path
        assert record not in text
        assert set(json.loads(text)) == {"text"}


@pytest.mark.parametrize("proof", ["", "AAAA", "%21", "AAAAA"])
def test_a_proof_that_is_none_is_an_answer(visitor, proof):
    """Whatever stands in its field, the page says something."""
    answer, _ = visitor.post("/phone/hello", f"record={'0' * 32}&kind=x&signature={proof}")
    assert answer.status in (400, 409)


def test_a_link_leads_nowhere_else(visitor):
    """After the log-in one stays here, whatever the link said."""
    for there in ("https://evil.example", "//evil.example", "/\\evil.example"):
        told = visitor.post("/login", f"name=ditjen&password={PASSWORD}&next={there}")[0]
        assert told.headers["location"] == "/"
        visitor.get("/login")


def test_a_flood_is_slowed_and_told_so():
    """The rate of log-ins ends at ten, and comes back with time."""
    now = [0.0]
    rates = Rates(RATES, lambda: now[0])
    assert [rates.takes("login", "a") for _ in range(12)] == [True] * 10 + [False] * 2
    assert rates.takes("login", "b")
    now[0] += 10
    assert rates.takes("login", "a")
    assert not rates.takes("login", "a")


def test_a_flood_gets_429_from_the_server():
    """The pages themselves answer so."""
    site = Site(Rates(now=lambda: 0.0))
    try:
        visitor = Visitor(site)
        told = [visitor.post("/login", "name=x&password=x")[0].status for _ in range(12)]
    finally:
        site.close()
    assert told == [403] * 10 + [429] * 2


def test_sessions_end_and_make_room():
    """Idle ones after half an hour, any after a day's work, the most silent when all is full."""
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    idle, busy = sessions.begin(), sessions.begin()
    now[0] += IDLE
    assert sessions.find(busy.token) is busy
    now[0] += 1
    assert sessions.find(idle.token) is None
    while now[0] <= LONGEST:
        assert sessions.find(busy.token) is busy
        now[0] += IDLE
    assert sessions.find(busy.token) is None
    first = sessions.begin()
    for _ in range(MOST):
        now[0] += 0.001
        sessions.begin()
    assert sessions.find(first.token) is None
