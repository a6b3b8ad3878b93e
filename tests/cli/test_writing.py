"""Files are written where they are named: never through a link, never over what isn't ours."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ikd.cli import main

DATABASE = b"SQLite format 3\0 and everything in it"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def shown(to: str) -> int:
    return main(["qr", "show", "HELLO", "--svg", to])


@pytest.mark.parametrize("planted", [".code.svg.new", ".code.svg.tmp", "code.svg~"])
def test_a_planted_neighbour_is_never_followed(planted):
    victim = Path("pepper.keys")
    victim.parent.joinpath("out").mkdir()
    victim.write_bytes(b"0123456789abcdef secret\n")
    Path("out", planted).symlink_to(victim.absolute())
    assert shown("out/code.svg") == 0
    assert victim.read_bytes() == b"0123456789abcdef secret\n"
    assert Path("out/code.svg").read_bytes().startswith(b"<svg")


@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_refused_and_its_end_left_as_it_was(there, capsys):
    if there:
        Path("precious").write_bytes(b"text of somebody")
    Path("code.svg").symlink_to("precious")
    assert shown("code.svg") == 2
    assert "code.svg" in capsys.readouterr().err
    assert Path("code.svg").is_symlink()
    assert Path("precious").exists() is there
    assert not there or Path("precious").read_bytes() == b"text of somebody"


def test_a_link_to_a_database_is_refused():
    Path("ikd.db").write_bytes(DATABASE)
    Path("code.svg").symlink_to("ikd.db")
    assert shown("code.svg") == 2
    assert Path("ikd.db").read_bytes() == DATABASE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_belongs_to_somebody_else_stays_theirs(capsys):
    Path("code.svg").write_bytes(b"theirs")
    os.chown("code.svg", 65534, 65534)
    assert shown("code.svg") == 2
    assert Path("code.svg").read_bytes() == b"theirs"


def test_a_memory_of_lists_is_written_beside_a_planted_link(tmp_path):
    from ikd.adapters.trust import FileTrust

    victim = tmp_path / "ikd.db"
    victim.write_bytes(DATABASE)
    (tmp_path / ".trust.json.new").symlink_to(victim)
    FileTrust(tmp_path / "trust.json").saw_keyring(3)
    assert victim.read_bytes() == DATABASE
    assert FileTrust(tmp_path / "trust.json").newest_keyring() == 3


def test_what_could_not_be_written_whole_leaves_nothing(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert shown("code.svg") == 3
    assert [path.name for path in Path().iterdir()] == []
