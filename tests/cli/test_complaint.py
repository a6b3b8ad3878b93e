"""``ikd complaint``: a complaint from its filing to its end, at the command line."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

import ikd
from ikd.cli import main

STORE = ("--store", "sqlite:///ikd.db")
DESK = ("--office", "wakatobi", "--officer", "op-1")
NIK = "1376015708909901"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with ikd.open_service(offices=["wakatobi"], store=STORE[1], deliver="inline"):
        pass


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]):
    def run(*words: str, code: int = 0) -> str:
        assert main(["complaint", *words, *STORE]) == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    return run


@pytest.fixture
def filed(said, monkeypatch) -> tuple[str, str]:
    """The receipt and the id of a complaint that was typed into the standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"Antre lama, NIK {NIK}."))
    told = said(
        *("file", "--office", "wakatobi", "--channel", "email"),
        *("--message", "aduan", "--email", "ayu@example.org"),
    )
    return (
        re.search(r"([0-9A-Z]{4}-){4}[0-9A-Z]{4}", told)[0],
        re.search(r"[0-9a-f]{32}", told)[0],
    )


def test_a_complaint_is_handled_from_its_filing_to_its_end(said, filed):
    receipt, number = filed
    for step in ("verify", "follow_up"):
        assert said("step", number, step, *DESK).split() == [number, "OPEN"]
    said("step", number, "note", "Tanya loket dua.", *DESK)
    assert said("answer", number, "--text", "Loket ditambah.", *DESK).split()[1] == "ANSWERED"
    shown = said("show", receipt)
    assert "Loket ditambah." in shown
    assert "Tanya" not in shown
    closed = said("close", number, "--ending", "solved", "--text", "Selesai.", *DESK)
    assert closed.split()[1] == "CLOSED"
    assert "CLOSED" in said("list", "--office", "wakatobi", "--status", "CLOSED")


def test_an_officer_sees_the_words_with_their_nik_masked(said, filed):
    shown = said("show", filed[1], *DESK)
    assert "Antre lama, NIK ************9901." in shown
    assert "ayu@example.org" in shown


def test_the_list_says_who_moves_and_holds_nothing_personal(said, filed):
    (line,) = said("list", "--office", "wakatobi").splitlines()
    assert line.split()[:4] == [filed[1], "OPEN", "operator", "verification"]
    assert "ayu" not in line


def test_an_act_that_needs_a_word_more_says_so_and_a_step_takes_none(said, filed):
    assert "sebutkan" in said("step", filed[1], "assign", *DESK, code=2)
    assert "tidak memerlukan" in said("step", filed[1], "verify", "x", *DESK, code=2)


def test_a_step_out_of_order_names_the_clause(said, filed):
    told = said("step", filed[1], "follow_up", *DESK, "--lang", "en", code=1)
    assert "complaint.order" in told
    assert "W46" in told


def test_the_export_is_text_or_json_and_compares_what_was_attached(said, tmp_path):
    picture, other = tmp_path / "1.txt", tmp_path / "other" / "1.txt"
    other.parent.mkdir()
    picture.write_text("a picture")
    other.write_text("another picture")
    told = said(
        *("file", "--office", "wakatobi", "--channel", "complaint_box", "--message", "aduan"),
        *("--text", "Antre.", "--attach", str(picture)),
    )
    number = re.search(r"[0-9a-f]{32}", told)[0]
    assert "04 TAHUN 2024" in said("export", number, *DESK, "--attachment", str(picture))
    assert json.loads(said("export", number, *DESK, "--json"))["complaint"]["id"] == number
    refused = said("export", number, *DESK, "--attachment", str(other), code=1)
    assert "complaint.attachment" in refused


def test_the_summary_counts_and_names_nobody(said, filed):
    assert filed
    assert said("summary", "--office", "wakatobi").splitlines()[1].split()[1:3] == ["aduan", "1"]
    (row,) = json.loads(said("summary", "--office", "wakatobi", "--json"))
    assert (row["message"], row["received"], row["open"]) == ("aduan", 1, 1)
