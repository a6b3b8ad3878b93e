"""Texts that residents read: templates are data, this turns one into the parts of a message.

Whatever a template doesn't name, or doesn't get, is an error: a mail with a hole in it, or
with a value nobody meant to send, is worse than none. A time is passed with its office's
offset and written out with its zone, since a resident of Wakatobi doesn't think in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from html import escape
from string import Template as Pattern

import attrs

from ikd.core.errors import InputError
from ikd.core.records.templates import SECRETS, TIMES, WORDS, Template, Wording
from ikd.core.timing import aware

ZONES = {"WIB": 7, "WITA": 8, "WIT": 9}  # Keppres 41/1987: hours before UTC, no summer time
_ZONE_AT = {timedelta(hours=hours): zone for zone, hours in ZONES.items()}
_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "en": "January February March April May June July August September October November December",
}
_PIN = re.compile(r"[0-9]{6}", re.ASCII)
# The handle of a link is opaque: https, or a machine's own address while developing.
_LINK = re.compile(
    r"(https://|http://(127\.0\.0\.1|localhost)[:/])[0-9A-Za-z/._~:?&=%+-]{1,400}", re.ASCII
)
_LONGEST = 200
_LONGEST_WORDS = 4000
_BREAK = "\n\n"
_RULE = "* * *"  # between Indonesian and English; "--" would begin a signature


@attrs.frozen(kw_only=True)
class Rendered:
    """The parts of a message.

    Attributes:
        subject: Subject line, in both languages, without personal data.
        text: Plain text, Indonesian first and English below it.
        short: The same in a few words, ASCII, for media that carry little (SMS).
        html: HTML with exactly one link, or ``None`` when there is no button to show.
    """

    subject: str
    text: str = attrs.field(repr=False)
    short: str = attrs.field(repr=False)
    html: str | None = attrs.field(repr=False)


def local_time(moment: datetime, zone: str) -> str:
    """Return *moment* as a time parameter of a notice, in ``WIB``, ``WITA`` or ``WIT``.

    Raises:
        InputError: *moment* is naive (``time.naive``), or *zone* is none of the three
            (``text.zone``).
    """
    if zone not in ZONES:
        raise InputError("text.zone", "a zone is WIB, WITA or WIT")
    local = aware(moment).astimezone(timezone(timedelta(hours=ZONES[zone])))
    return local.isoformat(timespec="minutes")


def render(
    template: Template, params: Mapping[str, str], secrets: Mapping[str, str] | None = None
) -> Rendered:
    """Return the message that *template* makes of *params* and *secrets*.

    Args:
        template: Which text.
        params: What it names, none of it secret; times as ``local_time`` returns them.
        secrets: ``pin``, for a template that carries one.

    Raises:
        InputError: A parameter is missing, not known to this template (``text.params``) or
            has a value that no message may hold (``text.value``). Names are told, never values.
    """
    given = {**params, **(secrets or {})}
    _check_names(template, set(params), set(secrets or {}))
    for name, value in given.items():
        _check_value(name, value)
    _check_link(given)
    spoken = {
        language: {
            name: _written(value, language) if name in TIMES else value
            for name, value in given.items()
        }
        for language in ("id", "en")
    }
    indonesian = _paragraphs(template.id, spoken["id"])
    english = _paragraphs(template.en, spoken["en"])
    return Rendered(
        subject=_both(template.id.subject, template.en.subject, spoken, " / "),
        text=_BREAK.join([*indonesian.values(), _RULE, *english.values()]),
        short=_both(template.id.short, template.en.short, spoken, "\n"),
        html=_html(indonesian, english, given) if "link" in given else None,
    )


def _check_names(template: Template, params: set[str], secrets: set[str]) -> None:
    missing = (template.required - params) | (template.secrets - secrets)
    unknown = (params - template.required - template.optional) | (secrets - template.secrets)
    halved = {"button", "link"} - params if {"button", "link"} & params else set()
    faults = [
        *(f"{name} is missing" for name in sorted(missing | halved)),
        *(f"{name} is unknown" for name in sorted(unknown) if name.isidentifier()),
    ]
    if missing or unknown or halved:
        raise InputError("text.params", f"{template.name}: {', '.join(faults)}")


def _check_value(name: str, value: object) -> None:
    """Refuse what could forge a paragraph, a second link or another recipient."""
    plain = value.replace("\n", "") if name in WORDS and isinstance(value, str) else value
    if not isinstance(plain, str) or not plain.strip() or not plain.isprintable():
        raise InputError("text.value", f"{name} isn't one line of text")
    if name in WORDS:
        fits = len(plain) <= _LONGEST_WORDS
    elif name in SECRETS:
        fits = _PIN.fullmatch(plain) is not None
    elif name in TIMES:
        fits = _moment(plain) is not None
    elif name == "link":
        fits = _LINK.fullmatch(plain) is not None
    else:
        fits = len(plain) <= _LONGEST and "://" not in plain
    if not fits:
        raise InputError("text.value", f"{name} has a form that no message may hold")


def _check_link(given: Mapping[str, str]) -> None:
    """Refuse a link that holds the PIN or a NIK: links end in proxies' logs (T31)."""
    link = given.get("link", "")
    pin = given.get("pin") or "no pin"
    bare = re.findall(r"[0-9A-Za-z]+", link)  # parts of a random handle aren't meant
    if pin in bare or any(re.fullmatch(r"[0-9]{16}", part) for part in bare):
        raise InputError("text.value", "link holds what no link may hold")


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.utcoffset() in _ZONE_AT else None


