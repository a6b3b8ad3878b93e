"""Draws ``docs/reference/cli.md`` from the code itself.

    python tools/reference.py

A test compares: whoever changes a command line runs this again.
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from ikd.cli import main
from ikd.cli.app import COMMANDS
from ikd.cli.failures import Exit
from ikd.cli.language import speak, text

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
CLI_HEAD = """\
# Command line

`ikd`, or `python -m ikd`; it comes with `pip install 'ikd[cli]'`. `ikd` alone is its help. It
speaks one language at a time: that of `--lang id` or `--lang en`, which may stand anywhere, else
of the variable `IKD_LANG`, else of the machine's locale (Indonesian where it names none). What a
script reads is the exit code, and `--json` where a command has it. Colour appears only where a
person looks, and never with `NO_COLOR` set; a terminal without UTF-8 gets plainer signs, and a
QR in `##`. `ikd completion bash`, `zsh` or `fish` prints what completes commands in your shell.

This page is drawn by `tools/reference.py` from the help of each command.
"""


# --- the command line ----------------------------------------------------------------------


def cli() -> str:
    """Return the text of the page about the command line."""
    parts = [CLI_HEAD]
    for name in COMMANDS:
        parts += [f"## `ikd {name}`\n", f"```text\n{_help(name)}\n```\n"]
    codes = ["## Exit codes\n", "| code | name | means |", "|---|---|---|"]
    speak(["--lang", "en"], {})
    meanings = {code: text(f"app.exit_{code.value}") for code in Exit}
    codes += [f"| {code.value} | `{code.name}` | {told} |" for code, told in meanings.items()]
    return "\n".join([*parts, *codes, ""])


def _help(name: str) -> str:
    """Return the help of a command, in English, as it is printed into a pipe."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main([*name.split(), "--help", "--lang", "en"])
    return printed.getvalue().partition("\nExit codes:\n")[0].rstrip()


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    FOLDER.joinpath("cli.md").write_text(cli(), "utf-8")
