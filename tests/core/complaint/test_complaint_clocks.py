"""Limits on a complaint: whose they are, from when they count, and when they stop."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest

from ikd.core.complaint.clocks import limits
from ikd.core.standard.calendar import Holidays, no_days_off
from ikd.core.standard.office import Office
from model.complaints import Desk, begun

WIB = ZoneInfo("Asia/Jakarta")


def left(desk: Desk, *, after: timedelta = timedelta(), days_off=no_days_off, **changed):
    complaint = attrs.evolve(desk.complaint, **changed)
    return limits(complaint, desk.office, desk.now + after, days_off)


@pytest.fixture
def national() -> Desk:
    return begun("payakumbuh", "by e-mail")


def test_before_it_is_read_only_the_routing_counts_and_then_the_class_from_the_receipt(national):
    assert [one.text for one in left(national)] == ["3 hari kerja"]
    read = {"category": "ordinary", "classified_at": national.now}
    routing, ordinary = left(national, after=timedelta(days=40), **read)
    assert (routing.breached, ordinary.breached) == (False, True)
    assert ordinary.due_at == datetime(2026, 12, 12, tzinfo=WIB)  # 14 working days from 23 November


def test_the_nations_holidays_move_it_and_the_doubt_is_told(national):
    off = Holidays(days=frozenset({datetime(2026, 11, 24).date()}), decreed=True)  # noqa: DTZ001
    (plain,) = left(national)
    (moved,) = left(national, days_off=lambda _year: off)
    assert moved.due_at - plain.due_at == timedelta(days=1)
    assert "belum ditetapkan" in plain.label
    assert "belum ditetapkan" not in moved.label


def test_a_limit_that_was_kept_stops_and_one_that_was_broken_stays_broken(national):
    read = {"category": "information", "classified_at": national.now}
    answered = {**read, "answered_at": national.now + timedelta(days=1)}
    assert not any(one.breached for one in left(national, after=timedelta(days=90), **answered))
    late = {**read, "answered_at": national.now + timedelta(days=30)}
    assert [one.breached for one in left(national, after=timedelta(days=90), **late)] == [
        False,
        True,
    ]


def test_while_it_is_with_lapor_its_clock_stands_and_it_runs_on_once_it_is_back(national):
    read = {"category": "ordinary", "classified_at": national.now}
    over = {**read, "handed_at": national.now + timedelta(days=1)}
    assert not left(national, after=timedelta(days=90), **over)[1].breached
    assert left(national, after=timedelta(days=90), **read)[1].breached


def test_an_offices_own_limit_holds_for_what_it_names_and_no_national_one_beside_it():
    desk = begun("wakatobi", "by e-mail")
    assert [one.source for one in left(desk)] == ["W47"]
    assert left(begun("wakatobi", "a suggestion")) == ()


def test_a_limit_from_the_verification_runs_only_once_it_was_verified():
    desk = begun("wakatobi", "by e-mail")
    (clock,) = desk.office.complaints.clocks
    start = attrs.evolve(clock.start, value="verified")
    complaints = attrs.evolve(desk.office.complaints, clocks=(attrs.evolve(clock, start=start),))
    office: Office = attrs.evolve(desk.office, complaints=complaints)
    later = attrs.evolve(desk, office=office)
    assert left(later) == ()
    at = desk.now + timedelta(hours=5)
    (limit,) = left(later, done=("verify",), done_at=(at,))
    assert limit.due_at == at + timedelta(hours=24)
