"""``ikd office diff`` says of both offices what their texts say, point for point."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from ikd.cli import main
from ikd.plugins.offices import load_office

# Point by point what must stand on each side; "–" is: the text doesn't say it.
WANTED: dict[str, tuple[list[str], list[str]]] = {
    "person": (["Penduduk (P25)"], ["Pemohon (W9)"]),
    "service": (
        ["Aktivasi Identitas Kependudukan Digital (IKD) (P7)", "Digital (P37)"],
        ["Identitas Kependudukan Digital (IKD) (W1)", "(W35)"],
    ),
    "card": (
        ["KTP-el fisik", "belum pernah memiliki", "tetapi sudah", "P12", "P13"],
        ["KTP elektronik atau sudah melakukan perekaman", "W3"],
    ),
    "contacts": (
        ["Isian: Alamat surat elektronik (P17)", "Isian: Nomor telepon gawai pintar (P17)"],
        ["Memiliki alamat email (W4)", "Memiliki nomor HP aktif (W4)", "(email) (W12)", "HP (W12)"],
    ),
    "device": (
        ["gawai pintar (P11)"],
        ["smartphone", "Android ≥ 8 (W6)", "iOS ≥ 11.0 (W7)"],
    ),
    "internet": (["–"], ["internet (W8)"]),
    "fields": (["tertutup (P17)"], ["terbuka (W11)", "Tombol: verifikasi data (W13)"]),
    "biometric": (
        ["wajah bergerak (P19), iris (P20), sidik jari (P20)", "Kesesuaian: ya (P21); Keaktifan"],
        ["wajah (W14)", "– (Keaktifan: default ya)"],
    ),
    "review": (["kementerian (P22)", "Dirjen Dukcapil", "verifikasi dan validasi"], ["–"]),
    "qr": (
        ["petugas membaca ponsel (P23)", "Tempat QR tampil: pada ponsel (P23)", "aplikasi SIAK"],
        ["penduduk membaca QR kantor (W15)", "– (Tempat QR tampil: –)"],
    ),
    "secret": (
        ["PIN (P25)", "Pengirim: Dirjen", "– (Panjang kode: default 6)"],
        ["kode aktivasi (W16)", "Panjang kode: 6 (W20)", "Pengirim: SIAK (W17)"],
    ),
    "medium": (["surat elektronik (P26), media lain (P26)"], ["surat elektronik (W18)"]),
    "mail": (["–"], ["Aktivasi (W19)"]),
    "entry": (["–"], ["Captcha: ya (W22)", "Aktifkan", "Ya (W24)", "Tutup jika diminta (W25)"]),
    "rejection": (["surat elektronik (P29), SMS (P29)", "informasi (P29)"], ["–"]),
    "end": (
        ["Dirjen", "mengaktifkan aplikasi", "menerbitkan QR Code", "dari Kementerian"],
        ["login ke aplikasi IKD menggunakan password atau kode yang diberikan sebelumnya"],
    ),
    "time": (
        ["1 Hari (P34)"],
        ["10 menit (W30), 30 menit (W31), 1 x 24 jam (W32)", "tergantung jaringan", "W33"],
    ),
    "kinds": (
        ["saran (P39), pengaduan (P41)"],
        [
            "aduan (W36), saran (W36), masukan (W36)",
            "menerima: aduan (W38), saran (W39), pengaduan (W57)",
            "aspirasi",
        ],
    ),
    "channels": (
        ["Kotak saran dan aduan (P39)"],
        ["0852-1994-1449", "LAPOR! (W57)", "jalan: Website LAPOR! (W60)"],
    ),
    "form": (
        ["wajib: tertulis (P41), nama (P42), alamat (P42)", "kepada: Kepala Dinas"],
        ["–"],
    ),
    "handling": (
        ["–"],
        ["kurang lebih 1x24 jam", "Verifikasi aduan (W46)", "Tim Penanganan", "Semua Bidang"],
    ),
    "contact": (["Jalan Jambu", "26213", "0752796135", "www.disdukcapil"], ["–"]),
}


@pytest.fixture
def told(capsys) -> dict[str, Any]:
    assert main(["office", "diff", "payakumbuh", "wakatobi", "--json"]) == 0
    read: dict[str, Any] = json.loads(capsys.readouterr().out)
    return read


@pytest.mark.parametrize("point", WANTED)
def test_each_point_says_what_each_text_says(told: dict[str, Any], point: str) -> None:
    row = next(row for row in told["points"] if row["point"] == point)
    for side, words in zip(("one", "other"), WANTED[point], strict=True):
        for word in words:
            assert word in row[side], (point, side)
        if words == ["–"]:
            assert row[side].startswith("–")
            assert re.search(r"\([PW][0-9]+\)", row[side]) is None  # no clause for silence


def test_only_wakatobi_is_silent_on_liveness_and_no_default_is_printed_as_published(told) -> None:
    row = next(row for row in told["points"] if row["point"] == "biometric")
    assert "Keaktifan" not in row["other"].partition("–")[0]
    for row in told["points"]:
        for side in ("one", "other"):
            behind = row[side].partition("–")[2]
            assert re.search(r"\([PW][0-9]+\)", behind) is None


def test_what_both_promise_alike_is_no_difference(told: dict[str, Any]) -> None:
    points = [row["point"] for row in told["points"]]
    assert "fee" not in points
    assert "decree" in points


def test_every_differing_value_stands_below_with_its_source(told: dict[str, Any]) -> None:
    values = {row["path"]: row for row in told["values"]}
    assert values["pin.captcha"]["one"] == {"value": False, "source": "default"}
    assert values["pin.captcha"]["other"] == {"value": True, "source": "W22"}
    assert values["about.address"]["other"] is None
    assert "pin.life" not in values


def test_an_office_differs_from_itself_in_nothing(capsys) -> None:
    assert main(["office", "diff", "wakatobi", "wakatobi", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["points"], told["values"]) == ([], [])


def test_the_text_has_both_offices_under_each_point(capsys) -> None:
    assert main(["office", "diff", "payakumbuh", "wakatobi"]) == 0
    text = capsys.readouterr().out
    entry = text.partition("Saat mengisi kode\n")[2].partition("\n\n")[0]
    assert re.search(r"(?m)^  payakumbuh +–", entry)
    assert re.search(r"(?m)^  wakatobi +Captcha: ya \(W22\)", entry)
    assert "tidak dinyatakan" in text.partition("Semua nilai")[2]
    assert max(map(len, text.splitlines())) <= 80


def test_offices_that_say_little_are_compared_too(capsys, root) -> None:
    folder = root / "tests" / "plugins" / "offices" / "invented"
    for file in sorted(folder.glob("*.toml")):
        assert main(["office", "diff", str(file), "wakatobi", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert {row["point"] for row in told["points"]} >= {"device", "channels"}


def test_two_versions_of_one_office_are_told_apart(capsys, tmp_path) -> None:
    old, new = tmp_path / "lama.toml", tmp_path / "baru.toml"
    text = load_office("wakatobi").text
    old.write_text(text, "utf-8")
    new.write_text(text.replace('value = "kode aktivasi"', 'value = "kode"'), "utf-8")
    assert main(["office", "diff", str(old), str(new)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "lama.toml Nama kode: kode aktivasi (W16)" in told
    assert "baru.toml Nama kode: kode (W16)" in told


def test_the_points_are_told_in_english_too(capsys) -> None:
    assert main(["--lang", "en", "office", "diff", "payakumbuh", "wakatobi"]) == 0
    text = capsys.readouterr().out
    assert "Entering the PIN\n" in text
    assert "the officer reads the phone (P23)" in " ".join(text.split())
    assert "tidak dinyatakan" not in text