def _written(value: str, language: str) -> str:
    """Return the time *value* as people write it: ``22 November 2026 pukul 14.30 WIB``."""
    moment = datetime.fromisoformat(value)
    offset = moment.utcoffset() or timedelta()
    zone = _ZONE_AT[offset]
    day = f"{moment.day} {_MONTHS[language].split()[moment.month - 1]} {moment.year}"
    if language == "id":
        return f"{day} pukul {moment:%H.%M} {zone}"
    return f"{day}, {moment:%H:%M} {zone} (UTC+{ZONES[zone]})"


def _paragraphs(wording: Wording, given: Mapping[str, str]) -> dict[str, str]:
    """Return pattern -> text of each paragraph whose parameters are all given."""
    return {
        pattern: Pattern(pattern).substitute(given)
        for pattern in wording.text
        if set(Pattern(pattern).get_identifiers()) <= set(given)
    }


def _both(first: str, second: str, spoken: Mapping[str, Mapping[str, str]], between: str) -> str:
    return between.join(
        [Pattern(first).substitute(spoken["id"]), Pattern(second).substitute(spoken["en"])]
    )


def _html(
    indonesian: Mapping[str, str], english: Mapping[str, str], given: Mapping[str, str]
) -> str:
    """Return the message as HTML: values are escaped with the paragraph they stand in."""
    lines = (  # a line each, far below the 998 characters of RFC 5322
        '<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"></head>',
        '<body style="font-family:sans-serif">',
        *(_element(pattern, text, given) for pattern, text in indonesian.items()),
        '<hr><div lang="en">',
        *(_element(pattern, text, given) for pattern, text in english.items()),
        "</div></body></html>",
    )
    return "\n".join(lines)


def _element(pattern: str, text: str, given: Mapping[str, str]) -> str:
    if "${link}" in pattern:
        return (
            f'<p><a href="{escape(given["link"])}" style="display:inline-block;padding:.6em 1.5em;'
            f'background:#0b5;color:#fff;text-decoration:none">{escape(given["button"])}</a></p>'
        )
    if pattern == "${pin}":
        return f'<p style="font-size:2em"><b>{escape(text)}</b></p>'
    return f"<p>{escape(text)}</p>"
