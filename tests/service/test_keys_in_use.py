"""``ikd keys retire``: an older symmetric key goes once nothing needs it, and not before."""

from __future__ import annotations

import os
import time

import pytest

import ikd
from ikd.adapters.keys.keys_in_folder import FileKeys, rotate_secret
from ikd.adapters.system import system_entropy
from ikd.cli import main
from ikd.core.ports import PURPOSES


@pytest.fixture
def walked(on_disk, monkeypatch):
    """A store with one activated resident, and a case whose PIN waits."""
    monkeypatch.chdir(on_disk.folder)
    walk = on_disk.walk(on_disk.open())
    walk.to_passcode()
    waiting = on_disk.walk(on_disk.open(deliver="worker", channels=[]), number=2)
    waiting.to_pin()
    return on_disk


def rotated(world, purpose):
    rotate_secret(world.folder / "ikd.db.keys", purpose, entropy=system_entropy)


def retire(purpose):
    words = ["keys", "retire", "ikd.db.keys", "--secret", purpose, "--store", "sqlite:///ikd.db"]
    return main(words)


def kept(world, purpose):
    return len(FileKeys(world.folder / "ikd.db.keys").secrets(purpose))


@pytest.mark.parametrize("purpose", ["wrap", "pepper", "outbox", "row", "index"])
def test_a_key_that_rows_still_name_stays(walked, capsys, purpose):
    rotated(walked, purpose)
    assert retire(purpose) == 1
    assert kept(walked, purpose) == 2
    assert "ikd.db.keys" not in capsys.readouterr().out


@pytest.mark.parametrize("purpose", ["challenge", "captcha", "fingerprint"])
def test_a_key_that_may_still_be_met_stays_for_its_time(walked, purpose):
    rotated(walked, purpose)
    assert retire(purpose) == 1
    long_ago = time.time() - 32 * 86_400
    os.utime(walked.folder / "ikd.db.keys" / f"{purpose}.keys", (long_ago, long_ago))
    assert retire(purpose) == 0
    assert kept(walked, purpose) == 1


@pytest.mark.parametrize("purpose", sorted(PURPOSES))
def test_an_older_key_of_a_store_that_never_used_it_goes(on_disk, monkeypatch, purpose):
    monkeypatch.chdir(on_disk.folder)
    for _ in range(2):
        rotated(on_disk, purpose)
    on_disk.open(deliver="worker").close()
    long_ago = time.time() - 32 * 86_400
    os.utime(on_disk.folder / "ikd.db.keys" / f"{purpose}.keys", (long_ago, long_ago))
    assert retire(purpose) == 0
    assert kept(on_disk, purpose) == 1
    assert retire(purpose) == 0  # there is none left


def test_what_went_on_under_the_newest_key_opens_when_the_older_is_gone(on_disk, monkeypatch):
    monkeypatch.chdir(on_disk.folder)
    for purpose in ("wrap", "pepper", "outbox"):
        rotated(on_disk, purpose)
    walk = on_disk.walk(on_disk.open())
    identity_id = walk.to_passcode()
    for purpose in ("wrap", "pepper", "outbox"):
        assert retire(purpose) == 0
    again = on_disk.open()
    assert again.credential(identity_id, actor=ikd.Actor.resident("me"))
    walk.service = again
    walk.sign_in(identity_id, passcode="582931")
