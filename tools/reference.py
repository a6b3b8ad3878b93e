"""Draws ``docs/reference/cli.md`` from the code itself.

    python tools/reference.py

A test compares: whoever changes a command line runs this again.
"""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from ikd.cli import entry
from ikd.cli.ending import Exit

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
CLI_HEAD = """\
# Command line

`ikd`, or `python -m ikd`. What a person reads is Indonesian with English beside it; what a
script reads is the exit code, and `--json` where a command has it. Colour appears only where a
person looks, and never with `NO_COLOR` set.

This page is drawn by `tools/reference.py` from the parser.
"""


# --- the command line ----------------------------------------------------------------------


def cli() -> str:
    """Return the text of the page about the command line."""
    codes = ["## Exit codes\n", "| code | name | means |", "|---|---|---|"]
    codes += [f"| {code.value} | `{code.name}` | {_meaning(code)} |" for code in Exit]
    return "\n".join([CLI_HEAD, *_commands(entry._parser()), *codes, ""])  # noqa: SLF001


def _meaning(code: Exit) -> str:
    source = inspect.getsource(Exit)
    found = re.search(rf'{code.name} = \d+\n    """(.+)"""', source)
    return found[1] if found else "Done."


def _commands(parser: argparse.ArgumentParser, about: str = "") -> Iterator[str]:
    """Yield the part of *parser* and of everything below it."""
    below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]  # noqa: SLF001
    if not below:
        yield f"## `{parser.prog}`\n"
        yield f"{_words(parser.description or about)}\n"
        yield from _arguments(parser)
    for action in below:
        for choice in action._choices_actions:  # noqa: SLF001
            yield from _commands(action.choices[choice.dest], choice.help or "")


def _arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    shown = [one for one in parser._actions if not isinstance(one, argparse._HelpAction)]  # noqa: SLF001
    if not shown:
        return
    yield "| argument | means |\n|---|---|"
    for action in shown:
        yield f"| `{_named(action)}` | {_words(action.help or '', action)} |"
    yield ""


def _named(action: argparse.Action) -> str:
    choices = "|".join(str(choice) for choice in action.choices or ())
    metavar = action.metavar if isinstance(action.metavar, str) else choices or action.dest.upper()
    more = f" [{metavar} ...]" if action.nargs == "+" else ""
    value = "" if action.nargs == 0 else f"{metavar}{more}"
    return " ".join([", ".join(action.option_strings), value]).strip().replace("|", "\\|")


def _words(text: str, action: argparse.Action | None = None) -> str:
    default = "" if action is None else str(action.default)
    return " ".join(text.split()).replace("%(default)s", default).replace("|", "\\|")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    FOLDER.joinpath("cli.md").write_text(cli(), "utf-8")
