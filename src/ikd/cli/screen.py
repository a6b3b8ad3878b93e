"""What is printed: 80 columns or the narrower terminal's, colours only where a person looks."""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TextIO

WIDTH = 80
_LEAST = 40
_NARROW = 60  # columns below which a name and its text stand on lines of their own
Style = Literal["plain", "bold", "dim", "good", "bad", "warn", "head"]
_CODES: Mapping[str, str] = {
    "bold": "1",
    "dim": "2",
    "good": "32",
    "bad": "31",
    "warn": "33",
    "head": "1;36",
}
_PAPER = "\033[38;5;16;48;5;231m"  # black on white, whatever the terminal's own colours
_OFF = "\033[0m"
_PLAINER = str.maketrans("━─┌└│→·✓✗✉◔•“”‘’–—", "=-++|>-+x*o*\"\"''--", "") | {
    0x2026: "...",
    0x2265: ">=",
}
_HALVES = {"█": ("##", "##"), "▀": ("##", "  "), "▄": ("  ", "##"), " ": ("  ", "  ")}


class Screen:
    """Prints to a stream, flushed line by line, so that progress shows as it happens."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.colour = stream.isatty() and not os.environ.get("NO_COLOR")
        there = shutil.get_terminal_size((WIDTH, 24)).columns if stream.isatty() else _columns()
        self.width = min(WIDTH, max(_LEAST, there))

    def line(self, text: str = "", style: Style = "plain") -> None:
        """Print one line as it is."""
        self._stream.write(f"{self._painted(text, style)}\n" if text else "\n")
        self._stream.flush()

    def lines(
        self, text: str, style: Style = "plain", *, indent: str = "", deeper: str = ""
    ) -> None:
        """Print *text* behind *indent*, its further lines behind *deeper*."""
        fit = text if self._has("…≥") else plainer(text)
        first, *others = self._wrapped(fit, deeper or indent)
        for line in (indent + first, *((deeper or indent) + more for more in others)):
            self.line(line, style)

    def rule(self, text: str, end: str = "") -> None:
        """Print a heading across the width, with *end* at the right edge."""
        head, tail = f"━━ {text} ", f" {end} ━━" if end else ""
        self.line(head + "━" * max(2, self.width - len(head) - len(tail)) + tail, "head")

    def item(self, mark: str, text: str, style: Style = "plain", *, deeper: int = 0) -> None:
        """Print *text* behind a mark, its further lines below its first."""
        indent = " " * (6 + deeper)
        self.lines(text, style, indent=f"{mark:>3}".ljust(len(indent)), deeper=indent)

    def part(self, text: str) -> None:
        """Print *text* two columns in, its further lines deeper."""
        self.lines(text, indent="  ", deeper=" " * 6)

    def row(self, name: str, text: str, *, width: int = 22) -> None:
        """Print *text* behind a name, its further lines below its first."""
        if self.width < _NARROW or len(name) >= width:
            self.lines(name)
            self.item("", text)
        else:
            self.lines(text, indent=name.ljust(width), deeper=" " * width)

    def box(self, heading: Iterable[str], body: Iterable[str]) -> None:
        """Print a letter in a frame."""
        self.line("      ┌" + "─" * (self.width - 7), "dim")
        for text in heading:
            self.lines(text, "bold", indent="      │ ")
        self.line("      │", "dim")
        for text in body:
            self.lines(text, indent="      │ ")
        self.line("      └" + "─" * (self.width - 7), "dim")

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print rows under their headings; what is too long for a line goes on in its last cell."""
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for heading in headings:
            table.add_column(heading, overflow="fold", no_wrap=heading != headings[-1])
        for row in rows:
            table.add_row(*map(Text, row))
        console = Console(width=self.width, color_system=None)
        with console.capture() as drawn:
            console.print(table)
        first, *others = drawn.get().splitlines()
        self.line(first.rstrip(), "bold")
        for other in others:
            self.line(other.rstrip())

    def paper(self, picture: str) -> None:
        """Print a picture of half blocks; it is drawn dark on light where colours are.

        A stream that has no such blocks gets two signs and two lines for each.
        """
        for line in picture.splitlines():
            for drawn in [line] if self._has("█▀▄") else _in_signs(line):
                self.line(f"{_PAPER}{drawn}{_OFF}" if self.colour else drawn)

    def _has(self, signs: str) -> bool:
        try:
            signs.encode(self._stream.encoding or "utf-8")
        except UnicodeEncodeError:
            return False
        return True

    def _wrapped(self, text: str, indent: str) -> list[str]:
        # Return lines that fit behind *indent*; an address is never broken.
        room = self.width - len(indent)
        lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
        return lines or [""]

    def _painted(self, text: str, style: Style) -> str:
        if not self.colour or style == "plain":
            return text
        return f"\033[{_CODES[style]}m{text}{_OFF}"


def plainer(text: str) -> str:
    """Return *text* in signs that every terminal has; any other becomes ``?``."""
    return text.translate(_PLAINER).encode("ascii", "replace").decode()


def _in_signs(line: str) -> list[str]:
    if not set(line) <= set(_HALVES):
        return [line]  # words below a symbol
    return ["".join(_HALVES[sign][half] for sign in line) for half in range(2)]


def _columns() -> int:
    # Return what COLUMNS asks for, as a pager sets it; the usual width if it is no number.
    asked = os.environ.get("COLUMNS", "")
    return int(asked) if asked.isdecimal() and int(asked) > 0 else WIDTH
