"""What the command says of a fault: the file, one sentence in both languages, the code."""

from __future__ import annotations

import argparse
import errno
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from ikd.cli import main
from ikd.cli.ending import CannotError, Exit
from ikd.cli.faults import at, code_of, sentence, told
from ikd.core.errors import (
    InputError,
    KeySourceError,
    PluginError,
    PortError,
    RefusedError,
    StoreError,
    TokenError,
)

TABLE = tomllib.loads(files("ikd").joinpath("data/faults.toml").read_text("utf-8"))
FAMILIES = {
    "actor", "after", "answer", "candidate", "channel", "command", "date", "device", "email",
    "entropy", "id", "limit", "owed", "passcode", "pauses", "person", "phone", "role", "salt",
    "settings", "simulator",
}  # fmt: skip
"""What only a program that embeds ikd meets: its whole family has one sentence."""
CLASSES = {"InputError", "RefusedError", "PortError", "IkdError"}


def codes(root: Path) -> list[str]:
    page = root.joinpath("docs", "reference", "errors.md").read_text("utf-8")
    rows = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    return [code for code in rows if code not in CLASSES | {"PluginError", "<name>.form"}]


def test_every_code_of_the_reference_has_a_sentence(root: Path) -> None:
    found = codes(root)
    assert len(found) > 200
    silent = [
        code for code in found if code not in TABLE and code.partition(".")[0] not in FAMILIES
    ]
    assert silent == []
    assert set(TABLE) >= FAMILIES


def test_no_sentence_is_for_a_code_that_nothing_raises(root: Path) -> None:
    names = {name for name in TABLE if name.partition(".")[0] != "os"}
    assert names - FAMILIES - CLASSES - set(codes(root)) == set()


def test_every_name_of_the_system_is_one() -> None:
    names = {name.removeprefix("os.") for name in TABLE if name.startswith("os.")}
    assert names <= set(errno.errorcode.values())


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_sentence_stands_in_both_languages_and_says_what_to_do(name: str) -> None:
    assert set(TABLE[name]) == {"id", "en"}
    for words in TABLE[name].values():
        assert words[0].isupper() or words.startswith("ikd ")
        assert not words.endswith((".", " "))
        assert " / " not in words
        assert len(words) <= 120
    assert TABLE[name]["id"] != TABLE[name]["en"]


@pytest.mark.parametrize(
    ("error", "known_by"),
    [
        (InputError("unheard.of"), "InputError"),
        (RefusedError("unheard.of"), "RefusedError"),
        (PortError("unheard.of", port="x"), "PortError"),
        (InputError("settings.address"), "settings"),
        (PluginError("x", "y"), "plugin.failed"),
        (TokenError("signature"), "token.signature"),
    ],
)
def test_a_code_that_is_new_has_the_sentence_of_its_family(error, known_by) -> None:
    assert sentence(error.code, error) == f"{TABLE[known_by]['id']} / {TABLE[known_by]['en']}"


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (CannotError("tidak bisa"), 1, "ikd: tidak bisa"),
        (PermissionError(13, "Permission denied", "x"), 3,
         r"ikd: x: Anda tidak berhak .+ / You may not .+ \(EACCES\) \[Permission denied\]"),
        (OSError(), 3, r"ikd: Sistem menolak .+ / The system .+ \(OSError\)"),
        (TokenError("cose"), 1, r"ikd: Ini bukan .+ / This is no .+ \(token\.cose\)"),
        (StoreError("store.busy", "held"), 3,
         r"ikd: a/ikd\.db: Proses .+ \(store\.busy\) \[held\]"),
        (StoreError("store.url"), 2, r"ikd: a/ikd\.db: Itu bukan .+ \(store\.url\)"),
        (KeySourceError("keys.missing", "wrap.keys: not found"), 3,
         r"ikd: a/ikd\.db\.keys: Kunci .+ \(keys\.missing\) \[wrap\.keys: not found\]"),
        (InputError("settings.unknown", "x"), 2, r"ikd: Pengaturan .+ \(settings\.unknown\) \[x\]"),
        (RefusedError("requirements", clause="P1"), 1,
         r"ikd: Syarat .+ \(requirements\) \[\(P1\)\]"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_told_in_a_line(error, code, line, monkeypatch, capsys) -> None:
    asked = argparse.Namespace(store="sqlite:///a/ikd.db", keys=None)
    assert re.fullmatch(f"{line}\n", told(error, asked))
    assert code_of(error) == code

    def failing(_asked: object) -> int:
        raise error

    monkeypatch.setattr("ikd.cli.office.run", failing)
    assert main(["office", "list"]) == code
    assert capsys.readouterr().err.startswith("ikd: ")


def test_the_file_that_is_read_is_named_and_the_memory_names_itself() -> None:
    memory = Path("memory.json")
    for error, named in (
        (TokenError("rollback"), "keyring.cbor"),
        (PortError("trust.file", port="trust"), "keyring.cbor"),
        (PortError("trust.corrupt", port="trust"), "memory.json"),
        (PortError("trust.failed", port="trust"), "memory.json"),
    ):
        with pytest.raises(Exception, match=named) as raised, at("keyring.cbor", memory=memory):
            raise error
        assert told(raised.value).startswith(f"ikd: {named}: ")
        assert told(raised.value).endswith(f"({error.code})\n")
        assert code_of(raised.value) == code_of(error)


def test_a_fault_that_is_none_of_ikds_is_not_hidden() -> None:
    with pytest.raises(CannotError), at("x"):
        raise CannotError("y", Exit.USAGE)
