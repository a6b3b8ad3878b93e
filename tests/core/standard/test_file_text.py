"""A file that would take memory or stack, or show as something else, is refused in words."""

from __future__ import annotations

from typing import Any

import pytest

from ikd.core.errors import OfficeFileError
from ikd.core.standard.file_text import LONGEST, canonical_text, read_text


def faults(text: str) -> list[str]:
    with pytest.raises(OfficeFileError) as caught:
        read_text(text)
    return [path for path, _ in caught.value.faults]


def test_a_file_of_the_greatest_length_is_read_and_a_longer_one_is_not() -> None:
    whole = 'a = "' + "x" * (LONGEST - 6) + '"'
    assert read_text(whole)["a"]
    assert faults(whole + " ") == ["file"]


@pytest.mark.parametrize("depth", [24, 25, 200, 5000])
def test_tables_inside_each_other_end_somewhere(depth: int) -> None:
    text = "a = " + "[" * depth + "]" * depth
    if depth < 25:
        assert read_text(text)
    else:
        assert len(faults(text)) == 1


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 10**4000])
def test_a_number_that_no_json_reader_takes_is_refused(number: int) -> None:
    assert faults(f"[fee]\namount = {number}") == ["fee.amount"]
    assert read_text(f"a = {2**53}")["a"] == 2**53


def test_a_number_too_long_to_be_read_is_no_toml() -> None:
    assert faults("a = " + "9" * 5000) == ["file"]


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\u202e", "\u200b", "\u2028", "\ue000"])
def test_signs_that_do_not_show_are_refused_in_texts_and_keys(sign: str) -> None:
    escaped = f"\\u{ord(sign):04x}"
    assert faults(f'[about]\nname = ["a", "b{escaped}"]') == ["about.name[2]"]
    assert faults(f'[about]\n"{escaped}" = 1') == ["about"]


def test_a_text_may_have_lines_tabs_and_letters_of_any_script() -> None:
    assert read_text('a = """x\n\ty\u00a0“ß漢"""')["a"] == "x\n\ty\u00a0“ß漢"


@pytest.mark.parametrize(
    "data",
    [
        {"a": float("nan")},
        {"a": object()},
        {"a": {1, 2}},
        {"a": 10**5000},
        {"a": "\ud800"},
        {(1, 2): 3},
    ],
)
def test_what_could_stand_in_no_file_is_refused_in_a_mapping_too(data: dict[Any, Any]) -> None:
    with pytest.raises(OfficeFileError):
        read_text(canonical_text(data))


def test_a_mapping_that_holds_itself_is_refused() -> None:
    data: dict[str, Any] = {}
    data["a"] = data
    with pytest.raises(OfficeFileError):
        canonical_text(data)


def test_both_forms_of_a_text_read_alike() -> None:
    assert read_text(canonical_text({"b": 1, "a": "é"})) == {"a": "é", "b": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = 1\nb = SIAK", "baris 2, kolom 5: teks perlu tanda petik"),
        ("b = [True]", "kolom 6: tulis true atau false dengan huruf kecil"),
        ("b = FALSE", "kolom 5: tulis true atau false dengan huruf kecil"),
        ("b = Truely", "kolom 5: teks perlu tanda petik"),
        ("b = \nc = 1", "baris 1, kolom 5: nilai belum diisi"),
        ("b =", "di akhir: nilai belum diisi"),
        ("b = # SIAK", "kolom 5: nilai belum diisi"),
        ("b = { c = }", "kolom 11: nilai belum diisi"),
        ("b = [1,, 2]", "kolom 8: nilai belum diisi"),
        ("b = .5", "kolom 5: bukan angka"),
        ("b = “SIAK”", "baris 1, kolom 5: teks perlu tanda petik lurus"),
        ('b = "SIAK\n', "kolom 10: tanda petik penutup tidak ada"),
        ('b = "SIAK', "di akhir: tanda petik penutup tidak ada"),
        ("b = 1\nb = 2\n", "baris 2, kolom 6: kunci ini sudah ada di atas"),
        ("[b]\n[b]\n", "baris 2, kolom 3: bagian ini sudah ada di atas"),
        ("b = [1", "di akhir: tanda ] tidak ada"),
        ("b = { c = 1", "di akhir: tanda } tidak ada"),
        ("b 1", "baris 1, kolom 3: setelah kunci perlu tanda ="),
        ("b = 1 c = 2", "kolom 7: satu baris, satu nilai"),
        ("= 1", "baris 1, kolom 1: Invalid statement"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line_and_in_plain_words(text: str, told: str) -> None:
    with pytest.raises(OfficeFileError) as caught:
        read_text(text)
    ((path, words),) = caught.value.faults
    assert (path, told in words) == ("file", True), words


def test_a_key_of_very_many_parts_is_told_before_it_is_parsed() -> None:
    assert faults(".".join("a" * 5000) + " = 1") == ["file"]
