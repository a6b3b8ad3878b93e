"""What HTTP adds to a command: the API's time beside the same call in process and an empty route.

    python tools/bench/api.py --folder /dev/shm

Servers run in a process of their own. One registration after another is sent in turns to the API,
to a service in this process, and to a route of starlette's that does nothing. Printed is p95 of
the API over the sum of the two others; 1.5 is the bound.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import multiprocessing
import socket
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

import ikd
from ikd import api, wire
from ikd.testing import SoftDevice, seeded_entropy

LIMITS = api.ApiLimits(rate=100_000, burst=100_000)
RESIDENT = {"role": "resident", "id": "s-1"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="where the stores lie; a new one if not told")
    parser.add_argument("--calls", type=int, default=400)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        for what, seconds in _measured(Path(name), asked.calls).items():
            print(f"{what:12} p50 {_at(seconds, 50):6.2f} ms   p95 {_at(seconds, 95):6.2f} ms")


def _measured(folder: Path, calls: int) -> dict[str, list[float]]:
    tokens = api.AccessTokens(folder / "access.json")
    token = tokens.new(api.FrontEnd(name="bench", roles=ikd.Role), now=datetime.now(UTC))
    ports = {served: _free() for served in (_api, _empty)}
    servers = [
        multiprocessing.get_context("spawn").Process(
            target=served, args=(folder, port), daemon=True
        )
        for served, port in ports.items()
    ]
    for server in servers:
        server.start()
    lines = {served: _connected(port) for served, port in ports.items()}
    found: dict[str, list[float]] = {"api": [], "in process": [], "empty route": []}
    with _service(folder / "here") as service:
        for number in range(-20, calls):
            command = _command(number)
            body = json.dumps({"actor": RESIDENT, "command": command}).encode()
            key = f"k{number}"
            took = {
                "api": _time(_post, lines[_api], "/v1/commands/register", body, token, key),
                "empty route": _time(_post, lines[_empty], "/", body, token, key),
                "in process": _time(_handle, service, command, key),
            }
            for what, seconds in took.items() if number >= 0 else ():
                found[what].append(seconds)
    together = _at(found["in process"], 95) + _at(found["empty route"], 95)
    print(f"p95 {_at(found['api'], 95) / together:.2f}x of in process and empty route together")
    return found


def _api(folder: Path, port: int) -> None:
    with _service(folder / "there") as service:
        tokens = api.AccessTokens(folder / "access.json")
        api.serve(api.asgi(service, tokens, LIMITS), port=port, limits=LIMITS)


def _empty(_folder: Path, port: int) -> None:
    async def nothing(_request: object) -> Response:
        return Response()

    api.serve(Starlette(routes=[Route("/", nothing, methods=["POST"])]), port=port, limits=LIMITS)


def _service(folder: Path) -> ikd.Service:
    folder.mkdir(exist_ok=True)
    return ikd.open_service(
        offices=["payakumbuh"], store=f"sqlite:///{folder}/ikd.db", deliver="worker"
    )


def _command(number: int) -> dict[str, wire.Json]:
    point = SoftDevice(seeded_entropy(f"phone {number}")).public_key
    key = base64.urlsafe_b64encode(point).decode().rstrip("=")
    return {
        "office": "payakumbuh",
        "nik": f"1376015708{90 + number // 100:02d}{9900 + number % 100}",
        "email": f"r{number}@example.org",
        "phone": f"0812345{number + 1000:05d}",
        "device": {"kind": "smartphone", "os_version": "14", "key": key},
    }


def _handle(service: ikd.Service, command: dict[str, wire.Json], key: str) -> None:
    read = wire.read_command({**command, "command": "register"})
    json.dumps(wire.write(service.handle(read, actor=ikd.Actor.resident("s-1"), key=key)))


def _post(line: http.client.HTTPConnection, path: str, body: bytes, token: str, key: str) -> None:
    named = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    line.request("POST", path, body, {**named, "Idempotency-Key": key})
    with line.getresponse() as answer:
        told = answer.read()
        if answer.status != 200:
            raise SystemExit(told.decode())


def _connected(port: int) -> http.client.HTTPConnection:
    line = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(600):
        try:
            line.connect()
        except OSError:
            time.sleep(0.05)
        else:
            return line
    raise SystemExit("no server answered")


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _time(act: Callable[..., None], *given: object) -> float:
    began = time.perf_counter()
    act(*given)
    return time.perf_counter() - began


def _at(seconds: list[float], percent: int) -> float:
    return 1000 * sorted(seconds)[len(seconds) * percent // 100]


if __name__ == "__main__":
    main()
