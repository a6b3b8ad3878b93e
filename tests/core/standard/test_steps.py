"""The office's own order rules; the visit can't be ordered away."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.standard.steps import SPINE, next_step, order_faults

NAMES = ("register", "data_check", "biometric", "ministry_review", "presence", "decision")
ALL = (*NAMES, "activate")


def published(desk: Any, **own: Any) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = desk.steps(*SPINE)
    steps[0]["published"] = [{"number": 1, "text": "Mengisi data", **own}]
    return steps


CITED = {"source": "C1", "quote": "Mengisi"}
PAGE = {"prefix": "C", "kind": "office_page", "title": "Contoh"}


def test_an_item_may_stand_in_several_clauses(desk: Any) -> None:
    office = desk.office(evidence=[PAGE], steps=published(desk, **CITED, further=["C2", "C3"]))
    assert office.procedure[0].clauses == ("C1", "C2", "C3")


@pytest.mark.parametrize(
    ("own", "paths"),
    [
        ({**CITED, "further": ["c2"]}, ["steps[1].published[1].further"]),
        ({**CITED, "further": ["X2"]}, ["steps[1].published[1].further"]),
        (
            {"source": "default", "why": "contoh", "further": ["C2"]},
            ["steps[1].published[1].further"],
        ),
    ],
)
def test_a_further_clause_is_one_of_the_text(desk: Any, own: Any, paths: list[str]) -> None:
    assert desk.faults(evidence=[PAGE], steps=published(desk, **own)) == paths


def test_the_spine_alone_is_an_order() -> None:
    assert not list(order_faults(SPINE))


@pytest.mark.parametrize("name", SPINE)
def test_no_file_can_leave_out_a_step_of_the_spine(desk: Any, name: str) -> None:
    steps = [step for step in desk.steps(*SPINE) if step["name"] != name]
    assert "steps" in desk.faults(steps=steps)


@pytest.mark.parametrize("order", [p for p in permutations(SPINE) if p != SPINE])
def test_no_other_order_of_the_spine_is_accepted(order: tuple[str, ...]) -> None:
    assert list(order_faults(order))


@pytest.mark.parametrize("review", [1, 2, 3])
def test_the_ministry_may_review_before_or_after_the_visit(desk: Any, review: int) -> None:
    names = list(SPINE)
    names.insert(review, "ministry_review")
    assert [step.name for step in desk.office(steps=desk.steps(*names)).steps] == names


@pytest.mark.parametrize("place", [0, 4])
def test_nothing_stands_before_registering_or_after_activating(desk: Any, place: int) -> None:
    names = list(SPINE)
    names.insert(place, "data_check")
    assert desk.faults(steps=desk.steps(*names)) == ["steps"]


def test_a_step_that_stands_twice_is_a_fault(desk: Any) -> None:
    names = ("register", "presence", "presence", "decision", "activate")
    assert "steps" in desk.faults(steps=desk.steps(*names))


@given(st.sets(st.sampled_from(ALL)), st.permutations(NAMES[1:]))
def test_the_next_step_is_the_first_one_not_done(done: set[str], order: list[str]) -> None:
    class Row:
        def __init__(self, name: str) -> None:
            self.name = name

    rows: Any = [Row(name) for name in ("register", *order, "activate")]
    found = next_step(done, rows)
    open_names = [row.name for row in rows if row.name not in done]
    assert (found.name if found else None) == (open_names[0] if open_names else None)


def test_activation_is_never_done_in_siak(desk: Any) -> None:
    steps = desk.steps(*SPINE)
    steps[3]["performed_by"] = desk.said("siak")
    assert desk.faults(steps=steps) == ["steps[4].performed_by.value"]


def test_a_visit_may_be_scanned_in_siak(desk: Any) -> None:
    steps = desk.steps(*SPINE)
    steps[1]["performed_by"] = desk.said("siak")
    assert desk.office(steps=steps).step("presence").performed_by == "siak"


def test_a_step_has_an_answerer_that_fits_it(desk: Any) -> None:
    steps = desk.steps(*SPINE)
    steps[2]["by"] = desk.said("resident")
    assert desk.faults(steps=steps) == ["steps[3].by.value"]


@pytest.mark.parametrize(
    ("direction", "by", "fits"),
    [
        ("office_reads_resident", "operator", True),
        ("office_reads_resident", "resident", False),
        ("resident_reads_office", "resident", True),
        ("resident_reads_office", "operator", False),
    ],
)
def test_who_reads_the_qr_fits_the_direction(
    desk: Any, direction: str, by: str, *, fits: bool
) -> None:
    steps = desk.steps(*SPINE)
    steps[1]["by"] = desk.said(by)
    parts = {"steps": steps, "presence": {"direction": desk.said(direction)}}
    if fits:
        assert desk.office(**parts).presence.direction.value == direction
    else:
        assert desk.faults(**parts) == ["steps.presence.by"]


def test_published_items_have_one_number_each(desk: Any) -> None:
    steps = desk.steps(*SPINE)
    steps[0]["published"] = [desk.row(number=1, text="a"), desk.row(number=2, text="b")]
    steps[1]["published"] = [desk.row(number=2, text="c")]
    assert desk.faults(steps=steps) == ["steps.published"]
