"""The gateway's channel keeps the contract of all channels."""
# ruff: noqa: D103, S101 - tests assert, and their names say what

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from conftest import TOKEN, Gateway
from ikd_contoh.gateway import GatewayChannel

from ikd.errors import DeliveryError
from ikd.ports import Message
from ikd.testing import ChannelContract

LETTER = Message(
    id="0" * 32,
    medium="whatsapp",
    to="+6281234567890",
    sender="Dinas Contoh",
    subject="PIN",
    text="402917",
)


class TestGatewayChannel(ChannelContract):
    """What every channel promises."""

    secrets = (TOKEN,)

    @pytest.fixture
    def channel(self, gateway: Gateway) -> GatewayChannel:
        """Give a channel to a gateway that answers."""
        return GatewayChannel(gateway.url, TOKEN)

    @pytest.fixture
    def broken_channel(self) -> GatewayChannel:
        """Give a channel to nobody."""
        return GatewayChannel("http://127.0.0.1:9/kirim", TOKEN)

    @pytest.fixture
    def received(self, gateway: Gateway) -> Callable[[], Sequence[str]]:
        """Give what the gateway got."""
        return lambda: [one["text"] for one in gateway.received]


@pytest.mark.parametrize(("status", "retryable"), [(500, True), (429, True), (422, False)])
def test_a_status_says_whether_to_try_again(
    gateway: Gateway, status: int, *, retryable: bool
) -> None:
    gateway.status = status
    with pytest.raises(DeliveryError) as told:
        GatewayChannel(gateway.url, TOKEN).deliver(LETTER)
    assert told.value.retryable is retryable


def test_a_wrong_token_is_worth_another_try(gateway: Gateway) -> None:
    with pytest.raises(DeliveryError) as told:
        GatewayChannel(gateway.url, "lain").deliver(LETTER)
    assert told.value.retryable


def test_an_address_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="address"):
        GatewayChannel("pesan.example.id", TOKEN)
