"""Sends mail over SMTP, one message to one recipient."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from ikd.adapters.notification.address import ChannelUrl
from ikd.adapters.notification.fitness import is_address
from ikd.adapters.notification.mail import mail_bytes
from ikd.adapters.notification.smtp_connection import PHASES, Talk, TlsTalk
from ikd.adapters.notification.smtp_failures import StartTlsError, failure
from ikd.core.errors import DeliveryError, InputError
from ikd.core.ports import Receipt
from ikd.core.records.notices import Message

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LONGEST = 86_400.0  # seconds of patience
_OPTIONS = {"from", "starttls", "timeout", "end", "ca", "password-file"}
_LONGEST_PASSWORD = 4096  # bytes


class SmtpChannel:
    """Hands mail to a server.

    Args:
        host: Name of the server; its certificate must name it.
        port: Its port; 587 for STARTTLS and 465 for TLS from the first byte are usual.
        sender_address: Address that mail is from; its domain ends every Message-ID.
        username: Account at the server, or ``None``.
        password: Its password; both in ASCII.
        starttls: Whether to demand STARTTLS, never silently going without.
        tls: Whether to speak TLS from the first byte instead.
        timeout: Seconds that each phase up to the mail's final dot may take, if less than those
            of RFC 5321 4.5.3.2: five minutes, two before the mail, three for it.
        end: Seconds to wait for the answer to the final dot; ten minutes, as said there. Who
            waits less has slow servers send a mail that counts as lost.
        context: TLS settings; certificates are checked against the system's list unless told.

    Raises:
        InputError: The settings contradict each other or would send a password in the clear
            (``channel.settings``).
    """

    name = "smtp"
    medium = "email"

    def __init__(  # noqa: PLR0913 - a server has that many settings
        self,
        host: str,
        port: int = 587,
        *,
        sender_address: str,
        username: str | None = None,
        password: str | None = None,
        starttls: bool = True,
        tls: bool = False,
        timeout: float = PHASES["greeting"],
        end: float = PHASES["end"],
        context: ssl.SSLContext | None = None,
    ) -> None:
        if not is_address(sender_address):
            raise InputError("channel.settings", "from is one plain address")
        if username is not None and not (starttls or tls or host in _LOOPBACK):
            raise InputError("channel.settings", "a password goes over TLS only")
        if not _is_patience(timeout) or not _is_patience(end):
            raise InputError("channel.settings", "timeout and end are seconds above 0")
        if not f"{username or ''}{password or ''}".isascii():
            # RFC 4616 has it as UTF-8, after a preparation that nobody agrees upon in practice
            raise InputError("channel.settings", "user and password must be ASCII (RFC 4616)")
        self._host, self._port = host, port
        self._sender_address = sender_address
        self._login = None if username is None else (username, password or "")
        self._tls, self._starttls = tls, starttls and not tls
        self._times = _times(timeout, end)
        self._context = context

    @classmethod
    def from_url(cls, url: ChannelUrl) -> SmtpChannel:
        """Return the channel of ``smtp://user:password@host:587?from=siak@example.id``.

        ``smtps:`` speaks TLS from the first byte. Options: ``from`` (needed), ``starttls=0``,
        ``timeout`` and ``end`` in seconds, ``ca`` (file of trusted certificates), and
        ``password-file``, whose first line is the password: other users of a machine can read
        what stands in a command.
        """
        url.allow(_OPTIONS)
        tls = url.scheme == "smtps"
        if not url.host or url.path not in {"", "/"} or "from" not in url.options:
            raise url.fault("smtp: names a host and says from=address")
        return cls(
            url.host,
            url.port or (465 if tls else 587),
            sender_address=url.options["from"],
            username=url.username,
            password=_password(url),
            starttls=url.flag("starttls", default=True),
            tls=tls,
            timeout=_seconds(url, "timeout", PHASES["greeting"]),
            end=_seconds(url, "end", PHASES["end"]),
            context=_trusting(url),
        )

    def __repr__(self) -> str:
        return f"SmtpChannel(host={self._host!r}, port={self._port})"

    def deliver(self, message: Message) -> Receipt:
        """Send *message*; it is the server's when this returns, or may be.

        A server that got the final dot and let us wait for its answer too long may have taken
        it: the receipt says so, and it isn't sent again.

        Raises:
            DeliveryError: It wasn't taken. Nothing of the server's dialogue is in it, since
                that quotes addresses and text.
        """
        data = mail_bytes(message, sender_address=self._sender_address, now=datetime.now(UTC))
        error: DeliveryError | None = None
        unsure = False
        try:
            unsure = self._send(message, data)
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            error = failure(fault)
        if error is not None:  # raised out here: no cause and no context that quotes the server
            raise error
        return Receipt(reference=message.id, unsure=unsure)

    def _send(self, message: Message, data: bytes) -> bool:
        """Send *data* and return whether its fate is unknown."""
        server = self._connected()
        try:
            if self._starttls:
                self._begin_tls(server)
            if self._login is not None:
                server.login(*self._login)
            server.transact(self._sender_address, message.to, data, message.id)
            # The mail is the server's now: a QUIT that fails must not send it again.
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()
        except (OSError, smtplib.SMTPException):
            if not server.unsure:
                raise
        finally:
            server.close()
        return server.unsure

    def _begin_tls(self, server: Talk) -> None:
        try:
            server.starttls(context=self._trust())
        except smtplib.SMTPResponseException as refusal:
            raise StartTlsError from refusal

    def _connected(self) -> Talk:
        # The domain greets: smtplib would ask the DNS for this machine's own name and tell it.
        greeting = self._sender_address.rpartition("@")[2]
        talk = TlsTalk if self._tls else Talk
        return talk(self._host, self._port, greeting, self._times, self._trust())

    def _trust(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()


def _times(timeout: float, end: float) -> Mapping[str, float]:
    capped = {phase: min(seconds, timeout) for phase, seconds in PHASES.items()}
    return {**capped, "end": end}


def _is_patience(seconds: object) -> bool:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return False
    return 0 < seconds <= _LONGEST


def _seconds(url: ChannelUrl, name: str, default: float) -> float:
    text = url.options.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise url.fault(f"{name} is whole seconds")
    return float(text)


def _trusting(url: ChannelUrl) -> ssl.SSLContext | None:
    file = url.options.get("ca")
    if file is None:
        return None
    try:
        return ssl.create_default_context(cafile=str(Path(file)))
    except (OSError, ssl.SSLError):
        pass
    raise url.fault("ca is no file of certificates")


def _password(url: ChannelUrl) -> str | None:
    """Return the password of the URL, or the first line of the file that it names."""
    path = url.options.get("password-file")
    if path is None:
        return url.password
    if url.password is not None or url.username is None:
        raise url.fault("password-file: instead of a password, beside a user")
    data = b""
    with contextlib.suppress(OSError, ValueError), Path(path).open("rb") as file:
        data = file.read(_LONGEST_PASSWORD)
    line = data.partition(b"\n")[0].rstrip(b"\r")
    if not line or not line.isascii():
        raise url.fault("password-file: a file whose first line is the password, in ASCII")
    return line.decode()
