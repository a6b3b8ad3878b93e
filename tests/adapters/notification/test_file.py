"""The file channel writes one whole file a notice, for its owner alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from ikd import file_writing
from ikd.adapters.notification.file import FileChannel
from ikd.core.errors import DeliveryError, InputError
from ikd.testing.channel_contract import PIN, ChannelContract, sample_message


class TestFileKeepsTheContract(ChannelContract):
    @pytest.fixture
    def channel(self, tmp_path: Path) -> FileChannel:
        return FileChannel(tmp_path / "out")

    @pytest.fixture
    def broken_channel(self, tmp_path: Path) -> FileChannel:
        blocked = tmp_path / "blocked"
        blocked.write_text("a file where the folder should be")
        return FileChannel(blocked)

    @pytest.fixture
    def received(self, tmp_path: Path) -> Callable[[], Sequence[str]]:
        return lambda: [file.read_text() for file in (tmp_path / "out").iterdir()]


class TestSmsFileKeepsTheContract(TestFileKeepsTheContract):
    @pytest.fixture
    def channel(self, tmp_path: Path) -> FileChannel:
        return FileChannel(tmp_path / "out", "sms")


def test_a_mail_is_a_file_that_mail_programs_read(tmp_path: Path) -> None:
    message = sample_message("email", html="<p>402917</p>", text="Kode: “402917”")
    FileChannel(tmp_path, sender_address="siak@example.id").deliver(message)
    data = (tmp_path / f"{message.id}.eml").read_bytes()
    mail = message_from_bytes(data, policy=SMTP)
    assert mail["From"] == "SIAK <siak@example.id>"
    assert mail["To"] == "warga@example.id"
    assert mail["Message-ID"] == f"<{message.id}@example.id>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_body(("plain",)).get_content().strip() == "Kode: “402917”"
    assert mail.get_body(("html",)).get_content().strip() == "<p>402917</p>"
    assert data.count(b"\n") == data.count(b"\r\n")


def test_another_medium_is_a_text(tmp_path: Path) -> None:
    message = sample_message("sms")
    FileChannel(tmp_path, "sms").deliver(message)
    text = (tmp_path / f"{message.id}.txt").read_text()
    assert text.startswith("From: SIAK\nTo: +6281234567890\n\nYth.")
    assert PIN in text


@pytest.mark.parametrize("medium", ["email", "sms"])
def test_the_same_notice_twice_is_one_file(tmp_path: Path, medium: str) -> None:
    channel = FileChannel(tmp_path, medium)
    receipts = [channel.deliver(sample_message(medium)) for _ in range(2)]
    assert receipts[0] == receipts[1]
    assert [file.name for file in tmp_path.iterdir()] == [receipts[0].reference]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    receipt = FileChannel(folder).deliver(sample_message("email"))
    assert (folder / receipt.reference).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "", ".hidden", "a\x00b", "a" * 200])
def test_an_id_that_is_no_name_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        FileChannel(tmp_path).deliver(sample_message("email", id=name))
    assert not caught.value.retryable
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", [None, 7, b"mails", "a\0b", "\ud800"])
def test_what_names_no_folder_is_refused_at_once(folder: Any) -> None:
    with pytest.raises(InputError, match=r"channel\.settings"):
        FileChannel(folder)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A disk that fills up on the way leaves the folder as it was."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), full)
    with pytest.raises(DeliveryError) as caught:
        FileChannel(tmp_path).deliver(sample_message("email"))
    assert caught.value.retryable
    assert caught.value.code == "channel.file"
    assert list(tmp_path.iterdir()) == []


def test_content_and_name_are_on_the_disk_before_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append((tmp_path / f"{1:032x}.eml").exists())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    FileChannel(tmp_path).deliver(sample_message("email"))
    assert synced == ([False, True] if os.name == "posix" else [False])


def test_a_sender_that_is_no_address_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one plain address"):
        FileChannel(tmp_path, sender_address="SIAK <siak@example.id>")


def test_its_repr_says_what_it_is(tmp_path: Path) -> None:
    assert repr(FileChannel(tmp_path, "sms")) == "FileChannel(medium='sms')"


def test_where_folders_cannot_be_synced_files_still_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows opens no folder; pathlib is left out of it, since it asks for the same name."""
    monkeypatch.setattr(file_writing, "FOLDERS_SYNC", False)
    FileChannel(tmp_path).deliver(sample_message("email"))
    assert len(list(tmp_path.iterdir())) == 1
