"""What must agree between the parts of an office file.

Everything here is told beside the faults of the single parts, so it takes whatever parts could be
read and passes over the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ikd.core.scalars import one_of
from ikd.core.standard.checked import Fault, twice
from ikd.core.standard.formats import RULES, Data, Made, newest_format
from ikd.core.standard.grounds import is_clause
from ikd.core.standard.steps import Step, order_faults
from ikd.core.validators import fits_header

_BUTTON = "pin.buttons.mail"
_SENT = (
    "about.name",
    "about.full_name",
    "words.person",
    "pin.word",
    "pin.sender",
    "rejection.sender",
    _BUTTON,
)
_LONGEST = 120  # characters; the mail's own limit for one word is 200
# A pairing code has room for 40 characters of office and station together: 8 stay for a station.
_ID = re.compile(r"[a-z][a-z0-9_-]{1,31}", re.ASCII)


def head_faults(data: Data) -> Iterator[Fault]:
    """Yield what is wrong with format, id and the order of the steps, from the raw file."""
    if type(data.get("format")) is not int or not 1 <= data["format"] <= newest_format():
        yield "format", one_of(", ".join(map(str, range(1, newest_format() + 1))))
    identifier = data.get("id")
    if isinstance(identifier, str) and (words := id_fault(identifier)):
        yield "id", words
    steps = data.get("steps")
    if isinstance(steps, list):
        rows = [row.get("name") if isinstance(row, dict) else None for row in steps]
        yield from order_faults([name if isinstance(name, str) else None for name in rows])


def id_fault(text: str) -> str | None:
    """Return what is wrong with an office's id, or None."""
    words = "2 sampai 32 huruf kecil, angka, - dan _ / 2 to 32 lower-case letters, digits, - and _"
    return None if _ID.fullmatch(text) else words


def cross_faults(made: Made, data: Data) -> Iterator[Fault]:
    """Yield what doesn't agree between the parts that were *made* of the file's *data*."""
    broken = frozenset(data) - frozenset(made)
    if not {"evidence", "informative"} & broken:
        yield from _source_faults(made, data)
    if not {"steps", "biometric"} & broken:
        yield from _step_faults({step.name: step for step in made.get("steps", ())}, made)
    yield from _sent_faults(made)
    items = [item for step in made.get("steps", ()) for item in step.published]
    yield from twice("steps.published", "number", (item.number for item in items))
    yield from twice("requirements", "id", (row.id for row in made.get("requirements") or ()))
    yield from twice("evidence", "prefix", (row.prefix for row in made.get("evidence", ())))
    yield from twice("informative", "clause", (row.clause for row in made.get("informative", ())))
    yield from twice("components", "number", (row.number for row in made.get("components", ())))
    for rule in RULES:
        if type(data.get("format")) is int and rule.since <= data["format"]:
            yield from rule.faults(made, data)


def _source_faults(made: Made, data: Data) -> Iterator[Fault]:
    prefixes = {row.prefix for row in made.get("evidence", ())}
    quiet = {row.clause for row in made.get("informative", ())}
    for path, clause in _cited(data, ""):
        if clause.rstrip("0123456789") not in prefixes:
            words = f"tak ada [[evidence]] untuk {clause} / no [[evidence]] for {clause}"
            yield path, words
        if not path.startswith("informative") and clause in quiet:
            words = f"{clause} disebut tanpa akibat / {clause} is listed as informative"
            yield path, words


def _cited(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Yield every clause that the file names, broken parts included, with its path."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            at = f"{path}.{key}".lstrip(".")
            if key in ("source", "clause") and isinstance(item, str):
                yield from [(at, item)] if is_clause(item) else []
            elif key == "further" and isinstance(item, list):
                yield from ((at, one) for one in item if isinstance(one, str) and is_clause(one))
            else:
                yield from _cited(item, at)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _cited(item, f"{path}[{number}]")


def _step_faults(steps: Mapping[str, Step], made: Made) -> Iterator[Fault]:
    presence, biometric = made.get("presence"), made.get("biometric")
    if presence is not None and "presence" in steps:
        reader = "operator" if presence.direction.value == "office_reads_resident" else "resident"
        if steps["presence"].by != reader:
            words = f"menurut arahnya harus {reader} / by its direction it must be {reader}"
            yield "steps.presence.by", words
    if steps and biometric is not None and biometric.methods and "biometric" not in steps:
        words = "cara ini perlu langkah biometrik / methods need a biometric step"
        yield "biometric.methods", words
    if "biometric" in steps and (biometric is None or not biometric.methods):
        words = "langkah biometrik perlu sedikitnya satu cara / a biometric step needs methods"
        yield "steps.biometric", words


def _sent_faults(made: Made) -> Iterator[Fault]:
    """Yield the words with which no message could be sent: they stand in headers and texts."""
    for path in _SENT:
        item: Any = made
        for key in path.split("."):
            item = item.get(key) if isinstance(item, Mapping) else getattr(item, key, None)
        if item is None:
            continue
        ending = "label" if path == _BUTTON else "value"
        if words := unsendable(getattr(item, ending)):
            yield f"{path}.{ending}", words


def unsendable(text: str) -> str | None:
    """Return why no message could hold *text* in its header or its text, or None."""
    if not text.strip() or not text.isprintable() or len(text) > _LONGEST or "://" in text:
        most = f"{_LONGEST} tanda / one line of at most {_LONGEST} signs"
        return f"satu baris tanpa tautan sampai {most}, no link"
    if not fits_header(text):
        return (
            "tanpa , < > =? sebab masuk kepala surat / without , < > =? for it enters a mail's head"
        )
    return None
