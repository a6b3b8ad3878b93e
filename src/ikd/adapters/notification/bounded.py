"""Connections to a mail server that end in time, however slowly the server drips."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import threading
from typing import Any


class Bounded(smtplib.SMTP):
    """A connection that is cut after *deadline* seconds.

    ``timeout`` alone doesn't do: each byte renews it, so a server that sends a line of an
    endless reply now and then would hold a worker for good.
    """

    def __init__(self, *args: Any, deadline: float, **settings: Any) -> None:  # noqa: ANN401 - smtplib's own
        self._timer = threading.Timer(deadline, _cut, [self])
        self._timer.daemon = True
        self._timer.start()
        try:
            super().__init__(*args, **settings)
        except BaseException:
            self._timer.cancel()
            raise

    def close(self) -> None:
        """Close the connection; the clock stops with it."""
        self._timer.cancel()
        super().close()


class BoundedTls(Bounded, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""


def _cut(server: smtplib.SMTP) -> None:
    if server.sock is not None:
        with contextlib.suppress(OSError):
            # Not SSLSocket.shutdown, which drops the TLS state under the thread that reads.
            socket.socket.shutdown(server.sock, socket.SHUT_RDWR)
