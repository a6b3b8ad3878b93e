"""Ten invented offices, one file each and no Python, use all that a file can say and run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ikd.cli import main
from ikd.core.standard.office import Office
from ikd.plugins.offices import load_office

FOLDER = Path(__file__).with_name("invented")
FILES = sorted(FOLDER.glob("*.toml"))
QUICK = ("barest", "places", "terms_first", "one_act_two_steps", "any_system")
RUNS = [
    pytest.param(file, marks=() if file.stem in QUICK else pytest.mark.slow, id=file.stem)
    for file in FILES
]


def offices() -> dict[str, Office]:
    return {file.stem: load_office(file) for file in FILES}


def test_there_are_ten_and_each_has_an_id_of_its_own() -> None:
    assert len({office.id for office in offices().values()}) == len(FILES) == 10


def test_together_they_use_every_row_of_what_a_file_can_say() -> None:
    rows = {
        row
        for file in FILES
        for row in re.findall(r"F[0-9]+", file.read_text("utf-8").partition("\n")[0])
    }
    assert rows == {f"F{number}" for number in range(1, 24)}


def test_no_office_is_tested_for_by_its_id(root: Path) -> None:
    names = "|".join(["payakumbuh", "wakatobi", *(office.id for office in offices().values())])
    source = root / "src" / "ikd"
    for file in source.rglob("*.py"):
        if file.is_relative_to(source / "testing"):
            continue
        code = "\n".join(
            line for line in file.read_text("utf-8").splitlines() if re.search(r"\bif\b|==", line)
        )
        assert re.search(rf"[\"'](?:{names})[\"']", code) is None, file


@pytest.mark.parametrize("file", RUNS)
def test_its_demo_runs_to_the_end(file: Path, tmp_path: Path) -> None:
    store = ["--store", "memory://", "--out", str(tmp_path)]
    assert main(["demo", "--office", str(file), *store]) == 0
    told = json.loads((tmp_path / "timeline.json").read_text("utf-8"))
    office = load_office(file)
    steps = [row["step"] for row in told["steps"] if row["step"] != "sign_in"]
    assert steps == [step.name for step in office.steps]
    assert (tmp_path / "credential.txt").exists() is office.credential.issued.value


def test_terms_are_accepted_before_the_fields(tmp_path: Path, capsys) -> None:
    file = FOLDER / "terms_first.toml"
    main(["demo", "--office", str(file), "--store", "memory://", "--out", str(tmp_path)])
    told = capsys.readouterr().out
    assert told.index("menyetujui “Syarat") < told.index("mengisi")


def test_terms_that_nobody_has_to_accept_are_shown_in_the_demo(tmp_path: Path, capsys) -> None:
    text = (FOLDER / "terms_first.toml").read_text("utf-8")
    file = tmp_path / "terms_shown.toml"
    file.write_text(text.replace("consent = { value = true", "consent = { value = false"), "utf-8")
    run = ["demo", "--office", str(file), "--store", "memory://", "--out", str(tmp_path)]
    assert main(run) == 0
    told = capsys.readouterr().out
    assert told.index("membaca “Syarat") < told.index("mengisi")
    assert "menyetujui" not in told


def test_a_decision_made_in_siak_is_reported_by_it(tmp_path: Path, capsys) -> None:
    file = FOLDER / "any_system.toml"
    main(["demo", "--office", str(file), "--store", "memory://", "--out", str(tmp_path)])
    told = json.loads((tmp_path / "timeline.json").read_text("utf-8"))
    decision = next(row for row in told["steps"] if row["step"] == "decision")
    assert decision["performed_by"] == "siak"
    capsys.readouterr()
