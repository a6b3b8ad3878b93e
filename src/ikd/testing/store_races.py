"""Store contract: many threads at once."""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from ikd.core.ports import Commit, Read, Store
from ikd.testing.store_samples import (
    NOW,
    SECOND,
    an_id,
    claim,
    clash,
    entry,
    item,
    lease,
    owe,
    put,
    remembered,
    row,
    token,
)

T = TypeVar("T")


def at_once(threads: int, act: Callable[[int], T]) -> list[T]:
    """Run *act* with 0, 1, ... in that many threads that all start together."""
    start = threading.Barrier(threads)

    def run(number: int) -> T:
        start.wait()
        return act(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


class Races:
    """However many try at once, one wins and the others are told."""

    def test_one_of_64_wins_an_expected_version(self, store: Store) -> None:
        """64 threads read version 1; exactly one moves it on, and only its entry is there."""
        store.commit(Commit(at=NOW, puts=(put(),), entries=(entry(),)))

        def move(number: int) -> str | None:
            newer = put(row(version=2, status=f"S{number}"), expected=1)
            return clash(store, Commit(at=NOW, puts=(newer,), entries=(entry(seq=2),)))

        clashes = at_once(64, move)
        assert Counter(clashes) == {None: 1, "version": 63}
        kept = store.get("application", an_id(1))
        assert kept is not None
        assert kept.status == f"S{clashes.index(None)}"
        assert store.entries("application", an_id(1)) == (entry(), entry(seq=2))

    def test_one_of_16_wins_whatever_is_unique(self, store: Store) -> None:
        """A new record, a claim, a token, a key: each goes to one alone."""
        parts: dict[str, Callable[[int], Commit]] = {
            "version": lambda _: Commit(at=NOW, puts=(put(row(2)),)),
            "claim": lambda number: Commit(at=NOW, takes=(claim(owner=str(number)),)),
            "token": lambda _: Commit(at=NOW, uses=(token(),)),
            "key": lambda _: Commit(at=NOW, remembered=remembered()),
        }
        for expected, make in parts.items():
            commits = [make(number) for number in range(16)]
            clashes = at_once(16, partial(_commit_own, store, commits))
            assert Counter(clashes) == {None: 1, expected: 15}

    def test_two_decisions_that_read_each_others_record_do_not_both_pass(
        self, store: Store
    ) -> None:
        """Each changes what the other only read, or makes what the other found absent."""
        for number in range(1, 41, 2):
            if number > 20:
                store.commit(Commit(at=NOW, puts=(put(row(number)), put(row(number + 1)))))
            crossed = partial(_cross, store, number, 1 if number > 20 else 0)
            assert Counter(at_once(2, crossed)) == {None: 1, "version": 1}

    def test_no_item_is_leased_by_two(self, store: Store) -> None:
        """16 workers share 48 items without meeting."""
        owe(store, *(item(number) for number in range(48)))
        until = NOW + SECOND

        def work(_: int) -> list[str]:
            mine: list[str] = []
            while taken := lease(store, NOW, until=until, limit=3):
                mine += [one.id for one in taken]
            return mine

        leased = [item_id for mine in at_once(16, work) for item_id in mine]
        assert sorted(leased) == [an_id(number) for number in range(48)]

    def test_a_reader_never_sees_half_a_commit(self, store: Store) -> None:
        """While a pair of records is moved on together, nobody meets them apart for good."""
        store.commit(Commit(at=NOW, puts=(put(row(1)), put(row(2)))))
        rounds = 20

        def run(number: int) -> bool:
            return _write(store, rounds) if number == 0 else _read(store, rounds)

        assert all(at_once(4, run))


def _cross(store: Store, number: int, version: int, turn: int) -> str | None:
    own, other = number + turn, number + 1 - turn
    read = Read(kind="application", id=an_id(other), version=version)
    moved = put(row(own, version=version + 1), expected=version)
    return clash(store, Commit(at=NOW, puts=(moved,), reads=(read,)))


def _commit_own(store: Store, commits: list[Commit], number: int) -> str | None:
    return clash(store, commits[number])


def _write(store: Store, rounds: int) -> bool:
    for version in range(1, rounds):
        pair = tuple(put(row(n, version=version + 1), expected=version) for n in (1, 2))
        store.commit(Commit(at=NOW, puts=pair))
    return True


def _read(store: Store, rounds: int) -> bool:
    """Read first 1, then 2: the second can only be newer; within one search they are equal."""
    together = True
    for _ in range(rounds):
        first, second = store.get("application", an_id(1)), store.get("application", an_id(2))
        versions = {one.version for one in store.find("application")}
        together &= first is not None and second is not None and first.version <= second.version
        together &= len(versions) == 1
    return together
