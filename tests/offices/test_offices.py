"""Ten offices as a stranger would write them, each from a text of its own that stands beside it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ikd.cli import main
from ikd.core.standard.stated import stated_keys
from ikd.data.shown_only import shown_only
from ikd.plugins.offices import load_office

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.toml"))
QUICK = ("bare_blog", "a_coming_decree", "places_and_titles")
EACH = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
RUNS = [
    pytest.param(file, marks=() if file.stem in QUICK else pytest.mark.slow, id=file.stem)
    for file in FILES
]


def test_there_are_ten_and_they_use_every_row_of_what_a_file_can_say() -> None:
    heads = [file.read_text("utf-8").partition("\n")[0] for file in FILES]
    assert len({load_office(file).id for file in FILES}) == len(FILES) == 10
    rows = {row for head in heads for row in re.findall("F[0-9]+", head)}
    assert rows == {f"F{number}" for number in range(1, 24)}


@EACH
def test_its_quotes_stand_in_its_text_and_each_clause_is_named(file: Path, capsys: Any) -> None:
    text = file.with_suffix(".txt")
    assert main(["office", "check", str(file), "--text", str(text)]) == 0
    told = capsys.readouterr().out
    assert "tidak disebut berkas" not in told
    assert "tidak bernomor" not in told
    assert "tidak dikenal" not in told  # its region


@EACH
def test_it_is_shown_with_what_is_shown_only_and_compared(file: Path, capsys: Any) -> None:
    assert main(["office", "show", str(file)]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    silent = {key for reason in shown_only() for key in reason.keys}
    for key in stated_keys(load_office(file)):
        if key in silent:
            assert key in shown.partition("Hanya ditampilkan")[2], key
    for other in ("payakumbuh", "wakatobi"):
        assert main(["office", "diff", str(file), other, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["points"]


@pytest.mark.parametrize("file", RUNS)
def test_its_demo_runs_to_the_end(file: Path, tmp_path: Path) -> None:
    run = ["demo", "--office", str(file), "--store", "memory://", "--out", str(tmp_path)]
    assert main(run) == 0
    told = json.loads((tmp_path / "timeline.json").read_text("utf-8"))
    office = load_office(file)
    steps = [row["step"] for row in told["steps"] if row["step"] != "sign_in"]
    later = ["biometric"] if file.stem == "a_coming_decree" else []  # its methods are of 2099
    assert steps == [step.name for step in office.steps if step.name not in later]
    assert (tmp_path / "credential.txt").exists() is office.credential.issued.value
