"""``ikd demo --story complaint``: each office's complaint, by its own file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ikd.cli import main

CLAUSES = {"payakumbuh": ("P43", "PermenPANRB 62/2018"), "wakatobi": ("W46", "W47")}


@pytest.fixture(params=sorted(CLAUSES))
def office(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def played(office: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    def play(language: str) -> str:
        store, out = f"sqlite:///{tmp_path}/demo/ikd.db", str(tmp_path / "out")
        words = ["demo", "--story", "complaint", "--office", office, "--store", store]
        assert main([*words, "--out", out, "--lang", language]) == 0
        return capsys.readouterr().out

    return play


def test_it_tells_channels_receipt_clock_list_letters_and_the_end(office, played, tmp_path):
    told = played("id")
    assert all(f"({clause})" in told for clause in CLAUSES[office])
    assert "tanda terima:" in told
    assert "daftar petugas:" in told
    assert "Loket ketiga dibuka mulai besok" in told
    assert "1376015708909901" not in told
    dossier = json.loads((tmp_path / "out" / "complaint.json").read_text("utf-8"))
    assert (dossier["complaint"]["status"], dossier["complaint"]["ending"]) == ("CLOSED", "solved")
    assert [one["about"] for one in dossier["complaint"]["told"]] == [
        "answer", "reply", "answer", "closed"
    ]  # fmt: skip
    assert len(list((tmp_path / "out" / "mails").iterdir())) == 3


def test_it_speaks_english_alone_where_that_is_asked_for(played):
    told = played("en")
    assert "receipt:" in told
    assert "tanda terima" not in told
