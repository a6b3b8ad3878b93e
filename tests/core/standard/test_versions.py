"""Of two versions of a standard the one is served whose day it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ikd.core.errors import InputError
from ikd.core.standard.office import Office
from ikd.core.standard.versions import has_begun, has_ended, in_order, served_at


@pytest.fixture
def version(desk: Any) -> Any:
    def made(begins: str | None = None, until: str | None = None, number: int = 2) -> Office:
        ends = {"effective_from": begins, "effective_until": until}
        decree = {key: desk.said(day) for key, day in ends.items() if day is not None}
        office: Office = desk.office(format=number, decree=decree)
        return office

    return made


def test_the_newest_that_has_begun_is_served_from_its_day_at_the_office(version: Any) -> None:
    old, new = version(), version("2026-12-01")
    versions = in_order([new, old])
    assert versions == (old, new)
    before = datetime(2026, 11, 30, 16, 59, tzinfo=UTC)  # a minute before midnight in WIB
    assert served_at(versions, before) == old
    assert served_at(versions, before.replace(hour=17, minute=0)) == new


@pytest.mark.parametrize(("begins", "begun"), [("2027", False), ("2026", True), ("2026-12", False)])
def test_a_month_or_a_year_begins_with_its_first_day(
    version: Any, begins: str, begun: bool
) -> None:
    assert has_begun(version(begins), date(2026, 11, 23)) is begun


@pytest.mark.parametrize(("until", "ended"), [("2026", False), ("2025", True), ("2026-11", False)])
def test_a_month_or_a_year_ends_with_its_last_day(version: Any, until: str, ended: bool) -> None:
    assert has_ended(version(until=until), date(2026, 11, 23)) is ended


def test_one_that_ended_yields_to_one_that_holds_and_goes_on_where_none_does(version: Any) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    trial, before = version("2026-03", "2026-06"), version("2024")
    assert served_at(in_order([trial, before]), now) == before
    assert served_at([trial], now) == trial


def test_where_none_has_begun_it_is_the_first_to_come(version: Any) -> None:
    versions = in_order([version("2028"), version("2027")])
    assert served_at(versions, datetime(2026, 11, 23, tzinfo=UTC)).begins == "2027"


def test_the_first_format_is_served_at_once(version: Any) -> None:
    assert version("2999", number=1).begins is None


@pytest.mark.parametrize("begins", [(None, None), ("2026", "2026")])
def test_two_that_begin_together_are_one_too_many(version: Any, begins: Any) -> None:
    with pytest.raises(InputError, match=r"offices\.twice"):
        in_order([version(one) for one in begins])
