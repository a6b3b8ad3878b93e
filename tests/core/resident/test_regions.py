"""The region table: standing and names, never a refusal."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import InputError
from ikd.core.resident.regions import RegionLevel, RegionTable, Standing

CODES = """\
# a remark
+13
+1376 01-03,05
-1376 04
-54
-9101 01
"""
NAMES = "# a remark\n13\tSumatera Barat\n1376\tKota Payakumbuh\n137601\tPayakumbuh Barat\n"


@pytest.fixture
def table() -> RegionTable:
    return RegionTable(CODES, lambda: NAMES)


@pytest.mark.parametrize(
    ("code", "standing"),
    [
        ("13", "current"),
        ("1376", "current"),
        ("137601", "current"),
        ("137602", "current"),
        ("137605", "current"),
        ("137604", "former"),
        ("54", "former"),
        ("9101", "former"),
        ("910101", "former"),
        ("910102", "unknown"),
        ("137606", "unknown"),
        ("137600", "unknown"),
        ("540101", "unknown"),
        ("91", "unknown"),
        ("9999", "unknown"),
    ],
)
def test_each_code_has_its_own_standing(table: RegionTable, code: str, standing: str):
    assert table.find(code).standing == standing


def test_the_length_of_a_code_tells_its_level(table: RegionTable):
    assert [table.find(code).level for code in ("13", "1376", "137601")] == list(RegionLevel)


def test_a_region_knows_the_names_above_it(table: RegionTable):
    region = table.find("137601")
    assert region.name == "Payakumbuh Barat"
    assert (region.regency_name, region.province_name) == ("Kota Payakumbuh", "Sumatera Barat")


def test_an_unknown_district_keeps_the_names_that_are_known(table: RegionTable):
    region = table.find("137699")
    assert (region.name, region.regency_name) == (None, "Kota Payakumbuh")
    assert table.find("13").regency_name is None
    assert table.find("9999").province_name is None


def test_names_are_read_once_and_only_when_asked_for():
    reads: list[int] = []

    def read() -> str:
        reads.append(1)
        return NAMES

    table = RegionTable(CODES, read)
    region = table.find("1376")
    assert (region.standing, region.level, repr(region)) is not None
    assert reads == []
    assert [region.name, table.find("13").name] == ["Kota Payakumbuh", "Sumatera Barat"]
    assert reads == [1]


def test_the_official_form_with_dots_is_the_same_region(table: RegionTable):
    assert table.find("13.76.01") == table.find("137601")
    assert table.find("13.76").code == "1376"


@pytest.mark.parametrize(
    "code",
    ["", "1", "137", "13760", "1376011", "13.7601.", ".13", "1x", "１３", "13\n", None, 13, b"13"],
)
def test_what_is_no_code_is_refused(table: RegionTable, code: object):
    with pytest.raises(InputError) as refused:
        table.find(code)  # type: ignore[arg-type]
    assert refused.value.code == "region.code"


@given(st.text(max_size=9))
def test_any_text_is_found_or_refused(text: str):
    table = RegionTable(CODES, lambda: NAMES)
    with contextlib.suppress(InputError):
        assert table.find(text).standing in list(Standing)


def test_codes_of_a_standing_are_listed_in_order(table: RegionTable):
    assert table.codes(Standing.CURRENT) == (
        *("13", "1376", "137601", "137602", "137603", "137605"),
    )
    assert table.codes(Standing.FORMER) == ("137604", "54", "9101", "910101")
    assert table.codes(Standing.UNKNOWN) == ()
