"""A stated title or place counts as the standard has it; what isn't stated hinders nobody."""

from __future__ import annotations

from typing import Any

import pytest

from ikd.core.activation import commands as do
from ikd.core.activation import events as e
from ikd.core.errors import RefusedError
from ikd.core.identity import commands as live
from ikd.core.records.actor import Actor
from ikd.plugins.offices import load_office
from model import acts
from model.cases import Case, refusal_of
from model.offices import said, text_of

GROUND = {"source": "default", "why": "contoh"}
PLACES = [
    {"kind": "mpp", "name": "Mal Pelayanan Publik", **GROUND},
    {"kind": "village", "name": "Desa", "finish": False, "source": "P23", "quote": "QR"},
    {"kind": "district", "name": "Kecamatan", "begin": False, "finish": True, **GROUND},
]


def case_of(**changes: Any) -> Case:
    """A world of an office with two titles and three kinds of places."""
    text = text_of("payakumbuh")
    text["format"] = 2
    text["officers"].append({"title": "Verifikator", "may": ["decide", "verify"], **GROUND})
    next(step for step in text["steps"] if step["name"] == "decision")["by"] = said("operator")
    text["presence"]["places"] = PLACES
    return Case(office=load_office(text | changes))


def scan(case: Case, **post: str) -> str:
    application = acts.brought_to(case, "presence")
    command = do.ScanPairing(token=acts.phone_qr(application.id))
    return refusal_of(case, command, acts.operator(case, **post))


@pytest.mark.parametrize(
    ("title", "refusal"),
    [
        ("Operator Disdukcapil", ""),
        ("Verifikator", "actor.title"),
        ("Juru parkir", "actor.title"),
    ],
)
def test_a_title_may_what_the_file_gives_it(title: str, refusal: str) -> None:
    assert scan(case_of(), title=title) == refusal


def test_what_the_file_gives_to_a_title_is_no_other_titles() -> None:
    case = case_of()
    application = acts.brought_to(case, "decision")
    approve = do.Approve(application_id=application.id)
    other = acts.operator(case, title="Operator Disdukcapil")
    assert refusal_of(case, approve, other) == "actor.title"
    assert refusal_of(case, approve, acts.operator(case, title="Verifikator")) == ""


def test_what_the_file_gives_to_nobody_is_any_known_titles() -> None:
    case = case_of()
    acts.brought_to(case, "ACTIVATED")
    reset = do_reset(case)
    assert refusal_of(case, reset, acts.operator(case, title="Juru parkir")) == "actor.title"
    assert refusal_of(case, reset, acts.operator(case, title="Verifikator")) != "actor.title"


def do_reset(case: Case) -> live.ResetSignIn:
    return live.ResetSignIn(identity_id=case.identity.id, token="IKDR:" + case.identity.id)


@pytest.mark.parametrize(
    ("place", "refusal"),
    [("mpp", ""), ("district", ""), ("village", "actor.place"), ("warung", "actor.place")],
)
def test_one_finishes_where_the_file_does_not_say_no(place: str, refusal: str) -> None:
    assert scan(case_of(), place=place) == refusal


@pytest.mark.parametrize(
    ("place", "refusal"), [("mpp", ""), ("village", ""), ("district", "actor.place")]
)
def test_one_begins_where_the_file_does_not_say_no(place: str, refusal: str) -> None:
    case = case_of()
    clerk = acts.operator(case, place=place)
    assert refusal_of(case, acts.register(case), clerk) == refusal


def test_the_refusal_cites_the_clause_of_the_place() -> None:
    case = case_of()
    application = acts.brought_to(case, "presence")
    with pytest.raises(RefusedError) as caught:
        case.do(
            do.ScanPairing(token=acts.phone_qr(application.id)),
            acts.operator(case, place="village"),
        )
    assert caught.value.clause == "P23"


def test_an_office_that_lists_none_takes_any_title_and_place() -> None:
    case = Case(office=load_office("wakatobi"))
    clerk = acts.operator(case, place="mpp", title="Apa saja")
    assert refusal_of(case, acts.register(case), clerk) == ""


def test_the_visit_is_written_down_with_place_and_title() -> None:
    case = case_of()
    application = acts.brought_to(case, "presence")
    clerk = acts.operator(case, place="mpp", title="Operator Disdukcapil")
    decision = case.do(do.ScanPairing(token=acts.phone_qr(application.id)), clerk)
    (visit,) = [
        one
        for change in decision.changes
        for one in change.events
        if isinstance(one, e.PresenceConfirmed)
    ]
    assert (visit.place, visit.title) == ("mpp", "Operator Disdukcapil")


@pytest.mark.parametrize("bad", ["", "a\nb", "x" * 81, 5])
def test_a_post_is_one_line(bad: Any) -> None:
    with pytest.raises(ValueError, match="actor"):
        Actor.operator("op-1", office="payakumbuh", title=bad)
