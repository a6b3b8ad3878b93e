"""A small web front end: ikd behind HTTP and JSON, by the standard library alone.

Run it with ``python examples/embed_web.py wakatobi``. It shows what every front end does: it knows
who is at the other end, states that actor and no other, makes a command of what came, and answers
with no more than that session may see. A real one logs its officers in and runs behind TLS.
"""

from __future__ import annotations

import base64
import json
import secrets
import sys
from collections.abc import Callable
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import ikd
from ikd import errors, events, qr, wire
from ikd.testing import SimulatedResident, Simulator

Answer = dict[str, wire.Json]
LONGEST = 2 * 1024 * 1024  # bytes of a request
RESIDENT = {"kind", "id", "public", "events", "words"}
STATUS = {errors.InputError: 400, errors.RefusedError: 409}
SARI = SimulatedResident(
    nik="1376015708909901",  # serials 9900 to 9999: nobody's
    name="Sari Contohwati",
    birth_date=date(1990, 8, 17),
    recorded={"face": b"a face, as far as the simulator can see"},
)


class Session:
    """Somebody at the other end, and which records they have here."""

    def __init__(self, actor: ikd.Actor) -> None:
        self.actor, self.own = actor, set[str]()
        self.is_resident = actor.role is ikd.Role.RESIDENT


class FrontEnd(ThreadingHTTPServer):
    """Serves one office; ``sessions`` holds who is logged in, by token."""

    def __init__(self, service: ikd.Service, office: str, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.service, self.office = service, office
        self.sessions: dict[str, Session] = {}

    def log_in(self, actor: ikd.Actor) -> str:
        """Return the token of a new session; who it is was found out before."""
        token = secrets.token_urlsafe()
        self.sessions[token] = Session(actor)
        return token


class Handler(BaseHTTPRequestHandler):
    """One request: a GET only reads, a POST is one write with a key of its own."""

    server: FrontEnd

    def do_GET(self) -> None:
        """Answer with what the session may see."""
        url = urlsplit(self.path)
        self.answer(lambda: self.read(url.path, dict(parse_qsl(url.query))))

    def do_POST(self) -> None:
        """Open a resident's session, or do what the JSON in the body asks."""
        if self.path != "/session":
            return self.answer(self.write)
        name = f"{secrets.token_hex(4)}-{secrets.token_hex(4)}"  # no long number: it is journalled
        return self.send(200, {"token": self.server.log_in(ikd.Actor.resident(name))})

    def answer(self, act: Callable[[], Answer]) -> None:
        """Send what *act* returns; a refusal as its public words, to officers with its code."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.server.sessions:
            return self.send(401, {"error": "session"})
        self.session = self.server.sessions[token]
        try:
            return self.send(200, act())
        except KeyError:
            return self.send(404, {"error": "path"})
        except ikd.IkdError as error:
            error.public = self.server.service.public_text(error)
            status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 503)
            return self.send(status, self.shown(wire.write(error)))

    def shown(self, written: Answer) -> Answer:
        """Return what a resident's phone is told of *written*; officers are told all of it."""
        names = RESIDENT & set(written) if self.session.is_resident else written
        return {name: written[name] for name in names}

    def write(self) -> Answer:
        """Handle one command. The actor is the session's; the key comes with the form."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/commands" or not length.isdecimal() or int(length) > LONGEST:
            raise KeyError(self.path)
        command = wire.read_command(self.rfile.read(int(length)))
        key = self.headers.get("Idempotency-Key", "")
        result = self.server.service.handle(command, actor=self.session.actor, key=key)
        self.session.own.add(result.id)
        for happened in result.events:
            if isinstance(happened, events.Activated):
                self.session.own.add(happened.identity_id)
        return self.shown(wire.write(result))

    def read(self, path: str, asked: dict[str, str]) -> Answer:
        """Return what stands at *path*; a resident is shown the records of this session alone."""
        service, actor = self.server.service, self.session.actor
        if path == "/station":  # the screen of a counter
            text = service.station_token(self.server.office, asked["station"])
            return {"text": text, "svg": qr.svg(text)}
        record = asked["id"]
        if path == "/challenge":
            return {"challenge": _text(service.challenge(record, asked["act"]))}
        if self.session.is_resident and record not in self.session.own:
            raise errors.RefusedError("record.unknown")
        if path == "/captcha":
            puzzle = service.captcha(record)
            return {"token": _text(puzzle.token), "picture": _text(puzzle.picture)}
        if path == "/credential":
            return {"text": service.credential(record, actor=actor)}
        kind = {"/application": "application", "/identity": "identity"}[path]
        return wire.write(service.get(record, kind, actor=actor))

    def send(self, status: int, body: Answer) -> None:
        """Send JSON that no cache keeps."""
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


if __name__ == "__main__":
    at = sys.argv[1]
    registry = Simulator([SARI])
    with ikd.open_service(offices=[at], registry=registry, channels=["console:"]) as opened:
        front = FrontEnd(opened, at, 8080)
        for who in (ikd.Actor.operator("op-1", office=at), ikd.Actor.ministry()):
            print(f"{who.role.value}: Authorization: Bearer {front.log_in(who)}")
        front.serve_forever()
