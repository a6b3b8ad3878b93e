"""``ikd keys new``: a folder of keys, private."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ikd.adapters.keys.keys_in_folder import FileKeys
from ikd.cli import main


def test_it_writes_keys_that_their_owner_alone_can_read(tmp_path: Path, capsys) -> None:
    folder = tmp_path / "keys"
    words = ["keys", "new", str(folder), "--station", "payakumbuh/loket-1", "wakatobi/loket-2"]
    assert main(words) == 0
    public = {"keyring.cbor", "root.pub.pem", "issuer.pub.pem"}
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {mode for name, mode in modes.items() if name not in public} == {0o600}
    keys = FileKeys(folder)
    assert keys.signing("station", office="wakatobi", station="loket-2").alg == "ES256"
    assert str(folder) in capsys.readouterr().out


def test_it_overwrites_nothing(tmp_path: Path, capsys) -> None:
    assert main(["keys", "new", str(tmp_path / "keys")]) == 0
    before = (tmp_path / "keys" / "root.pem").read_bytes()
    assert main(["keys", "new", str(tmp_path / "keys")]) == 3
    assert "keys.exist" in capsys.readouterr().err
    assert (tmp_path / "keys" / "root.pem").read_bytes() == before


@pytest.mark.parametrize("place", ["payakumbuh", "/loket-1", "payakumbuh/"])
def test_a_station_is_an_office_and_a_counter(place, tmp_path: Path, capsys) -> None:
    assert main(["keys", "new", str(tmp_path / "keys"), "--station", place]) == 2
    assert "loket-1" in capsys.readouterr().err


def test_a_place_that_is_none_leaves_no_folder(tmp_path: Path, capsys) -> None:
    assert main(["keys", "new", str(tmp_path / "keys"), "--station", "Paya kumbuh/1"]) == 3
    assert "keys.form" in capsys.readouterr().err
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("words", [[], ["--role", "status", "--secret", "wrap"]])
def test_one_key_is_rotated_at_a_time(words, tmp_path: Path, capsys) -> None:
    assert main(["keys", "new", str(tmp_path / "keys")]) == 0
    assert main(["keys", "rotate", str(tmp_path / "keys"), *words]) == 2
    assert "tepat satu" in capsys.readouterr().err
