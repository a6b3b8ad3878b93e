"""What a file says otherwise in a newer format is told key by key, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from ikd.core.standard.upgrading import changes


def changed(desk: Any, **parts: Any) -> dict[str, str]:
    """Return what the second format changes in an office with *parts*."""
    return dict(changes(desk.office(**parts), desk.office(format=2, **parts)))


def visit(desk: Any, *places: dict[str, bool]) -> dict[str, Any]:
    """Return a visit at *places*, of which is said whether one begins or finishes there."""
    rows = [desk.row(kind="mpp", name=f"Tempat {n}", **said) for n, said in enumerate(places)]
    return {"direction": desk.said("office_reads_resident"), "places": rows}


def test_a_day_on_which_the_standard_begins_refuses_who_comes_before_it(desk: Any):
    told = changed(desk, decree={"effective_from": desk.said("2027-01-01")})
    assert told.keys() == {"decree.effective_from"}
    assert "from 2027-01-01 on" in told["decree.effective_from"]


@pytest.mark.parametrize(
    ("said", "silent"),
    [
        ({}, {"begin", "finish"}),
        ({"begin": True}, {"finish"}),
        ({"begin": False, "finish": True}, set()),
    ],
)
def test_what_a_place_leaves_unsaid_was_yes_and_is_unstated_now(
    desk: Any, said: dict[str, bool], silent: set[str]
):
    whole = {"begin": True, "finish": True}
    told = changed(desk, presence=visit(desk, whole, said))
    assert told.keys() == {f"presence.places[2].{end}" for end in silent}


def test_a_file_that_left_nothing_to_a_format_says_the_same_in_each(desk: Any):
    assert changed(desk) == {}


def test_a_file_without_a_visit_to_change_says_the_same_in_each(desk: Any):
    assert changed(desk, presence=visit(desk)) == {}
