"""Nobody waits unseen: three promises to whoever waits, searched backward at every office.

R, comes back: whatever failed, people and delivery bring the case to its activation once the
fault is over. S, seen: the one whom ``where`` names has a move that leads on, and sees the case.
T, told: however long one thing fails, everybody comes to an activation or to an end that is told.
What each means exactly stands in ``model.promises``, who can do what in ``model.movers``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import attrs
import pytest

from ikd.core.activation import application as applications
from ikd.core.activation import commands as do
from ikd.core.activation import decisions, pins
from ikd.core.activation.turn import CaseTurn
from ikd.core.errors import RefusedError
from model import lanes, promises, waits
from model.faults import STOPPED
from model.graph import Graph, State, graph_of
from model.offices import VARIANTS, office_of
from model.ways import BrokenWayError, walk, ways_to
from model.world import World


def described(graph: Graph, lost: Iterable[State]) -> Counter[str]:
    """Say where the states are that are lost, and how many in each place."""
    return Counter(_place(graph.worlds[state]) for state in lost)


def _place(world: World) -> str:
    application, where = world.application, waits.where(world)
    if application is None or where is None:
        return "ended"
    owed = [f"{item.word} {item.done}" for item in world.outbox if item.done != "sent"]
    return f"{application.status.value}: {waits.role(world)}, {where.missing}, {owed}"


@pytest.mark.slow
@pytest.mark.parametrize("name", VARIANTS)
def test_nobody_waits_unseen(name: str, record_property: Callable[[str, object], None]):
    graph = graph_of(office_of(name))
    back, seen = promises.comes_back(graph), promises.is_seen(graph)
    again = promises.signs_in(graph)
    told = {fault: promises.is_told(graph, fault) for fault in STOPPED}
    untold = sum(map(len, told.values()))
    numbers = f"R {len(back)}, R of sign-in {len(again)}, S {len(seen)}, T {untold}"
    record_property("search", f"{name}: {graph}; {numbers}")
    assert not described(graph, back)
    assert not described(graph, again)
    assert not described(graph, seen)
    assert not {fault: described(graph, lost) for fault, lost in told.items() if lost}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["payakumbuh", "wakatobi"])
def test_until_the_activation_who_decides_can_take_it_back_and_it_is_told(name: str):
    graph = graph_of(office_of(name))
    assert not described(graph, promises.cannot_be_rejected(graph))


# --- a machine broken on purpose fails each ------------------------------------------------

SMALL = "four steps only"


def test_without_a_pin_at_the_counter_some_case_never_comes_back(
    monkeypatch: pytest.MonkeyPatch,
):
    def by_phone_alone(turn: CaseTurn, command: do.ReissuePin) -> None:
        if command.proof is None:
            raise RefusedError("proof.invalid", "by the phone alone")
        pins.reissue_pin(turn, command)

    monkeypatch.setitem(decisions._HANDLERS, do.ReissuePin, by_phone_alone)
    assert promises.comes_back(graph_of(office_of(SMALL)))


def test_a_question_that_is_given_up_for_good_leaves_a_case_behind(
    monkeypatch: pytest.MonkeyPatch,
):
    def impatient(**known: object) -> object:
        given_up = known["question"] and known["failure"]
        return lanes.TryingEnd.GIVE_UP if given_up else patient(**known)  # type: ignore[arg-type]

    patient = lanes.patience
    monkeypatch.setattr(lanes, "patience", impatient)
    monkeypatch.setattr("model.movers._retries", lambda _world: None)
    assert promises.comes_back(graph_of(office_of(SMALL)))


def test_a_wrong_role_that_is_named_has_nothing_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(applications.Application, "mover", lambda _application, _order: "ministry")
    assert promises.is_seen(graph_of(office_of("wakatobi")))


def test_an_officer_who_is_named_but_shown_no_list_sees_nothing(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(waits, "_column", lambda _application, _world: None)
    assert promises.is_seen(graph_of(office_of(SMALL)))


def test_an_expiry_that_does_not_tell_leaves_people_untold(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(CaseTurn, "tell", lambda _turn, _template, _about=None: None)
    graph = graph_of(office_of(SMALL))
    assert promises.is_told(graph, "mail slow")
    assert not promises.comes_back(graph)  # each promise finds what the others don't


def test_who_can_reject_an_open_case_alone_cannot_take_an_approval_back(
    monkeypatch: pytest.MonkeyPatch,
):
    def while_open(turn: CaseTurn, command: do.Reject) -> None:
        turn.require(applications.ApplicationStatus.OPEN)
        reject(turn, command)

    reject = decisions._HANDLERS[do.Reject]
    monkeypatch.setitem(decisions._HANDLERS, do.Reject, while_open)
    graph = graph_of(office_of(SMALL))
    assert promises.cannot_be_rejected(graph)
    assert not promises.comes_back(graph)


def test_a_way_that_only_the_states_promise_is_found_out_by_walking_it():
    graph = graph_of(office_of(SMALL))
    way = ways_to(graph, promises.states(graph, promises.is_activated), promises._right)
    start = next(state for state, step in way.items() if step is not None)
    move, end = way[start] or (None, start)
    assert move is not None
    shut = attrs.evolve(move, go=lambda _world: None)
    assert walk(graph, way, start)
    with pytest.raises(BrokenWayError):
        walk(graph, {**way, start: (shut, end)}, start)


def test_the_graph_is_as_large_as_it_should_be():
    graph = graph_of(office_of(SMALL))
    assert len(graph.worlds) >= 150
    assert {move.mover for _, move, _ in graph.edges()} == {
        *("resident", "operator", "ministry", "registry", "lane", "system", "time")
    }
    faults = {move.fault for move in graph.moves}
    assert faults == {"", *STOPPED} - {"operator away", "ministry away"}
