"""Django's desk: who may see it, what an officer decides, and what a stranger can't."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

import desk_django
import ikd
from ikd.ports import Puzzle, Solved
from ikd.testing import (
    SimulatedResident,
    Simulator,
    SoftDevice,
    Walk,
    Walker,
    quick_kdf,
    seeded_entropy,
)

desk_django.configure()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.test import Client  # noqa: E402

LAODE = SimulatedResident(
    nik="7407011203949903",
    name="La Ode Contoh",
    birth_date=date(1994, 3, 12),
    recorded={"face": b"a face"},
)


class NoCaptcha:
    """Nobody comes as far as the captcha here."""

    def puzzle(self, *_: object, **__: object) -> Puzzle:
        raise NotImplementedError

    def check(self, *_: object, **__: object) -> Solved:
        raise NotImplementedError


@pytest.fixture
def service() -> Iterator[ikd.Service]:
    with ikd.open_service(
        offices=["wakatobi"],
        registry=Simulator([LAODE]),
        channels=["console:"],
        captcha=NoCaptcha(),
        deliver="inline",
        kdf=quick_kdf,
    ) as made:
        yield made


@pytest.fixture
def case(service: ikd.Service) -> str:
    """A case that waits for the operator's decision."""
    walker = Walker(
        name="laode",
        nik=LAODE.nik,
        email="laode@example.id",
        device=SoftDevice(seeded_entropy("a phone")),
        samples={"face": b"a face"},
    )
    walk = Walk(
        service=service,
        office=ikd.load_office("wakatobi"),
        walker=walker,
        read_pin=lambda: None,
        solve=lambda _case: None,
        now=lambda: datetime.now(UTC),
    )
    opened = walk.register().id
    while "presence" not in service.get(opened, actor=ikd.Actor.system()).done:
        walk.next(opened)
    return str(opened)


@pytest.fixture
def browser(service: ikd.Service) -> Callable[[str], Client]:
    desk = desk_django.Desk(service, "wakatobi", {"petugas-1": make_password("benar")})
    desk_django.Urls.urlpatterns[:] = desk.urls

    def of(password: str) -> Client:
        packed = base64.b64encode(f"petugas-1:{password}".encode()).decode()
        headers = {"Authorization": f"Basic {packed}", "Host": "localhost"}
        return Client(enforce_csrf_checks=True, headers=headers)

    return of


def form_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(csrfmiddlewaretoken|key)"\s+value="([^"]+)"', page))


def status(service: ikd.Service, case: str) -> str:
    return str(service.get(case, actor=ikd.Actor.system()).status.value)


@pytest.mark.parametrize(("act", "became"), [("approve", "PIN_SENT"), ("reject", "REJECTED")])
def test_an_officer_decides_what_stands_in_the_worklist(browser, service, case, act, became):
    officer = browser("benar")
    form = form_of(officer.get("/").content.decode())
    for _ in range(2):  # a double click
        assert officer.post(f"/{case}", {**form, "act": act}).status_code == 303
    assert status(service, case) == became


def test_a_wrong_password_shows_nothing_and_decides_nothing(browser, service, case):
    stranger = browser("salah")
    assert stranger.get("/").status_code == 401
    form = form_of(browser("benar").get("/").content.decode())
    assert stranger.post(f"/{case}", {**form, "act": "approve"}).status_code in (401, 403)
    assert status(service, case) == "OPEN"


def test_a_form_of_another_site_decides_nothing(browser, service, case):
    assert browser("benar").post(f"/{case}", {"act": "approve", "key": "x"}).status_code == 403
    assert status(service, case) == "OPEN"


def test_what_is_not_there_is_told_in_words(browser, service, case):
    officer = browser("benar")
    form = form_of(officer.get("/").content.decode())
    answer = officer.post(f"/{'0' * 32}", {**form, "act": "approve"})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
