"""The command line itself: one language at a time, usage, exit codes, quiet ends."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from ikd.cli import main
from ikd.cli.app import COMMANDS, command_at


def test_the_version_is_the_packages(capsys) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"ikd {version('ikd')}\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["walk"], "tidak ada perintah walk"),
        (["offce"], "tidak ada perintah offce; maksudnya office?"),
        (["office", "lst"], "tidak ada perintah lst; maksudnya list?"),
        (["office", "list", "x"], "x berlebih"),
        (["office", "show"], "OFFICE harus disebut"),
        (["office", "show", "wakatobi", "--jsn"], "--jsn; maksudnya --json?"),
        (["qr", "verify", "x"], "--keyring harus disebut"),
        (["qr", "show", "x", "--level", "z"], "z tidak dikenal; pilih l, m, q, h"),
        (["--lang", "xx", "office", "list"], "--lang"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_was_meant(words, told, capsys) -> None:
    assert main(words) == 2
    error = capsys.readouterr().err
    assert error.startswith("ikd: salah perintah: ")
    assert told in error
    assert re.search(r"\nLihat: ikd.* --help\n$", error)


def test_wrong_usage_is_told_in_english_too(capsys) -> None:
    assert main(["--lang", "en", "offce"]) == 2
    assert capsys.readouterr().err == (
        "ikd: wrong usage: there is no command offce; did you mean office?\nSee: ikd --help\n"
    )


@pytest.mark.parametrize(
    ("environment", "words", "spoken"),
    [
        ({"IKD_LANG": "en"}, [], "en"),
        ({"IKD_LANG": "en"}, ["--lang", "id"], "id"),
        ({"IKD_LANG": "en"}, ["--lang=id"], "id"),
        ({"IKD_LANG": "", "LANG": "en_GB.UTF-8"}, [], "en"),
        ({"IKD_LANG": "", "LANG": "id_ID.UTF-8"}, [], "id"),
        ({"IKD_LANG": "", "LANG": "de_DE.UTF-8"}, [], "en"),
        ({"IKD_LANG": "", "LANG": "C.UTF-8"}, [], "id"),
        ({"IKD_LANG": "", "LANG": "id_ID", "LC_ALL": "en_US.UTF-8"}, [], "en"),
        ({"IKD_LANG": "xx", "LANG": ""}, [], "id"),
    ],
)
def test_one_language_is_spoken_at_a_time(environment, words, spoken, monkeypatch, capsys) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main([*words, "nik", "check", "1"]) == 1
    told = capsys.readouterr().out
    assert ("tidak sah" in told, "invalid" in told) == (spoken == "id", spoken == "en")


def test_a_language_may_stand_behind_the_command(capsys) -> None:
    assert main(["nik", "check", "1", "--lang", "en"]) == 1
    assert "invalid" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"]])
def test_the_command_alone_is_the_help(words, capsys) -> None:
    assert main(words) == 0
    told = capsys.readouterr().out
    assert told.startswith("Pemakaian: ikd PERINTAH\n")
    for name in {name.partition(" ")[0] for name in COMMANDS}:
        assert re.search(rf"^  {name} +[A-Z]", told, re.MULTILINE), name


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("name", COMMANDS)
def test_each_help_has_sentences_examples_and_exit_codes_in_its_language(
    name: str, lang: str, capsys
) -> None:
    assert main([*name.split(), "--help", "--lang", lang]) == 0
    told = capsys.readouterr().out
    example, exits = {"id": ("Contoh:", "Kode keluar:"), "en": ("Examples:", "Exit codes:")}[lang]
    head, _, tail = told.partition(example)
    assert re.search(r"\n\n[A-Z][^\n]+[.\n]", head)
    assert f"\n  ikd {name}" in tail
    assert re.search(rf"{exits}\n  0 +\S.*\n  1 +\S", tail)
    for line in told.splitlines():
        assert len(line) <= 80 or line.startswith("  ikd ")
    strange = {
        "id": r"Usage|needed|if not given|OPTIONS|COMMAND\b|\bPATH\b",
        "en": "Pemakaian|wajib|bila tidak",
    }[lang]
    assert re.search(rf"{strange}|\b(STR|INT|CHOICE|DATETIME)\b", told) is None


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_completion(shell: str, capsys) -> None:
    assert main(["completion", shell]) == 0
    told = capsys.readouterr().out
    assert {"office", "verify", "--keyring", "--lang"} <= set(re.findall(r"[-\w]+", told)) | (
        {f"--{word}" for word in re.findall(r"-l (\w+)", told)}
    )


def test_bash_takes_its_completion(tmp_path: Path, capsys) -> None:
    assert main(["completion", "bash"]) == 0
    script = tmp_path / "ikd"
    script.write_text(capsys.readouterr().out, "utf-8")
    asked = (
        f"source {shlex.quote(str(script))}; COMP_WORDS=(ikd office s); COMP_CWORD=2; _ikd; "
        'echo "${COMPREPLY[@]}"'
    )
    told = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=False)
    assert set(told.stdout.split()) == {"show", "schema"}


def test_without_its_libraries_the_command_says_how_to_install_them(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['cyclopts'] = None\n"
        "from ikd.cli import main; sys.exit(main(['nik', 'check', '1']))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"IKD_LANG": "id", "PYTHONUTF8": "1"},
        check=False,
    )
    assert (told.returncode, told.stdout) == (3, "")
    assert told.stderr.endswith("pip install 'ikd[cli]'\n")


def test_the_offices_that_come_along_are_listed(capsys) -> None:
    assert main(["office", "list"]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split() == ["id", "keputusan", "kantor"]
    assert [row.split()[0] for row in rows if not row.startswith(" ")] == ["payakumbuh", "wakatobi"]
    assert "400.12.4.2/037/DKPS/2024" in rows[0]


def interrupted() -> int:
    raise KeyboardInterrupt


def test_an_interruption_exits_with_130(monkeypatch, capsys) -> None:
    monkeypatch.setattr("ikd.cli.office.offices", interrupted)
    assert main(["office", "list"]) == 130
    assert capsys.readouterr() == ("", "ikd: dihentikan\n")


def test_every_command_is_a_function_of_its_module() -> None:
    for where in COMMANDS.values():
        assert command_at(where).__module__ == f"ikd.cli.{where.partition('.')[0]}"


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


def test_a_terminal_that_knows_only_ascii_gets_plainer_signs(run, tmp_path: Path) -> None:
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    shown = run("office", "show", "wakatobi", cwd=tmp_path, **ascii_only)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("== wakatobi ===")
    assert (
        "Android >= 8"
        in run("office", "diff", "payakumbuh", "wakatobi", cwd=tmp_path, **ascii_only).stdout
    )
    ended = run("nik", "check", "1", cwd=tmp_path, **ascii_only)
    assert (ended.returncode, ended.stderr) == (1, "")


@pytest.mark.parametrize(
    ("words", "closed", "code"),
    [
        ("nik check 1376015708909901", ">&-", 0),
        ("nik check 1", ">&-", 1),
        ("nik check 1", ">&- 2>&-", 1),
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


def test_closed_input_holds_nothing_to_check(run, tmp_path: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m ikd nik check - <&-"
    ended = subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, check=False, timeout=120
    )
    assert ended.returncode == 2


def test_loading_the_command_loads_nothing_heavy() -> None:
    heavy = {"cryptography", "cbor2", "cattrs", "phonenumbers", "email_validator", "segno", "attr"}
    heavy |= {"cyclopts", "rich"}
    code = "import sys, ikd.cli; print(*(name.partition('.')[0] for name in sys.modules))"
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert not heavy & set(told.split())
