"""``ikd looks``: who was shown what, told without showing it again."""

from __future__ import annotations

import pytest

import ikd
from ikd.cli import main
from ikd.testing.store_samples import NOW, an_id, look

STORE = "sqlite:///ikd.db"


@pytest.fixture
def seen(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with ikd.open_service(offices=["payakumbuh"], store=STORE) as service:
        for one in (look(1), look(2, actor="op-2", record=2)):
            service._parts.store.look(one)


def said(capsys, *options):
    assert main(["looks", "--store", STORE, *options]) == 0
    return [line.split() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.usefixtures("seen")
def test_looks_are_listed_by_whom_of_whom_and_when(capsys):
    assert [line[1] for line in said(capsys)] == ["op-2", "op-1"]
    assert [line[1] for line in said(capsys, "--by", "op-1")] == ["op-1"]
    assert [line[1] for line in said(capsys, "--of", an_id(2))] == ["op-2"]
    day, next_day = f"{NOW:%Y-%m-%d}", f"{NOW:%Y-%m-}{NOW.day + 1:02d}"
    assert len(said(capsys, "--between", day, next_day)) == 2
    assert said(capsys, "--between", next_day, f"{NOW.year + 1}-01-01") == []


@pytest.mark.usefixtures("seen")
def test_a_line_names_the_fields_and_what_for(capsys):
    (line,) = said(capsys, "--by", "op-1")
    assert line[0] == f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
    assert line[2:6] == ["payakumbuh", "visit", "application", an_id(1)]
    assert "name" in line[6:]


@pytest.mark.usefixtures("seen")
def test_what_is_no_time_is_said_to_be_none(capsys):
    assert main(["looks", "--store", STORE, "--between", "kemarin", "2026-01-01"]) == 2
    assert "2026-11-23" in capsys.readouterr().err
