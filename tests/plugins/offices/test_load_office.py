"""An office is loaded by id, by path or from a mapping."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ikd.core.errors import OfficeFileError
from ikd.core.standard.office import parse_office_text
from ikd.core.standard.sheet import compare
from ikd.plugins.offices import load_office, packaged_offices


def test_two_offices_come_with_ikd() -> None:
    assert packaged_offices() == ("payakumbuh", "wakatobi")
    assert [load_office(name).id for name in packaged_offices()] == list(packaged_offices())


@pytest.mark.parametrize("name", packaged_offices())
def test_what_an_office_pins_reads_back_equal(name: str) -> None:
    office = load_office(name)
    assert parse_office_text(office.text).digest == office.digest


def test_a_text_that_ends_in_toml_is_a_path(tmp_path: Path) -> None:
    path = tmp_path / "kantor.toml"
    path.write_text(load_office("wakatobi").text, encoding="utf-8")
    assert load_office(str(path)) == load_office(path) == load_office("wakatobi")


def test_a_byte_order_mark_of_an_editor_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "kantor.toml"
    path.write_text(load_office("wakatobi").text, encoding="utf-8-sig")
    assert load_office(path) == load_office("wakatobi")


@pytest.mark.parametrize("name", ["", "solok", "../payakumbuh", "payakumbuh.TOML", "Payakumbuh"])
def test_an_unknown_id_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(OfficeFileError, match=r"payakumbuh, wakatobi"):
        load_office(name)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'id = "\xe9"')
    for path in (tmp_path / "none.toml", tmp_path, latin):
        with pytest.raises(OfficeFileError) as caught:
            load_office(path)
        assert caught.value.faults[0][0] == "file"


@pytest.mark.parametrize("path", ["a\0.toml", "a\ud800.toml"])
@pytest.mark.parametrize("kind", [str, Path])
def test_a_text_that_can_name_no_file_is_refused_like_one_that_cannot_be_read(
    path: str, kind: type[str | Path]
) -> None:
    with pytest.raises(OfficeFileError) as caught:
        load_office(kind(path))
    ((key, words),) = caught.value.faults
    assert (key, "tak ada berkas" in words) == ("file", True)
    str(caught.value).encode()


@pytest.mark.parametrize(
    ("written", "line"),
    [(b'id = "contoh"\nname = "Caf\xe9"', 2), ('id = "contoh"'.encode("utf-16"), 1)],
)
def test_a_file_in_another_encoding_is_told_with_its_line(
    written: bytes, line: int, tmp_path: Path
) -> None:
    path = tmp_path / "kantor.toml"
    path.write_bytes(written)
    with pytest.raises(OfficeFileError, match=f"baris {line} bukan UTF-8;"):
        load_office(path)


def test_lines_that_end_as_windows_ends_them_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "kantor.toml"
    path.write_bytes(load_office("wakatobi").text.replace("\n", "\r\n").encode())
    assert compare(load_office(path), load_office("wakatobi")) == ()


def test_a_mapping_is_an_office_too() -> None:
    with pytest.raises(OfficeFileError) as caught:
        load_office({"format": 1})
    assert {path for path, _ in caught.value.faults} == {"id", "about", "steps", "presence"}


def test_importing_the_package_loads_no_office() -> None:
    code = "import ikd.plugins.offices, sys; sys.exit('ikd.core.standard.office' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_loading_an_office_asks_nobody_for_holidays() -> None:
    code = (
        "import sys; from ikd.plugins.offices import load_office; load_office('payakumbuh');"
        "sys.exit(bool({'holidays', 'phonenumbers', 'cryptography'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("thing", [None, b"payakumbuh", 5, ["payakumbuh"], object()])
def test_only_an_id_a_path_or_a_mapping_names_an_office(thing):
    with pytest.raises(OfficeFileError):
        load_office(thing)
