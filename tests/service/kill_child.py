"""A process to be killed: walks residents to the end, one after another, over one database.

Every acknowledged write is noted on stdout before the next is begun.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from conftest import World

from ikd.adapters.system import system_entropy


def main() -> None:
    folder, office, first = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    world = World(folder=folder, store=f"sqlite:///{folder}/ikd.db", seed=f"child/{first}")
    world.clock.advance(timedelta(seconds=int(sys.argv[4])))
    for number in range(1, 100):
        world.resident(number)
    service = Noting(world.open(entropy=system_entropy))
    for number in range(first, 100):
        world.walk(service, office, number).to_passcode()


class Noting:
    """Passes everything on to a service and notes what it acknowledged."""

    def __init__(self, service):
        self._service = service

    def __getattr__(self, name):
        return getattr(self._service, name)

    def handle(self, command, *, actor, key):
        result = self._service.handle(command, actor=actor, key=key)
        sys.stdout.write(f"{result.kind} {result.id} {result.record.version}\n")
        sys.stdout.flush()
        return result


if __name__ == "__main__":
    main()
