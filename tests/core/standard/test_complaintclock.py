"""Complaints have clocks of their own, by the wall clock, and "about" isn't exact."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ikd.core.errors import InputError
from ikd.core.timing import UTC

RECEIVED = datetime(2026, 11, 28, 14, tzinfo=UTC)
DAY = timedelta(days=1)


def office(desk: Any, *clocks: dict[str, Any]) -> Any:
    kinds = [desk.row(name="aduan"), desk.row(name="saran")]
    return desk.office(complaints={"kinds": kinds, "channels": [], "clocks": list(clocks)})


@pytest.mark.parametrize(
    ("late", "tolerance", "broken"),
    [(0, None, False), (1, None, True), (1, "2 h", False), (121, "2 h", True)],
)
def test_a_limit_that_says_about_is_broken_after_its_tolerance(desk, late, tolerance, broken):
    about = {"about": True, "tolerance": desk.said(tolerance)} if tolerance else {}
    clock = desk.row(text="1x24 jam", kinds=["aduan"], limit="24 h", **about)
    now = RECEIVED + DAY + timedelta(minutes=late)
    (left,) = office(desk, clock).complaint_deadlines("aduan", RECEIVED, now)
    assert (left.due_at, left.remaining) == (RECEIVED + DAY, -timedelta(minutes=late))
    assert left.breached is broken
    assert ("kurang lebih" in left.label) is (tolerance is not None)


def test_each_clock_of_a_kind_is_told_and_none_of_another(desk):
    clocks = [
        desk.row(text="1 jam", kinds=["aduan"], limit="1 h"),
        desk.row(text="3 hari", kinds=["aduan"], limit="3 d", start=desk.said("verified")),
    ]
    made = office(desk, *clocks)
    (first,) = made.complaint_deadlines("aduan", RECEIVED, RECEIVED)
    assert first.text == "1 jam"
    both = made.complaint_deadlines("aduan", RECEIVED, RECEIVED, verified_at=RECEIVED + DAY)
    assert [one.due_at - RECEIVED for one in both] == [timedelta(hours=1), 4 * DAY]
    assert made.complaint_deadlines("saran", RECEIVED, RECEIVED) == ()


def test_an_office_without_complaints_has_no_limit_and_a_time_has_a_zone(desk):
    assert desk.office().complaint_deadlines("aduan", RECEIVED, RECEIVED) == ()
    with pytest.raises(InputError):
        desk.office().complaint_deadlines("aduan", RECEIVED.replace(tzinfo=None), RECEIVED)
