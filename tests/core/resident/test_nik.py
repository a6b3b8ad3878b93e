"""The NIK's form, parts and silence."""

from __future__ import annotations

import array
import copy
import json
import pickle
import traceback
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ikd.core.errors import InputError, NikError
from ikd.core.resident.nik import Nik, Sex

AYU, BUDI = "1376015708909901", "1376010501859902"  # a woman and a man of Payakumbuh
LAODE, WASITI = "7407011203949903", "7407017112019904"  # a man and a woman of Wakatobi
TODAY = date(2026, 11, 22)
PROVINCES = [
    *("11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "31", "32", "33", "34", "35"),
    *("36", "51", "52", "53", "61", "62", "63", "64", "65", "71", "72", "73", "74", "75", "76"),
    *("81", "82", "91", "92", "93", "94", "95", "96"),
]


@st.composite
def born(draw: st.DrawFn) -> tuple[str, date, Sex]:
    """A synthetic NIK with the birth date and sex it was made for."""
    day = draw(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
    sex = draw(st.sampled_from(Sex))
    region = draw(st.sampled_from(PROVINCES)) + f"{draw(st.integers(0, 9999)):04}"
    shown = day.day + (40 if sex is Sex.FEMALE else 0)
    serial = draw(st.integers(9900, 9999))
    return f"{region}{shown:02}{day.month:02}{day.year % 100:02}{serial}", day, sex


@given(born())
def test_a_nik_made_by_the_decree_tells_back_what_it_was_made_of(made: tuple[str, date, Sex]):
    text, day, sex = made
    nik = Nik.parse(text)
    assert (nik.digits, nik.sex, nik.serial) == (text, sex, text[12:])
    assert (nik.province_code, nik.regency_code, nik.region_code) == (text[:2], text[:4], text[:6])
    assert day in nik.birth_dates
    assert nik.birth_date(date(2099, 12, 31), evidence=day) == day


def oracle(text: str) -> bool:
    """The rules once more, slowly and with the calendar instead of a pattern."""
    if len(text) != 16 or not set(text) <= set("0123456789"):
        return False
    if text[:2] not in [*PROVINCES, "54"] or text[12:] == "0000":
        return False
    day, month, year = int(text[6:8]), int(text[8:10]), int(text[10:12])
    day -= 40 if day > 40 else 0
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


@given(
    st.one_of(
        st.text(max_size=20),
        st.text("0123456789", min_size=15, max_size=17),
        st.from_regex(r"\A[1-9][1-6]0101[0-7][0-9][01][0-9]{3}[09]{3}[0-9]\Z"),
    )
)
@example("1376010229009999")
def test_any_text_is_a_nik_or_a_nik_error_and_is_valid_agrees(text: str):
    try:
        accepted = Nik.parse(text).digits == text
    except NikError:
        accepted = False
    assert accepted == Nik.is_valid(text) == oracle(text)


def test_every_day_month_and_year_is_judged_as_the_calendar_does():
    for day in range(100):
        for month in range(14):
            for year in (0, 1, 4, 96, 99):
                text = f"137601{day:02}{month:02}{year:02}9901"
                assert Nik.is_valid(text) == oracle(text), text


def test_the_provinces_are_todays_38_and_east_timor():
    accepted = [f"{n:02}" for n in range(100) if Nik.is_valid(f"{n:02}{AYU[2:]}")]
    assert accepted == sorted([*PROVINCES, "54"])
    assert len(accepted) == 39


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "length"),
        ("0", "length"),
        (AYU[:15], "length"),
        (AYU + "0", "length"),
        (AYU + "\n", "length"),
        (f" {AYU}", "length"),
        ("13760157089O9901", "digits"),
        ("+376015708909901", "digits"),
        ("1376_15708909901", "digits"),
        ("１３７６０１５７０８９０９９０１", "digits"),
        ("١٣٧٦٠١٥٧٠٨٩٠٩٩٠١", "digits"),
        ("13760157089099²1", "digits"),
        ("\ud800" * 16, "digits"),
        ("9701015708909901", "province"),
        ("0076015708909901", "province"),
        ("2076015708909901", "province"),
        ("7407017212019907", "date"),
        ("1376014008909914", "date"),
        ("1376010008909914", "date"),
        ("1376018108909914", "date"),
        ("1376013102909908", "date"),
        ("1376012902019910", "date"),
        ("1376010117909911", "date"),
        ("1376017104909901", "date"),
        ("1376010101900000", "serial"),
        (None, "digits"),
        (1376015708909901, "digits"),
        (AYU.encode(), "digits"),
    ],
)
def test_what_is_no_nik_is_refused_with_its_fault(text: object, fault: str):
    with pytest.raises(NikError) as refused:
        Nik.parse(text)  # type: ignore[arg-type]
    assert (refused.value.fault, refused.value.code) == (fault, f"nik.{fault}")
    assert not Nik.is_valid(text)


