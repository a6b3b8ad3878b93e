"""What is said of a command line that isn't one, with what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import get_args

from cyclopts import App, CycloptsError
from cyclopts.exceptions import (
    CoercionError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from ikd.cli.failures import fitted
from ikd.cli.language import text
from ikd.core.errors import shown_path


def wrong_usage(error: CycloptsError, root: App, words: Sequence[str]) -> str:
    """Return what is wrong, what was probably meant, and where the help is."""
    chain = [word for word in error.command_chain or () if word in words]
    see = " ".join(["ikd", *chain, "--help"])
    said = fitted(f"ikd: {text('app.wrong_usage')}: {_told(error, root)}")
    return f"{said}\n{text('app.see')}: {see}\n"


def _told(error: CycloptsError, root: App) -> str:
    if isinstance(error, UnknownCommandError):
        word, app = (error.unused_tokens or ["?"])[0], error.app or root
        return text("app.no_command", word=shown_path(word)) + _meant(word, [*app])
    if isinstance(error, UnknownOptionError):
        word = error.token.keyword or error.token.value
        known = [name for argument in error.argument_collection for name in argument.names]
        return text("app.no_option", word=shown_path(word)) + _meant(word, known)
    if isinstance(error, RepeatArgumentError):
        return text("app.twice", word=shown_path(error.token.keyword))
    if isinstance(error, UnusedCliTokensError):
        return text("app.too_much", word=" ".join(map(shown_path, error.unused_tokens or ())))
    name = error.argument.name if error.argument else ""
    shown = name if name.startswith("--") else name.upper()
    if isinstance(error, CoercionError) and error.token is not None:
        word, known = shown_path(error.token.value), [*map(str, get_args(error.target_type))]
        fits = text("app.not_one_of", word=word, known=", ".join(known)) + _meant(word, known)
        return fits if known else text("app.unfit", word=word, option=shown)
    name = "app.missing" if isinstance(error, MissingArgumentError) else "app.not_read"
    return text(name, word=shown)


def _meant(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; {text('app.meant', word=near[0])}" if near else ""
