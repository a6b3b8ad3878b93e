"""Real mail servers on free ports: some that behave, and some that don't."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

USER, PASSWORD = "siak", "rahasia-sekali"


class Mailbox:
    """Takes mail, unless it was told which reply to give at which turn."""

    # ruff: noqa: N802 - aiosmtpd finds its handlers by these names

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.replies: dict[str, str] = {}

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _o: Any):
        if "MAIL" in self.replies:
            return self.replies["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _o: Any):
        if "RCPT" in self.replies:
            return self.replies["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if "DATA" in self.replies:
            return self.replies["DATA"]
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return "250 taken"


@attrs.frozen
class Certificate:
    """A certificate for 127.0.0.1 and the context of a server that shows it."""

    file: Path
    server: ssl.SSLContext


@attrs.frozen
class Server:
    """A server that runs."""

    port: int
    mailbox: Mailbox


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Signed by itself, made for this run."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ikd test")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    file, secret = folder / "server.pem", folder / "server.key"
    file.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return Certificate(file, context)


def _authenticate(*arguments: Any) -> AuthResult:
    data = arguments[-1]
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)  # else the server says nothing


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts a real aiosmtpd server; stops it after the test."""
    with contextlib.ExitStack() as stack:

        def start(**settings: Any) -> Server:
            mailbox = Mailbox()
            if settings.pop("auth", False):
                settings |= {
                    "authenticator": _authenticate,
                    "auth_required": True,
                    "auth_require_tls": "tls_context" in settings,
                }
            controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **settings)
            controller.start()
            stack.callback(controller.stop)
            return Server(controller.port, mailbox)

        yield start


@pytest.fixture
def misbehave() -> Iterator[Callable[[Callable[[socket.socket], None]], int]]:
    """Starts a raw server that does what it is told with each connection; gives its port."""
    with contextlib.ExitStack() as stack:

        def start(act: Callable[[socket.socket], None]) -> int:
            listener = socket.create_server(("127.0.0.1", 0))
            stack.callback(listener.close)
            thread = threading.Thread(target=_accept, args=(listener, act), daemon=True)
            thread.start()
            stack.callback(thread.join, 5)
            stack.callback(listener.shutdown, socket.SHUT_RDWR)
            return int(listener.getsockname()[1])

        yield start


def _accept(listener: socket.socket, act: Callable[[socket.socket], None]) -> None:
    with contextlib.suppress(OSError):
        while True:
            peer, _ = listener.accept()
            with peer, contextlib.suppress(OSError):
                act(peer)