def test_the_29th_of_february_of_00_is_of_2000_alone():
    nik = Nik.parse("1376012902009909")
    assert nik.birth_dates == (date(2000, 2, 29),)
    assert nik.birth_date(TODAY, evidence=date(1900, 3, 1)) == date(2000, 2, 29)
    assert len(Nik.parse("1376012903009909").birth_dates) == 2
    assert len(Nik.parse("1376012802009909").birth_dates) == 2
    assert len(Nik.parse("1376012902049909").birth_dates) == 2


def test_a_withdrawn_region_code_is_no_reason_to_refuse():
    assert Nik.parse("9101010708759906").region_code == "910101"
    assert Nik.is_valid("5401010708759906")


def test_a_woman_is_known_by_her_day_and_a_man_by_his():
    assert [Nik.parse(text).sex for text in (AYU, WASITI)] == [Sex.FEMALE] * 2
    assert [Nik.parse(text).sex for text in (BUDI, LAODE)] == [Sex.MALE] * 2


def test_the_birth_date_is_of_the_latest_century_that_is_past():
    assert Nik.parse(AYU).birth_date(TODAY) == date(1990, 8, 17)
    assert Nik.parse(WASITI).birth_date(TODAY) == date(2001, 12, 31)
    assert Nik.parse(WASITI).birth_date(date(2001, 12, 30)) == date(1901, 12, 31)
    assert Nik.parse(WASITI).birth_date(date(2001, 12, 31)) == date(2001, 12, 31)


def test_the_register_settles_the_century_even_where_its_day_differs():
    nik = Nik.parse("1376010708119905")
    assert nik.birth_date(TODAY) == date(2011, 8, 7)
    assert nik.birth_date(TODAY, evidence=date(1911, 8, 7)) == date(1911, 8, 7)
    assert nik.birth_date(TODAY, evidence=date(1911, 8, 17)) == date(1911, 8, 7)
    assert nik.birth_date(TODAY, evidence=date(2012, 8, 7)) == date(2011, 8, 7)


def test_nobody_is_born_after_the_day_of_asking():
    with pytest.raises(NikError, match="date"):
        Nik.parse("1376012902009909").birth_date(date(1999, 1, 1))
    assert Nik.parse(AYU).birth_date(TODAY, evidence=date(2090, 8, 17)) == date(1990, 8, 17)


@pytest.mark.parametrize("moment", [datetime(2026, 11, 22, tzinfo=UTC), "2026-11-22", None])
def test_a_moment_or_text_instead_of_a_day_is_refused(moment: object):
    with pytest.raises(InputError) as refused:
        Nik.parse(AYU).birth_date(moment)  # type: ignore[arg-type]
    assert refused.value.code == "date.type"


def test_a_datetime_as_evidence_is_refused():
    with pytest.raises(InputError):
        Nik.parse(AYU).birth_date(TODAY, evidence=datetime(1990, 8, 17, tzinfo=UTC))


@pytest.mark.parametrize(
    "typed",
    [
        AYU,
        f"  {AYU}\n",
        "1376.0157.0890.9901",
        "1376 0157 0890 9901",
        "1376-0157-0890-9901",
        "1376\u00a00157\u202f0890\u20139901",
        f"NIK: {AYU}",
        f"nik={AYU}",
        f"No. NIK : {AYU}",
        f"NIK KTP-el {AYU}",
        f"Nomor NIK {AYU}",
        f"'{AYU}",
        f"\u200e{AYU}\ufeff",
    ],
)
def test_what_people_type_around_a_nik_is_cleaned_away(typed: str):
    assert Nik.clean(typed) == AYU


@pytest.mark.parametrize(
    "typed",
    [
        "１３７６０１５７０８９０９９０１",
        "1376O15708909901",
        f"{AYU} AYU",
        "1,376015708909901E+15",
        "NIK",
    ],
)
def test_cleaning_makes_no_nik_of_what_is_none(typed: str):
    assert not Nik.is_valid(Nik.clean(typed))


@given(st.text())
@example("NIKNIK1")
@example("NIK NO NIK")
def test_cleaning_never_raises_and_once_is_enough(text: str):
    cleaned = Nik.clean(text)
    assert Nik.clean(cleaned) == cleaned


@given(born(), st.data())
def test_separators_anywhere_are_cleaned_away(made: tuple[str, date, Sex], data: st.DataObject):
    gaps = data.draw(st.lists(st.text(" .-\u00a0\t", max_size=2), min_size=17, max_size=17))
    typed = "".join(gap + digit for gap, digit in zip(gaps, [*made[0], ""], strict=True))
    assert Nik.clean(typed) == made[0]


