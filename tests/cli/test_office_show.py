"""``ikd office show`` and ``check``: what is published with its clause, the rest as what it is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ikd.cli import main
from ikd.core.standard.grounds import walk
from ikd.core.standard.own_limits import OWN_LIMITS
from ikd.core.standard.sheet import sheet
from ikd.data.standards import form_of, labels, name_of, word
from ikd.plugins.offices import load_office, packaged_offices


def shown(capsys: Any, *words: str) -> str:
    assert main(["office", "show", *words]) == 0
    return str(capsys.readouterr().out)


def data(capsys: Any, name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(shown(capsys, name, "--json"))
    return told


def part(text: str, number: int) -> str:
    return re.split(r"(?m)^━━ ", text)[number + 1]


def grounded(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        if "source" in value:
            yield path, value
        for key, item in value.items():
            yield from grounded(item, f"{path}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from grounded(item, f"{path}[{number}]")


def test_the_six_components_stand_in_order_with_their_clauses(capsys) -> None:
    text = shown(capsys, "payakumbuh")
    headings = re.findall(r"(?m)^━━ ([0-9]\. [^━]+?) ━+ (P[0-9]+) ━━$", text)
    assert headings == [
        ("1. Persyaratan", "P10"),
        ("2. Sistem, Mekanisme dan Prosedur", "P14"),
        ("3. Waktu Penyelesaian", "P33"),
        ("4. Biaya / Tarif", "P36"),
        ("5. Produk Pelayanan", "P37"),
        ("6. Pengaduan Layanan", "P38"),
    ]


@pytest.mark.parametrize(("name", "count"), [("payakumbuh", 7), ("wakatobi", 9)])
def test_the_procedure_has_its_published_numbers(capsys, name: str, count: int) -> None:
    steps = part(shown(capsys, name), 2).partition("Langkah\n")[0]
    assert re.findall(r"(?m)^ {2}([0-9]+) ", steps) == [str(n) for n in range(1, count + 1)]


def test_the_branches_of_a_decision_are_two_ways_and_no_sequence(capsys) -> None:
    text = shown(capsys, "payakumbuh")
    assert "5   jika disetujui: " in text
    assert "6   jika ditolak: " in text


def test_three_times_are_a_list_with_the_sentence_before_it(capsys) -> None:
    time = part(shown(capsys, "wakatobi"), 3)
    assert re.findall(r"(?m)^ {2}([0-9]) +(.*)$", time) == [
        ("1", "10 menit (W30)"),
        ("2", "30 menit (W31)"),
        ("3", "1 x 24 jam (W32)"),
    ]
    assert "atau: tergantung jaringan pada sistem (W33)" in time
    assert "Masing-masing pengurusan membutuhkan waktu dari: (W29)" in " ".join(time.split())


def test_one_day_says_that_its_kind_and_its_start_are_defaults(capsys) -> None:
    time = part(shown(capsys, "payakumbuh"), 3)
    assert "1   1 Hari (P34)" in time
    assert "hari dihitung: hari kerja (default)" in time
    assert "sejak: pendaftaran (default)" in time
    assert "-1" not in time


def test_complaint_channels_keep_their_letters_and_say_what_each_demands(capsys) -> None:
    complaints = part(shown(capsys, "payakumbuh"), 6)
    assert re.findall(r"(?m)^ {2}([a-g]) ", complaints) == ["a", "b", "c", "g"]
    assert "wajib: tertulis (P41), nama (P42), alamat (P42)" in complaints
    assert re.search("(?m)^Batas jawaban +tidak dinyatakan$", complaints)
    assert "24 jam" not in complaints


def test_channels_and_facilities_are_two_lists(capsys) -> None:
    complaints = part(shown(capsys, "wakatobi"), 6)
    assert re.findall(r"(?m)^ {2}([0-9]) ", complaints) == list("12345678")
    assert "Aplikasi LAPOR! (W57)" in complaints
    assert "Ruang Pengaduan (W53), Kotak Pengaduan (W54)" in complaints


def test_what_is_not_stated_is_said_to_be_so(capsys) -> None:
    text = shown(capsys, "wakatobi")
    for name in ("Alamat", "Telepon", "Situs"):
        assert re.search(rf"(?m)^{name} +tidak dinyatakan$", text), name
    assert "about.website" in text.rpartition("━━ Tidak dinyatakan")[2]


def test_a_default_carries_its_reason_and_no_clause(capsys) -> None:
    text = " ".join(shown(capsys, "payakumbuh").split())
    assert "Masa berlaku 30 menit (default) default: Masa berlaku PIN tidak disebut naskah." in text
    for line in text.splitlines():
        assert re.search(r"\(default, default\)", line) is None


@pytest.mark.parametrize("name", packaged_offices())
def test_every_value_of_the_json_has_a_clause_with_its_words_or_a_reason(
    capsys, name: str, root: Path
) -> None:
    page = (root / "docs" / "sources" / f"{name}.md").read_text("utf-8")
    rows = list(grounded(data(capsys, name)))
    assert len(rows) > 100
    for path, row in rows:
        if row["source"] == "default":
            assert row["why"], path
            assert "quote" not in row, path
        else:
            assert re.fullmatch("[PW][0-9]+", row["source"]), path
            assert row["quote"] in page, path


def test_what_ikd_itself_limits_is_shown_as_a_default_with_its_reason(capsys) -> None:
    text = shown(capsys, "wakatobi").partition("━━ Batas ikd sendiri")[2]
    for words in ("PIN salah tiap NIK    20 (default)", "Boleh mendaftar lagi  ya (default)"):
        assert words in text, words
    assert all(item.why in " ".join(text.split()) for _, item in walk(OWN_LIMITS))
    assert re.search(r"\([A-Z]+[0-9]", text) is None
    assert data(capsys, "wakatobi")["ikd"]["credential"]["value"] == "180 d"


def test_the_json_keeps_every_published_spelling(capsys) -> None:
    payakumbuh, wakatobi = data(capsys, "payakumbuh"), data(capsys, "wakatobi")
    assert payakumbuh["decree"]["number"]["value"] == "400.12.4.2/037/DKPS/2024"
    assert wakatobi["decree"]["number"]["value"] == "04 TAHUN 2024"
    assert payakumbuh["about"]["postcode"]["value"] == "26213"
    assert payakumbuh["fee"]["amount"] == {
        "value": 0,
        "source": "P36",
        "quote": "Tidak dipungut biaya",
    }
    handles = [row["handle"] for row in wakatobi["complaints"]["channels"]]
    assert handles[3:8] == [
        "0852-1994-1449",
        "Disdukcapil Wakatobi",
        "@disdukcapil_kab.wakatobi",
        "@Capil_Wakatobi",
        "dukcapilwakatobi7407@gmail.com",
    ]
    assert (payakumbuh["sign_in"], wakatobi["about"]["address"]) == (None, None)
    assert "about.address" in wakatobi["unstated"]


@pytest.mark.parametrize("name", packaged_offices())
def test_the_json_read_again_is_the_same_standard(capsys, name: str) -> None:
    told = data(capsys, name)
    again = load_office(
        {key: told[key] for key in told if key not in ("digest", "ikd", "unstated")}
    )
    assert again.pin == load_office(name).pin
    assert again.requirements == load_office(name).requirements


def test_an_office_of_next_to_nothing_is_shown_too(capsys, root: Path) -> None:
    file = root / "tests" / "plugins" / "offices" / "invented" / "barest.toml"
    text = shown(capsys, str(file))
    for number in (2, 3, 4, 6):
        assert "·   tidak dinyatakan" in part(text, number), number


@pytest.mark.parametrize("name", ["fourteen_components", "two_sources", "a_new_decree"])
def test_what_few_offices_publish_is_shown(capsys, root: Path, name: str) -> None:
    file = root / "tests" / "plugins" / "offices" / "invented" / f"{name}.toml"
    text = " ".join(shown(capsys, str(file)).split())
    wanted = {
        "fourteen_components": [
            "14. Evaluasi Kinerja",
            "Komputer (J19)",
            "Kursi tunggu (default)",
            "UU 24/2013",
            "Bukan janji",
        ],
        "two_sources": ["berbeda: Berita", "Pemulihan", "2026-10-01"],
        "a_new_decree": ["Menggantikan 470/1/2021", "· tidak ada"],
    }
    for words in wanted[name]:
        assert words in text, words


def test_check_tells_every_fault_with_its_path_and_ends_with_one(capsys, tmp_path: Path) -> None:
    text = load_office("wakatobi").text
    bad = tmp_path / "bad.toml"
    bad.write_text(
        text.replace("format = 2", "format = 3")
        .replace('value = "30 min"', 'value = "soon"')
        .replace('"Asia/Makassar"', '"Asia/Tokyo"'),
        "utf-8",
    )
    good = tmp_path / "good.toml"
    good.write_text(text, "utf-8")
    assert main(["office", "check", str(good), str(bad), "payakumbuh"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith(f"{good}: sah  wakatobi ")
    lines = bad.read_text("utf-8").splitlines()
    named = [re.match(r"  baris ([0-9]+), ([a-z.]+): ", line) for line in told]
    found = [(match[2], lines[int(match[1]) - 1]) for match in named if match]
    assert [path for path, _ in found] == ["format", "about.zone.value", "pin.life.value"]
    for (_, line), wrong in zip(found, ("format = 3", "Asia/Tokyo", "soon"), strict=True):
        assert wrong in line
    assert any(line.startswith("payakumbuh: sah") for line in told)
    assert main(["office", "check", str(good)]) == 0


@pytest.mark.parametrize("name", ["nowhere.toml", "nowhere"])
def test_check_of_a_file_that_is_not_there_is_a_fault(capsys, tmp_path: Path, name: str) -> None:
    assert main(["office", "check", str(tmp_path / name)]) == 1
    assert "berkas tidak terbaca (No such file" in capsys.readouterr().out


def test_schema_prints_the_schema(capsys, root: Path) -> None:
    assert main(["office", "schema"]) == 0
    page = root / "src" / "ikd" / "data" / "office-file.schema.json"
    assert capsys.readouterr().out == page.read_text("utf-8")


def test_a_file_with_a_wrong_end_is_no_office(capsys, tmp_path: Path) -> None:
    file = tmp_path / "office.txt"
    file.write_text(load_office("wakatobi").text, "utf-8")
    assert main(["office", "check", str(file)]) == 0  # check takes any file for one
    capsys.readouterr()
    assert main(["office", "show", str(file)]) == 1
    assert tomllib.loads(file.read_text("utf-8"))["id"] == "wakatobi"


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("name", packaged_offices())
def test_everything_published_is_printed_in_its_own_words_with_its_clause(
    capsys, name: str, lang: str
) -> None:
    """A word of the file's own vocabulary is printed by what it means."""
    office, text = load_office(name), " ".join(shown(capsys, name, "--lang", lang).split())
    for path, item in walk(office):
        for clause in item.clauses:
            assert re.search(rf"\b{clause}\b", text), path
        value = getattr(item, "value", None)
        if isinstance(value, str):
            assert word(form_of(path), value, lang) in text, path
        for key in ("text", "handle", "title", "label"):
            assert (getattr(item, key, None) or "") in text, (path, key)


@pytest.mark.parametrize("name", packaged_offices())
def test_each_value_has_a_name_in_both_languages(name: str) -> None:
    for line in sheet(load_office(name)):
        if not line.path.startswith(("requirements[", "components[", "steps[")):
            assert name_of(line.path, "id"), line.path
            assert form_of(line.path) in labels("names"), line.path


@pytest.mark.parametrize("name", packaged_offices())
def test_a_default_stands_in_no_list_of_clauses_and_nothing_is_printed_empty(
    capsys, name: str
) -> None:
    text = " ".join(shown(capsys, name).split())
    assert not re.search(r"default, [PW][0-9]|[PW][0-9]+, default", text)
    assert "= (" not in text
