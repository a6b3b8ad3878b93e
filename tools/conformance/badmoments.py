"""Sound credentials at the wrong moment, or of people whose credential fell."""

from __future__ import annotations

from collections.abc import Iterator

import house
from cases import Case
from house import DAY, NOW, SECOND

from ikd.core.tokens import credential


def bad_moments() -> Iterator[Case]:
    """Yield every case."""
    made = house.claims()
    text = credential.write(made, house.EDDSA)
    for name, now, reason in (
        ("at_its_last_second", made.expires_at, "expired"),
        ("a_day_too_late", made.expires_at + DAY, "expired"),
        ("after_the_keyring_and_its_grace", NOW + 400 * DAY, "keyring_expired"),
        ("before_the_keyring_was_made", NOW - 2 * DAY, "clock"),
    ):
        yield Case(f"moment_{name}", text, reason, now=now)
    early = house.claims(not_before=NOW + 31 * SECOND)
    yield Case("moment_31_seconds_early", credential.write(early, house.EDDSA), "early")
    for name, place, reason in (
        ("invalid", house.INVALID, "invalid"),
        ("suspended", house.SUSPENDED, "suspended"),
        ("superseded", house.SUPERSEDED, "superseded"),
        ("beyond_the_list", house.PLACES, "status_unknown"),
        ("at_the_last_of_32_bits", 2**32 - 1, "status_unknown"),
    ):
        fallen = credential.write(house.claims(status_index=place), house.EDDSA)
        yield Case(f"status_{name}", fallen, reason)
