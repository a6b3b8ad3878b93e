"""Pairing codes of other stations, other phones and other moments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import house
from cases import Case
from house import DEVICE, NOW, SECOND, STATION

from ikd.core.tokens import base45

_ID = b"token-id-16-byte"
_APPLICATION, _OFFICE, _STATION = -65537, -65538, -65539


def bad_pairings() -> Iterator[Case]:
    """Yield every case."""
    for reader, plain, aad, key in (
        ("office", _times() | {_OFFICE: "wakatobi", _STATION: "loket-1"}, b"ikd/pair-o/1", STATION),
        ("resident", _times() | {_APPLICATION: b"application-id-1"}, b"ikd/pair-r/1", DEVICE),
    ):
        yield from _of(reader, plain, aad, key)
    yield from _of_other_places()


def _times() -> dict[Any, Any]:
    now = int(NOW.timestamp())
    return {4: now + 90, 6: now, 7: _ID}


def _case(reader: str, name: str, plain: dict[Any, Any], reason: str, **more: object) -> Case:
    prefix = more.pop("prefix", {"office": "IKDO:", "resident": "IKDR:"}[reader])
    now = more.pop("now", NOW)
    text = prefix + base45.encode(house.sign1(plain, **more))
    return Case(f"pairing_{reader}_{name}", text, reason, reader=reader, now=now)


def _of(reader: str, plain: dict[Any, Any], aad: bytes, key: house.Signer) -> Iterator[Case]:
    good: dict[str, Any] = {"key": key, "aad": aad}
    yield _case(reader, "of_90_seconds_ago", plain, "expired", **good, now=NOW + 90 * SECOND)
    yield _case(reader, "31_seconds_early", plain, "early", **good, now=NOW - 31 * SECOND)
    yield _case(reader, "of_91_seconds", {**plain, 4: plain[6] + 91}, "life", **good)
    yield _case(reader, "of_a_stranger", plain, "key", key=house.STRANGER, aad=aad)
    named = house.protected(key)
    yield _case(
        reader, "under_anothers_name", plain, "signature", key=house.STRANGER, aad=aad, header=named
    )
    other = b"ikd/pair-r/1" if reader == "office" else b"ikd/pair-o/1"
    yield _case(reader, "in_the_context_of_the_other", plain, "signature", key=key, aad=other)
    yield _case(
        reader, "with_the_prefix_of_a_presentation", plain, "prefix", **good, prefix="IKDP:"
    )
    yield _case(reader, "without_prefix", plain, "prefix", **good, prefix="")


def _of_other_places() -> Iterator[Case]:
    good: dict[str, Any] = {"key": STATION, "aad": b"ikd/pair-o/1"}
    for name, office, station in (
        ("naming_another_office", "payakumbuh", "loket-1"),
        ("naming_another_station", "wakatobi", "loket-2"),
        ("naming_no_office", "", "loket-1"),
    ):
        plain = _times() | {_OFFICE: office, _STATION: station}
        yield _case("office", name, plain, "key", **good)
