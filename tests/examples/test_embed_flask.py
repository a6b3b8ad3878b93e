"""Flask's pages, from the form to where the case stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

import ikd
from embed_flask import front_end
from ikd.testing import SoftDevice, seeded_entropy

FORM = {
    "nik": "7407 0112 0394 9903",
    "email": " <laode@example.id>",
    "phone": "62 812-3456-7890",
    "os_version": "14",
    "device_key": SoftDevice(seeded_entropy("a phone")).public_key.hex(),
}


@pytest.fixture
def service() -> Iterator[ikd.Service]:
    with ikd.open_service(offices=["wakatobi"], channels=["console:"], deliver="inline") as made:
        yield made


@pytest.fixture
def browser(service: ikd.Service) -> FlaskClient:
    return front_end(service, "wakatobi").test_client()


def key_of(page: str) -> str:
    return re.search(r'name="key" value="([^"]+)"', page)[1]


def test_the_form_opens_a_case_and_says_where_it_stands(browser, service) -> None:
    key = key_of(browser.get("/").text)
    answer = browser.post("/", data={**FORM, "key": key}, follow_redirects=True)
    assert "Menunggu jawaban dari data kependudukan" in answer.text
    assert FORM["nik"] not in answer.text
    assert len(service.find(actor=ikd.Actor.system())) == 1


def test_a_double_click_opens_one_case(browser, service) -> None:
    key = key_of(browser.get("/").text)
    for _ in range(2):
        assert browser.post("/", data={**FORM, "key": key}).status_code == 303
    assert len(service.find(actor=ikd.Actor.system())) == 1


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("phone", "0752-796135", "Isi nomor HP Anda"),
        ("email", "laode@", "nama@example.id"),
        ("nik", "7407", "Periksa"),
    ],
)
def test_what_was_mistyped_is_told_and_opens_nothing(browser, service, field, value, told) -> None:
    answer = browser.post("/", data={**FORM, "key": "a-key-of-the-form", field: value})
    assert answer.status_code == 400
    assert told in answer.text
    assert service.find(actor=ikd.Actor.system()) == ()


def test_a_key_that_is_no_hex_and_an_endless_body_end_in_words_too(browser) -> None:
    assert browser.post("/", data={**FORM, "device_key": "zz"}).status_code == 400
    assert browser.post("/", data={"nik": "1" * 20_000}).status_code == 413


def test_another_browser_sees_no_case(browser, service) -> None:
    browser.post("/", data={**FORM, "key": key_of(browser.get("/").text)})
    other = front_end(service, "wakatobi").test_client()
    assert "<form" in other.get("/").text
