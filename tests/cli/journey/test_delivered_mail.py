"""The mail of the demo: what is read is what was delivered."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.cli.failures import CannotError
from ikd.cli.journey.acts import pin_of
from ikd.cli.journey.delivered_mail import MailBox, paragraphs
from ikd.core.errors import DeliveryError
from ikd.core.records.notices import Message
from ikd.plugins.offices import load_office
from ikd.testing.mailbox import Letter


def letter(text: str) -> Letter:
    return Letter(sender="SIAK", subject="IKD", text=text)


def message(to: str, medium: str = "email", text: str = "Yth.\n\n123456\n\nSalam") -> Message:
    return Message(id="m1", medium=medium, to=to, sender="SIAK", subject="IKD", text=text)


def test_the_pin_stands_on_a_line_of_its_own() -> None:
    found = letter("Telepon 0752-796135\nhttps://x.id/a/123456\n\n654321\n\nSalam")
    assert found.pin == "654321"


def test_a_short_message_holds_it_among_words() -> None:
    assert letter("IKD: PIN Anda 042042, berlaku s.d. besok, a123456b").pin == "042042"


@pytest.mark.parametrize("text", ["", "1234567", "12345", "abc123456", "１２３４５６", "٣٤٥٦٧٨"])
def test_anything_else_is_no_pin(text: str) -> None:
    assert letter(text).pin is None
    with pytest.raises(CannotError):
        pin_of(letter(text))


@given(st.integers(0, 999_999))
def test_a_shown_letter_never_shows_its_pin(number: int) -> None:
    pin = f"{number:06d}"
    found = letter(f"Yth.\n\n{pin}\n\nKetik {pin}.\n\n* * *\n\nType {pin}.")
    assert pin_of(found) == pin
    assert pin not in " ".join(paragraphs(found))
    assert pin not in repr(found)
    assert len(paragraphs(found)) == 3


def test_mail_is_delivered_to_a_file_and_read_from_it(tmp_path: Path) -> None:
    box = MailBox(tmp_path, load_office("wakatobi"))
    box.known.add("warga@example.id")
    (postman,) = box.channels
    assert box.of(["warga@example.id"]) == ()
    receipt = postman.deliver(message("warga@example.id"))
    (arrived,) = box.of(["warga@example.id"])
    read = arrived.letter
    assert (read.sender, read.subject, read.pin) == ("SIAK", "IKD", "123456")
    file = tmp_path / receipt.reference
    file.write_bytes(file.read_bytes().replace(b"123456", b"777777"))
    assert box.of(["warga@example.id"])[0].letter.pin == "777777"
    assert box.of(["other@example.id"]) == ()


def test_mail_for_others_is_left_in_the_outbox(tmp_path: Path) -> None:
    (postman,) = MailBox(tmp_path / "mails", load_office("wakatobi")).channels
    with pytest.raises(DeliveryError) as refused:
        postman.deliver(message("other@example.id"))
    assert refused.value.retryable
    assert not (tmp_path / "mails").exists()


def test_each_medium_that_the_office_publishes_has_a_channel(tmp_path: Path) -> None:
    box = MailBox(tmp_path, load_office("payakumbuh"))
    assert [channel.medium for channel in box.channels] == ["email", "sms"]
    box.known.add("+6281234500001")
    box.channels[1].deliver(message("+6281234500001", "sms", "PIN Anda 123456, jaga."))
    (one,) = box.of(["+6281234500001"])
    assert (one.medium, one.letter.sender, one.letter.pin) == ("sms", "SIAK", "123456")
