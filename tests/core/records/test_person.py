"""What a registry says of a person is checked where it is said, and never shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import InputError
from ikd.core.records.person import MAX_NAME, MAX_PORTRAIT, MAX_TEXT, Marital, Person
from ikd.core.records.person_text import MAX_ADDRESS_BYTES, is_fit_address
from ikd.core.resident.nik import Sex
from ikd.core.tokens.claim169 import Claim169

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
        ("address", "Jalan\u202eRekaan"),
        ("address", "A" * MAX_TEXT),
        ("region", "13.76.01"),
        ("region", "1376"),
    ],
)
def test_a_text_that_no_credential_could_write_holds_up_no_case(field: str, value: str):
    assert getattr(Person(**{**MOST, field: value}), field) == value


@pytest.mark.parametrize(
    ("field", "told", "kept"),
    [
        ("name", " AYU\u00a0 LESTARI\t", "AYU LESTARI"),
        ("name", "Ayu\r\nLestari", "Ayu Lestari"),
        ("name", "Rene\u0301e", "Ren\u00e9e"),
        ("name", "Soekarno", "Soekarno"),
        ("name", "H. Ma'ruf A'la, S.Pd., M.Si.", "H. Ma'ruf A'la, S.Pd., M.Si."),
        ("address", " Jalan\r\n\r\n Rekaan \t17 \n", "Jalan\nRekaan 17"),
    ],
)
def test_blanks_and_accents_are_put_right_and_nothing_else(field: str, told: str, kept: str):
    person = Person(**{**MOST, field: told})
    assert (getattr(person, field), person.unfit) == (kept, ())


@pytest.mark.parametrize(
    "name",
    [
        *("", " \t", "-", "1234", "A" * 65, "\u674e" * 65),
        *("\u3164", "Ayu\u3164", "Ayu \u2800", "\u115fAyu", "\uffa0", "Ayu\u034f", "Ayu\ufe0f"),
        *("Ayu\u202eLestari", "Ayu\u200bLestari", "Ayu\u0007", "Ayu\ue000", "Ayu\u0378"),
        *(
            "\u0301Ayu",
            "A" + "\u0323" * 5 + "yu",
            "Ayu" + "\u0300\u0302\u030c\u0316\u0317\u0323\u032d",
        ),
    ],
)
def test_a_name_that_no_credential_holds_or_that_hides_something_is_unfit(name: str):
    assert Person(**{**MOST, "name": name}).unfit == ("name",)


@pytest.mark.parametrize(
    "name", ["A", "A" * 64, "\u674e" * 64, "\u1ec6n", "A\u0323\u0324yu", "Na\u02bfim"]
)
def test_a_name_that_shows_all_of_itself_is_fit(name: str):
    assert Person(**{**MOST, "name": name}).unfit == ()


@pytest.mark.parametrize(("year", "unfit"), [(1849, ("birth_date",)), (1850, ()), (2200, ())])
def test_a_birth_year_that_no_credential_holds_is_unfit(year: int, unfit: tuple[str, ...]):
    assert Person(**{**MOST, "birth_date": date(year, 8, 17)}).unfit == unfit


@given(st.text(max_size=80))
def test_whatever_is_fit_a_credential_holds(name: str):
    person = Person(**{**LEAST, "name": name.replace("\ud800", "")})
    if "name" not in person.unfit:
        assert Claim169(name=person.name, sex=2, nik_tail="9901", birth_year=1990)
        assert Person(**{**LEAST, "name": person.name}) == person


def test_a_portrait_may_have_256_kib_and_a_region_six_digits():
    assert Person(**{**MOST, "portrait": b"x" * MAX_PORTRAIT, "region": "137601"})


def test_nothing_of_it_shows():
    assert repr(Person(**MOST)) == "Person()"


@pytest.mark.parametrize(
    ("address", "fit"),
    [
        ("Jalan Rekaan 17\nRT 001 RW 002", True),
        ("\u674e" * 256, True),
        ("A" * 257, False),
        ("\U00020000" * (MAX_ADDRESS_BYTES // 4), True),
        ("\U00020000" * (MAX_ADDRESS_BYTES // 4) + "A", False),
        ("Jalan\u202eRekaan", False),
        ("", False),
    ],
)
def test_an_address_is_fit_while_a_credential_holds_it_beside_every_name(address: str, fit: bool):
    assert is_fit_address(address) is fit
