"""Talks with a mail server in which each phase has its own time, however slowly it drips."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Mapping

_READY, _OK, _GO_ON = 220, (250, 251), 354
_DOT = re.compile(rb"^\.", re.MULTILINE)

PHASES: Mapping[str, float] = {
    "greeting": 300.0,
    "hello": 300.0,
    "tls": 300.0,
    "login": 300.0,
    "sender": 300.0,
    "recipient": 300.0,
    "data": 120.0,
    "content": 180.0,
    "end": 600.0,
    "goodbye": 10.0,
}
"""Seconds of each phase (RFC 5321 4.5.3.2); ``end`` follows the final dot.

A server that is slow there has the mail: who leaves sooner sends it twice. Nobody waits long for
a goodbye.
"""

_PHASE = {
    "ehlo": "hello",
    "helo": "hello",
    "starttls": "tls",
    "auth": "login",
    "mail": "sender",
    "rcpt": "recipient",
    "data": "data",
    "quit": "goodbye",
}


class Talk(smtplib.SMTP):
    """One talk, cut when a phase outlasts its time: each byte would renew a socket's time-out.

    Attributes:
        phase: The phase it is in, or ended in.
        unsure: The mail was handed over whole, and we left before the server said what became
            of it. One that hangs up there hasn't taken it (RFC 5321 3.8).
    """

    def __init__(
        self,
        host: str,
        port: int,
        name: str,
        times: Mapping[str, float],
        trust: ssl.SSLContext,
    ) -> None:
        self.phase, self.unsure, self.sock = "", False, None
        self._times, self._late, self._timer = times, False, threading.Timer(0, self._cut)
        self._begin("greeting")
        try:
            super().__init__(local_hostname=name, timeout=times["greeting"])
            self._host = host  # what a certificate must name
            self.context = trust  # for whoever speaks TLS from the first byte
            code, said = self.connect(host, port)
            if code != _READY:
                self.close()
                raise smtplib.SMTPConnectError(code, said)
        except BaseException:
            self._timer.cancel()
            raise

    def close(self) -> None:
        """Close the connection; the clock stops with it."""
        self._timer.cancel()
        super().close()

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Send a command; the phase that it begins has its own time."""
        self._begin(_PHASE.get(cmd.lower(), self.phase))
        super().putcmd(cmd, args)

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's reply.

        Raises:
            smtplib.SMTPServerDisconnected: The phase's time is over.
        """
        if self._late:  # it ended while there was no socket to cut yet
            self.close()
            raise smtplib.SMTPServerDisconnected("late")
        return super().getreply()

    def transact(self, sender: str, to: str, mail: bytes, notice: str) -> None:
        """Hand one mail to one recipient over.

        Args:
            sender: Address it is from.
            to: Address it is for.
            mail: The mail, with CRLF.
            notice: What a bounce calls it.

        Raises:
            smtplib.SMTPException: The server refused a step, or hung up.
        """
        self.ehlo_or_helo_if_needed()
        options = [f"size={len(mail)}"] if self.has_extn("size") else []
        if self.has_extn("dsn"):
            # RFC 3461: a bounce names the notice, and doesn't send its text around once more
            options += ["RET=HDRS", f"ENVID={notice}"]
        code, said = self.mail(sender, options)
        if code not in _OK:
            raise smtplib.SMTPSenderRefused(code, said, sender)
        code, said = self.rcpt(to)
        if code not in _OK:
            raise smtplib.SMTPRecipientsRefused({to: (code, said)})
        self._hand_over(mail)

    def _hand_over(self, mail: bytes) -> None:
        code, said = self.docmd("data")
        if code != _GO_ON:
            raise smtplib.SMTPDataError(code, said)
        self._begin("content")
        end = b".\r\n" if mail.endswith(b"\r\n") else b"\r\n.\r\n"
        self.send(_DOT.sub(b"..", mail) + end)
        self._begin("end")
        code, said = self.getreply()
        if code not in _OK:
            raise smtplib.SMTPDataError(code, said)

    def _begin(self, phase: str) -> None:
        self._timer.cancel()
        self.phase = phase
        self._timer = threading.Timer(self._times[phase], self._cut)
        self._timer.daemon = True
        self._timer.start()
        if self.sock is not None:
            # the clock comes first; this ends a handshake, where there is no socket to cut
            self.sock.settimeout(2 * self._times[phase])

    def _cut(self) -> None:
        self._late, self.unsure = True, self.phase == "end"
        if self.sock is not None:
            with contextlib.suppress(OSError):
                # Not SSLSocket.shutdown, which drops the TLS state under the reading thread.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class TlsTalk(Talk, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""
