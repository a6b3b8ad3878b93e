"""A memory against rollback in one small file."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from ikd.adapters.trust.regular import read_regular
from ikd.core.errors import PortError
from ikd.core.timing import from_seconds, to_seconds
from ikd.files import locked, write_whole

_FORM = 1
_LONGEST = 1 << 20


class FileTrust:
    """Remembers the newest keyring and status lists in a JSON file of this machine.

    The file appears with the first thing to remember and is replaced as a whole. One that
    can't be read is an error, never an empty memory: emptying it is what a rollback needs.
    """

    def __init__(self, path: str | Path) -> None:
        """Use the file at *path*, which may not be there yet."""
        self._path = Path(path)

    def newest_keyring(self) -> int:
        """Return the highest version of a keyring ever read here, 0 for none.

        Raises:
            PortError: The file can't be read (``trust.failed``, ``trust.corrupt``).
        """
        return int(self._read()["keyring"])

    def newest_list(self, uri: str) -> datetime | None:
        """Return when the newest status list of that address ever read here was issued.

        Raises:
            PortError: As ``newest_keyring``.
        """
        seconds = self._read()["lists"].get(uri)
        return None if seconds is None else from_seconds(seconds)

    def saw_keyring(self, version: int) -> None:
        """Remember a version; a lower one than before changes nothing.

        Raises:
            PortError: As ``newest_keyring``, or the file can't be written.
        """
        with self._locked():
            held = self._read()
            if version > held["keyring"]:
                self._write({**held, "keyring": version})

    def saw_list(self, uri: str, issued_at: datetime) -> None:
        """Remember a list; an older one than before changes nothing.

        Raises:
            PortError: As ``saw_keyring``.
        """
        seconds = to_seconds(issued_at)
        with self._locked():
            held = self._read()
            if seconds > held["lists"].get(uri, -1):
                self._write({**held, "lists": {**held["lists"], uri: seconds}})

    def _read(self) -> dict[str, Any]:
        try:
            text = read_regular(self._path, _LONGEST)
        except FileNotFoundError:
            return {"form": _FORM, "keyring": 0, "lists": {}}
        except OSError as error:
            raise _fault("failed", "can't be read") from error
        if text is None:
            raise _fault("failed", "is no regular file")
        with contextlib.suppress(ValueError, RecursionError):
            found = json.loads(text) if len(text) <= _LONGEST else None
            if isinstance(found, dict) and _is_memory(found):
                return found
        raise _fault("corrupt", "isn't a memory of lists; read the newest lists before a new one")

    def _write(self, held: dict[str, Any]) -> None:
        # Durable at once, or a power cut brings the memory of yesterday back.
        write_whole(self._path, json.dumps(held, indent=1, sort_keys=True).encode(), mode=0o666)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the file to write it, against other processes where the system can."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self._path.parent):
                yield
        except OSError as error:
            raise _fault("failed", "can't be written") from error


def _is_memory(found: dict[str, object]) -> bool:
    if found.keys() != {"form", "keyring", "lists"}:
        return False
    lists = found["lists"]
    if found["form"] != _FORM or not _is_number(found["keyring"]) or not isinstance(lists, dict):
        return False
    return all(_is_number(seconds) for seconds in lists.values())


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value <= 253402300799  # the last second of the year 9999


def _fault(code: str, what: str) -> PortError:
    return PortError(f"trust.{code}", f"the verifier's memory {what}", port="trust")
