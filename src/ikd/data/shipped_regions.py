"""The shipped table of region codes, read at first use; names only where one is asked for."""

from __future__ import annotations

import functools

from ikd.core.resident.regions import Region, RegionTable
from ikd.data.shipped_files import read_data


@functools.cache
def region_table() -> RegionTable:
    """Return the table of every code known since 2015."""
    return RegionTable(read_data("regions_codes.txt"), lambda: read_data("regions_names.txt"))


def find_region(code: str) -> Region:
    """Return what is known of a region code: its standing and, where known, its names.

    An unknown or former code is a warning at most: a NIK keeps its code for life.

    Raises:
        InputError: *code* isn't two, four or six digits (``region.code``).
    """
    return region_table().find(code)
