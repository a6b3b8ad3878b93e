"""``ikd office show``: a standard as its office publishes it, and what ikd adds to it.

Whatever is printed carries its clause, or the word default with its reason; what the text
doesn't state is said to be unstated and never left to be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ikd.cli.language import language, text
from ikd.cli.screen import Screen
from ikd.core.standard.grounds import Grounded
from ikd.core.standard.office import Office
from ikd.core.standard.sheet import Line, own_sheet, sheet, title_of, unstated
from ikd.core.standard.source_texts import Component
from ikd.core.standard.stated import stated_keys
from ikd.data.rules_in_words import tested
from ikd.data.shown_only import shown_among
from ikd.data.standards import cited, form_of, labels, lists, name_of, requirements, told

_ROW = re.compile(r"\[([^\]]*)\]")
_HEAD = ("about", "decree", "words.person", "words.service", "words.stores", "words.warnings")


def show(screen: Screen, office: Office) -> None:
    """Print the standard of *office*."""
    lines, silent = sheet(office), unstated(office)
    none = ["requirements"] if office.requirements == () else []  # stated: there are none
    silent = tuple(path for path in silent if path not in none)
    screen.rule(office.id, f"sha256 {office.digest[:12]}")
    _parts(screen, lines, silent, _HEAD)
    for number, usual in labels("components").items():
        _component(screen, office, int(number), usual[language()])
        wanted = lists("components", number, "parts")
        if none and none == [*wanted]:
            screen.item("·", text("office.none"))
        if "steps" in wanted:
            _procedure(screen, office)
        if "requirements" in wanted:
            _requirements(screen, office, lines)
        _parts(screen, lines, silent, wanted)
    _rest(screen, office, lines)
    screen.line()
    screen.rule(text("office.own_limits"), "default")
    part(screen, own_sheet())
    screen.line()
    screen.rule(text("office.shown_only"))
    for reason in shown_among(stated_keys(office)):
        screen.item("·", f"{', '.join(reason.keys)}: {reason.words[language()]}")
    screen.line()
    screen.rule(text("office.unstated"))
    screen.item("", ", ".join(silent) or "-")


def _parts(
    screen: Screen, lines: Sequence[Line], silent: Sequence[str], wanted: Iterable[str]
) -> None:
    # Print every line of the wanted parts of the file, then what they don't state.
    wanted = tuple(wanted)
    titled = len(wanted) > 1 and wanted is not _HEAD
    for name in wanted:
        found = [line for line in lines if _belongs(line.path, name) and not _usual(line)]
        absent = [path for path in silent if _belongs(path, name)]
        if titled and (found or absent):
            screen.line()
            screen.line("      " + title_of(name)[language() == "en"], "bold")
        part(screen, [] if name == "requirements" else found)
        for path in absent:
            _unstated(screen, path)


def _belongs(path: str, name: str) -> bool:
    return (
        path.startswith(name)
        and path[len(name) :][:1] in ("", ".", "[")
        and (".published[" not in path)
    )


def _usual(line: Line) -> bool:
    # That ikd does a step itself goes without saying, unless the text says so.
    return line.path.endswith(".performed_by") and (line.value, line.source) == ("ikd", "default")


def _unstated(screen: Screen, path: str) -> None:
    if "." in path:
        screen.row(name_of(path, language()), text("office.not_stated"))
    else:
        screen.item("·", text("office.not_stated"))


def _component(screen: Screen, office: Office, number: int, usual: str) -> None:
    row = next((row for row in office.components if row.number == number), None)
    screen.line()
    screen.rule(f"{number}. {row.title if row else usual}", row.source if row else "default")
    if row:
        _items(screen, row)


def _items(screen: Screen, row: Component) -> None:
    if row.text:
        screen.item("", f"{row.text} {cited(row.clauses)}")
    for item in row.items:
        screen.item("·", f"{item.value} {cited(item.clauses)}")
        grounds(screen, item)


def _requirements(screen: Screen, office: Office, lines: Sequence[Line]) -> None:
    rules = office.requirements or ()
    for rule, (words, clauses, below) in zip(rules, requirements(lines), strict=True):
        screen.item(_label(below[0]), f"{words} {cited(clauses)}")
        tested_by = f"{labels('rules')['tested'][language()]}: {tested(rule, language())}"
        screen.item("", tested_by, "dim", deeper=2)
        quotes = dict.fromkeys((line.source, line.quote) for line in below if line.quote)
        for clause, quote in quotes:
            screen.item("", f"{clause}: “{quote}”", "dim", deeper=2)
        for line in below:
            grounds(screen, line)


def _procedure(screen: Screen, office: Office) -> None:
    for item in office.procedure:
        way = f"{text(f'office.{item.branch}')}: " if item.branch else ""
        screen.item(str(item.number), f"{way}{item.text} {cited(item.clauses)}")
    if not office.procedure:
        screen.item("·", text("office.not_stated"))


def _rest(screen: Screen, office: Office, lines: Sequence[Line]) -> None:
    for row in office.components:
        if row.number > len(labels("components")):
            screen.line()
            screen.rule(f"{row.number}. {row.title}", row.source)
            _items(screen, row)
    screen.line()
    screen.rule(text("office.sources"))
    part(screen, [line for line in lines if line.path.startswith("laws")])
    for source in office.evidence:
        where = source.address or source.page or text("office.not_stated")
        read = f", {text('office.read')} {source.read}" if source.read else ""
        screen.item(source.prefix, f"{source.title} [{source.kind}] {where}{read}")
        if source.conflict:
            screen.item("", f"{text('office.conflict')}: {source.conflict}", "dim")
    for one in office.informative:
        screen.item(one.clause, f"{text('office.no_effect')}: {one.why}", "dim")


def grounds(screen: Screen, item: Line | Grounded) -> None:
    """Print the reason and the note of *item*, where it has any."""
    for words in (f"default: {item.why}" if item.why else "", item.note or ""):
        if words:
            screen.item("", words, "dim", deeper=2)


def groups(lines: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Yield lines of one form below one parent together, in their order."""
    for (_, form), found in groupby(lines, lambda line: (_parent(line.path), form_of(line.path))):
        yield form, list(found)


def part(screen: Screen, lines: Iterable[Line]) -> None:
    """Print lines: rows with words of their own as items, all others behind their names."""
    headed = ""
    for form, found in groups(lines):
        if form.count("[]") == 1 and form.endswith("[]") and _has_words(found[0]):
            if "." in form and form != headed:
                screen.item("", f"{name_of(form, language())}:", "dim")
            headed = form
            for line in found:
                screen.item(_mark(line), told(line, language()))
                grounds(screen, line)
            continue
        values = ", ".join(told(line, language()) for line in found)
        if "[]" in form.removesuffix("[]"):
            screen.item("", f"{name_of(form, language())}: {values}", "dim")
        else:
            screen.row(name_of(form, language()), values)
        for line in found:
            grounds(screen, line)


def _parent(path: str) -> str:
    return path[: path.rindex("[")] if path.endswith("]") else path


def _has_words(line: Line) -> bool:
    stated = isinstance(line.value, dict) and bool({"text", "title"} & set(line.value))
    return stated or "items" in labels("names").get(form_of(line.path), {})


def _mark(line: Line) -> str:
    numbered = "numbered" in labels("names").get(form_of(line.path), {})
    return _label(line, _ROW.findall(line.path)[-1] if numbered else "·")


def _label(line: Line, usual: str = "·") -> str:
    return str(line.value.get("label") or usual) if isinstance(line.value, dict) else usual
