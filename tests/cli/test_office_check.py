"""``ikd office check --text`` and ``upgrade``, as an officer runs them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ikd.cli import main
from ikd.plugins.offices import load_office, packaged_offices


@pytest.mark.parametrize("name", packaged_offices())
def test_the_shipped_files_quote_their_texts(name: str, root: Path, capsys: Any) -> None:
    page = root / "docs" / "sources" / f"{name}.md"
    assert main(["office", "check", name, "--text", str(page)]) == 0
    assert "tidak disebut berkas" not in capsys.readouterr().out  # each clause is named


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('source = "W20"', 'source = "W63"', "naskah tidak punya butir W63"),
        (
            'quote = "6 digit kode aktivasi"',
            'quote = "7 digit kode"',
            "W20 tidak memuat kutipan itu",
        ),
        ('quote = "lalu “Ya”"', 'quote = "kode aktivasi"', "kata-kata itu berdiri pada W16"),
        ('further = ["W10"]', 'further = ["W63"]', "naskah tidak punya butir W63"),
    ],
)
def test_what_the_text_does_not_say_is_told_with_its_line(
    old: str, new: str, told: str, root: Path, tmp_path: Path, capsys: Any
) -> None:
    text = load_office("wakatobi").text
    file = tmp_path / "kantor.toml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    page = root / "docs" / "sources" / "wakatobi.md"
    assert main(["office", "check", str(file)]) == 0
    assert main(["office", "check", str(file), "--text", str(page)]) == 1
    out = " ".join(capsys.readouterr().out.partition("tidak sah")[2].split())
    assert re.search(f"baris [0-9]+, [^:]+: {re.escape(told)}", out)


def test_a_region_that_is_not_known_is_worth_a_look(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "kantor.toml"
    file.write_text(load_office("wakatobi").text.replace('"74.07"', '"74.99"'), "utf-8")
    assert main(["office", "check", str(file)]) == 0
    assert "kode wilayah 74.99 tidak dikenal" in capsys.readouterr().out


def test_check_tells_what_looks_like_a_rule_and_is_shown_only(capsys: Any) -> None:
    main(["office", "check", "wakatobi"])
    told = capsys.readouterr().out
    assert "sign_in.fate: hanya ditampilkan" in told
    assert "about.name" not in told


def old_file(folder: Path, **changes: str) -> Path:
    text = load_office("payakumbuh").text.replace("format = 2", "format = 1  # lama", 1)
    for old, new in changes.items():
        text = text.replace(f"[{old}]", f"[{old}]\n{new}", 1)
    file = folder / "kantor.toml"
    file.write_text(text, "utf-8")
    return file


def test_an_upgrade_rewrites_one_line_and_says_what_it_means(tmp_path: Path, capsys: Any) -> None:
    place = '[{ kind = "mpp", name = "MPP", source = "P23", quote = "QR" }]'
    begins = 'effective_from = { value = "2024-05", source = "P8", quote = "2024" }'
    file = old_file(tmp_path, presence=f"places = {place}", decree=begins)
    before = file.read_text("utf-8")
    assert main(["office", "upgrade", str(file)]) == 0
    told = capsys.readouterr().out
    assert "kini format 2" in told
    assert "presence.places[1].finish: tadinya true, kini tidak dinyatakan" in told
    assert "decree.effective_from: berlaku mulai 2024-05" in told
    assert file.read_text("utf-8") == before.replace("format = 1  # lama", "format = 2  # lama")
    assert main(["office", "upgrade", str(file)]) == 0
    assert "sudah format 2" in capsys.readouterr().out


def test_a_file_that_the_newest_format_refuses_stays_as_it_was(tmp_path: Path, capsys: Any) -> None:
    begins = 'effective_from = { value = "2024-02-30", source = "P8", quote = "2024" }'
    file = old_file(tmp_path, decree=begins)
    before = file.read_bytes()
    assert main(["office", "upgrade", str(file)]) == 1
    assert "decree.effective_from.value" in capsys.readouterr().err
    assert file.read_bytes() == before
