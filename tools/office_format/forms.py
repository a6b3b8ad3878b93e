"""What single values of an office file must be like, for the JSON Schema.

The values themselves refuse what doesn't fit; a test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from ikd.core.standard.biometric import Biometric
from ikd.core.standard.checked import LIMITS, PARTIAL_DATE
from ikd.core.standard.pin_terms import PinTerms
from ikd.core.standard.sla import TimeClause

Form = dict[str, Any]
_DAY: Form = {"pattern": f"^{PARTIAL_DATE.pattern}$"}
_TRUE: Form = {"const": True}


def _numbers() -> Iterator[tuple[str, Form]]:
    """Yield the limits of numbers, as their classes have them; a length is no number in JSON."""
    for kind in (Biometric, PinTerms, TimeClause):
        for field in attrs.fields(kind):
            low, high = field.metadata.get(LIMITS, (None, None))
            if isinstance(low, int):
                yield f"{kind.__name__}.{field.name}", {"minimum": low, "maximum": high}


FORMS: Mapping[str, Form] = {
    "Office.id": {"pattern": "^[a-z][a-z0-9_-]{1,31}$"},
    "About.region": {"pattern": "^[0-9]{2}\\.[0-9]{2}$"},
    "About.postcode": {"pattern": "^[0-9]{5}$"},
    "Decree.dated": _DAY,
    "Decree.effective_from": _DAY,
    "Decree.effective_until": _DAY,
    "Fee.amount": {"minimum": 0},
    "SourceText.prefix": {"pattern": "^[A-Z]{1,3}$"},
    "FieldRule.name": {"pattern": "^[a-z][a-z0-9_]{1,39}$"},
    "Minimum.version": {"pattern": "^ *[0-9]{1,5}(\\.[0-9]{1,5}){0,3} *$"},
    "Published.further": {"pattern": "^[A-Z]{1,3}[1-9][0-9]{0,2}$"},
    "Method.since": _DAY,
    "Presence.check_code": _TRUE,
    "PinTerms.digits": {"const": 6},
    "PinTerms.own_only": _TRUE,
    "PinTerms.media": {"minItems": 1},
    "SignInTerms.passcode_after": _TRUE,
    **dict(_numbers()),
}
"""Form by class and key."""

RULES: Mapping[str, Form] = {
    "TimeClause": {
        "if": {"properties": {"unit": {"const": "day"}}, "required": ["unit"]},
        "then": {"required": ["day_is"]},
        "else": {"not": {"required": ["day_is"]}},
    },
}
"""What the keys of one class owe each other."""


def formed(shape: Form, key: str) -> Form:
    """Return *shape* with the form of that *key*: of its value, or of each text of a list."""
    form = FORMS.get(key)
    if form is None:
        return shape
    if "properties" in shape:
        inner = {"value": {**shape["properties"]["value"], **form}}
        return {**shape, "properties": {**shape["properties"], **inner}}
    if "items" in shape and "pattern" in form:
        return {**shape, "items": {**shape["items"], **form}}
    return {**shape, **form}
