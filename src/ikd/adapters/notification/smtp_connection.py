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
        self._late = False
        self._timer = threading.Timer(deadline, self._cut)
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

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's reply.

        Raises:
            smtplib.SMTPServerDisconnected: The deadline passed.
        """
        if self._late:  # it passed while there was no socket to cut yet
            self.close()
            raise smtplib.SMTPServerDisconnected("deadline")
        return super().getreply()

    def _cut(self) -> None:
        self._late = True
        if self.sock is not None:
            with contextlib.suppress(OSError):
                # Not SSLSocket.shutdown, which drops the TLS state under the reading thread.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class BoundedTls(Bounded, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""
