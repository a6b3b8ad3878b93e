"""What every part of an office file does when it is made: refuse values that don't fit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TypeVar

import attrs

from ikd.core.errors import OfficeFileError
from ikd.core.scalars import length_text

LIMITS = "limits"  # in the metadata of a field: least and most, both allowed
PARTIAL_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?", re.ASCII)
Fault = tuple[str, str]
Limit = TypeVar("Limit", int, timedelta)


@attrs.frozen(kw_only=True)
class Checked:
    """A part of an office file; a kind of part adds to ``_faults`` what can be wrong with it."""

    def __attrs_post_init__(self) -> None:
        """Refuse what has faults.

        Raises:
            OfficeFileError: Every fault of this part, each with its path below it.
        """
        faults = tuple(self._faults())
        if faults:
            raise OfficeFileError(faults)

    def _faults(self) -> Iterator[Fault]:
        """Yield the numbers and lengths outside the limits of their fields."""
        for field in attrs.fields(type(self)):
            low, high = field.metadata.get(LIMITS, (None, None))
            held = getattr(self, field.name)
            number = getattr(held, "value", held)  # None is: not stated
            if None not in (low, number) and not low <= number <= high:
                least, most = _said(low), _said(high)
                path = field.name if held is number else f"{field.name}.value"
                yield path, f"harus {least} sampai {most} / must be {least} to {most}"


def limits(low: Limit, high: Limit) -> Mapping[str, tuple[Limit, Limit]]:
    """Return the metadata of a field that holds from *low* to *high*."""
    return {LIMITS: (low, high)}


def twice(path: str, key: str, values: Iterable[object]) -> Iterator[Fault]:
    """Yield each of *values* that more than one row of *path* has for its *key*."""
    for value, times in Counter(values).items():
        if times > 1:
            yield path, f"{key} {value} dua kali / {key} {value} stands twice"


def partial_date_faults(path: str, text: str | None) -> Iterator[Fault]:
    """Yield a *text* that is no date to the year, month or day."""
    if text is not None and PARTIAL_DATE.fullmatch(text) is None:
        like = "2024, 2024-05, 2024-05-31"
        yield path, f"harus seperti {like} / must be like {like}"


def _said(limit: int | timedelta) -> str:
    return str(limit) if isinstance(limit, int) else length_text(limit)
