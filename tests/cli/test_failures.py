"""What the command says of a fault: the file, one sentence, the code; in one language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ikd.cli import main
from ikd.cli.failures import CannotError, Exit, at, at_store, code_of, told
from ikd.core.errors import (
    InputError,
    KeySourceError,
    PortError,
    RefusedError,
    StoreError,
    TokenError,
)


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (CannotError("tidak bisa"), 1, "ikd: tidak bisa"),
        (PermissionError(13, "Permission denied", "x"), 3,
         r"ikd: x: Anda tidak berhak .+ \(EACCES\) \[Permission denied\]"),
        (OSError(), 3, r"ikd: Sistem menolak .+ \(OSError\)"),
        (TokenError("cose"), 1, r"ikd: Ini bukan .+ \(token\.cose\)"),
        (StoreError("store.busy", "held"), 3,
         r"ikd: a/ikd\.db: Proses .+ \(store\.busy\) \[held\]"),
        (StoreError("store.url"), 2, r"ikd: a/ikd\.db: Itu bukan .+ \(store\.url\)"),
        (KeySourceError("keys.missing", "wrap.keys: not found"), 3,
         r"ikd: a/ikd\.db\.keys: Kunci .+ \(keys\.missing\) \[wrap\.keys: not found\]"),
        (InputError("settings.unknown", "x"), 2, r"ikd: Pengaturan .+ \(settings\.unknown\) \[x\]"),
        (InputError("policy.toml", "bukan / not TOML"), 2, r"ikd: .+ \(policy\.toml\) \[bukan\]"),
        (RefusedError("requirements", clause="P1"), 1,
         r"ikd: Syarat .+ \(requirements\) \[\(P1\)\]"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_told_in_a_line(error, code, line, monkeypatch, capsys) -> None:
    def failing() -> int:
        with at_store("sqlite:///a/ikd.db"):
            raise error

    monkeypatch.setattr("ikd.cli.office.offices", failing)
    assert main(["office", "list"]) == code_of(error) == code
    assert re.fullmatch(f"{line}\n", " ".join(capsys.readouterr().err.split()) + "\n")
    assert main(["--lang", "en", "office", "list"]) == code
    english = capsys.readouterr().err
    assert english.startswith("ikd: ")
    assert all(len(one) <= 80 for one in english.splitlines())
    if not isinstance(error, CannotError):
        assert not re.search("tidak|bukan|menolak|Syarat", english)


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
        said = " ".join(told(raised.value).split())
        assert said.startswith(f"ikd: {named}: ")
        assert said.endswith(f"({error.code})")
        assert code_of(raised.value) == code_of(error)


def test_keys_that_were_named_are_named_again() -> None:
    with pytest.raises(Exception, match="elsewhere"), at_store("sqlite:///a.db", Path("elsewhere")):
        raise KeySourceError


def test_a_fault_that_is_none_of_ikds_is_not_hidden() -> None:
    with pytest.raises(CannotError), at("x"):
        raise CannotError("y", Exit.USAGE)