def test_cleaning_what_is_no_text_is_a_nik_error():
    with pytest.raises(NikError):
        Nik.clean(1376015708909901)  # type: ignore[arg-type]


def texts_of(nik: Nik) -> list[str]:
    """Everything that formats a NIK without being asked for its digits."""
    return [
        *(repr(nik), str(nik), f"{nik}", f"{nik!r}", f"{nik:>30}", "%s %r" % (nik, nik)),  # noqa: UP031
        *(repr([nik]), repr({nik: nik}), ascii(nik), nik.masked, format(nik, "")),
    ]


@given(born())
def test_no_text_of_a_nik_shows_region_or_birth_date(made: tuple[str, date, Sex]):
    digits = made[0]
    assume(digits[:4] != digits[12:])
    for shown in texts_of(Nik.parse(digits)):
        assert digits[:12] not in shown
        assert digits[:6] not in shown
        assert digits[12:] in shown


def test_a_masked_nik_is_twelve_stars_and_the_serial():
    assert Nik.parse(AYU).masked == "************9901"
    assert repr(Nik.parse(AYU)) == "<Nik ************9901>"


def test_an_error_and_its_traceback_never_hold_the_digits():
    for text in ("1376010101900000", "7407017212019907", AYU + "7"):
        with pytest.raises(NikError) as refused:
            Nik.parse(text)
        error = refused.value
        shown = "".join(traceback.TracebackException.from_exception(error).format())
        assert text not in shown + repr(error) + str(error.args)
        assert error.__context__ is None


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_nik_is_not_pickled(protocol: int):
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(Nik.parse(AYU), protocol)


def test_a_nik_does_not_leak_through_json_or_dict():
    nik = Nik.parse(AYU)
    with pytest.raises(TypeError):
        json.dumps(nik)
    assert not hasattr(nik, "__dict__")


def test_a_nik_does_not_change_and_copies_are_itself():
    nik = Nik.parse(AYU)
    with pytest.raises(AttributeError):
        nik.digits = BUDI  # type: ignore[misc]
    with pytest.raises(AttributeError):
        nik._digits = BUDI
    with pytest.raises(AttributeError):
        del nik._digits
    with pytest.raises(AttributeError):
        nik.note = ""  # type: ignore[attr-defined]
    assert copy.copy(nik) is nik
    assert copy.deepcopy([nik])[0] is nik


def test_niks_are_equal_by_their_digits_and_to_nothing_else():
    assert Nik.parse(AYU) == Nik.parse(AYU)
    assert len({Nik.parse(AYU), Nik(AYU), Nik.parse(BUDI)}) == 2
    assert Nik.parse(AYU) != Nik.parse(BUDI)
    assert Nik.parse(AYU) != AYU


class Loud(str):
    """A text that lies about itself wherever Python lets it."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __str__(self) -> str:
        return BUDI

    def __len__(self) -> int:
        return 16

    def __getitem__(self, key: object) -> str:  # type: ignore[override]
        return "9"

    def translate(self, table: object) -> str:
        return BUDI


def test_a_text_subclass_counts_for_what_it_holds_and_not_for_what_it_says():
    nik = Nik.parse(Loud(AYU))
    assert type(nik.digits) is str
    assert nik.digits == AYU
    assert not Nik.is_valid(Loud("x"))
    with pytest.raises(NikError, match="length"):
        Nik.parse(Loud("x"))
    assert str.__str__(Nik.clean(Loud(f" {AYU}"))) == AYU


class Hostile:
    """An object that answers no question."""

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # type: ignore[override]
        raise RuntimeError

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(name)

    def __buffer__(self, flags: int) -> memoryview:
        raise RuntimeError


@pytest.mark.parametrize(
    "thing",
    [
        *(None, True, 1.5, 1376015708909901, [*AYU], {}, object, Nik.parse(AYU)),
        *(AYU.encode(), bytearray(AYU.encode()), memoryview(AYU.encode())),
        array.array("b", AYU.encode()),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_is_valid_never_raises_whatever_it_is_asked(thing: object):
    assert Nik.is_valid(thing) is False
    with pytest.raises(NikError, match="digits"):
        Nik.parse(thing)  # type: ignore[arg-type]


def test_an_object_that_answers_no_question_is_no_nik():
    hostile = Hostile()  # pytest itself would fail on showing it as a parameter
    valid = Nik.is_valid(hostile)
    assert not valid
    with pytest.raises(NikError):
        Nik.parse(hostile)  # type: ignore[arg-type]
