"""A channel is named by a URL, and a wrong one is refused without being quoted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ikd.adapters.notification import channel_from_url
from ikd.adapters.notification.console import ConsoleChannel
from ikd.adapters.notification.file import FileChannel
from ikd.adapters.notification.smtp import SmtpChannel
from ikd.core.errors import InputError

PASSWORD = "s3cr3t@hush"
ENCODED = "s3cr3t%40hush"


def test_a_url_names_its_channel(tmp_path: Path) -> None:
    assert isinstance(channel_from_url("console:"), ConsoleChannel)
    assert isinstance(channel_from_url(f"file://{tmp_path}"), FileChannel)
    smtp = channel_from_url(f"smtp://siak:{ENCODED}@mail.example.id:2525?from=siak@example.id")
    assert isinstance(smtp, SmtpChannel)
    assert repr(smtp) == "SmtpChannel(host='mail.example.id', port=2525)"


def test_a_url_chooses_the_medium(tmp_path: Path) -> None:
    assert channel_from_url("console:?medium=sms&reveal=1").medium == "sms"
    assert channel_from_url(f"file://{tmp_path}?medium=whatsapp").medium == "whatsapp"
    assert channel_from_url(f"file://{tmp_path}").medium == "email"


def test_usual_ports_are_known() -> None:
    assert "587" in repr(channel_from_url("smtp://mail.example.id?from=siak@example.id"))
    assert "465" in repr(channel_from_url("smtps://mail.example.id/?from=siak@example.id"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "console",
        "consolation:",
        "console:somewhere",
        "console://host",
        "console:?reveal=maybe",
        "console:?shout=1",
        "console:?medium=sms&medium=email",
        "console:?medium",
        "console:#x",
        "file:",
        "file://host/folder",
        "file:///folder?from=nobody",
        "file:///folder?mode=777",
        f"smtp://siak:{ENCODED}@mail.example.id",
        f"smtp://siak:{ENCODED}@mail.example.id?from=SIAK",
        f"smtp://siak:{ENCODED}@mail.example.id?from=a@example.id,b@example.id",
        f"smtp://siak:{ENCODED}@mail.example.id?from=siak@example.id&startls=1",
        f"smtp://siak:{ENCODED}@mail.example.id?from=siak@example.id&starttls=0",
        f"smtp://siak:{ENCODED}@mail.example.id?from=siak@example.id&timeout=soon",
        f"smtp://siak:{ENCODED}@mail.example.id?from=siak@example.id&timeout=0",
        f"smtp://siak:{ENCODED}@mail.example.id?from=siak@example.id&ca=/nowhere.pem",
        f"smtp://siak:{ENCODED}@mail.example.id:{ENCODED}?from=siak@example.id",
        f"smtp://siak:{ENCODED}@mail.example.id:99999?from=siak@example.id",
        f"smtp://siak:{ENCODED}@mail.example.id/folder?from=siak@example.id",
        f"smtp://siak:{ENCODED}@[mail?from=siak@example.id",
        f"smtp://siak:{ENCODED}@?from=siak@example.id",
        None,
        7,
        b"console:",
    ],
)
def test_a_wrong_url_is_refused_and_not_told(url: str) -> None:
    with pytest.raises(InputError) as caught:
        channel_from_url(url)
    assert caught.value.code in {"channel.url", "channel.settings"}
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    for secret in (PASSWORD, ENCODED, "s3cr3t"):
        assert secret not in str(caught.value)


def test_a_password_goes_in_the_clear_to_this_machine_only() -> None:
    url = f"smtp://siak:{ENCODED}@{{}}?from=siak@example.id&starttls=0"
    assert channel_from_url(url.format("127.0.0.1")).medium == "email"
    with pytest.raises(InputError, match="over TLS only"):
        channel_from_url(url.format("127.0.0.1.example.org"))


def test_asking_for_a_channel_loads_no_other() -> None:
    code = (
        "import sys, ikd.adapters.notification as n; n.channel_from_url('console:');"
        "sys.exit('smtplib' in sys.modules or 'ssl' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0


def test_a_password_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    """Its first line counts, so that editors may end it as they like."""
    path = tmp_path / "smtp.password"
    url = f"smtp://siak@mail.example.id?from=siak@example.id&password-file={path}"
    for written in (b"rahasia", b"rahasia\n", b"rahasia\r\nmore"):
        path.write_bytes(written)
        smtp = channel_from_url(url)
        assert isinstance(smtp, SmtpChannel)
        assert smtp._login == ("siak", "rahasia")
        assert "rahasia" not in repr(smtp)


@pytest.mark.parametrize("written", [None, b"", b"\nrahasia", b"\xc3\xa9\n"])
def test_a_file_without_a_password_is_refused(tmp_path: Path, written: bytes | None) -> None:
    path = tmp_path / "smtp.password"
    if written is not None:
        path.write_bytes(written)
    url = f"smtp://siak@mail.example.id?from=siak@example.id&password-file={path}"
    with pytest.raises(InputError, match=r"channel\.url") as met:
        channel_from_url(url)
    assert str(tmp_path) not in str(met.value)


@pytest.mark.parametrize("who", ["", "siak:rahasia@"])
def test_a_password_file_stands_beside_a_user_and_instead_of_a_password(
    tmp_path: Path, who: str
) -> None:
    path = tmp_path / "smtp.password"
    path.write_bytes(b"rahasia")
    with pytest.raises(InputError, match=r"channel\.url"):
        channel_from_url(f"smtp://{who}mail.example.id?from=a@example.id&password-file={path}")
