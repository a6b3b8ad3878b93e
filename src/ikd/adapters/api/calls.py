"""One call: its body is read, checked against what the front end may, asked and answered."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence

import attrs

from ikd import wire
from ikd.adapters.api.access_tokens import FrontEnd
from ikd.adapters.api.reach import Reach
from ikd.core.errors import IkdError, InputError
from ikd.core.records.actor import Actor
from ikd.core.records.kind import AnyKind
from ikd.service import Service
from ikd.wire import Json

MAX_KEY = 80  # characters; with the front end's name before it, no longer than the service takes


@attrs.frozen
class Calls:
    """Asks a service what front ends send.

    Attributes:
        service: What is asked.
        further: Its kinds of record beside ikd's own.
    """

    service: Service
    further: Sequence[AnyKind]

    def command(self, act: str, front_end: FrontEnd, key: str, body: bytes) -> Json:
        """Handle a command and return its result.

        Two front ends may both say key 1: the scope of a key begins with who sent it.

        Raises:
            IkdError: As ``wire.read_command``, ``Reach.check_command`` and ``Service.handle``.
        """
        actor, given = _parts(body, "command")
        if given.get("command", act) != act:
            raise InputError("api.parts", "command.command: another one than the path says")
        command = wire.read_command({**given, "command": act}, kinds=self.further)
        if not 0 < len(key) <= MAX_KEY:
            raise InputError("key.form", f"Idempotency-Key: 1 to {MAX_KEY} printable characters")
        Reach(self.service).check_command(front_end, actor, command)
        result = self.service.handle(command, actor=actor, key=f"{front_end.name}/{key}")
        return wire.show(result)

    def read(self, read: str, front_end: FrontEnd, _key: str, body: bytes) -> Json:
        """Return what a read answers.

        Raises:
            IkdError: As ``wire.read_arguments``, ``Reach.check_read`` and the read itself.
        """
        actor, given = _parts(body, "read")
        asked = wire.read_arguments(read, given)
        Reach(self.service).check_read(front_end, actor, read, asked)
        if "actor" in inspect.signature(wire.READS[read]).parameters:
            asked["actor"] = actor
        return {"answer": wire.show(wire.READS[read](self.service, **asked))}

    def told(self, error: IkdError) -> dict[str, Json]:
        """Return *error* as the wire has it, with the words that the public may be told."""
        error.public = self.service.public_text(error)
        return wire.write(error)


def _parts(body: bytes, asked: str) -> tuple[Actor, Mapping[str, object]]:
    """Return the actor and what is asked, the two parts of a body."""
    match wire.read_json(body):
        case {"actor": dict(actor), **rest} if rest.keys() <= {asked}:
            given = rest.get(asked, {})
            if isinstance(given, dict):
                return wire.read_actor(actor), given
    raise InputError("api.parts", f"an object of two parts, actor and {asked}, each an object")
