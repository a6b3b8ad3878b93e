"""A third office is a file: Wakatobi's own with other contacts is one, and runs."""

from __future__ import annotations

from pathlib import Path

import ikd
from ikd.cli import main
from ikd.core.standard.sheet import compare
from ikd.plugins.offices import load_office

OTHER = {
    'id = "wakatobi"': 'id = "rekaan"',
    "0852-1994-1449": "0811-0000-0000",
    "+6285219941449": "+6281100000000",
    "Disdukcapil Wakatobi": "Disdukcapil Rekaan",
    "@disdukcapil_kab.wakatobi": "@disdukcapil.rekaan",
    "@Capil_Wakatobi": "@Capil_Rekaan",
    "dukcapilwakatobi7407@gmail.com": "dukcapil@example.id",
    "Kabupaten Wakatobi": "Kabupaten Rekaan",
}


def third(folder: Path) -> Path:
    text = load_office("wakatobi").text
    for old, new in OTHER.items():
        assert old in text
        text = text.replace(old, new)
    file = folder / "rekaan.toml"
    file.write_text(text, "utf-8")
    return file


def test_it_is_valid_and_differs_in_its_contacts_only(tmp_path: Path) -> None:
    office = load_office(third(tmp_path))
    paths = {path for path, _, _ in compare(load_office("wakatobi"), office)}
    assert paths == {
        "about.full_name",
        "about.government",
        "complaints.channels[whatsapp]",
        "complaints.channels[whatsapp].handle_normal",
        "complaints.channels[facebook]",
        "complaints.channels[instagram]",
        "complaints.channels[x]",
        "complaints.channels[email]",
    }


def test_its_demo_runs_and_one_service_serves_all_three(tmp_path: Path) -> None:
    file = third(tmp_path)
    words = ["demo", "--office", str(file), "--store", "memory://"]
    assert main([*words, "--out", str(tmp_path / "out")]) == 0
    with ikd.open_service(offices=["payakumbuh", "wakatobi", file], store="memory://") as service:
        assert service.find(actor=ikd.Actor.system()) == ()
