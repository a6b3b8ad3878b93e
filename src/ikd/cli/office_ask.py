"""Asks one thing at a time, of a person or of lines from a script."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

import attrs

from ikd.cli.ending import CannotError, Exit
from ikd.core.errors import OfficeFileError
from ikd.core.standard.file_text import hides
from ikd.core.standard.sourced import Grounded

Table = dict[str, object]
Test = Callable[[str], str | None]


def anything(_text: str) -> None:
    """Take every text."""


@attrs.define
class Clerk:
    """Who asks; a person is asked again, a script whose answer can't be used ends in words.

    Attributes:
        prefix: Letters that clauses begin with.
    """

    prefix: str = "A"

    def ask(self, question: str, *, default: str | None = None, test: Test = anything) -> str:
        """Return the answer to *question*; an empty one is *default*, where there is one.

        Raises:
            CannotError: The answers are at an end, or a script's can't be used.
        """
        hint = f" [{default}]" if default else ""
        while True:
            sys.stdout.write(f"{question}{hint}: ")
            sys.stdout.flush()
            line = _line()
            if not line:
                raise CannotError(f"jawaban habis pada / no answer to: {question}", Exit.USAGE)
            text = line.strip() or default or ""
            fault = "harus diisi / must be filled in" if not text and default is None else None
            fault = fault or ((_unseen(text) or test(text)) if text else None)
            if not sys.stdin.isatty():
                sys.stdout.write(f"{text}\n")
            if fault is None:
                return text
            if not sys.stdin.isatty():
                raise CannotError(f"{question}: {fault}", Exit.USAGE)
            sys.stdout.write(f"  {fault}\n")

    def choose(self, question: str, ways: Mapping[str, str], *, default: str) -> str:
        """Return one of the keys of *ways*; a person types its number or the key itself."""
        keys = list(ways)
        for number, key in enumerate(keys, start=1):
            sys.stdout.write(f"  {number}  {key}: {ways[key]}\n")

        def test(text: str) -> str | None:
            known = {*keys, *(str(number) for number in range(1, len(keys) + 1))}
            return None if text in known else f"salah satu dari / one of: {', '.join(keys)}"

        text = self.ask(question, default=default, test=test)
        return text if text in keys else keys[int(text) - 1]

    def several(self, question: str, known: Sequence[str], *, default: str) -> list[str]:
        """Return some of *known*, as typed with commas between them."""

        def test(text: str) -> str | None:
            odd = [item for item in _items(text) if item not in known]
            if not _items(text):
                return f"pilih dari / choose from: {', '.join(known)}"
            return f"tidak dikenal / unknown: {', '.join(odd)}" if odd else None

        return _items(self.ask(question, default=default, test=test))

    def yes(self, question: str) -> bool:
        """Return whether the answer is yes; no answer is no."""
        words = {"y": True, "ya": True, "yes": True, "t": False, "tidak": False, "no": False}

        def test(text: str) -> str | None:
            return None if text.lower() in words else "ya atau tidak / yes or no"

        return words[self.ask(f"{question} (ya/tidak)", default="tidak", test=test).lower()]

    def ground(self, what: str, why: str, quote: str | None = None) -> Table:
        """Return on what *what* rests: a clause with its words, or our default with a reason."""
        clause = self.ask(
            f"  butir untuk {what}, kosong bila tidak disebut", default="", test=self._clause
        )
        if not clause:
            return {"source": "default", "why": self.ask("  alasan default", default=why)}
        return {"source": clause, "quote": self.ask("  kata-kata naskah", default=quote)}

    def said(self, value: object, what: str, why: str) -> Table:
        """Return *value* with what it rests on."""
        quote = value if isinstance(value, str) else None
        return {"value": value, **self.ground(what, why, quote)}

    def _clause(self, text: str) -> str | None:
        words = f"{self.prefix} lalu nomor, seperti {self.prefix}3 / and a number"
        try:
            Grounded(source=text, quote="…")
        except OfficeFileError:
            return words
        return None if text.rstrip("0123456789") == self.prefix else words


def _line() -> str:
    try:
        return sys.stdin.readline()
    except UnicodeDecodeError:
        words = "jawaban bukan UTF-8 / the answers aren't UTF-8"
    raise CannotError(words, Exit.USAGE)


def _unseen(text: str) -> str | None:
    return "ada tanda yang tak terlihat / it has signs that don't show" if hides(text) else None


def _items(text: str) -> list[str]:
    return list(dict.fromkeys(item.strip() for item in text.split(",") if item.strip()))
