"""``ikd nik check``: verdicts for texts, and silence about digits."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.cli import main, nik

GOOD, WOMAN, BAD = "7407011203949903", "1376015708909901", "1376015708900000"


def check(*words: str) -> int:
    return main(["nik", "check", *words])


def typed(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(text)), encoding="utf-8")
    )


def test_valid_ones_are_masked_and_exit_with_0(capsys) -> None:
    assert check(GOOD, "NIK: 1376.0157.0890.9901") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("************9903  sah  Wangi-Wangi, Kabupaten Wakatobi")
    assert second.startswith("************9901  sah")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("13760157089099", "length"),
        ("137601570890990x", "digits"),
        ("9976015708909901", "province"),
        ("1376013213909901", "date"),
        (BAD, "serial"),
        ("", "length"),
    ],
)
def test_one_that_is_none_is_told_by_its_fault_and_exits_with_1(text, fault, capsys) -> None:
    assert check(GOOD, text) == 1
    line = capsys.readouterr().out.splitlines()[1]
    assert line.startswith(f"****************  tidak sah  {fault}: ")


def test_an_old_or_unknown_region_is_a_warning_and_still_valid(capsys) -> None:
    assert check("9101011203949903", "1399991203949903") == 0
    told = capsys.readouterr().out
    assert "kode wilayah tidak dikenal" in told


def test_lines_are_read_from_standard_input_and_blank_ones_are_no_texts(
    monkeypatch, capsys
) -> None:
    typed(f"{GOOD}\r\n\n   \n{WOMAN}".encode(), monkeypatch)
    assert check("-") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_bytes_that_are_no_text_are_no_nik_and_no_crash(monkeypatch, capsys) -> None:
    typed(b"\xff\xfe1376\n", monkeypatch)
    assert check("-") == 1
    assert "tidak sah" in capsys.readouterr().out


def test_a_line_without_end_is_one_text_and_is_not_held_in_memory(monkeypatch, capsys) -> None:
    typed(b"1" * 100_000 + b"\n" + GOOD.encode(), monkeypatch)
    assert check("-") == 1
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_line_is_blank_only_if_all_of_it_is(monkeypatch, capsys) -> None:
    typed(b" " * 5000 + b"\n" + b" " * 5000 + GOOD.encode(), monkeypatch)
    assert check("-") == 1
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_json_line_has_the_number_of_its_line(monkeypatch, capsys) -> None:
    """Blank lines aren't told and are counted: an editor finds what was meant."""
    typed(f"\n{GOOD}\n\n\n{BAD}\n".encode(), monkeypatch)
    assert check("--json", "-") == 1
    numbers = [json.loads(line)["line"] for line in capsys.readouterr().out.splitlines()]
    assert numbers == [2, 5]


def test_json_lines_hold_the_same(capsys) -> None:
    assert check("--json", GOOD, BAD) == 1
    good, bad = map(json.loads, capsys.readouterr().out.splitlines())
    assert good == {
        "line": 1,
        "valid": True,
        "nik": "************9903",
        "standing": "current",
        "region": "Wangi-Wangi, Kabupaten Wakatobi, Sulawesi Tenggara",
    }
    assert bad == {"line": 2, "valid": False, "nik": None, "fault": "serial"}


def test_a_long_run_into_a_file_shows_rate_and_end_on_the_terminal(tmp_path) -> None:
    """The terminal is a real one; the rows go elsewhere."""
    niks = tmp_path / "niks"
    niks.write_text(f"{GOOD}\n" * 60_000)
    ours, theirs = pty.openpty()
    with niks.open() as typed, subprocess.Popen(
        [sys.executable, "-m", "ikd", "nik", "check", "-"],
        stdin=typed, stdout=subprocess.DEVNULL, stderr=theirs,
    ) as asked:  # fmt: skip
        os.close(theirs)
        told = b""
        with contextlib.suppress(OSError):  # the other end was closed
            while more := os.read(ours, 4096):
                told += more
        assert asked.wait(60) == 0
    os.close(ours)
    assert b"NIK" in told
    assert re.search(rb"[kM]?B/s", told)
    assert re.search(rb"[0-9]:[0-9]{2}:[0-9]{2}", told)
    assert b"60000 diperiksa: 60000 sah, 0 tidak sah" in told


@pytest.mark.parametrize("words", [(), ("-",)])
def test_nothing_to_check_is_said_so(words, monkeypatch, capsys) -> None:
    typed(b"\n \n", monkeypatch)
    assert check(*words) == 2
    assert "tidak ada yang diperiksa" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-8"])
def test_lines_of_another_encoding_are_read_too(encoding, monkeypatch, capsys) -> None:
    typed(f"{GOOD}\r\n{WOMAN}\r\n".encode(encoding), monkeypatch)
    assert check("-") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_the_end_counts(monkeypatch, capsys) -> None:
    typed(f"{GOOD}\n\n{BAD}\n{WOMAN}\n".encode(), monkeypatch)
    assert check("-") == 1
    assert capsys.readouterr().err == "3 diperiksa: 2 sah, 1 tidak sah\n"
    assert check("--json", GOOD) == 0
    assert capsys.readouterr().err == ""


@given(st.lists(st.text("0123456789 .xY٣", max_size=24).filter(lambda t: t != "-"), max_size=5))
def test_nothing_but_a_serial_is_ever_printed(texts: list[str]) -> None:
    for tell in (nik._as_words, nik._as_json):
        for text in texts:
            line, valid = tell(text, 1)
            allowed = 4 if valid else 0
            shown = re.sub(r"16|0-9|0000|\"line\": 1", "", line)
            assert sum(sign.isdigit() for sign in shown) <= allowed


def test_a_line_of_standard_input_is_told_with_its_number(monkeypatch, capsys) -> None:
    typed(f"\n{GOOD}\n\n{BAD}\n".encode(), monkeypatch)
    assert check("-") == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("2: ************9903  sah")
    assert second.startswith("4: ****************  tidak sah  serial")


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_files_name_is_no_nik_and_the_way_to_its_lines_is_told(
    more, tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "n.txt").write_text(GOOD)
    (tmp_path / WOMAN).touch()
    assert check(*more, "n.txt") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "'-' membaca baris-barisnya" in told.err
    assert check(WOMAN) == 0
