"""What went wrong and how the command ends, told so that a person can act on it."""

from __future__ import annotations

import difflib
import enum
import errno
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

from cyclopts import App, CycloptsError
from cyclopts.exceptions import (
    CoercionError,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from ikd.cli.language import half, language, text
from ikd.core.errors import (
    IkdError,
    InputError,
    KeySourceError,
    OfficeFileError,
    PortError,
    RefusedError,
    StoreError,
)
from ikd.data.words import system_words, words

_USAGE = frozenset({"duration.form", "keys.path", "qr.caption", "store.url"})
_USAGE_FAMILIES = frozenset({"channel", "channels", "offices", "plugins", "policy", "settings"})
_MEMORY = frozenset({"trust.corrupt", "trust.failed"})
_SQLITE = "sqlite:///"


class AtFileError(Exception):
    """An error of ikd, and the file that is at fault.

    Attributes:
        file: The file, as the command line names it.
        error: What ikd says of it.
    """

    def __init__(self, file: Path | str, error: IkdError) -> None:
        super().__init__(str(file))
        self.file = file
        self.error = error


@contextmanager
def at(file: Path | str, *, memory: Path | None = None) -> Iterator[None]:
    """Name *file* as what is at fault in every error of ikd from inside.

    Args:
        file: What is read inside.
        memory: The verifier's memory, which names itself where it is the one at fault.

    Raises:
        AtFileError: Something inside raised an error of ikd.
    """
    try:
        yield
    except IkdError as error:
        found = memory if memory is not None and error.code in _MEMORY else file
        raise AtFileError(found, error) from error


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
        return code_of(error.error)
    if isinstance(error, CannotError):
        return error.code
    if isinstance(error, InputError | StoreError) and _is_usage(error.code):
        return Exit.USAGE
    return Exit.OUTSIDE if isinstance(error, PortError | OSError) else Exit.REFUSED


def told(error: Exception) -> str:
    """Return what people read of *error*: ``ikd: FILE: sentence (code) [detail]``."""
    file = error.file if isinstance(error, AtFileError) else ""
    found = error.error if isinstance(error, AtFileError) else error
    if isinstance(found, OfficeFileError):
        head = _line(file, text("office.unfit"))
        return "\n".join([head, *office_faults(found), ""])
    if isinstance(found, IkdError):
        return f"{_line(file, *_sentence(found))}\n"
    if isinstance(found, OSError):
        return f"{_line(found.filename, *_of_system(found))}\n"
    return f"{_line('', str(found))}\n"


def office_faults(error: OfficeFileError) -> list[str]:
    """Return a line for each fault of an office file, with its line there and its path."""
    lines = []
    for (path, reason), number in zip(error.faults, error.lines, strict=True):
        where = f"{text('office.line', number=number)}, " if number else ""
        lines.append(f"  {where}{path}: {half(reason)}" if path else f"  {half(reason)}")
    return lines


def _is_usage(code: str) -> bool:
    return code in _USAGE or code.partition(".")[0] in _USAGE_FAMILIES


def _line(file: object, sentence: str, detail: str = "") -> str:
    where = f"{file}: " if file else ""
    return f"ikd: {where}{sentence}{f' [{half(detail)}]' if detail else ''}"


def _sentence(error: IkdError) -> tuple[str, str]:
    detail = str(error).removeprefix(error.code).removeprefix(": ")
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


def wrong_usage(error: CycloptsError, root: App, words: Sequence[str]) -> str:
    """Return what is wrong, what was probably meant, and where the help is."""
    chain = [word for word in error.command_chain or () if word in words]
    see = " ".join(["ikd", *chain, "--help"])
    return f"ikd: {text('app.wrong_usage')}: {_told(error, root)}\n{text('app.see')}: {see}\n"


def _told(error: CycloptsError, root: App) -> str:
    if isinstance(error, UnknownCommandError):
        word, app = (error.unused_tokens or ["?"])[0], error.app or root
        return text("app.no_command", word=word) + _meant(word, [*app])
    if isinstance(error, UnknownOptionError):
        word = error.token.keyword or error.token.value
        known = [name for argument in error.argument_collection for name in argument.names]
        return text("app.no_option", word=word) + _meant(word, known)
    if isinstance(error, UnusedCliTokensError):
        return text("app.too_much", word=" ".join(error.unused_tokens or ()))
    name = error.argument.name if error.argument else ""
    shown = name if name.startswith("--") else name.upper()
    if isinstance(error, MissingArgumentError):
        return text("app.missing", word=shown)
    if isinstance(error, CoercionError) and error.token is not None:
        return _unfit(error.token.value, shown, _choices(error))
    return text("app.not_read")


def _unfit(word: str, option: str, known: Sequence[str]) -> str:
    if known:
        return text("app.not_one_of", word=word, known=", ".join(known)) + _meant(word, known)
    return text("app.unfit", word=word, option=option)


def _choices(error: CoercionError) -> list[str]:
    return [one for one in get_args(error.target_type) if isinstance(one, str)]


def _meant(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; {text('app.meant', word=near[0])}" if near else ""
