"""Which of the three clocks a province keeps (Keputusan Presiden 41/1987); no province has two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Zone = Literal["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]
ZONES: tuple[Zone, ...] = get_args(Zone)
CLOCKS: Mapping[Zone, str] = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",  # the two provinces of Kalimantan that keep it
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
_PROVINCES: Mapping[Zone, str] = {
    "Asia/Jakarta": "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36",
    "Asia/Pontianak": "61 62",
    "Asia/Makassar": "51 52 53 63 64 65 71 72 73 74 75 76",
    "Asia/Jayapura": "81 82 91 92 93 94 95 96",
}
_OF_PROVINCE = {code: zone for zone, codes in _PROVINCES.items() for code in codes.split()}


def zone_of(region: str) -> Zone | None:
    """Return the zone of a region's province, or ``None`` for a province that there isn't.

    Args:
        region: A region code, with or without dots; only its first two digits count.
    """
    return _OF_PROVINCE.get(region[:2])
