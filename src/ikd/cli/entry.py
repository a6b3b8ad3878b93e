"""The command line itself: which language it speaks, and what its end says to scripts."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ikd.cli.failures import AtFileError, CannotError, Exit, code_of, told
from ikd.cli.language import speak, text
from ikd.cli.screen import plainer
from ikd.core.errors import IkdError


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Args:
        argv: What stands behind ``ikd`` on the command line; the process's if not given.
    """
    _open_what_is_closed()
    _let_everything_print()
    words = speak(sys.argv[1:] if argv is None else argv, os.environ)
    try:
        code = _run(words)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        return Exit.PIPE
    except KeyboardInterrupt:
        begin = "\n" if sys.stderr.isatty() else ""  # the terminal has written ^C already
        sys.stderr.write(f"{begin}ikd: {text('app.interrupted')}\n")
        return Exit.INTERRUPTED
    return code


def _run(words: Sequence[str]) -> int:
    try:
        from ikd.cli.app import app
    except ModuleNotFoundError as error:
        if error.name not in ("cyclopts", "rich"):
            raise
        sys.stderr.write(f"ikd: {text('app.no_extra')}\n")
        return Exit.OUTSIDE
    from cyclopts import CycloptsError
    from rich.console import Console

    from ikd.cli.usage import wrong_usage

    root = app(words[0] if words else "-")
    try:
        code = root(
            words,
            console=Console(width=10_000, color_system=None),  # all that is printed fits already
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
    except CycloptsError as error:
        sys.stderr.write(wrong_usage(error, root, words))
        return Exit.USAGE
    except (IkdError, AtFileError, CannotError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        sys.stderr.write(told(error))
        return code_of(error)
    return int(code or 0)


def _open_what_is_closed() -> None:
    """Give a stream that the caller closed (a daemon, ``>&-``) nothing to read and nowhere to go.

    Else Python has ``None`` there, and the next file opened would get the stream's own number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - till the end
            setattr(sys, name, nowhere)


def _let_everything_print() -> None:
    # Let a stream that can't encode a sign print a plainer one: no text is worth a crash.
    codecs.register_error("ikd.plain", _plainer)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="ikd.plain")


def _plainer(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plainer(error.object[error.start : error.end]), error.end


def _forget_output() -> None:
    # Send what is still buffered nowhere, so that the interpreter's end stays quiet too.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
