"""The three promises to whoever waits, each a search backward through one graph.

R: whatever failed, a case comes back. S: whoever must move next is named, can, and sees it.
T: however long one thing fails, everybody is told in the end.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from ikd.core.activation.application import ApplicationStatus
from ikd.core.identity.identity import IdentityStatus
from model import waits
from model.faults import STOPPED
from model.graph import Graph, State, is_activated, is_live
from model.movers import COOLDOWN, Move
from model.ways import Way, check, reached, ways_to
from model.world import World

Lost = AbstractSet[State]
ANEW = ("registers", "resets sign-in")  # to begin again, or to come again, is no way on
ENDS = frozenset({"rejected", "taken_back", "locked", "expired", "withdrawn", "superseded"})
BREATH = str(COOLDOWN)


def comes_back(graph: Graph) -> Lost:
    """Return the live states that faults led to and nothing leads back from (R)."""
    way = ways_to(graph, states(graph, is_activated), _right)
    return _without(graph, way, reached_by_faults(graph) & states(graph, _can_go_on))


def signs_in(graph: Graph) -> Lost:
    """Return the same for an identity: it comes to its passcode, and without another visit.

    Only whose PINs were handed over and never came has to come, for nobody here knows of that.
    """
    way = ways_to(graph, states(graph, _has_passcode), _right)
    known = reached_by_faults(graph, "mail unknown", "wrong facts")
    return _without(graph, way, known & states(graph, _is_active))


def is_seen(graph: Graph) -> Lost:
    """Return the live states whose next mover isn't named, can't move, or doesn't see them (S)."""
    good = ways_to(graph, states(graph, is_activated), _people)
    return {state for state in states(graph, _can_go_on) if not _moves_on(graph, state, good)}


def _moves_on(graph: Graph, state: State, good: Way) -> bool:
    """Say whether the one who is named has a move that leads on, now or a breath later."""
    world = graph.worlds[state]
    named = waits.role(world)
    later = [end for move, end in graph.ways[state] if move.what == BREATH]
    moves = [way for one in (state, *later) for way in graph.ways[one]]
    on = any(_is_by(named, move) and end in good and _right(state, move) for move, end in moves)
    return on and waits.is_seen(world, named)


def _is_by(named: str, move: Move) -> bool:
    """Say whether *move* is theirs; what is done at the counter is both sides' doing."""
    at_the_counter = {
        "resident": "sends a PIN to who came",  # they alone know that none reached them
        "operator": "submits a sample",
    }
    both = move.what == at_the_counter.get(named)
    return move.mover == named or both or (named == "system" and move.mover == "lane")


def _people(_state: State, move: Move) -> bool:
    """Whatever people and lanes do, and time between."""
    return not (move.fault or move.no or move.what in ANEW)


def is_told(graph: Graph, fault: str) -> Lost:
    """Return the live states that come to no end that is told while *fault* lasts (T).

    Nobody has to say no for it: time alone brings what nothing else does.
    """
    way = ways_to(graph, states(graph, is_activated) | states(graph, told), _while(fault))
    return _without(graph, way, states(graph, is_live))


def cannot_be_rejected(graph: Graph) -> Lost:
    """Return the live states in which who decides can't say no, or nobody would be told of it."""
    live = states(graph, _can_go_on)
    said = {
        state
        for state, move, end in graph.edges()
        if move.what == "rejects" and told(graph.worlds[end])
    }
    return live - said


def reached_by_faults(graph: Graph, *but: str) -> set[State]:
    """Return what faults lead to, all *but* these, without anybody's no."""

    def allowed(state: State, move: Move) -> bool:
        return _patient(graph.worlds[state], move) and move.fault not in but

    return reached(graph, [next(iter(graph.worlds))], allowed)


def states(graph: Graph, holds: object) -> set[State]:
    """Return the states in whose world something *holds*."""
    assert callable(holds)
    return {state for state, world in graph.worlds.items() if holds(world)}


def _without(graph: Graph, way: Way, asked: set[State]) -> Lost:
    """Return those of *asked* from which there is no way; walk the ways of the others."""
    check(graph, way, asked & set(way))
    return asked - set(way)


def _patient(world: World, move: Move) -> bool:
    """Time passes only while the one who fails is waited for, never the resident."""
    failing = move.mover != "time" or move.fault or move.what == BREATH
    return not move.no and bool(failing or waits.role(world) not in ("", "resident"))


def _right(_state: State, move: Move) -> bool:
    """Everybody does right again, at once."""
    idle = move.mover == "time" and move.what not in (BREATH, "the clock is put right")
    return not (move.fault or move.no or idle or move.what in ANEW)


def _while(fault: str) -> object:
    stopped = STOPPED[fault]

    def allowed(_state: State, move: Move) -> bool:
        if move.fault or move.no:
            return move.fault == fault
        return move.mover not in stopped and not (fault == "clock off" and "put" in move.what)

    return allowed


def _can_go_on(world: World) -> bool:
    """Say whether the case lives; one that is overdue has ended, and only nobody noted it yet."""
    application = world.application
    return application is not None and application.is_live and world.case.now < application.ends_at


def _is_active(world: World) -> bool:
    active = [i for i in world.case.all("identity") if i.status is IdentityStatus.ACTIVE]
    return bool(active)


def _has_passcode(world: World) -> bool:
    return any(one.passcode_id is not None for one in world.case.all("identity"))


def told(world: World) -> bool:
    """Say whether the case has ended and its resident is told: owed, sent, or seen."""
    application = world.application
    if (
        application is None
        or application.is_live
        or application.status is ApplicationStatus.ACTIVATED
    ):
        return False
    if "presence" not in application.done and application.status is not ApplicationStatus.REJECTED:
        return True  # such a draft says for itself how it ended
    return any(item.word in ENDS for item in world.outbox)
