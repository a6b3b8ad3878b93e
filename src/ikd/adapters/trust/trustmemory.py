"""A memory against rollback in one small file."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ikd.adapters.trust.regular import read_regular
from ikd.core.errors import NO_PATH, InputError, PortError, shown_path
from ikd.core.timing import from_seconds, to_seconds
from ikd.file_writing import locked, write_whole

_LONGEST = 1 << 20


class FileTrust:
    """Remembers the newest keyring and status lists in a JSON file of this machine.

    The file appears with the first thing to remember and is replaced as a whole. One that
    can't be read is an error, never an empty memory: emptying it is what a rollback needs.
    """

    def __init__(self, path: str | Path) -> None:
        """Use the file at *path*, which may not be there yet.

        Raises:
            InputError: No file is called so (``trust.form``).
        """
        if shown_path(path) == NO_PATH:
            raise InputError("trust.form", "bukan nama berkas / no name of a file")
        self._path = Path(path)

    def newest_keyring(self) -> int:
        """Return the highest version of a keyring ever read here, 0 for none.

        Raises:
            PortError: The file can't be read (``trust.failed``, ``trust.corrupt``).
        """
        return self._read()[0]

    def newest_list(self, uri: str) -> datetime | None:
        """Return when the newest status list of that address ever read here was issued.

        Raises:
            PortError: As ``newest_keyring``.
        """
        seconds = self._read()[1].get(uri)
        return None if seconds is None else from_seconds(seconds)

    def saw_keyring(self, version: int) -> None:
        """Remember a version; a lower one than before changes nothing.

        Raises:
            PortError: As ``newest_keyring``, or the file can't be written.
        """
        with self._locked():
            highest, lists = self._read()
            if version > highest:
                self._write(version, lists)

    def saw_list(self, uri: str, issued_at: datetime) -> None:
        """Remember a list; an older one than before changes nothing.

        Raises:
            PortError: As ``saw_keyring``.
        """
        seconds = to_seconds(issued_at)
        with self._locked():
            highest, lists = self._read()
            if seconds > lists.get(uri, -1):
                self._write(highest, {**lists, uri: seconds})

    def _read(self) -> tuple[int, dict[str, int]]:
        try:
            text = read_regular(self._path, _LONGEST)
        except FileNotFoundError:
            return 0, {}
        except OSError as error:
            raise _fault("failed", "can't be read") from error
        if text is None:
            raise _fault("failed", "is no regular file")
        with contextlib.suppress(ValueError, RecursionError):
            match json.loads(text) if len(text) <= _LONGEST else None:
                case {"form": 1, "keyring": int(highest), "lists": dict(lists), **more}:
                    if not more and all(map(_is_number, (highest, *lists.values()))):
                        return highest, lists
        raise _fault("corrupt", "isn't a memory of lists; read the newest lists before a new one")

    def _write(self, highest: int, lists: dict[str, int]) -> None:
        held = {"form": 1, "keyring": highest, "lists": lists}
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


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value <= 253402300799  # the last second of the year 9999


def _fault(code: str, what: str) -> PortError:
    return PortError(f"trust.{code}", f"the verifier's memory {what}", port="trust")
