"""The console channel prints, and keeps digits to itself."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest

from ikd.adapters.notification.console import ConsoleChannel
from ikd.core.errors import DeliveryError
from ikd.testing.channel_contract import PIN, ChannelContract, sample_message


class TestConsoleKeepsTheContract(ChannelContract):
    @pytest.fixture
    def stream(self) -> io.StringIO:
        return io.StringIO()

    @pytest.fixture
    def channel(self, stream: io.StringIO) -> ConsoleChannel:
        return ConsoleChannel(stream)

    @pytest.fixture
    def broken_channel(self, stream: io.StringIO) -> ConsoleChannel:
        stream.close()
        return ConsoleChannel(stream)

    @pytest.fixture
    def received(self, stream: io.StringIO) -> Callable[[], Sequence[str]]:
        return lambda: [stream.getvalue()]


class TestConsoleOfSmsKeepsTheContract(TestConsoleKeepsTheContract):
    @pytest.fixture
    def channel(self, stream: io.StringIO) -> ConsoleChannel:
        return ConsoleChannel(stream, "sms")


def test_digits_and_address_are_masked() -> None:
    stream = io.StringIO()
    ConsoleChannel(stream).deliver(sample_message("email", text=f"{PIN} 1376015708909901 12345"))
    assert "****** **************** 12345" in stream.getvalue()
    assert PIN not in stream.getvalue()
    assert "warga@example.id" not in stream.getvalue()


def test_reveal_shows_them() -> None:
    stream = io.StringIO()
    ConsoleChannel(stream, reveal=True).deliver(sample_message("email"))
    assert PIN in stream.getvalue()
    assert "To: warga@example.id" in stream.getvalue()


def test_it_prints_where_standard_output_is_at_the_moment(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ConsoleChannel().deliver(sample_message("email"))
    assert "From: SIAK" in capsys.readouterr().out


def test_a_terminal_that_knows_no_letters_is_a_failure_and_no_crash() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with pytest.raises(DeliveryError) as caught:
        ConsoleChannel(stream).deliver(sample_message("email", text="“kutipan”"))
    assert caught.value.retryable


def test_its_repr_says_what_it_is() -> None:
    assert repr(ConsoleChannel(medium="sms")) == "ConsoleChannel(medium='sms')"
