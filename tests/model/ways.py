"""Ways through a graph: what can be reached, from where a goal can be, and a way walked again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping

import attrs

from model.graph import Graph, State, state_of
from model.movers import Move
from model.world import World

Allowed = Callable[[State, Move], bool]
Way = Mapping[State, tuple[Move, State] | None]
"""For each state from which the goal can be reached the next move; ``None`` at the goal."""


def reached(graph: Graph, starts: Iterable[State], allowed: Allowed) -> set[State]:
    """Return every state that the *allowed* moves lead to from *starts*."""
    seen = set(starts)
    todo = list(seen)
    while todo:
        state = todo.pop()
        new = {end for move, end in graph.ways[state] if end not in seen and allowed(state, move)}
        seen |= new
        todo.extend(new)
    return seen


def ways_to(graph: Graph, goals: Iterable[State], allowed: Allowed) -> Way:
    """Return from where the *allowed* moves lead to one of *goals*, and how, shortest first."""
    back: dict[State, list[tuple[State, Move]]] = {}
    for state, move, end in graph.edges():
        if allowed(state, move):
            back.setdefault(end, []).append((state, move))
    way: dict[State, tuple[Move, State] | None] = dict.fromkeys(goals)
    todo = deque(way)
    while todo:
        end = todo.popleft()
        for state, move in back.get(end, ()):
            if state not in way:
                way[state] = (move, end)
                todo.append(state)
    return way


@attrs.frozen
class BrokenWayError(AssertionError):
    """A way that was found can't be walked."""

    start: State
    walked: tuple[str, ...]


def walk(graph: Graph, way: Way, start: State) -> tuple[Move, ...]:
    """Walk the *way* from the very world of *start*; return its moves.

    States merge worlds that differ in small ways, so a way between states is a claim until
    it was walked.

    Raises:
        BrokenWayError: It doesn't lead there.
    """
    world, state = graph.worlds[start].copy(), start
    walked: list[Move] = []
    while (following := way.get(state, ())) is not None:
        after: World | None = None
        if following and len(walked) < len(way):
            walked.append(following[0])
            after = following[0].go(world)
        if after is None:
            raise BrokenWayError(start, tuple(map(str, walked)))
        world, state = after, state_of(after)
    return tuple(walked)


def check(graph: Graph, way: Way, starts: Collection[State]) -> int:
    """Walk the way from each of *starts* again; return how many moves that took."""
    return sum(len(walk(graph, way, start)) for start in starts)
