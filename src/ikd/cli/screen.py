"""What is printed: 80 columns or the narrower terminal's, colours only where a person looks."""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Iterable, Mapping
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

    def rule(self, text: str, end: str = "") -> None:
        """Print a heading across the width, with *end* at the right edge."""
        head, tail = f"━━ {text} ", f" {end} ━━" if end else ""
        self.line(head + "━" * max(2, self.width - len(head) - len(tail)) + tail, "head")

    def item(self, mark: str, text: str, style: Style = "plain", *, deeper: int = 0) -> None:
        """Print *text* behind a mark, its further lines below its first."""
        indent = " " * (6 + deeper)
        first, *others = self._wrapped(text, indent)
        self.line(f"{mark:>3}".ljust(len(indent)) + first, style)
        for more in others:
            self.line(indent + more, style)

    def part(self, text: str) -> None:
        """Print *text* two columns in, its further lines deeper."""
        first, *others = textwrap.wrap(
            text,
            self.width - 2,
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
        for line in (first, *others):
            self.line(f"  {line}")

    def row(self, name: str, text: str) -> None:
        """Print *text* behind a name, its further lines below its first."""
        if self.width < _NARROW:
            self.line(name)
            self.item("", text)
            return
        indent = " " * 22
        first, *others = self._wrapped(text, indent)
        self.line(f"{name:<21} {first}")
        for more in others:
            self.line(indent + more)

    def box(self, heading: Iterable[str], body: Iterable[str]) -> None:
        """Print a letter in a frame."""
        self.line("      ┌" + "─" * (self.width - 7), "dim")
        for text in heading:
            self._boxed(text, "bold")
        self.line("      │", "dim")
        for text in body:
            self._boxed(text, "plain")
        self.line("      └" + "─" * (self.width - 7), "dim")

    def paper(self, picture: str) -> None:
        """Print a picture of half blocks; it is drawn dark on light where colours are."""
        for line in picture.splitlines():
            self.line(f"{_PAPER}{line}{_OFF}" if self.colour else line)

    def _boxed(self, text: str, style: Style) -> None:
        for line in self._wrapped(text, "      │ "):
            self.line(f"      │ {line}", style)

    def _wrapped(self, text: str, indent: str) -> list[str]:
        """Return lines that fit behind *indent*; an address is never broken."""
        room = self.width - len(indent)
        lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
        return lines or [""]

    def _painted(self, text: str, style: Style) -> str:
        if not self.colour or style == "plain":
            return text
        return f"\033[{_CODES[style]}m{text}{_OFF}"


def _columns() -> int:
    """Return what COLUMNS asks for, as a pager sets it; the usual width if it is no number."""
    asked = os.environ.get("COLUMNS", "")
    return int(asked) if asked.isdecimal() and int(asked) > 0 else WIDTH
