"""The tool that makes the region table, and the table it made."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import tarfile
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.resident.regions import Standing
from ikd.data.shipped_regions import find_region, region_table


def load_tool() -> ModuleType:
    path = Path(__file__).parents[2] / "tools" / "regions.py"
    spec = importlib.util.spec_from_file_location("regions_tool", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = load_tool()


def listed(standing: Standing) -> dict[str, str]:
    """Codes of the shipped table with their names."""
    names = region_table().names()
    return {code: names[code] for code in region_table().codes(standing)}


def test_the_shipped_table_has_todays_list_and_every_list_since_2015():
    today, former = listed(Standing.CURRENT), listed(Standing.FORMER)
    assert TOOL.count(today) == (38, 514, 7285)
    del former["54"]
    assert TOOL.count(today | former) == (38, 540, 7879)


def test_the_tool_would_write_the_shipped_files_again_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    today, former = listed(Standing.CURRENT), listed(Standing.FORMER)
    monkeypatch.setattr(TOOL, "DATA", tmp_path)
    TOOL.write_all(today, former)
    shipped = Path(str(importlib.util.find_spec("ikd.data").origin)).parent  # type: ignore[union-attr]
    for file in ("regions_codes.txt", "regions_names.txt"):
        assert (tmp_path / file).read_bytes() == (shipped / file).read_bytes()


@pytest.mark.parametrize(
    ("code", "standing", "name", "province"),
    [
        ("137601", "current", "Payakumbuh Barat", "Sumatera Barat"),
        ("740701", "current", "Wangi-Wangi", "Sulawesi Tenggara"),
        ("9101", "former", "Kabupaten Merauke", "Papua"),
        ("910101", "former", "Merauke", "Papua"),
        ("9301", "current", "Kabupaten Merauke", "Papua Selatan"),
        ("9271", "former", "Kota Sorong", "Papua Barat"),
        ("9671", "current", "Kota Sorong", "Papua Barat Daya"),
        ("54", "former", "Timor Timur", "Timor Timur"),
        ("6473", "unknown", None, "Kalimantan Timur"),
        ("540101", "unknown", None, "Timor Timur"),
    ],
)
def test_places_known_by_hand_stand_where_they_should(
    code: str, standing: str, name: str | None, province: str
):
    region = find_region(code)
    assert (region.standing, region.name, region.province_name) == (standing, name, province)


def test_every_name_is_one_tidy_line():
    for code, name in region_table().names().items():
        assert name == " ".join(name.split()), code
        assert '"' not in name, code


def test_every_province_of_the_table_is_one_that_a_nik_may_begin_with():
    from ikd.core.resident.nik import Nik

    for code in region_table().names():
        if len(code) == 2:
            assert Nik.is_valid(f"{code}01015708909901")


@given(st.sets(st.integers(1, 99).map("{:02}".format), min_size=1))
def test_ranges_open_to_the_numbers_they_were_made_of(numbers: set[str]):
    text = TOOL.code_text({"13": "x", "1301": "x"} | {f"1301{n}": "x" for n in numbers}, {})
    table = type(region_table())(text, str)
    assert table.codes(Standing.CURRENT) == tuple(
        sorted({"13", "1301"} | {f"1301{n}" for n in numbers})
    )


def test_names_in_capitals_become_names_as_today_writes_them():
    assert TOOL.from_capitals("KAB. BIAK  NUMFOR") == "Kabupaten Biak Numfor"
    assert TOOL.from_capitals("MAGE'ABUME") == "Mage'abume"


def test_a_source_with_other_counts_stops_the_tool():
    with pytest.raises(SystemExit, match="expected"):
        TOOL.expect("a list", (38, 514, 7284), (38, 514, 7285))


def packed(path: Path, files: dict[str, object]) -> tuple[Path, str]:
    """Write a package as ``npm pack`` does; give its place and digest."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            source = path.with_name("source")
            source.write_text(json.dumps(content), "utf-8")
            archive.add(source, f"package/{name}")
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def test_todays_list_is_read_from_its_package(tmp_path: Path):
    files = {
        "data/json/provinces.json": [{"code": "13", "name": "Sumatera Barat"}],
        "data/json/cities.json": [{"code": "1376", "name": "Kota  Payakumbuh"}],
        "data/json/districts.json": [{"code": "137601", "name": 'Ra"as'}],
    }
    assert TOOL.read_today(TOOL.unpack(*packed(tmp_path / "a.tgz", files))) == {
        "13": "Sumatera Barat",
        "1376": "Kota Payakumbuh",
        "137601": "Ra'as",
    }


def test_the_list_of_before_is_read_from_its_package(tmp_path: Path):
    district = {"kode": "910101", "nama": "MERAUKE"}
    regency = {"kode": "9101", "nama": "KAB. MERAUKE", "kecamatan": [district]}
    files = {"source.json": [{"kode": "91", "nama": "PAPUA", "kabupaten_kota": [regency]}]}
    assert TOOL.read_before(TOOL.unpack(*packed(tmp_path / "b.tgz", files))) == {
        "91": "Papua",
        "9101": "Kabupaten Merauke",
        "910101": "Merauke",
    }


def test_a_package_other_than_the_reviewed_one_is_not_unpacked(tmp_path: Path):
    path, _ = packed(tmp_path / "a.tgz", {"source.json": []})
    with pytest.raises(SystemExit, match="reviewed"):
        TOOL.unpack(path, "0" * 64)
    assert not (tmp_path / "a").exists()
