"""Which known word somebody meant who mistyped one."""

from __future__ import annotations

import functools
from collections.abc import Iterable

_LONGEST = 40  # signs; no key is longer, and what is looked at stays short


def meant(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is one slip away: a sign missing, added, other or swapped.

    Two words are one slip apart when both can be made the same by leaving out one sign of each.
    """
    if not 3 <= len(word) <= _LONGEST:
        return None
    near = _shortened(word.casefold())
    return next((other for other in known if len(other) > 2 and near & _known(other)), None)


def _shortened(word: str) -> frozenset[str]:
    return frozenset({word, *(word[:at] + word[at + 1 :] for at in range(len(word)))})


_known = functools.lru_cache(maxsize=1024)(_shortened)
