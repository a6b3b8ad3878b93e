"""Asks one thing at a time, of a person or of lines from a script, and keeps the answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from ikd.cli.failures import CannotError, Exit
from ikd.cli.language import half, language, text
from ikd.core.errors import OfficeFileError, shown_path
from ikd.core.standard.file_text import hides
from ikd.core.standard.grounds import Grounded
from ikd.data.standards import labels, word

TomlTable = dict[str, object]
Test = Callable[[str], str | None]
anything: Test = lambda _typed: None  # noqa: E731 - takes every text


def number_fault(typed: str, least: int = 0, most: int = 999_999_999) -> str | None:
    """Return why *typed* is no whole number from *least* to *most*, or None."""
    if not (typed.isascii() and typed.isdigit()):
        return text("new.digits")
    fits = len(typed) <= 9 and least <= int(typed) <= most
    return None if fits else text("new.between", least=least, most=most)


@attrs.define
class Clerk:
    """Who asks; a person is asked again, a script whose answer can't be used ends in words.

    Attributes:
        kept: Where a person's answers are kept until all are given; None keeps none.
        prefixes: Letters that the clauses of each text begin with.
    """

    kept: Path | None = None
    prefixes: tuple[str, ...] = ()
    _given: list[str] = attrs.field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        """Take up the answers that an interrupted conversation left."""
        if self.kept is not None and self.kept.is_file():
            self._given = self.kept.read_text("utf-8").splitlines()
            print(text("new.goes_on", file=shown_path(self.kept), count=len(self._given)))

    def ask(
        self, name: str, *, default: str | None = None, test: Test = anything, **values: str | int
    ) -> str:
        """Return the answer to the question *name* of the table; an empty one is *default*.

        Raises:
            CannotError: The answers are at an end, or a script's can't be used.
        """
        question = labels("questions")[name][language()].format_map(values)
        hint = f" [{default}]" if default else ""
        while True:
            sys.stdout.write(f"{question}{hint}: ")
            sys.stdout.flush()
            before, line = bool(self._given), self._line()
            if not line:
                raise CannotError(text("new.no_answer", question=question), Exit.USAGE)
            typed = line.strip() or default or ""
            fault = self._fault(typed, default, test)
            if before or not sys.stdin.isatty():
                sys.stdout.write(f"{typed}\n")
            if fault is None:
                self._keep(line, before=before)
                return typed
            if not before and not sys.stdin.isatty():
                raise CannotError(f"{question}: {half(fault)}", Exit.USAGE)
            sys.stdout.write(f"  {half(fault)}\n")
            self._given.clear()

    def choose(self, name: str, keys: Sequence[str], *, default: str) -> str:
        """Return one of *keys*; a person types its number or the key itself."""
        for number, key in enumerate(keys, start=1):
            sys.stdout.write(f"  {number}  {key}: {labels('ways')[key][language()]}\n")

        def test(typed: str) -> str | None:
            known = {*keys, *(str(number) for number in range(1, len(keys) + 1))}
            return None if typed in known else text("new.one_of", known=", ".join(keys))

        typed = self.ask(name, default=default, test=test)
        return typed if typed in keys else keys[int(typed) - 1]

    def pick(self, name: str, keys: Sequence[str]) -> str:
        """Return one of *keys*, or an empty text: nothing of that is stated."""

        def test(typed: str) -> str | None:
            return None if typed in keys else text("new.one_of", known=", ".join(keys))

        return self.ask(name, default="", test=lambda typed: test(typed) if typed else None)

    def several(self, name: str, known: Sequence[str], *, default: str) -> list[str]:
        """Return some of *known*, as typed with commas between them."""

        def test(typed: str) -> str | None:
            odd = [item for item in items(typed) if item not in known]
            if not items(typed):
                return text("new.choose", known=", ".join(known))
            return text("new.unknown", odd=", ".join(odd)) if odd else None

        return items(self.ask(name, default=default, test=test))

    def yes(self, name: str) -> bool:
        """Return whether the answer is yes; no answer is no."""
        return _YES[self.ask(name, default=text("new.no"), test=_yes_or_no).lower()]

    def yes_if_stated(self, name: str) -> bool | None:
        """Return whether the answer is yes; no answer is: not stated."""
        typed = self.ask(name, default="", test=lambda said: _yes_or_no(said) if said else None)
        return _YES.get(typed.lower())

    def ground(self, why: str, quote: str | None = None, *, step: str = "") -> TomlTable:
        """Return on what an answer rests: a clause with its words, or our default's reason."""
        what = word("steps[]", step, language()) if step else text("new.this")
        clause = self.ask("clause", default="", test=self._clause, what=what)
        if not clause:
            return {"source": "default", "why": self.ask("why", default=why)}
        return {"source": clause, "quote": self.ask("quote", default=quote)}

    def said(self, value: object, why: str) -> TomlTable:
        """Return *value* with what it rests on."""
        quote = value if isinstance(value, str) else None
        return {"value": value, **self.ground(why, quote)}

    def _fault(self, typed: str, default: str | None, test: Test) -> str | None:
        if not typed:
            return text("new.empty") if default is None else None
        return text("new.unseen") if hides(typed) else test(typed)

    def _line(self) -> str:
        if self._given:
            return self._given.pop(0) + "\n"
        try:
            return sys.stdin.readline()
        except UnicodeDecodeError:
            raise CannotError(text("new.not_utf8"), Exit.USAGE) from None

    def _keep(self, line: str, *, before: bool) -> None:
        if self.kept is not None and not before:
            with self.kept.open("a", encoding="utf-8") as file:
                file.write(line.rstrip("\r\n") + "\n")

    def _clause(self, typed: str) -> str | None:
        words = text("new.clause", prefix=", ".join(self.prefixes))
        try:
            Grounded(source=typed, quote="…")
        except OfficeFileError:
            return words
        return None if typed.rstrip("0123456789") in self.prefixes else words


_YES = {"y": True, "ya": True, "yes": True, "t": False, "tidak": False, "no": False}


def _yes_or_no(typed: str) -> str | None:
    return None if typed.lower() in _YES else text("new.yes_or_no")


def items(typed: str) -> list[str]:
    """Return what stands between commas, each once."""
    return list(dict.fromkeys(item.strip() for item in typed.split(",") if item.strip()))
