"""A key that is given where something else belongs stands in no message, chain or output."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ikd
from ikd.adapters.keys import keys_in_folder
from ikd.adapters.keys.pair import KeyPair
from ikd.adapters.system import system_entropy
from ikd.adapters.trust import FileTrust
from ikd.cli import main
from ikd.core.errors import IkdError
from ikd.testing.store_samples import NOW

PEM = KeyPair.draw("EdDSA", system_entropy).to_pem().decode()
BODY = PEM.splitlines()[1]
OFFICE = {"offices": ["payakumbuh"]}

GIVEN: dict[str, Callable[[], Any]] = {
    "keys": lambda: ikd.open_service(**OFFICE, keys=PEM),
    "keys, a path": lambda: ikd.open_service(**OFFICE, keys=Path(PEM)),
    "store": lambda: ikd.open_service(**OFFICE, store=PEM),
    "store, a file": lambda: ikd.open_service(**OFFICE, store=f"sqlite:///{PEM}"),
    "offices": lambda: ikd.open_service(offices=[PEM]),
    "office file": lambda: ikd.load_office(f"{PEM}.toml"),
    "office path": lambda: ikd.load_office(Path(PEM)),
    "channels": lambda: ikd.open_service(**OFFICE, channels=[PEM]),
    "channel": lambda: ikd.open_service(**OFFICE, channels=[f"smtp://user:{BODY}@host?from=x"]),
    "plugins": lambda: ikd.open_service(**OFFICE, plugins=[PEM]),
    "settings": lambda: ikd.open_service(**OFFICE, settings={PEM: 1}),
    "issuer": lambda: ikd.open_service(**OFFICE, settings={"issuer": PEM}),
    "link": lambda: ikd.open_service(**OFFICE, settings={"activation_link": PEM}),
    "keyring": lambda: ikd.open_verifier(PEM, root=PEM.encode()),
    "root": lambda: ikd.open_verifier(b"", root=PEM),
    "memory": lambda: FileTrust(PEM),
    "FileKeys": lambda: ikd.FileKeys(PEM),
    "new_keys": lambda: keys_in_folder.new_keys(PEM, now=NOW, entropy=system_entropy),
    "rotate": lambda: keys_in_folder.rotate_secret(PEM, "pepper", entropy=system_entropy),
    "upgrade": lambda: keys_in_folder.upgrade_keys(PEM, now=NOW, entropy=system_entropy),
}


@pytest.mark.parametrize("name", GIVEN)
def test_a_private_key_given_in_its_place_is_told_nowhere(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(IkdError) as met:
        GIVEN[name]()
    said = "".join(traceback.format_exception(met.value))
    said = "\n".join(line for line in said.splitlines() if "lambda" not in line)
    assert BODY not in f"{met.value} {met.value!r} {met.value.detail} {said}"


COMMANDS = [
    ("keys", "show", "KEY"),
    ("keys", "rotate", "KEY", "--role", "credential"),
    ("keys", "upgrade", "KEY"),
    ("keys", "publish", "KEY", "--out", "public"),
    ("qr", "verify", "HELLO", "--keyring", "KEY"),
    ("qr", "verify", "HELLO", "--keyring", "keyring.cbor", "--root", "KEY"),
    ("office", "show", "KEY.toml"),
    ("office", "check", "KEY"),
    ("status", "publish", "--store", "sqlite:///KEY", "--out", "x"),
    ("cases", "--store", "sqlite:///KEY"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_command_line_tells_no_key_that_stands_where_a_path_belongs(
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([word.replace("KEY", PEM) for word in command]) != 0
    told = capsys.readouterr()
    assert BODY not in told.out + told.err


def test_a_name_that_would_move_the_cursor_is_written_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "a\x1b[2J\rb\u202e.toml"
    Path(name).write_text("x = 1")
    for command in (["office", "check", name], ["office", "show", "no\x1b[2J.toml"]):
        assert main(command) != 0
    assert main(["keys", "new", "keys\x1b[2J"]) == 0
    assert main(["keys", "publish", "keys\x1b[2J", "--out", "out\x07"]) == 0
    told = capsys.readouterr()
    assert not {"\x1b", "\r", "\x07", "\u202e"} & set(told.out + told.err)
    assert "\\x1b[2J" in told.out
