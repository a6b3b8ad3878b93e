"""Attrs validators whose error, unlike that of attrs, doesn't hold the value.

A field whose default is nothing takes nothing as well. The error's code is the *area* and the name
of the field: ``command.proof``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any, TypeVar

import attrs

from ikd.core.errors import InputError

T = TypeVar("T")
_CODE = re.compile(r"[A-Za-z_]{1,32}(?:\.[A-Za-z_]{1,48})?", re.ASCII)
Validator = Callable[[object, "attrs.Attribute[Any]", Any], None]


def valid(area: str, told: str, test: Callable[[Any], object]) -> Validator:
    """Return a validator of what *test* is true of; *told* says so in words."""

    def check(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        left_out = value is None and attribute.default is None
        if not left_out and not test(value):
            raise InputError(f"{area}.{attribute.name}", told)

    return check


def exactly(area: str, kind: type) -> Validator:
    """Return a validator of a *kind*, and of no subclass of it."""
    return valid(area, f"must be of type {kind.__name__}", lambda value: type(value) is kind)


def flag(area: str) -> Validator:
    """Return a validator of yes or no."""
    return valid(area, "true or false", lambda value: type(value) is bool)


def one_of(area: str, words: Collection[str]) -> Validator:
    """Return a validator of one of *words*."""
    told = f"one of {', '.join(words)}"
    return valid(area, told, lambda value: type(value) is str and value in words)


def whole(area: str, low: int, high: int) -> Validator:
    """Return a validator of a whole number from *low* to *high*."""
    told = f"a whole number from {low} to {high}"
    return valid(area, told, lambda value: type(value) is int and low <= value <= high)


def filled_bytes(area: str, most: int) -> Validator:
    """Return a validator of 1 to *most* bytes."""
    told = f"1 to {most} bytes"
    return valid(area, told, lambda value: type(value) is bytes and 0 < len(value) <= most)


def filled_text(area: str, longest: int) -> Validator:
    """Return a validator of 1 to *longest* characters."""
    told = f"1 to {longest} characters"
    return valid(area, told, lambda value: isinstance(value, str) and 0 < len(value) <= longest)


def is_line(value: object, longest: int) -> bool:
    """Return whether *value* is one line of 1 to *longest* characters that show."""
    return isinstance(value, str) and 0 < len(value) <= longest and value.isprintable()


def fits_header(text: str) -> bool:
    """Return whether *text* can forge no header of a mail, no recipient and no encoded word."""
    return text.isprintable() and not any(sign in text for sign in (",", "<", ">", "=?"))


def one_line(area: str, longest: int) -> Validator:
    """Return a validator of what ``is_line``."""
    return valid(area, f"one line of 1 to {longest} characters", lambda v: is_line(v, longest))


def is_code(value: object) -> bool:
    """Return whether *value* is a code as errors have one, which can hold no address or number."""
    return type(value) is str and _CODE.fullmatch(value) is not None


def given(value: T | None) -> T:
    """Return *value*, which whoever calls this knows to be there: without it the code is wrong."""
    assert value is not None  # noqa: S101 - never what somebody passed
    return value
