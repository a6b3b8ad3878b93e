"""The socket under the API."""

from __future__ import annotations

import socket

import pytest

from ikd.adapters.api.serving import listener_at


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_answer_is_never_held_back_for_an_acknowledgement(host: str) -> None:
    """Asyncio switches Nagle's waiting off only where the socket names its protocol."""
    with listener_at(host, 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_place_that_is_taken_is_refused() -> None:
    with listener_at("127.0.0.1", 0) as taken, pytest.raises(OSError, match="in use"):
        listener_at("127.0.0.1", taken.getsockname()[1])
