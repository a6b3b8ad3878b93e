"""What went wrong and how the command ends, told so that a person can act on it."""

from __future__ import annotations

import enum
import errno
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ikd.cli.language import half, language, text
from ikd.core.errors import (
    IkdError,
    InputError,
    KeySourceError,
    OfficeFileError,
    PortError,
    RefusedError,
    StoreError,
    shown_path,
)
from ikd.data.words import system_words, words

_USAGE = frozenset(
    {
        *("duration.form", "keys.path", "qr.caption", "store.url"),
        *("channel", "channels", "offices", "plugins", "policy", "settings"),  # families
    }
)
_MEMORY = frozenset({"trust.corrupt", "trust.failed"})
_SQLITE = "sqlite:///"


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


@contextmanager
def at_store(url: str, keys: Path | None = None) -> Iterator[None]:
    """Name the database or the folder of keys where one of them is at fault.

    Raises:
        AtFileError: The store or its keys failed inside.
    """
    database = url.removeprefix(_SQLITE) if url.startswith(_SQLITE) else ""
    folder = str(keys or (f"{database}.keys" if database else ""))
    try:
        yield
    except (StoreError, KeySourceError) as error:
        raise AtFileError(database if isinstance(error, StoreError) else folder, error) from error


def code_of(error: Exception) -> int:
    """Return what the command exits with."""
    if isinstance(error, AtFileError):
        return code_of(error.error) if error.code is None else error.code
    if isinstance(error, CannotError):
        return error.code
    if (
        isinstance(error, InputError | StoreError)
        and {
            error.code,
            error.code.partition(".")[0],
        }
        & _USAGE
    ):
        return Exit.USAGE
    return Exit.OUTSIDE if isinstance(error, PortError | OSError) else Exit.REFUSED


def told(error: Exception) -> str:
    """Return what people read of *error*: ``ikd: FILE: sentence (code) [detail]``."""
    file = error.file if isinstance(error, AtFileError) else ""
    found = error.error if isinstance(error, AtFileError) else error
    lines = [_line(file, str(found))]
    if isinstance(found, OfficeFileError):
        lines = [_line(file, text("office.unfit")), *office_faults(found)]
    elif isinstance(found, IkdError):
        lines = [_line(file, *_sentence(found))]
    elif isinstance(found, OSError):
        lines = [_line(found.filename, *_of_system(found))]
    return "".join(f"{fitted(line)}\n" for line in lines)


def fitted(line: str) -> str:
    """Return *line* as lines of 80 columns; no name of a file is broken."""
    indent = line[: len(line) - len(line.lstrip())] + "  "
    return textwrap.fill(
        line, 80, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def office_faults(error: OfficeFileError) -> list[str]:
    """Return a line for each fault of an office file, with its line there and its path."""
    lines = []
    for (path, reason), number in zip(error.faults, error.lines, strict=True):
        where = f"{text('office.line', number=number)}, " if number else ""
        lines.append(f"  {where}{path}: {half(reason)}" if path else f"  {half(reason)}")
    return lines


def _line(file: Path | str | None, sentence: str, detail: str = "") -> str:
    where = f"{shown_path(file)}: " if file else ""
    return f"ikd: {where}{sentence}{f' [{half(detail)}]' if detail else ''}"


def _sentence(error: IkdError) -> tuple[str, str]:
    detail = error.detail
    if isinstance(error, RefusedError) and error.clause:
        detail = f"{detail} ({error.clause})".strip()
    return f"{words(error, language=language())} ({error.code})", detail


def _of_system(error: OSError) -> tuple[str, str]:
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return f"{system_words(name, language())} ({name})", error.strerror or ""


class Exit(enum.IntEnum):
    """Exit codes; what each means stands with the texts, as ``app.exit_0`` and so on."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    OUTSIDE = 3
    PICTURE = 4
    INTERRUPTED = 130  # 128 and SIGINT
    PIPE = 141  # 128 and SIGPIPE


class CannotError(Exception):
    """The command can't do what was asked; the message says why, without personal data.

    Attributes:
        code: What to exit with.
    """

    def __init__(self, message: str, code: Exit = Exit.REFUSED) -> None:
        super().__init__(message)
        self.code = code
