"""No command writes over a database or a private key, nor into a folder of keys."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ikd.adapters.keys.keys_in_folder import new_keys
from ikd.adapters.system import SystemClock, system_entropy
from ikd.cli import main
from ikd.cli.failures import CannotError, Exit
from ikd.cli.output import check_place, put


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database, a folder of keys and a private key of another program."""
    monkeypatch.chdir(tmp_path)
    with closing(sqlite3.connect("ikd.db")) as database:
        database.execute("create table t (x)")
    for folder in ("rk", "ikd.db.keys"):
        new_keys(folder, now=SystemClock().now(), entropy=system_entropy)
    Path("tls").mkdir()
    Path("tls", "server.key").write_text("-----BEGIN RSA PRIVATE KEY-----\nx\n")
    Path("loose").mkdir()
    Path("loose", "loose.keys").write_text("0011223344556677 00\n")
    Path("to-db.png").symlink_to("ikd.db")
    Path("to-keys").symlink_to("rk")
    Path("ikd.db-wal").touch()
    Path("public.pem").write_bytes(Path("rk", "root.pub.pem").read_bytes())
    return tmp_path


def everything(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


FORBIDDEN = [
    "ikd.db", "ikd.db-wal", "to-db.png", "loose/loose.keys", "loose/new.txt", "new.keys",
    "tls/server.key", "ikd.db.keys/root.pem", "ikd.db.keys/new.png", "rk/keyring.cbor",
    "rk/new.png", "to-keys/new.png",
]  # fmt: skip


@pytest.mark.parametrize("name", FORBIDDEN)
def test_databases_and_keys_are_never_written_over(here: Path, name: str) -> None:
    before = everything(here)
    with pytest.raises(CannotError, match=r"pilih") as refused:
        put(Path(name), b"x")
    assert refused.value.code == Exit.USAGE
    assert str(refused.value).startswith(f"{name}: ")
    assert everything(here) == before


@pytest.mark.parametrize("name", ["a.png", "public.pem", "tls2/../a.png", "ikd.db2-wal"])
def test_any_other_file_is_written_whole(here: Path, name: str) -> None:
    Path("tls2").mkdir()
    put(Path(name), b"x")
    assert Path(name).read_bytes() == b"x"
    assert not list(here.glob(".*.new"))


def test_a_file_that_cannot_be_written_is_named_as_it_was_given(here: Path, capsys) -> None:
    assert main(["qr", "show", "hello", "--png", "gone/a.png"]) == 3
    assert capsys.readouterr().err.startswith("ikd: gone/a.png: Berkas atau folder ini tidak ada")


def test_a_device_is_written_to_and_not_replaced(here: Path) -> None:
    put(Path("/dev/null"), b"x")
    assert Path("/dev/null").is_char_device()


def test_an_empty_folder_beside_keys_is_no_folder_of_keys(here: Path) -> None:
    check_place(here / "result.cwt")


@pytest.mark.parametrize("name", FORBIDDEN)
@pytest.mark.parametrize(
    "words",
    [
        ["status", "publish", "--store", "sqlite:///ikd.db", "--out"],
        ["qr", "show", "hello", "--png"],
        ["qr", "show", "hello", "--svg"],
        ["qr", "verify", "HELLO", "--keyring", "rk/keyring.cbor", "--memory"],
    ],
)
def test_a_command_refuses_before_it_does_anything(here: Path, capsys, words, name) -> None:
    before = everything(here)
    assert main([*words, name]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"ikd: {name}: ")
    assert everything(here) == before


def test_one_of_two_pictures_that_cannot_be_written_keeps_the_other_away(here, capsys) -> None:
    assert main(["qr", "show", "hello", "--svg", "a.svg", "--png", "ikd.db"]) == 2
    assert not Path("a.svg").exists()


@pytest.mark.parametrize("out", ["rk", "ikd.db.keys", "tls", "to-keys"])
def test_keys_are_published_into_no_folder_with_private_keys(here: Path, capsys, out) -> None:
    before = everything(here)
    assert main(["keys", "publish", "rk", "--renew", "--out", out]) == 2
    assert "folder lain" in capsys.readouterr().err
    assert everything(here) == before


@pytest.mark.parametrize("out", ["rk", "ikd.db.keys", "tls", "to-keys"])
@pytest.mark.parametrize("office", [["--office", "payakumbuh"], []])
def test_the_demo_leaves_nothing_in_a_folder_of_keys(here: Path, capsys, out, office) -> None:
    before = everything(here)
    assert main(["demo", "--store", "memory://", *office, "--out", out]) == 2
    assert capsys.readouterr().out == ""
    assert everything(here) == before
    assert not Path(out, "payakumbuh").exists()


def test_the_demo_runs_again_over_its_own_results(here: Path, capsys) -> None:
    words = ["demo", "--store", "memory://", "--office", "wakatobi", "--out", "again"]
    assert main(words) == main(words) == 0
    assert b"PUBLIC KEY" in Path("again", "root.pub.pem").read_bytes()
