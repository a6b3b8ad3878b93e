"""How the help of a command is printed: usage, sentences, arguments, examples, exit codes."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ikd.cli.failures import Exit
from ikd.cli.language import text
from ikd.cli.screen import Screen

if TYPE_CHECKING:
    from cyclopts.help import HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions, RenderableType

_WIDTH = 24
_CYCLOPTS = re.compile(r"\b(OPTIONS|COMMAND|ARGS|STR|INT|PATH|CHOICE|DATETIME)\b")


class HelpPage:
    """Prints the parts of a help page as cyclopts hands them over."""

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:  # noqa: ARG002 - cyclopts's own names
        """Print one group of commands, arguments or options."""
        screen = Screen(sys.stdout)
        if panel.entries:
            screen.line()
            screen.line(f"{panel.title}:", "bold")
        for entry in panel.entries:
            names = _spoken(", ".join(entry.display_labels_with_metavar))
            screen.row(f"  {names}", _described(entry), width=_WIDTH)

    def render_usage(
        self,
        console: Console,  # noqa: ARG002 - as cyclopts names them
        options: ConsoleOptions,  # noqa: ARG002
        usage: RenderableType,
    ) -> None:
        """Print how the command is written."""
        written = _spoken(str(usage).strip().removeprefix("Usage:").strip())
        Screen(sys.stdout).lines(f"{text('app.usage')}: {written}", deeper="  ")

    def render_description(
        self,
        console: Console,  # noqa: ARG002
        options: ConsoleOptions,  # noqa: ARG002
        said: RenderableType,
    ) -> None:
        """Print what the command is for."""
        screen = Screen(sys.stdout)
        screen.line()
        screen.lines(_plain(said))


def epilogue(examples: Sequence[str]) -> str:
    """Return examples that a stranger may copy, and the exit codes, for the end of a page."""
    shown = [f"{text('app.examples')}:", *(f"  {one}" for one in examples), ""] if examples else []
    codes = [code.value for code in Exit if code is not Exit.PIPE]
    said = [f"  {code:<5} {text(f'app.exit_{code}')}" for code in codes]
    return "\n".join([*shown, f"{text('app.exits')}:", *said])


def _described(entry: HelpEntry) -> str:
    # Return an entry's sentence with what is needed, allowed or taken if nothing is given.
    parts = [_plain(entry.description)]
    if entry.choices:
        parts.append(text("app.choices", known=", ".join(entry.choices)))
    if entry.required:
        parts.append(text("app.needed"))
    elif entry.default not in (None, "False", '""'):
        parts.append(text("app.else", value=entry.default))
    return "; ".join(part for part in parts if part)


def _spoken(written: str) -> str:
    # Return what cyclopts writes of a command with its words for kinds of values in our language.
    return _CYCLOPTS.sub(lambda found: text(f"app.{found[0]}"), written)


def _plain(said: object) -> str:
    # Return the text that cyclopts wrapped for rich.
    inner = getattr(said, "primary_renderable", said)
    return str(inner or "").strip()
