"""An async shell: commands in JSON lines over a socket, many at once, none blocking the loop.

Run it with ``python examples/embed_async.py``. Each line holds the key of a write and a command;
its answer comes back as a line with the same key, in the order in which answers are ready. ikd's
calls may wait for a database or a slow hash, so each has a thread, and so many at most.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import ikd
from ikd import wire

AT_ONCE = 8
LONGEST = 64 * 1024  # bytes of a line


class Shell:
    """Serves one front end; *actor* is who it has authenticated, the same for all its lines."""

    def __init__(self, service: ikd.Service, actor: ikd.Actor) -> None:
        self.service, self.actor = service, actor
        self._places = asyncio.Semaphore(AT_ONCE)

    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> asyncio.Server:
        """Return the server, listening."""
        return await asyncio.start_server(self._talk, host, port, limit=LONGEST)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer every line until the other side has no more; then wait for the last answers."""
        try:
            async with asyncio.TaskGroup() as answers:
                while line := await reader.readline():
                    answers.create_task(self._answer(line, writer))
        except* ValueError:  # a line without an end
            pass
        writer.close()
        await writer.wait_closed()

    async def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        async with self._places:
            said = await asyncio.to_thread(self._handled, line)
        writer.write(json.dumps(said).encode() + b"\n")
        await writer.drain()

    def _handled(self, line: bytes) -> Mapping[str, wire.Json]:
        key = ""
        try:
            asked = json.loads(line)
            key = str(asked["key"])
            command = wire.read_command(json.dumps(asked["command"]).encode())
            result = self.service.handle(command, actor=self.actor, key=key)
        except (KeyError, TypeError, ValueError) as fault:  # ikd.InputError is a ValueError too
            known = isinstance(fault, ikd.IkdError)
            return {"key": key, "error": wire.write(fault) if known else "no such line"}
        except ikd.IkdError as refused:
            return {"key": key, "error": wire.write(refused)}
        return {"key": key, "result": wire.write(result)}


async def main() -> None:
    """Serve Payakumbuh's operator 1 in memory, until interrupted."""
    with ikd.open_service(offices=["payakumbuh"], channels=["console:"]) as service:
        shell = Shell(service, ikd.Actor.operator("op-1", office="payakumbuh", station="loket-1"))
        async with await shell.serve(port=8081) as server:
            await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
