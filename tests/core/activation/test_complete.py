"""A clock that counts from complete files is started by an officer's word, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ikd.core.activation import commands as do
from ikd.core.activation.waiting import starts
from ikd.core.standard.office import deadlines
from ikd.plugins.offices import load_office
from model import acts
from model.cases import START, Case, refusal_of
from model.offices import said, text_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def case() -> Case:
    """A world whose office counts its day from complete files."""
    text = text_of("payakumbuh")
    text["sla"]["clauses"][0]["start"] = said("declared_complete")
    return Case(office=load_office(text))


def running(case: Case) -> list[bool]:
    began = starts(case.application)
    return ["declared_complete" in began, bool(deadlines(case.office, START, case.now, (), began))]


def test_the_clock_stands_until_it_is_declared(case: Case) -> None:
    application = acts.brought_to(case, "biometric")
    assert running(case) == [False, False]
    case.later(MINUTE)
    case.do(do.DeclareComplete(application_id=application.id), acts.operator(case))
    assert running(case) == [True, True]
    assert starts(case.application)["declared_complete"] == START + MINUTE


def test_it_is_declared_once(case: Case) -> None:
    application = acts.brought_to(case, "biometric")
    declare = do.DeclareComplete(application_id=application.id)
    case.do(declare, acts.operator(case))
    assert refusal_of(case, declare, acts.MINISTRY) == "complete.declared"


def test_whoever_approves_has_found_it_complete(case: Case) -> None:
    acts.brought_to(case, "PIN_SENT")
    assert starts(case.application)["declared_complete"] == starts(case.application)["approved"]


def test_where_no_time_counts_from_it_nobody_declares_it() -> None:
    case = Case(office=load_office("payakumbuh"))
    application = acts.opened(case)
    declare = do.DeclareComplete(application_id=application.id)
    assert refusal_of(case, declare, acts.operator(case)) == "complete.unpublished"
    assert refusal_of(case, declare, acts.RESIDENT) == "actor.not_permitted"
