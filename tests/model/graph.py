"""One graph an office: every state that its moves lead to, and every move between two."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

import attrs

from ikd.core.activation.application import ApplicationStatus
from ikd.core.standard.office import Office
from model import faults, lanes, movers
from model.cases import Case
from model.movers import Move
from model.search import state_of as state_of_case
from model.world import Item, World, live_pin, medium_of

State = Any


def moves(office: Office) -> tuple[Move, ...]:
    """Return every move that there can be at *office*."""
    return (
        *movers.people(office),
        *lanes.answering(office),
        *lanes.delivering(office),
        *faults.moves(),
        *movers.passing(),
    )


@attrs.define
class Graph:
    """Everything that can become of one case at one office.

    Attributes:
        office: The office.
        moves: Every move that was tried in every state.
        worlds: One world for each state, the first that was met.
        ways: For each state the moves that lead on, and where to.
    """

    office: Office
    moves: tuple[Move, ...]
    worlds: dict[State, World] = attrs.field(factory=dict)
    ways: dict[State, list[tuple[Move, State]]] = attrs.field(factory=dict)

    def __str__(self) -> str:
        """Say how much it is, in one line."""
        live = sum(is_live(world) for world in self.worlds.values())
        tried = sum(map(len, self.ways.values()))
        return f"{len(self.worlds)} states, {live} of them live, {tried} moves"

    def edges(self) -> Iterator[tuple[State, Move, State]]:
        """Yield every move that leads from one state to another."""
        for state, ways in self.ways.items():
            for move, end in ways:
                yield state, move, end


def graph_of(office: Office, most: int = 200_000) -> Graph:
    """Walk everything that can happen at *office* to one case.

    Raises:
        AssertionError: There are more than *most* states.
    """
    graph, todo = Graph(office, moves(office)), deque[State]()

    def reach(world: World) -> State:
        state = state_of(world)
        if state not in graph.worlds:
            graph.worlds[state] = world
            todo.append(state)
        return state

    reach(World(Case(office=office)))
    while todo:
        assert len(graph.worlds) <= most
        state = todo.popleft()
        world, ways = graph.worlds[state], graph.ways.setdefault(state, [])
        for move in graph.moves:
            after = move.go(world)
            end = state if after is None else reach(after)
            if end != state:
                ways.append((move, end))
    return graph


def is_live(world: World) -> bool:
    """Say whether there is an application that can still come to an activation."""
    return world.application is not None and world.application.is_live


def is_activated(world: World) -> bool:
    """Say whether the application came to its activation."""
    application = world.application
    return application is not None and application.status is ApplicationStatus.ACTIVATED


def state_of(world: World) -> State:
    """Return what of *world* makes a difference."""
    application = world.application
    visited = application is not None and "presence" in application.done
    items = (_item(world, item) for item in world.outbox)
    return (
        state_of_case(world.case),
        visited,
        tuple(sorted(item for item in items if item is not None)),
        live_pin(world) in world.reached,
        medium_of(world) or "",
        world.mistyped,
        world.ahead > world.ahead * 0,
        world.case.now > world.wall + world.ahead,
    )


def _item(world: World, item: Item) -> tuple[str, ...] | None:
    """Return what matters of an item: of what was sent, only what told of an end."""
    if item.done == "sent":
        ended = not is_live(world) and not is_activated(world)
        return (item.word, "sent") if ended and item.subject is None else None
    before, after = (lanes.asks(item, world, failure) for failure in (None, "passing"))
    return (item.word, item.done, *(getattr(end, "name", "wait") for end in (before, after)))
