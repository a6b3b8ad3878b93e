"""One message makes one mail to one recipient, or none."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.adapters.notification import mail as mail_module
from ikd.adapters.notification.mail import mail_bytes
from ikd.core.errors import DeliveryError
from ikd.testing.channel_contract import sample_message

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
FROM = "siak@example.id"


def made(**changes: object) -> bytes:
    return mail_bytes(sample_message("email", **changes), sender_address=FROM, now=NOW)


def unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(
    sender=st.text(max_size=40),
    subject=st.text(max_size=80),
    to=st.one_of(st.text(max_size=40), st.emails()),
)
def test_whatever_comes_in_no_header_and_no_recipient_is_added(
    sender: str, subject: str, to: str
) -> None:
    try:
        data = made(sender=sender, subject=subject, to=to)
    except DeliveryError:
        return
    mail = message_from_bytes(data, policy=SMTP)
    assert sorted(mail.keys()) == sorted(
        [
            *("From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted"),
            *("Content-Language", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
        ]
    )
    assert [one.addr_spec for one in mail["To"].addresses] == [to]
    assert [one.addr_spec for one in mail["From"].addresses] == [FROM]


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "a =?UTF-8?Q?=0A?=Bcc: lain@example.org"},
        {"to": "warga@example.id\r\nBcc: lain@example.org"},
        {"sender": "SIAK\nBcc: lain@example.org"},
    ],
)
def test_the_second_look_finds_what_the_first_let_by(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str]
) -> None:
    """Should a Python find a new way to fold a header, the mail itself is read once more."""
    monkeypatch.setattr(mail_module, "check", lambda *_: None)
    try:
        data = made(**changes)
    except DeliveryError:
        return
    mail = message_from_bytes(data, policy=SMTP)
    assert "lain@example.org" not in [one.addr_spec for one in mail["To"].addresses]
    assert "Bcc" not in mail


def test_a_mail_with_one_header_more_is_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    real = mail_module._built

    def with_bcc(*arguments: Any) -> EmailMessage:
        mail = real(*arguments)
        mail["Bcc"] = "lain@example.org"
        return mail

    monkeypatch.setattr(mail_module, "_built", with_bcc)
    with pytest.raises(DeliveryError, match="one mail to one recipient"):
        made()


@given(text=st.text())
def test_any_text_is_mailed_whole_or_refused(text: str) -> None:
    """A lone surrogate, for one, has no form on the wire."""
    try:
        text.encode()
    except UnicodeEncodeError:
        with pytest.raises(DeliveryError, match=r"channel\.unfit"):
            made(text=text)
        return
    data = made(text=text)
    content = message_from_bytes(data, policy=SMTP).get_content()
    assert unix(content).rstrip("\n") == unix(text).rstrip("\n")


def test_a_sender_keeps_its_name_whatever_letters_it_has() -> None:
    mail = message_from_bytes(made(sender='Ditjen "Dukcapil" é'), policy=SMTP)
    assert mail["From"].addresses[0].display_name == 'Ditjen "Dukcapil" é'


def test_ascii_travels_as_it_is_so_that_links_stay_whole() -> None:
    link = "https://ikd.example.id/a/" + "0123456789abcdef" * 8
    assert link.encode() in made(text=f"x\n{link}\n", html=f"<a href='{link}'>x</a>")


def test_a_line_too_long_for_the_wire_is_folded_and_whole_again_at_the_other_end() -> None:
    data = made(text="a" * 5_000)
    assert max(len(line) for line in data.split(b"\r\n")) < 998
    assert unix(message_from_bytes(data, policy=SMTP).get_content()) == "a" * 5_000 + "\n"


def test_a_second_copy_of_a_message_is_the_first() -> None:
    first, second = (made(html="<p>x</p>") for _ in range(2))
    assert first == second
    assert f"Message-ID: <{1:032x}@example.id>".encode() in first


def test_a_wrong_sender_address_never_becomes_a_header() -> None:
    for address in ("a@b.id\r\nBcc: x@example.org", "a@b.id, c@d.id", "x"):
        with pytest.raises(DeliveryError):
            mail_bytes(sample_message("email"), sender_address=address, now=NOW)
