"""Invented people for the simulator: the same seed makes the same ones everywhere."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import date, timedelta

from ikd.adapters.registry.simulated_resident import METHODS, SimulatedResident
from ikd.core.errors import InputError
from ikd.core.records.person import Marital
from ikd.core.resident.nik import Nik

_FIRST_DAY = date(1950, 1, 1)
_LAST_DAY = date(2008, 12, 31)
_WOMEN = ("Sari", "Dewi", "Putri", "Ayu", "Lestari", "Wulan", "Ratna", "Indah", "Melati", "Kartika")
_MEN = ("Budi", "Agus", "Joko", "Eko", "Rudi", "Hendra", "Bayu", "Dedi", "Arif", "Fajar")
_LAST = (
    "Contohwati",
    "Contohadi",
    "Misalnya",
    "Rekaan",
    "Umpama",
    "Percobaan",
    "Andaian",
    "Khayali",
)
_MARITAL = tuple(Marital)


def people(seed: int, count: int, region: str = "137601") -> tuple[SimulatedResident, ...]:
    """Return *count* invented residents, every one with a NIK of its own.

    Their NIKs have serials 9900 to 9999, which this project keeps for people who don't exist;
    each has a face, an iris and a fingerprint recorded, 64 bytes that are drawn from *seed*, and
    an address in *region*. Nobody has a portrait: to answer with one takes Pillow.

    Args:
        seed: Which people: the same seed and region make the same ones, longer or shorter.
        count: How many, up to 100,000.
        region: Six digits of a district.

    Raises:
        InputError: *count* is out of range (``simulator.count``), or *region* begins no NIK.
    """
    if not 0 <= count <= 100_000:
        raise InputError("simulator.count", "from 0 to 100000")
    drawn = _niks(random.Random(f"{seed}/{region}"), region)  # noqa: S311 - no secret is drawn
    return tuple(_resident(seed, *next(drawn)) for _ in range(count))


def _niks(chance: random.Random, region: str) -> Iterator[tuple[Nik, date, int]]:
    seen = set()
    days = (_LAST_DAY - _FIRST_DAY).days + 1
    while True:
        born = _FIRST_DAY + timedelta(days=chance.randrange(days))
        woman = chance.random() < 0.5
        serial, name = 9900 + chance.randrange(100), chance.randrange(1_000_000)
        day = born.day + 40 * woman  # PP 37/2007: 40 is added to a woman's day of birth
        nik = Nik.parse(f"{region}{day:02d}{born:%m%y}{serial}")
        if nik not in seen:
            seen.add(nik)
            yield nik, born, name


def _resident(seed: int, nik: Nik, born: date, name: int) -> SimulatedResident:
    first = _WOMEN if nik.sex.value == "female" else _MEN
    return SimulatedResident(
        nik=nik,
        name=f"{first[name % len(first)]} {_LAST[name // 100 % len(_LAST)]}",
        birth_date=born,
        nationality="IDN",
        address=f"Jalan Rekaan {1 + name % 97}\nRT {1 + name % 9:03d} RW {1 + name % 7:03d}",
        region=nik.region_code,
        marital=_MARITAL[name % len(_MARITAL)],
        recorded={
            method: hashlib.shake_256(f"{seed}/{nik.digits}/{method}".encode()).digest(64)
            for method in sorted(METHODS)
        },
    )
