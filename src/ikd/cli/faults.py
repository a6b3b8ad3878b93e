"""What went wrong, told so that a person can act on it: file, sentence, code."""

from __future__ import annotations

import argparse
import errno
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from ikd.cli.ending import CannotError, Exit
from ikd.core.errors import (
    IkdError,
    InputError,
    KeySourceError,
    OfficeFileError,
    PortError,
    RefusedError,
    StoreError,
)

_USAGE = frozenset({"duration.form", "keys.path", "qr.caption", "store.url"})
_USAGE_FAMILIES = frozenset({"channel", "channels", "offices", "plugins", "policy", "settings"})
_MEMORY = frozenset({"trust.corrupt", "trust.failed"})
_CLASSES = (InputError, RefusedError, PortError, IkdError)


class AtFileError(Exception):
    """An error of ikd, and the file that is at fault.

    Attributes:
        file: The file, as the command line names it.
        error: What ikd says of it.
        code: What to exit with; None where the error itself tells.
    """

    def __init__(self, file: Path | str, error: IkdError, code: Exit | None = None) -> None:
        super().__init__(str(file))
        self.file = file
        self.error = error
        self.code = code


@contextmanager
def at(file: Path | str, *, memory: Path | None = None, code: Exit | None = None) -> Iterator[None]:
    """Name *file* as what is at fault in every error of ikd from inside.

    Args:
        file: What is read inside.
        memory: The verifier's memory, which names itself where it is the one at fault.
        code: What to exit with, whatever the error is.

    Raises:
        AtFileError: Something inside raised an error of ikd.
    """
    try:
        yield
    except IkdError as error:
        found = memory if memory is not None and error.code in _MEMORY else file
        raise AtFileError(found, error, code) from error


def code_of(error: Exception) -> int:
    """Return what the command exits with."""
    if isinstance(error, AtFileError):
        return code_of(error.error) if error.code is None else error.code
    if isinstance(error, CannotError):
        return error.code
    if isinstance(error, InputError | StoreError) and _is_usage(error.code):
        return Exit.USAGE
    return Exit.OUTSIDE if isinstance(error, PortError | OSError) else Exit.REFUSED


def told(error: Exception, asked: argparse.Namespace | None = None) -> str:
    """Return what people read of *error*: ``ikd: FILE: kalimat / sentence (code)``.

    Args:
        error: What went wrong.
        asked: What was asked, which names the store and the keys that a command uses.
    """
    if isinstance(error, AtFileError):
        return _line(error.file, *_sentence(error.error))
    if isinstance(error, OfficeFileError):
        faults = "".join(f"  {path}: {reason}\n" for path, reason in error.faults)
        return f"ikd: berkas kantor tidak dapat dipakai / the office file can't be used:\n{faults}"
    if isinstance(error, IkdError):
        return _line(_place(error, asked), *_sentence(error))
    if isinstance(error, OSError):
        return _line(error.filename, *_of_system(error))
    return f"ikd: {error}\n"


def sentence(code: str, error: Exception | None = None) -> str:
    """Return the sentence of a code in both languages, else its family's, else its class's."""
    table = _table()
    names = [code, code.partition(".")[0]]
    names += [kind.__name__ for kind in _CLASSES if isinstance(error, kind)]
    found = next((table[name] for name in names if name in table), table["IkdError"])
    return f"{found['id']} / {found['en']}"


def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("ikd").joinpath("data/faults.toml").read_text("utf-8"))


def _is_usage(code: str) -> bool:
    return code in _USAGE or code.partition(".")[0] in _USAGE_FAMILIES


def _line(file: object, words: str, detail: str) -> str:
    where = f"{file}: " if file else ""
    more = f" [{detail}]" if detail else ""
    return f"ikd: {where}{words}{more}\n"


def _sentence(error: IkdError) -> tuple[str, str]:
    detail = str(error).removeprefix(error.code).removeprefix(": ")
    if isinstance(error, RefusedError) and error.clause:
        detail = f"{detail} ({error.clause})".strip()
    return f"{sentence(error.code, error)} ({error.code})", detail


def _of_system(error: OSError) -> tuple[str, str]:
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return f"{sentence(f'os.{name}')} ({name})", error.strerror or ""


def _place(error: IkdError, asked: argparse.Namespace | None) -> str:
    """Return the database or folder of keys that the command used, where it is at fault."""
    url = str(getattr(asked, "store", None) or "")
    database = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else ""
    if isinstance(error, StoreError):
        return database
    if isinstance(error, KeySourceError):
        folder = getattr(asked, "folder", None) or getattr(asked, "keys", None)
        return str(folder or (f"{database}.keys" if database else ""))
    return ""
