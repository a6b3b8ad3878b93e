"""What every channel must do: subclass ``ChannelContract`` in your tests.

    class TestMine(ChannelContract):
        def make_channel(self) -> Channel:
            return MyChannel(...)

pytest runs what begins with ``test_``. A hook that you leave out skips what needs it.
"""

from __future__ import annotations

import unittest
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import attrs

from ikd.core.errors import DeliveryError
from ikd.core.ports import Channel, Receipt
from ikd.core.records.notices import Message

PIN = "402917"
TO = {"email": "warga@example.id"}
NUMBER = "+6281234567890"
POISONS = (
    "a\r\nBcc: lain@example.org",
    "a\nBcc: lain@example.org",
    "a\rb",
    "a\x00b",
    "a =?UTF-8?Q?=0A?=Bcc: lain@example.org",
    "a, b",
    "a <b>",
    "a\u2028b",
)
ADDRESSES = (
    "",
    "warga",
    "warga@example.id, lain@example.org",
    "warga@example.id,lain@example.org",
    '"warga@example.id" <lain@example.org>',
    "Warga <warga@example.id>",
    "warga@example.id\r\nBcc: lain@example.org",
    "warga@example.id\n",
    "warga@example.id\x00",
    "=?UTF-8?Q?warga?=@example.id",
    "+6281234567890;ext=9",
)


def sample_message(medium: str, number: int = 1, **changes: Any) -> Message:  # noqa: ANN401
    """Return a message as ikd would send it; *changes* replace fields."""
    message = Message(
        id=f"{number:032x}",
        medium=medium,
        to=TO.get(medium, NUMBER),
        sender="SIAK",
        subject="IKD: kode aktivasi Anda / your activation code",
        text=f"Yth. Pemohon\n\n{PIN}\n\nPetugas tidak pernah memintanya.",
    )
    return attrs.evolve(message, **changes)


def told(error: BaseException) -> str:
    """Return everything that a log could show of *error*: its texts and those behind it."""
    return "\n".join(f"{one!r} {one} {vars(one)}" for one in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class ChannelContract:
    """The promises of ``ports.Channel``."""

    secrets: Sequence[str] = ()
    """What your channel was made with and must never show: a password, a token."""

    def make_channel(self) -> Channel:
        """Return a channel that works."""
        raise NotImplementedError

    def make_broken_channel(self) -> Channel:
        """Return a channel whose other side is gone."""
        raise unittest.SkipTest("no broken channel to test")

    def received(self) -> Sequence[str]:
        """Return the text of every message that came out at the other end."""
        raise unittest.SkipTest("no other end to look at")

    def refusal(self, **changes: Any) -> DeliveryError:  # noqa: ANN401
        """Return the error with which a working channel refuses a message."""
        return _refusal(self.make_channel(), **changes)

    def test_says_its_name_and_medium(self) -> None:
        """A channel has a name, and the one medium that it serves."""
        channel = self.make_channel()
        for value in (channel.name, channel.medium):
            _expect(isinstance(value, str) and value != "", "name and medium are texts")

    def test_takes_a_message(self) -> None:
        """A message that is taken gets a receipt, and comes out at the other end."""
        channel = self.make_channel()
        receipt = channel.deliver(sample_message(channel.medium))
        _expect(type(receipt) is Receipt, "deliver returns a Receipt")
        _expect(isinstance(receipt.reference, str), "its reference is a text")
        _expect(any("Pemohon" in text for text in self.received()), "the text arrives")

    def test_many_threads_share_it(self) -> None:
        """Sixteen messages from eight threads are all taken, and all come out."""
        channel = self.make_channel()
        messages = [
            sample_message(channel.medium, number, text=f"pesan ke-{number}.")
            for number in range(100, 116)
        ]
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(channel.deliver, messages))
        everything = "\n".join(self.received())
        _expect(all(message.text in everything for message in messages), "each arrives")

    def test_refuses_whoever_is_not_one_recipient(self) -> None:
        """An address that hides another, or is none, is refused for good."""
        email = self.make_channel().medium == "email"
        for address in ADDRESSES:
            if not email and address.isalnum():
                continue  # a bare name is an account of some media
            error = self.refusal(to=address)
            _expect(not error.retryable, "it won't be better later")
            _expect("example.org" not in told(error), "the address isn't told")

    def test_refuses_what_could_forge_a_header(self) -> None:
        """A sender or subject with a line feed, encoded word or address in it is refused."""
        if self.make_channel().medium != "email":
            raise unittest.SkipTest("this medium has no headers")
        for poison in POISONS:
            _expect(not self.refusal(subject=poison).retryable, "a subject")
            _expect(not self.refusal(sender=poison).retryable, "a sender")

    def test_failure_is_retryable_and_tells_nothing(self) -> None:
        """When the other side is gone: try again, and no address, PIN or text in the error."""
        channel = self.make_broken_channel()
        error = _refusal(channel)
        _expect(error.retryable, "the other side may come back")
        message = sample_message(channel.medium)
        for secret in (message.to, PIN, "Pemohon", *self.secrets):
            _expect(secret not in told(error), "nothing of the message is told")

    def test_shows_no_secret_of_its_own(self) -> None:
        """Its repr and str hold nothing that it was made with in confidence."""
        channel = self.make_channel()
        for secret in self.secrets:
            _expect(secret not in f"{channel!r}{channel}", "a secret is shown")


def _refusal(channel: Channel, **changes: Any) -> DeliveryError:  # noqa: ANN401
    try:
        channel.deliver(sample_message(channel.medium, **changes))
    except DeliveryError as error:
        return error
    raise AssertionError("this message should have been refused")


def _expect(held: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not held:
        raise AssertionError(what)
