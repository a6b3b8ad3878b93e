"""A real server over a service, and a front end that speaks HTTP to it by the standard library."""

from __future__ import annotations

import base64
import http.client
import json
import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
import uvicorn

import ikd
from ikd import api
from ikd.adapters.api.serving import listener_at, server_of
from ikd.ports import Puzzle, Solved
from ikd.testing import (
    Mailbox,
    MemoryKeys,
    SimulatedResident,
    Simulator,
    SoftDevice,
    quick_kdf,
    seeded_entropy,
)

NIK = "1376015708909901"
EMAIL = "sari@example.id"
FACE = b"a face, as far as the simulator can see"
EVERYBODY = frozenset(ikd.Role)


class Ticked:
    """A captcha whose answer is the word "ok"."""

    def puzzle(self, _subject: str, *, now: datetime, entropy: bytes) -> Puzzle:
        return Puzzle(token=entropy[:16], picture=b"png", expires_at=now + timedelta(minutes=5))

    def check(self, _subject: str, token: bytes, text: str, *, now: datetime) -> Solved:
        return Solved(puzzle_id=token, expires_at=now + timedelta(minutes=5), ok=text == "ok")


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def raw(data: str) -> bytes:
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))


@attrs.frozen
class Answer:
    """What the server said."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@attrs.define
class FrontEnd:
    """A program with an access token, somewhere else."""

    address: str
    token: str | None
    writes: int = 0

    def ask(self, path: str, data: bytes | None = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            named.setdefault("Authorization", f"Bearer {self.token}")
        request = urllib.request.Request(f"{self.address}{path}", data, named)
        try:
            with urllib.request.urlopen(request) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.headers, refused.read())

    def post(self, path: str, body: object, **headers: str) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask(path, data, Content_Type="application/json", **headers)

    def do(self, act: str, actor: dict[str, str], key: str | None = None, **command: Any) -> Answer:
        self.writes += key is None
        named = key or f"k-{self.writes}"
        body = {"actor": actor, "command": command}
        return self.post(f"/v1/commands/{act}", body, Idempotency_Key=named)

    def see(self, read: str, actor: dict[str, str], **asked: Any) -> Answer:
        return self.post(f"/v1/reads/{read}", {"actor": actor, "read": asked})


@attrs.define
class Served:
    """A server that runs, the service behind it, and what it wrote to its log."""

    address: str
    service: ikd.Service
    access: api.AccessTokens
    server: uvicorn.Server
    mails: Mailbox
    log: pytest.LogCaptureFixture

    def front_end(self, name: str = "web", roles: Any = EVERYBODY, offices: Any = None) -> FrontEnd:
        holder = api.FrontEnd(name=name, roles=frozenset(roles), offices=offices)
        return FrontEnd(self.address, self.access.new(holder, now=datetime.now(UTC)))


@contextmanager
def running(application: Any, limits: api.ApiLimits) -> Iterator[tuple[str, uvicorn.Server]]:
    """Run *application* on a socket of its own until the test is over."""
    with listener_at("127.0.0.1", 0) as listener:
        server = server_of(application, limits)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", server
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def serve(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[..., Served]]:
    """Starts a server over a service with both offices, in memory."""
    caplog.set_level(logging.INFO, "ikd.api")
    places = [("payakumbuh", "loket-1"), ("wakatobi", "loket-1")]
    sari = SimulatedResident(
        nik=NIK, name="Sari Contohwati", birth_date=date(1990, 8, 17), recorded={"face": FACE}
    )
    with ExitStack() as stack:

        def start(limits: api.ApiLimits | None = None, **options: Any) -> Served:
            chosen = {
                "offices": ["payakumbuh", "wakatobi"],
                "keys": MemoryKeys(seeded_entropy("keys"), datetime.now(UTC), stations=places),
                "registry": Simulator([sari]),
                "channels": [f"file:{tmp_path / 'mails'}"],
                "captcha": Ticked(),
                "deliver": "inline",
                "kdf": quick_kdf,
                **options,
            }
            service = stack.enter_context(ikd.open_service(**chosen))
            access = api.AccessTokens(tmp_path / "access.json")
            limits = limits or api.ApiLimits(rate=1000, burst=1000)
            application = api.asgi(service, access, limits)
            address, server = stack.enter_context(running(application, limits))
            mails = Mailbox(tmp_path / "mails")
            return Served(address, service, access, server, mails, caplog)

        yield start


@pytest.fixture
def served(serve: Callable[..., Served]) -> Served:
    """A server with the usual limits."""
    return serve()


@pytest.fixture
def phone() -> SoftDevice:
    """Sari's phone."""
    return SoftDevice(seeded_entropy("sari's phone"))
