"""Tokens that every implementation must refuse, each for the one defect in its name."""

from __future__ import annotations

from collections.abc import Iterator

import house
from badclaims import bad_claims
from badcose import bad_cose
from badmoments import bad_moments
from badpairings import bad_pairings
from badpeople import bad_people
from badphones import bad_phones
from badpresentations import bad_presentations
from badtexts import bad_texts
from cases import Case


def failing() -> Iterator[Case]:
    """Yield every case."""
    yield from bad_texts()
    yield from bad_cose()
    yield from bad_claims()
    yield from bad_people()
    yield from bad_moments()
    yield from bad_presentations()
    yield from bad_pairings()
    yield from bad_phones()


def sound() -> str:
    """Return the credential that most of them spoil."""
    return house.text(house.sign1(house.plain_claims()))
