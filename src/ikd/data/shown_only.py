"""The keys of an office file that are shown and do nothing else, and why."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping, Sequence

import attrs

from ikd.data.shipped_files import read_data


@attrs.frozen(kw_only=True)
class ShownOnly:
    """Why some keys are shown and do nothing else.

    Attributes:
        words: The reason, by language.
        loud: Whether one might take such a key for a rule.
        keys: The keys, as forms: ``presence.places[].name``.
    """

    words: Mapping[str, str]
    loud: bool
    keys: tuple[str, ...]


@functools.cache
def shown_only() -> tuple[ShownOnly, ...]:
    """Return every reason with its keys."""
    table = tomllib.loads(read_data("shown_only.toml"))
    return tuple(
        ShownOnly(
            words={"id": row["id"], "en": row["en"]},
            loud=row.get("loud", False),
            keys=tuple(row["keys"]),
        )
        for row in table.values()
    )


def shown_among(keys: Sequence[str]) -> Iterator[ShownOnly]:
    """Yield the reasons that concern any of *keys*, each with those of them that it does."""
    for reason in shown_only():
        own = tuple(key for key in dict.fromkeys(keys) if key in reason.keys)
        if own:
            yield attrs.evolve(reason, keys=own)
