"""A folder of keys from before a purpose or role was added gets what it lacks, and nothing else."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

import ikd
from ikd import file_writing
from ikd.adapters.keys import keys_in_folder as keyfiles
from ikd.adapters.keys.keys_in_folder import FileKeys, new_keys, rotate_secret, upgrade_keys
from ikd.cli import keys as command
from ikd.cli import main
from ikd.core import ports
from ikd.core.errors import KeySourceError
from ikd.testing.entropy import seeded_entropy

T0 = datetime(2026, 11, 22, 8, tzinfo=UTC)
LATER = T0 + timedelta(days=30)
PLACE = ("payakumbuh", "loket-1")
entropy = seeded_entropy("upgrade")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("upgrade") / "keys"
    new_keys(folder, now=T0, entropy=entropy, stations=[PLACE])
    return folder


@pytest.fixture
def old(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of before the purpose ``row`` and, under a role that every reader knows, a key."""
    folder = shutil.copytree(made, tmp_path / "keys")
    monkeypatch.setitem(ports.KEY_ROLES, "checkpoint", 2)
    for name in ("checkpoint.pem", "row.keys", "set", "bound"):
        (folder / name).unlink()
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def fault(folder: Path) -> str:
    with pytest.raises(KeySourceError) as refused:
        FileKeys(folder)
    return refused.value.code


def test_a_service_says_that_the_folder_is_older_and_what_to_run(old: Path) -> None:
    with pytest.raises(KeySourceError, match="row, checkpoint: run ikd keys upgrade") as refused:
        ikd.open_service(offices=["wakatobi"], store="memory://", keys=old)
    assert refused.value.code == "keys.older"
    with pytest.raises(KeySourceError, match=r"keys\.older"):
        rotate_secret(old, "wrap", entropy=entropy)


def test_it_draws_what_is_lacking_and_touches_nothing_else(old: Path) -> None:
    before, version = contents(old), ring(old).version
    assert upgrade_keys(old, now=LATER, entropy=entropy) == ("row", "checkpoint")
    after = contents(old)
    assert set(after) - set(before) == {"row.keys", "checkpoint.pem", "set"}  # and no "bound"
    assert {name for name in before if after[name] != before[name]} == {"keyring.cbor"}
    assert {(old / name).stat().st_mode & 0o777 for name in set(after) - set(before)} == {0o600}
    keys = FileKeys(old)
    assert len(keys.secrets("row")) == 1
    assert ring(old).version == version + 1
    assert ring(old).find("checkpoint", keys.signing("checkpoint").kid).not_before == LATER


def ring(folder: Path) -> keyfiles.Keyring:
    return keyfiles.from_files(
        [path.name for path in folder.iterdir()], lambda name: (folder / name).read_bytes()
    ).read_keyring()


def test_a_complete_folder_is_left_as_it_is(old: Path) -> None:
    upgrade_keys(old, now=LATER, entropy=entropy)
    before = contents(old)
    assert upgrade_keys(old, now=LATER, entropy=entropy) == ()
    assert contents(old) == before


def test_a_key_that_the_folder_had_and_lost_is_never_drawn_anew(old: Path) -> None:
    (old / "pepper.keys").rename(old.parent / "pepper.keys")
    with pytest.raises(KeySourceError, match=r"keys\.missing"):
        upgrade_keys(old, now=LATER, entropy=entropy)
    (old.parent / "pepper.keys").rename(old / "pepper.keys")
    upgrade_keys(old, now=LATER, entropy=entropy)
    (old / "row.keys").unlink()
    assert fault(old) == "keys.missing"
    with pytest.raises(KeySourceError, match=r"keys\.missing"):
        upgrade_keys(old, now=LATER, entropy=entropy)


def test_without_the_root_a_role_is_refused_and_nothing_is_written(old: Path) -> None:
    (old / "root.pem").unlink()
    before = contents(old)
    with pytest.raises(KeySourceError, match=r"keys\.root"):
        upgrade_keys(old, now=LATER, entropy=entropy)
    assert contents(old) == before


@pytest.mark.parametrize("writes", range(8))
def test_cut_off_anywhere_it_is_taken_up_again(
    old: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    """The disk is full after so many writes; what was written by then stays."""
    left, put = iter(range(writes)), file_writing.write_fresh

    def full(*given: Any, **named: Any) -> None:
        if next(left, None) is None:
            raise KeySourceError("keys.failed", "the disk is full")
        put(*given, **named)

    monkeypatch.setattr(file_writing, "write_fresh", full)
    try:
        upgrade_keys(old, now=LATER, entropy=entropy)
    except KeySourceError:
        assert fault(old) == "keys.older"
    held = contents(old)
    monkeypatch.setattr(file_writing, "write_fresh", put)
    upgrade_keys(old, now=LATER, entropy=entropy)
    assert len(FileKeys(old).secrets("row")) == 1
    kept = {name for name in held if name not in ("keyring.cbor", "set")}
    assert {name for name in kept if contents(old)[name] != held[name]} == set()


@pytest.mark.parametrize("text", [b"", b"0\n", b"two\n", b"2", b"99999\n"])
def test_a_number_that_is_none_is_refused(made: Path, tmp_path: Path, text: bytes) -> None:
    folder = shutil.copytree(made, tmp_path / "keys")
    (folder / "set").write_bytes(text)
    (folder / "set").chmod(0o600)
    assert fault(folder) == "keys.corrupt"


def test_new_keys_are_complete(old: Path, tmp_path: Path) -> None:
    new_keys(tmp_path / "new", now=T0, entropy=entropy)
    assert (tmp_path / "new" / "set").read_bytes() == b"2\n"
    assert len(FileKeys(tmp_path / "new").secrets("row")) == 1


def test_the_command_says_what_it_drew(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "show", str(old)]) == 0
    capsys.readouterr()
    assert main(["keys", "upgrade", str(old)]) == 0
    assert capsys.readouterr().out.startswith("dibuat: row\ndibuat: checkpoint\n")
    assert main(["keys", "upgrade", str(old)]) == 0
    assert capsys.readouterr().out == "Lengkap, tidak ada yang dibuat.\n"


def test_the_command_line_knows_every_role() -> None:
    assert tuple(ports.KEY_ROLES) == get_args(command._Role)
