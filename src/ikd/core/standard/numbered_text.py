"""A published text whose sentences are numbered, held against what a file quotes of it.

Numbers stand at the beginning of lines: ``M7 Pemohon memindai QR Code``, or as in the pages of
``docs/sources``: ``- **M7** (baris 13): `Pemohon memindai QR Code` ``. What follows without a
number belongs to the clause before it; of a line with words in backticks only those do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import attrs

from ikd.core.standard.checked import Fault
from ikd.core.standard.file_text import read_text
from ikd.core.standard.grounds import DEFAULT
from ikd.core.standard.office import Office

_ROW = re.compile(
    r"\s*(?:[-*]\s+)?(?P<bold>\*\*)?(?P<clause>[A-Z]{1,3}[1-9][0-9]{0,2})(?:\*\*)?"
    r"(?:\s*\([^)]*\))?(?:\s*[.:|)]|\s|$)(?P<words>.*)",
    re.ASCII,
)
_QUOTED = re.compile(r"`([^`]+)`")
_FENCE = "```"


@attrs.frozen(kw_only=True)
class NumberedText:
    """What one or more texts say, clause by clause.

    Attributes:
        clauses: The words of each clause, each piece of it apart.
        whole: All of it, blanks folded.
    """

    clauses: Mapping[str, Sequence[str]]
    whole: str

    def says(self, clause: str, quote: str) -> bool:
        """Say whether *quote* stands in the words of *clause*."""
        return any(_folded(quote) in piece for piece in self.clauses.get(clause, ()))

    def home_of(self, quote: str) -> str | None:
        """Return the first clause whose words hold *quote*."""
        return next((clause for clause in self.clauses if self.says(clause, quote)), None)


def numbered(texts: Sequence[str], prefixes: Collection[str]) -> NumberedText:
    """Return what *texts* say; numbers with other than these *prefixes* are words."""
    clauses: dict[str, list[str]] = {}
    for text in texts:
        for clause, piece in _pieces(text, prefixes):
            clauses.setdefault(clause, []).append(piece)
    folded = {
        clause: [_folded(" ".join(pieces)), *map(_folded, pieces)]
        for clause, pieces in clauses.items()
    }
    return NumberedText(clauses=folded, whole=_folded(" ".join(texts)))


def _pieces(text: str, prefixes: Collection[str]) -> Iterator[tuple[str, str]]:
    now, fenced = "", False
    for line in text.splitlines():
        fenced ^= line.startswith(_FENCE)
        row = None if fenced else _ROW.fullmatch(line)
        if row is not None and row["clause"].rstrip("0123456789") in prefixes:
            now, words = row["clause"], row["words"]
            yield from ((now, piece) for piece in _QUOTED.findall(words) or (words,))
            now = "" if row["bold"] else now  # a page says more below, and not of the text
        elif now and not fenced:
            yield now, line


def _folded(text: str) -> str:
    return " ".join(text.split())


def text_faults(office: Office, text: NumberedText) -> tuple[Fault, ...]:
    """Return what *office* cites and the text doesn't have, with paths that count from one."""
    known = {clause.rstrip("0123456789") for clause in text.clauses}
    return tuple(
        (path, words)
        for path, clause, quote in _cited(read_text(office.text), "")
        if (words := _fault(text, known, clause, quote)) is not None
    )


def uncited(office: Office, text: NumberedText) -> tuple[str, ...]:
    """Return the clauses of the text that *office* nowhere names, in the order of the text."""
    cited = {clause for _, clause, _ in _cited(read_text(office.text), "")}
    return tuple(clause for clause in text.clauses if clause not in cited)


def _fault(
    text: NumberedText, known: Collection[str], clause: str, quote: str | None
) -> str | None:
    if clause.rstrip("0123456789") not in known:  # that text wasn't numbered, or wasn't given
        there = quote is None or _folded(quote) in text.whole
        return None if there else "kutipan tidak ada dalam naskah / the text has no such words"
    if clause not in text.clauses:
        return f"naskah tidak punya butir {clause} / the text has no clause {clause}"
    if quote is None or text.says(clause, quote):
        return None
    home = text.home_of(quote)
    if home is not None:
        return f"kata-kata itu berdiri pada {home} / those words stand in {home}"
    return f"{clause} tidak memuat kutipan itu / {clause} has no such words"


def _cited(value: object, path: str) -> Iterator[tuple[str, str, str | None]]:
    """Yield every clause that a file names, with its path and the words it quotes."""
    if isinstance(value, Mapping):
        clause = value.get("source", value.get("clause"))
        if isinstance(clause, str) and clause != DEFAULT:
            yield path, clause, value.get("quote")
        yield from ((f"{path}.further", one, None) for one in value.get("further", ()))
        for key, item in value.items():
            yield from _cited(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _cited(item, f"{path}[{number}]")
