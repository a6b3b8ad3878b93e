"""For what somebody may look, and what of the register differs from the NIK."""

from __future__ import annotations

from datetime import date

import pytest

from ikd.core.records.looking import LOOKS, Seen, differing
from ikd.core.resident.nik import Nik, Sex

AYU = Nik.parse("1376015708909901")  # a woman, born on 17 August of 90
BORN = date(1990, 8, 17)


@pytest.mark.parametrize("born", [BORN, date(2090, 8, 17)])
def test_nothing_differs_where_nik_and_register_agree_in_either_century(born: date):
    assert differing(AYU, born, Sex.FEMALE) == ()


@pytest.mark.parametrize(
    ("born", "sex", "notes"),
    [
        (date(1990, 8, 18), Sex.FEMALE, ("birth_date",)),
        (date(1991, 8, 17), Sex.FEMALE, ("birth_date",)),
        (BORN, Sex.MALE, ("sex",)),
        (date(1990, 1, 1), Sex.MALE, ("birth_date", "sex")),
    ],
)
def test_what_the_nik_states_otherwise_is_named(born: date, sex: Sex, notes: tuple[str, ...]):
    assert differing(AYU, born, sex) == notes


def test_only_who_stands_before_the_person_is_shown_a_photo():
    with_photo = {name for name, purpose in LOOKS.items() if "photo" in purpose.shown}
    assert with_photo == {"visit"}
    roles = {name: {role.value for role in one.declared.by} for name, one in LOOKS.items()}
    assert roles == {
        "visit": {"operator"},
        "referral": {"operator", "ministry"},
        "review": {"ministry"},
        "decision": {"operator", "ministry"},
    }


def test_what_is_shown_is_named_and_never_printed():
    seen = Seen(name="Ayu Lestari", birth_date=BORN, sex=Sex.FEMALE, photo=b"grey")
    assert seen.fields == ("name", "birth_date", "sex", "photo")
    assert Seen(name="Ayu", birth_date=BORN, sex=Sex.FEMALE).fields == seen.fields[:3]
    assert repr(seen) == "Seen(notes=())"
