"""Before a journey begins: no real store is touched, and no fault costs earlier results."""

from __future__ import annotations

from pathlib import Path

import pytest

import ikd
from ikd.adapters.keys.keys_in_folder import new_keys
from ikd.adapters.system import SystemClock, system_entropy
from ikd.cli import main

DEMO = ("demo", "--office", "payakumbuh")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def everything(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("words", [DEMO, ("demo",)])
def test_an_offices_real_store_is_left_alone(here: Path, capsys, words) -> None:
    with ikd.open_service(offices=["payakumbuh"], store="sqlite:///ikd.db"):
        pass
    before = everything(here)
    assert main([*words, "--store", "sqlite:///ikd.db", "--out", "out"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("ikd: ikd.db: bukan buatan demo")
    assert "demo tidak menyentuh data yang nyata" in " ".join(told.err.split())
    assert everything(here) == before
    assert not Path("out").exists()


def test_real_keys_whose_database_is_away_are_left_alone(here: Path, capsys) -> None:
    new_keys("ikd.db.keys", now=SystemClock().now(), entropy=system_entropy)
    before = everything(here)
    assert main([*DEMO, "--store", "sqlite:///ikd.db", "--out", "out"]) == 2
    assert "ikd.db.keys" in capsys.readouterr().err
    assert everything(here) == before


def test_the_demos_own_store_is_used_again(capsys) -> None:
    for out in ("a", "b"):
        assert main([*DEMO, "--store", "sqlite:///kept/ikd.db", "--out", out]) == 0
    assert Path("a", "credential.txt").read_bytes() != Path("b", "credential.txt").read_bytes()


@pytest.mark.parametrize(
    "store", ["postgres://x/y", "sqlite:///", "sqlite://x", "sqlite:///:memory:", ""]
)
@pytest.mark.parametrize("words", [DEMO, ("demo",)])
def test_a_url_of_no_store_costs_nothing(here: Path, capsys, store, words) -> None:
    for name in ("", "payakumbuh", "wakatobi"):
        Path("out", name).mkdir(exist_ok=True)
        Path("out", name, "credential.txt").write_text("earlier")
    before = everything(here)
    assert main([*words, "--store", store, "--out", "out"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "bukan alamat penyimpanan" in " ".join(told.err.split())
    assert everything(here) == before


def test_a_store_that_cannot_be_opened_costs_no_results(here: Path, capsys) -> None:
    Path("out").mkdir()
    Path("out", "credential.txt").write_text("earlier")
    Path("ikd.db").write_text("no database" * 100)
    Path("ikd.db.demo.lock").touch()
    assert main([*DEMO, "--store", "sqlite:///ikd.db", "--out", "out"]) == 3
    assert "store.corrupt" in " ".join(capsys.readouterr().err.split())
    assert Path("out", "credential.txt").read_text() == "earlier"


def test_a_place_for_the_second_office_that_is_none_stops_the_first(here: Path, capsys) -> None:
    Path("out").mkdir()
    Path("out", "wakatobi").write_text("a file")
    assert main(["demo", "--store", "sqlite:///ikd.db", "--out", "out"]) == 3
    assert capsys.readouterr().out == ""
    assert sorted(everything(here)) == ["out/wakatobi"]


def test_a_store_in_the_place_of_a_result_is_not_deleted(here: Path, capsys) -> None:
    store = "sqlite:///out/timeline.json"
    assert main([*DEMO, "--store", store, "--out", "out"]) == 2
    assert Path("out", "timeline.json").read_bytes().startswith(b"SQLite format 3")


def test_the_mails_are_told_by_the_offices_own_word(capsys) -> None:
    said = {}
    for office in ("payakumbuh", "wakatobi"):
        words = ["demo", "--office", office, "--store", "memory://", "--out", office]
        assert main(words) == 0
        said[office] = " ".join(capsys.readouterr().out.split())
    assert "dengan PIN di dalamnya" in said["payakumbuh"]
    assert "dengan kode aktivasi di dalamnya" in said["wakatobi"]
    assert "PIN" not in said["wakatobi"].rpartition("━━ Hasil")[2]
