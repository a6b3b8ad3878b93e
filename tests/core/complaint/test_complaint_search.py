"""Everything that can become of a complaint: no dead end, nobody unseen, nobody untold."""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
from collections.abc import Callable
from types import ModuleType

import pytest

from ikd.core.complaint import commands as do
from ikd.core.complaint import decisions, filing, turn, waiting
from ikd.core.complaint.lifecycle import TRANSITIONS
from ikd.core.errors import IkdError, InputError
from ikd.core.records.declaration import Command
from model.complaints import (
    DEEDS,
    STOPPED,
    Desk,
    Walked,
    attempts,
    begun,
    dead_ends,
    unseen,
    untold,
    walked,
)

OFFICES = ("payakumbuh", "wakatobi")
SEARCHED = ("by e-mail", "into a box", "anonymous", "of a levy")
"""Ways that differ in what can become of it; the others differ in words alone."""
SMALL = ("payakumbuh", "in a social network")
walk = functools.cache(walked)


@pytest.mark.parametrize("filed", SEARCHED)
@pytest.mark.parametrize("office", OFFICES)
def test_no_complaint_waits_unseen(
    office: str, filed: str, record_property: Callable[[str, object], None]
):
    graph = walk(office, filed)
    told = {fault: untold(graph, fault) for fault in STOPPED}
    numbers = f"R {len(dead_ends(graph))}, S {len(unseen(graph))}, T {sum(map(len, told.values()))}"
    moves = sum(map(len, graph.ways.values()))
    record_property(
        "search", f"{office}, {filed}: {len(graph.desks)} states, {moves} moves; {numbers}"
    )
    assert not dead_ends(graph)
    assert not unseen(graph)
    assert not {fault: lost for fault, lost in told.items() if lost}


def raised(module: ModuleType, *functions: str) -> set[str]:
    """Return the codes of the refusals that a module's source raises."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "RefusedError":
            first = node.args[0]
            if isinstance(first, ast.Constant):
                found.add(first.value)
    return found


def handed_over_after_an_answer() -> Desk:
    """Return a world that the search takes for one of those without an answer."""
    desk = begun("payakumbuh", "by e-mail")
    for wanted in ("answer_complaint", "reply_complaint", "hand_over_complaint"):
        (deed,) = (deed for deed in DEEDS if deed.what == wanted)
        after = deed.go(desk)
        assert after is not None
        desk = after
    return desk


@pytest.mark.slow
def test_every_transition_and_every_refusal_is_met():
    met: set[tuple[object, type[object]]] = set()
    codes: set[str] = set()
    more = (begun("wakatobi", "about an officer"), handed_over_after_an_answer())
    for graph in (walk("wakatobi", "by e-mail"), walk("wakatobi", "anonymous")):
        for desk in (*more, *graph.desks.values()):
            assert desk.complaint is not None
            for command, actor, holder in attempts(desk):
                try:
                    decision = desk.decided(command, actor, holder=holder)
                except IkdError as error:
                    codes.add(error.code)
                    continue
                if decision.refusal is not None:
                    codes.add(decision.refusal.code)
                status = desk.complaint.status
                for happened in decision.changes[0].events:
                    met.add((status, type(happened)))
                    status = TRANSITIONS[status, type(happened)]
    assert met == {pair for pair in TRANSITIONS if pair[0] is not None}
    filing_alone = {"complaint.demanded", "complaint.contact"}
    never = {"complaint.step", "record.unknown"}  # every step is published here, and all are known
    wanted = raised(decisions) | raised(turn) | {"actor.not_permitted", "actor.other_office"}
    assert wanted - codes == never - codes
    assert raised(filing) - {"actor.own_case"} == filing_alone


def test_an_attempt_changes_nothing_where_it_is_refused():
    desk = begun(*SMALL)
    for command, actor, holder in attempts(desk):
        with contextlib.suppress(IkdError):
            desk.decided(command, actor, holder=holder)
    assert desk.complaint is not None
    assert desk.complaint.version == 1


# --- a machine broken on purpose fails each ------------------------------------------------


def broken() -> Walked:
    return walked(*SMALL)


def test_a_hand_over_that_is_refused_leaves_somebody_waiting_unseen(monkeypatch):
    def never(_turn: object, _command: Command) -> None:
        raise InputError("complaint.done", "no")

    monkeypatch.setitem(decisions._HANDLERS, do.HandOverAnswer, never)
    assert unseen(broken())


def test_a_close_that_is_refused_is_a_dead_end(monkeypatch):
    def never(_turn: object, _command: Command) -> None:
        raise InputError("complaint.done", "no")

    monkeypatch.setitem(decisions._HANDLERS, do.CloseComplaint, never)
    assert dead_ends(broken())


def test_a_wrong_role_that_is_named_has_nothing_to_do(monkeypatch):
    monkeypatch.setattr(waiting, "_turn", lambda *_: (waiting.Role.MINISTRY, "complaint_answer"))
    assert unseen(broken())


def test_an_end_that_does_not_tell_leaves_people_untold(monkeypatch):
    monkeypatch.setattr(turn.ComplaintTurn, "tell", lambda *_args, **_more: None)
    assert untold(walked("payakumbuh", "by e-mail"), "officer away")


def test_the_graph_is_as_large_as_it_should_be():
    graph = broken()
    assert len(graph.desks) >= 100
    assert {deed.mover for ways in graph.ways.values() for deed, _ in ways} >= {
        *("resident", "operator", "system", "time")
    }
