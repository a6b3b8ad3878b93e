"""Five kinds of limit are five things, and a pause counts only where the text says so."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import InputError
from ikd.core.standard.calendar import Holidays
from ikd.core.standard.deadlines import Pause
from ikd.core.standard.office import Office, deadlines

WIB = ZoneInfo("Asia/Jakarta")
FRIDAY = datetime(2026, 11, 27, 10, tzinfo=WIB)


def promised(desk: Any, *rows: dict[str, Any]) -> Office:
    office: Office = desk.office(sla={"clauses": [desk.row(text="…", **row) for row in rows]})
    return office


def due(desk: Any, start: datetime = FRIDAY, **row: Any) -> datetime:
    (left,) = deadlines(promised(desk, row), start, start)
    return left.due_at.astimezone(WIB)


@pytest.mark.parametrize(
    ("amount", "unit", "at"),
    [
        (10, "minutes", datetime(2026, 11, 27, 10, 10, tzinfo=WIB)),
        (5, "hours", datetime(2026, 11, 27, 15, tzinfo=WIB)),
        (1, "24h", datetime(2026, 11, 28, 10, tzinfo=WIB)),
        (1, "calendar_day", datetime(2026, 11, 29, 0, tzinfo=WIB)),
        (1, "working_day", datetime(2026, 12, 1, 0, tzinfo=WIB)),
    ],
)
def test_each_unit_is_counted_its_own_way(desk: Any, amount: int, unit: str, at: datetime) -> None:
    assert due(desk, amount=amount, unit=unit) == at


@pytest.mark.parametrize(("kind", "day"), [("calendar_day", 29), ("working_day", 1)])
def test_the_reading_of_a_day_is_the_files_and_moves_the_deadline(
    desk: Any, kind: str, day: int
) -> None:
    assert due(desk, amount=1, unit="day", day_is=desk.said(kind)).day == day


@pytest.mark.parametrize(
    ("region", "zone", "last_day"),
    [
        ("13.76", "Asia/Jakarta", 24),  # 23.30 on Monday
        ("61.71", "Asia/Pontianak", 24),
        ("74.07", "Asia/Makassar", 25),  # half an hour into Tuesday
        ("94.71", "Asia/Jayapura", 25),
    ],
)
def test_a_day_is_a_day_where_the_office_is(
    desk: Any, region: str, zone: str, last_day: int
) -> None:
    about = {**desk.least()["about"], "region": desk.said(region), "zone": desk.said(zone)}
    row = desk.row(text="…", amount=1, unit="working_day")
    office = desk.office(about=about, sla={"clauses": [row]})
    start = datetime(2026, 11, 23, 23, 30, tzinfo=WIB)
    (left,) = deadlines(office, start, start)
    end = datetime(2026, 11, last_day, tzinfo=ZoneInfo(zone)) + timedelta(days=1)
    assert left.due_at == end


def test_a_day_without_its_reading_is_a_fault_and_so_is_a_reading_without_a_day(desk: Any) -> None:
    path = ["sla.clauses[1].day_is"]
    day = desk.row(text="1 Hari", amount=1, unit="day")
    hour = desk.row(text="1 jam", amount=1, unit="hours", day_is=desk.said("working_day"))
    assert desk.faults(sla={"clauses": [day]}) == path
    assert desk.faults(sla={"clauses": [hour]}) == path


@pytest.mark.parametrize("amount", [0, -1, 1441])
def test_a_limit_of_nothing_or_of_years_is_a_fault(desk: Any, amount: int) -> None:
    row = desk.row(text="…", amount=amount, unit="hours")
    assert desk.faults(sla={"clauses": [row]}) == ["sla.clauses[1].amount"]


def test_an_office_that_published_no_time_has_no_deadline(desk: Any) -> None:
    assert deadlines(desk.office(), FRIDAY, FRIDAY) == ()
    assert deadlines(desk.office(sla={}), FRIDAY, FRIDAY) == ()


def test_of_a_list_without_stages_only_the_longest_can_be_broken(desk: Any) -> None:
    rows = ({"amount": 10, "unit": "minutes"}, {"amount": 1, "unit": "24h"})
    late = FRIDAY + timedelta(hours=24, microseconds=1)
    short, long = deadlines(promised(desk, *rows), FRIDAY, late)
    assert (short.binding, short.breached) == (False, False)
    assert (long.binding, long.breached) == (True, True)
    assert "tahap tidak disebutkan" in short.label
    assert long.remaining == timedelta(microseconds=-1)
    assert not deadlines(promised(desk, *rows), FRIDAY, FRIDAY + timedelta(hours=24))[1].breached


def test_a_limit_whose_stage_is_published_can_be_broken_by_itself(desk: Any) -> None:
    stage = {"amount": 10, "unit": "minutes", "stage": desk.said("pemindaian")}
    rows = (stage, {"amount": 1, "unit": "24h"})
    first, _ = deadlines(promised(desk, *rows), FRIDAY, FRIDAY + timedelta(hours=1))
    assert first.breached
    assert "tahap pemindaian" in first.label


def test_a_clock_runs_from_its_own_event_and_not_before(desk: Any) -> None:
    row = {"amount": 15, "unit": "minutes", "start": desk.said("declared_complete")}
    office = promised(desk, row)
    later = FRIDAY + timedelta(hours=3)
    assert deadlines(office, FRIDAY, later) == ()
    (left,) = deadlines(office, FRIDAY, later, starts={"declared_complete": later})
    assert left.due_at == later + timedelta(minutes=15)
    assert "dinyatakan lengkap" in left.label


def day_long(desk: Any, effect: str | None = "extend") -> Office:
    pause = {"reason": "system_network", "text": "tergantung jaringan"}
    named = {} if effect is None else {"effect": desk.said(effect)}
    return promised(desk, {"amount": 1, "unit": "24h", "pauses": [desk.row(**pause, **named)]})


def at(hour: float) -> datetime:
    return FRIDAY + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("pauses", "added"),
    [
        ([], 0),
        ([("system_network", 4, 6)], 2),
        ([("system_network", 4, 6), ("system_network", 5, 7)], 3),
        ([("system_network", 4, 7), ("system_network", 5, 6)], 3),
        ([("system_network", -2, 1)], 1),
        ([("system_network", -2, -1)], 0),
        ([("system_network", 25, 26)], 0),
        ([("system_network", 24, 26)], 0),
        ([("system_network", 23, 25), ("system_network", 25.5, 26.5)], 3),
        ([("system_network", 28, None)], 0),
        ([("system_network", 20, None)], 10),
        ([("system_network", 20, 99)], 10),
    ],
)
def test_a_pause_moves_the_deadline_by_the_time_the_clock_stood(
    desk: Any, pauses: list[tuple[str, float, float | None]], added: float
) -> None:
    stood = [Pause(reason=r, began=at(b), ended=None if e is None else at(e)) for r, b, e in pauses]
    for order in (stood, stood[::-1]):
        (left,) = deadlines(day_long(desk), FRIDAY, at(30), order)
        assert left.paused == timedelta(hours=added)
        assert left.due_at == at(24 + added)
        assert left.remaining == timedelta(hours=added - 6)
        assert left.breached is (added < 6)


def test_a_pause_for_a_reason_that_no_limit_names_is_told_and_not_left_out(desk: Any) -> None:
    with pytest.raises(InputError) as caught:
        deadlines(day_long(desk), FRIDAY, at(30), [Pause(reason="system_netwerk", began=at(4))])
    assert caught.value.code == "pauses.reason"
    assert "system_network" in str(caught.value)


@pytest.mark.parametrize(
    ("effect", "did"), [("extend", "bertambah 120 menit"), ("excuse", "dimaafkan")]
)
def test_the_label_of_a_moved_limit_names_the_proviso_and_that_it_is_read_so(
    desk: Any, effect: str, did: str
) -> None:
    outage = Pause(reason="system_network", began=at(4), ended=at(6))
    (left,) = deadlines(day_long(desk, effect), FRIDAY, at(25), [outage])
    assert did in left.label
    assert "“tergantung jaringan” (" in left.label
    assert "tafsiran (" in left.label
    (still,) = deadlines(day_long(desk, effect), FRIDAY, at(25))
    assert "tafsiran" not in still.label


def test_an_excusing_pause_leaves_the_deadline_and_takes_the_blame(desk: Any) -> None:
    outage = Pause(reason="system_network", began=at(4), ended=at(6))
    (left,) = deadlines(day_long(desk, "excuse"), FRIDAY, at(25), [outage])
    assert (left.due_at, left.excused, left.breached) == (at(24), True, False)
    (plain,) = deadlines(day_long(desk, "excuse"), FRIDAY, at(25))
    assert plain.breached


def test_a_naive_time_is_refused(desk: Any) -> None:
    with pytest.raises(InputError):
        deadlines(day_long(desk), datetime(2026, 11, 27), FRIDAY)  # noqa: DTZ001  the point


NEW_YEARS_EVE = datetime(2027, 12, 30, 10, tzinfo=WIB)  # a Thursday


def known(year: int) -> Holidays:
    """Know the decree of every year up to 2027."""
    return Holidays(days=frozenset({date(year, 1, 1)}), decreed=year <= 2027)


@pytest.mark.parametrize(
    ("amount", "unit", "doubtful"),
    [
        (1, "working_day", []),  # ends with the 31st of December
        (2, "working_day", ["2028"]),
        (2, "calendar_day", []),
        (99, "24h", []),
    ],
)
def test_a_limit_in_working_days_says_which_years_have_no_decree_yet(
    desk: Any, amount: int, unit: str, doubtful: list[str]
) -> None:
    office = promised(desk, {"amount": amount, "unit": unit})
    (left,) = deadlines(office, NEW_YEARS_EVE, NEW_YEARS_EVE, days_off=known)
    assert re.findall("libur ([0-9]+) belum ditetapkan", left.label) == doubtful


def test_a_limit_in_working_days_counts_the_days_off_that_are_told(desk: Any) -> None:
    office = promised(desk, {"amount": 2, "unit": "working_day"})
    monday = datetime(2028, 1, 4, 0, tzinfo=WIB)
    (told,) = deadlines(office, NEW_YEARS_EVE, NEW_YEARS_EVE, days_off=known)
    assert told.due_at == monday  # the first of January is a Saturday in 2028
    thursday = datetime(2025, 12, 31, 10, tzinfo=WIB)
    (told,) = deadlines(office, thursday, thursday, days_off=known)
    (untold,) = deadlines(office, thursday, thursday)
    assert (told.due_at - untold.due_at) == timedelta(days=3)  # a Thursday, and the weekend
    assert "libur 2025 belum ditetapkan" in untold.label


UNITS = st.sampled_from(["minutes", "hours", "24h", "calendar_day", "working_day"])
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis asks for naive bounds


@given(TIMES, UNITS, st.integers(1, 20))
def test_a_deadline_is_never_before_its_start_and_grows_with_the_amount(
    desk: Any, start: datetime, unit: str, amount: int
) -> None:
    first = due(desk, start, amount=amount, unit=unit)
    assert start < first < due(desk, start, amount=amount + 1, unit=unit)
