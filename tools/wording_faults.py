"""What is wrong with the texts that come with ikd: ``data/notices.toml`` and ``data/answers.toml``.

    python tools/wording_faults.py

Nobody but the project writes those files, so they are checked here and in the tests, not whenever a
service is opened.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template as Pattern
from typing import Any

from ikd.core.records.templates import (
    SECRETS,
    TIMES,
    WORDS,
    Template,
    named,
    parse_templates,
    patterns,
)

DATA = Path(__file__).parents[1] / "src" / "ikd" / "data"
PARAMS = frozenset(
    {"word", "resident", "office", "phone", "button", "link", "message", "received", "reference"}
)
_ENDS = ("rejected", "taken_back", "superseded", "locked", "expired", "withdrawn")
_COMPLAINT = ("answer", "closed", "not_ours", "handed_over", "silence")
NOTICES = frozenset(
    {"pin", "pin_signin", "activated", *_ENDS, *(f"complaint_{one}" for one in _COMPLAINT)}
)
_TRIED = ("accepted", "try_again", "try_later", "not_now", "malformed", "clock", "done")
ANSWERS = frozenset({*_TRIED, "complaint_received", "link_counts", "link_dead", "not_synchronised"})
_KNOWN = PARAMS | TIMES | SECRETS | WORDS
Fault = tuple[str, str]
_LANGUAGES = ("id", "en")
_UNFIT = frozenset(",<>")  # channels refuse them in a header


def notice_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is missing, unknown or misplaced in a parsed file of notices."""
    yield from ((name, "is missing") for name in sorted(NOTICES - set(data)))
    for name, table in data.items():
        form = list(_form_faults(name, table))
        yield from form or _sense_faults(parse_templates({name: table})[name])


def answer_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the codes that are missing or unknown, and texts that aren't in both languages."""
    yield from ((code, "is missing") for code in sorted(ANSWERS - set(data)))
    for code, table in data.items():
        if code not in ANSWERS:
            yield code, "is unknown"
        elif not isinstance(table, Mapping) or set(table) != set(_LANGUAGES):
            yield code, "has exactly id and en"
        elif not all(_is_text(table[language]) for language in _LANGUAGES):
            yield code, "is text in both languages"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _form_faults(name: str, table: object) -> Iterator[Fault]:
    if not isinstance(table, Mapping) or set(table) != {"optional", *_LANGUAGES}:
        yield name, "has exactly optional, id and en"
        return
    if not _is_list(table["optional"]):
        yield f"{name}.optional", "is a list of names"
    for language in _LANGUAGES:
        yield from _wording_faults(f"{name}.{language}", table[language])


def _wording_faults(path: str, wording: object) -> Iterator[Fault]:
    if not isinstance(wording, Mapping) or set(wording) != {"subject", "text", "short"}:
        yield path, "has exactly subject, text and short"
        return
    if not _is_list(wording["text"]) or not wording["text"]:
        yield f"{path}.text", "is a list of paragraphs"
    for key in ("subject", "short"):
        if not _is_text(wording[key]) or not wording[key].isprintable():
            yield f"{path}.{key}", "is one line of text"


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(one) and one.isprintable() for one in value)


def _sense_faults(template: Template) -> Iterator[Fault]:
    said = (*patterns(template.id), *patterns(template.en))
    if not all(Pattern(one).is_valid() for one in said):
        yield template.name, "has a $ that begins no parameter"
    for name in sorted(named(*said) - _KNOWN):
        yield template.name, f"{name} is unknown"
    paragraphs = named(*template.id.text, *template.en.text)
    for name in sorted(template.optional - paragraphs):
        yield f"{template.name}.optional", f"{name} stands in no paragraph"
    yield from _header_faults(template)
    yield from _short_faults(template)
    yield from _secret_faults(template)
    yield from _link_faults(template)


def _header_faults(template: Template) -> Iterator[Fault]:
    for subject in (template.id.subject, template.en.subject):
        if named(subject) - {"word"} or _UNFIT & set(subject) or not subject.isascii():
            yield template.name, "a subject is ASCII without , < > and names nothing but word"


def _short_faults(template: Template) -> Iterator[Fault]:
    for short in (template.id.short, template.en.short):
        if named(short) & (template.optional | {"link", "button"}) or not short.isascii():
            yield template.name, "short is ASCII and names nothing optional and no link"


def _secret_faults(template: Template) -> Iterator[Fault]:
    """A PIN is read once and copied once: two of them are two chances to leak."""
    for name in template.secrets:
        pattern = f"${{{name}}}"
        texts = "\n".join((*template.id.text, *template.en.text))
        shorts = template.id.short + template.en.short
        alone = template.id.text.count(pattern) == 1
        if not alone or texts.count(name + "}") != 1 or shorts.count(pattern) != 1:
            yield template.name, f"{pattern} is one paragraph of id and stands once in short"


def _link_faults(template: Template) -> Iterator[Fault]:
    holders = [one for one in (*template.id.text, *template.en.text) if "link" in named(one)]
    if not holders:
        return
    if len(holders) > 1 or holders[0] not in template.id.text or "${link}" not in holders[0]:
        yield template.name, "${link} stands in one paragraph, and that is in id"
    if "button" not in named(holders[0]) or len({"button", "link"} & template.optional) == 1:
        yield template.name, "button and link belong together"


def main() -> int:
    """Tell every fault of both files."""
    told = []
    for name, faults in (("notices.toml", notice_faults), ("answers.toml", answer_faults)):
        data = tomllib.loads((DATA / name).read_text(encoding="utf-8"))
        told += [f"{name}: {path}: {reason}" for path, reason in faults(data)]
    print("\n".join(told))
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
