"""The contract every channel keeps, as a test suite for pytest.

    class TestMyChannel(ChannelContract):
        @pytest.fixture
        def channel(self):
            return MyChannel(...)

Each test gets a ``channel`` that works. A fixture that you leave out skips what needs it.
"""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import attrs
import pytest

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
        subject="IKD: kode aktivasi Anda / your kode aktivasi (activation code)",
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
    """The promises of ``ports.Channel``; a subclass defines the pytest fixture ``channel``."""

    secrets: Sequence[str] = ()
    """What your channel was made with and must never show: a password, a token."""

    @pytest.fixture
    def broken_channel(self) -> Channel:
        """Give a channel whose other side is gone."""
        pytest.skip("no broken channel to test")

    @pytest.fixture
    def received(self) -> Callable[[], Sequence[str]]:
        """Give what reads the text of every message that came out at the other end."""
        return lambda: pytest.skip("no other end to look at")

    def test_says_its_name_and_medium(self, channel: Channel) -> None:
        """A channel has a name, and the one medium that it serves."""
        for value in (channel.name, channel.medium):
            assert isinstance(value, str)
            assert value

    def test_takes_a_message(self, channel: Channel, received: Callable[[], Sequence[str]]) -> None:
        """A message that is taken gets a receipt, and comes out at the other end."""
        receipt = channel.deliver(sample_message(channel.medium))
        assert type(receipt) is Receipt
        assert isinstance(receipt.reference, str)
        assert any("Pemohon" in text for text in received())

    def test_many_threads_share_it(
        self, channel: Channel, received: Callable[[], Sequence[str]]
    ) -> None:
        """Sixteen messages from eight threads are all taken, and all come out."""
        messages = [
            sample_message(channel.medium, number, text=f"pesan ke-{number}.")
            for number in range(100, 116)
        ]
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(channel.deliver, messages))
        everything = "\n".join(received())
        assert [one.id for one in messages if one.text not in everything] == []

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_refuses_whoever_is_not_one_recipient(self, channel: Channel, address: str) -> None:
        """An address that hides another, or is none, is refused for good and not told."""
        if channel.medium != "email" and address.isalnum():
            pytest.skip("a bare name is an account of some media")
        error = refusal(channel, to=address)
        assert not error.retryable
        assert "example.org" not in told(error)

    @pytest.mark.parametrize("poison", POISONS)
    def test_refuses_what_could_forge_a_header(self, channel: Channel, poison: str) -> None:
        """A sender or subject with a line feed, encoded word or address in it is refused."""
        if channel.medium != "email":
            pytest.skip("this medium has no headers")
        assert not refusal(channel, subject=poison).retryable
        assert not refusal(channel, sender=poison).retryable

    def test_failure_is_retryable_and_tells_nothing(self, broken_channel: Channel) -> None:
        """When the other side is gone: try again, and no address, PIN or text in the error."""
        error = refusal(broken_channel)
        assert error.retryable
        message = sample_message(broken_channel.medium)
        for secret in (message.to, PIN, "Pemohon", *self.secrets):
            assert secret not in told(error), "something is told that shouldn't be"

    def test_shows_no_secret_of_its_own(self, channel: Channel) -> None:
        """Its repr and str hold nothing that it was made with in confidence."""
        assert not [one for one in self.secrets if one in f"{channel!r}{channel}"]


def refusal(channel: Channel, **changes: Any) -> DeliveryError:  # noqa: ANN401
    """Return the error with which *channel* refuses the sample message, changed so."""
    with pytest.raises(DeliveryError) as caught:
        channel.deliver(sample_message(channel.medium, **changes))
    return caught.value
