"""What a registry says of a person is checked where it is said, and never shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ikd.core.errors import InputError
from ikd.core.records.person import MAX_NAME, MAX_PORTRAIT, MAX_TEXT, Marital, Person
from ikd.core.resident.nik import Sex

LEAST: dict[str, Any] = {"name": "Ayu", "sex": Sex.FEMALE, "birth_date": date(1990, 8, 17)}
MOST: dict[str, Any] = {
    **LEAST,
    "nationality": "IDN",
    "address": "Jalan Rekaan 17\nRT 001 RW 002",
    "region": "1376011001",
    "marital": Marital.WIDOWED,
    "portrait": b"\x89PNG",
}


def test_name_sex_and_birth_date_are_enough():
    person = Person(**LEAST)
    assert {getattr(person, name) for name in MOST.keys() - LEAST.keys()} == {None}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", b"Ayu"),
        ("name", None),
        ("sex", "female"),
        ("birth_date", "1990-08-17"),
        ("birth_date", datetime(1990, 8, 17, tzinfo=UTC)),
        ("name", "A" * (MAX_NAME + 1)),
        ("name", "A\ud800"),
        ("nationality", b"IDN"),
        ("nationality", "A" * (MAX_TEXT + 1)),
        ("address", "A" * (MAX_TEXT + 1)),
        ("address", "Jalan\ud800"),
        ("address", 17),
        ("region", "1" * (MAX_TEXT + 1)),
        ("region", 137601),
        ("marital", "married"),
        ("marital", 2),
        ("portrait", b""),
        ("portrait", b"x" * (MAX_PORTRAIT + 1)),
        ("portrait", "x"),
        ("portrait", bytearray(b"x")),
    ],
)
def test_another_form_is_refused_by_its_name_without_its_value(field: str, value: object):
    with pytest.raises(InputError, match=rf"person\.{field}") as met:
        Person(**{**MOST, field: value})
    assert repr(value) not in repr(met.value.args)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "A" * MAX_NAME),
        ("nationality", "idn"),
        ("nationality", ""),
        ("address", " Jalan\r\nRekaan "),
        ("address", "Jalan\u202eRekaan"),
        ("address", "A" * MAX_TEXT),
        ("region", "13.76.01"),
        ("region", "1376"),
    ],
)
def test_a_text_that_no_credential_could_write_holds_up_no_case(field: str, value: str):
    assert getattr(Person(**{**MOST, field: value}), field) == value


def test_a_portrait_may_have_256_kib_and_a_region_six_digits():
    assert Person(**{**MOST, "portrait": b"x" * MAX_PORTRAIT, "region": "137601"})


def test_nothing_of_it_shows():
    assert repr(Person(**MOST)) == "Person()"
