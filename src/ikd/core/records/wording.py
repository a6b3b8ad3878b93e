"""Templates of notices and public answers, read from parsed data with every fault found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from string import Template as Pattern

import attrs

from ikd.core.errors import InputError

PARAMS = frozenset({"word", "resident", "office", "phone", "button", "link"})
TIMES = frozenset({"until", "visited_at", "at"})
SECRETS = frozenset({"pin"})
NOTICES = frozenset({"pin", "pin_signin", "rejected", "activated", "superseded", "locked"})
ANSWERS = frozenset({"accepted", "try_again", "try_later", "not_now", "malformed", "done"})

_KNOWN = PARAMS | TIMES | SECRETS
_LANGUAGES = ("id", "en")
_UNFIT = frozenset(",<>")  # channels refuse them in a header
Fault = tuple[str, str]


@attrs.frozen(kw_only=True)
class Wording:
    """A notice in one language; ``text`` holds its paragraphs."""

    subject: str
    text: tuple[str, ...]
    short: str


@attrs.frozen(kw_only=True)
class Template:
    """A notice in both languages.

    Attributes:
        name: What a ``Notice`` calls it.
        id: Indonesian, read first.
        en: English, below it.
        optional: Parameters without which it can be sent.
        required: The other parameters that it names.
        secrets: ``pin`` if it carries one.
    """

    name: str
    id: Wording
    en: Wording
    optional: frozenset[str] = frozenset()
    required: frozenset[str] = attrs.field(init=False)
    secrets: frozenset[str] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        named = _named(*_patterns(self.id), *_patterns(self.en))
        object.__setattr__(self, "secrets", named & SECRETS)
        object.__setattr__(self, "required", named - SECRETS - self.optional)


@attrs.frozen(kw_only=True)
class PublicText:
    """What someone not authenticated is told, in both languages.

    Attributes:
        id: Indonesian.
        en: English.
    """

    id: str
    en: str


def parse_templates(data: Mapping[str, object]) -> Mapping[str, Template]:
    """Return the templates of a parsed file by name.

    Raises:
        InputError: Something is missing, unknown or misplaced (``text.file``); the message
            lists every fault with its place.
    """
    faults = [(name, "is missing") for name in sorted(NOTICES - set(data))]
    templates = {}
    for name, table in data.items():
        form = list(_form_faults(name, table))
        faults += form
        if not form and isinstance(table, Mapping):
            templates[name] = template = _template(name, table)
            faults += _sense_faults(template)
    _refuse(faults)
    return templates


def parse_answers(
    data: Mapping[str, object], wanted: AbstractSet[str] = ANSWERS
) -> Mapping[str, PublicText]:
    """Return the texts of a parsed file by code: the public answers, or others that are *wanted*.

    Raises:
        InputError: A code is missing or unknown, or a text isn't in both languages
            (``text.file``); every fault is listed.
    """
    faults = [(code, "is missing") for code in sorted(wanted - set(data))]
    answers = {}
    for code, table in data.items():
        if code not in wanted:
            faults.append((code, "is unknown"))
        elif not isinstance(table, Mapping) or set(table) != set(_LANGUAGES):
            faults.append((code, "has exactly id and en"))
        elif not all(_is_text(table[language]) for language in _LANGUAGES):
            faults.append((code, "is text in both languages"))
        else:
            answers[code] = PublicText(id=table["id"], en=table["en"])
    _refuse(faults)
    return answers


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InputError("text.file", "; ".join(f"{path}: {reason}" for path, reason in faults))


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


def _template(name: str, table: Mapping[str, Mapping[str, object]]) -> Template:
    return Template(
        name=name,
        id=_wording(table["id"]),
        en=_wording(table["en"]),
        optional=frozenset(str(one) for one in table["optional"]),
    )


def _wording(table: Mapping[str, object]) -> Wording:
    text = table["text"]
    return Wording(
        subject=str(table["subject"]),
        text=tuple(text) if isinstance(text, list) else (),
        short=str(table["short"]),
    )


def _patterns(wording: Wording) -> tuple[str, ...]:
    return (wording.subject, *wording.text, wording.short)


def _named(*patterns: str) -> frozenset[str]:
    return frozenset(name for one in patterns for name in Pattern(one).get_identifiers())


def _sense_faults(template: Template) -> Iterator[Fault]:
    patterns = (*_patterns(template.id), *_patterns(template.en))
    if not all(Pattern(one).is_valid() for one in patterns):
        yield template.name, "has a $ that begins no parameter"
    for name in sorted(_named(*patterns) - _KNOWN):
        yield template.name, f"{name} is unknown"
    paragraphs = _named(*template.id.text, *template.en.text)
    for name in sorted(template.optional - paragraphs):
        yield f"{template.name}.optional", f"{name} stands in no paragraph"
    yield from _header_faults(template)
    yield from _short_faults(template)
    yield from _secret_faults(template)
    yield from _link_faults(template)


def _header_faults(template: Template) -> Iterator[Fault]:
    for subject in (template.id.subject, template.en.subject):
        if _named(subject) - {"word"} or _UNFIT & set(subject) or not subject.isascii():
            yield template.name, "a subject is ASCII without , < > and names nothing but word"


def _short_faults(template: Template) -> Iterator[Fault]:
    for short in (template.id.short, template.en.short):
        if _named(short) & (template.optional | {"link", "button"}) or not short.isascii():
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
    holders = [one for one in (*template.id.text, *template.en.text) if "link" in _named(one)]
    if not holders:
        return
    if len(holders) > 1 or holders[0] not in template.id.text or "${link}" not in holders[0]:
        yield template.name, "${link} stands in one paragraph, and that is in id"
    if "button" not in _named(holders[0]) or len({"button", "link"} & template.optional) == 1:
        yield template.name, "button and link belong together"
