"""The command line itself: usage, exit codes, quiet ends."""

from __future__ import annotations

import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from ikd.cli import main


def test_the_version_is_the_packages(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"ikd {version('ikd')}\n"


@pytest.mark.parametrize(
    "words", [[], ["nik"], ["nik", "check"], ["walk"], ["office", "list", "x"]]
)
def test_wrong_usage_exits_with_2(words, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: ikd" in capsys.readouterr().err


def test_help_names_the_exit_codes(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "kode keluar / exit codes" in capsys.readouterr().out


def test_the_offices_that_come_along_are_listed(capsys) -> None:
    assert main(["office", "list"]) == 0
    payakumbuh, wakatobi = capsys.readouterr().out.splitlines()
    assert payakumbuh.startswith("payakumbuh  400.12.4.2/037/DKPS/2024  Dinas")
    assert wakatobi.startswith("wakatobi    04 TAHUN 2024  Dinas")


def test_an_interruption_exits_with_130(monkeypatch, capsys) -> None:
    def interrupted(_asked: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("ikd.cli.office.run", interrupted)
    assert main(["office", "list"]) == 130
    assert capsys.readouterr() == ("", "ikd: dihentikan / interrupted\n")


def test_wrong_usage_is_told_in_both_languages(capsys) -> None:
    with pytest.raises(SystemExit):
        main(["qr", "verify", "x"])
    assert "salah perintah / wrong usage: " in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_fault_to_talk_about(tmp_path: Path) -> None:
    niks = tmp_path / "niks"
    niks.write_text("1376015708909901\n" * 20_000)
    with (
        niks.open() as typed,
        subprocess.Popen(
            [sys.executable, "-m", "ikd", "nik", "check", "-"],
            stdin=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as asked,
    ):
        assert asked.stdout is not None
        asked.stdout.readline()
        asked.stdout.close()
        assert asked.stderr is not None
        assert asked.stderr.read() == b""
    assert asked.returncode == 141


def test_a_terminal_that_knows_only_ascii_is_no_crash(run, tmp_path: Path) -> None:
    told = run("office", "list", "--help", cwd=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert told.returncode == 0
    ended = run("nik", "check", "1", cwd=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (ended.returncode, ended.stderr) == (1, "")


@pytest.mark.parametrize(
    ("words", "closed", "code"),
    [
        ("nik check 1376015708909901", ">&-", 0),
        ("nik check 1", ">&-", 1),
        ("nik check 1", ">&- 2>&-", 1),
        ("nik check -", "<&-", 0),
        ("office show nowhere", "2>&-", 1),
        ("--version", ">&-", 0),
        ("demo --store memory:// --office wakatobi --out out", "<&- >&- 2>&-", 0),
    ],
)
def test_a_closed_stream_is_no_crash(words: str, closed: str, code: int, tmp_path: Path) -> None:
    """As a daemon starts it: only the exit code is left to tell."""
    command = f"{shlex.quote(sys.executable)} -m ikd {words} {closed}"
    ended = subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, check=False, timeout=120
    )
    assert (ended.returncode, ended.stderr) == (code, b"")


def test_loading_the_command_loads_nothing_heavy() -> None:
    heavy = {"cryptography", "cbor2", "cattrs", "phonenumbers", "email_validator", "segno", "attr"}
    code = "import sys, ikd.cli; print(*(name.partition('.')[0] for name in sys.modules))"
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert not heavy & set(told.split())
