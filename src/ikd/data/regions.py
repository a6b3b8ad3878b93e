"""The shipped table of region codes, read at first use; names only where one is asked for."""

from __future__ import annotations

import functools
import pkgutil

from ikd.core.resident.regions import Region, RegionTable


@functools.cache
def region_table() -> RegionTable:
    """Return the table of every code known since 2015."""
    return RegionTable(_text("regions_codes.txt"), lambda: _text("regions_names.txt"))


def find_region(code: str) -> Region:
    """Return what is known of a region code: its standing and, where known, its names.

    An unknown or former code is a warning at most: a NIK keeps its code for life.

    Raises:
        InputError: *code* isn't two, four or six digits (``region.code``).
    """
    return region_table().find(code)


def _text(file: str) -> str:
    # pkgutil reads from a zip too and loads less than importlib.resources does
    content = pkgutil.get_data("ikd.data", file)
    assert content is not None  # noqa: S101  every loader that imports ikd can read data
    return content.decode()
