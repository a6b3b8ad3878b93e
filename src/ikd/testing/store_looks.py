"""Store contract: what is shown of a person is written down."""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

import attrs

from ikd.core.ports import Commit, Store
from ikd.testing.store_samples import NOW, SECOND, an_id, clash, fault, horizon, look, token


class Looks:
    """Looks at persons."""

    def test_looks_come_newest_first(self, store: Store) -> None:
        """Each whole, once however often it is told, and as many as are asked for."""
        early, late = attrs.evolve(look(2), office=None), look(1, time=NOW + SECOND)
        for one in (late, early, late):
            store.look(one)
        assert store.looks() == (late, early)
        assert store.looks(limit=1) == (late,)
        assert store.looks(limit=0) == store.looks(limit=-1) == ()

    def test_looks_are_found_by_who_looked_and_at_what(self, store: Store) -> None:
        """An actor's, a record's, and those of the one at the other."""
        looks = [look(1), look(2, actor="op-2"), look(3, record=2), look(4, actor="op-2", record=2)]
        for one in looks:
            store.look(one)
        assert [one.id for one in store.looks(actor="op-1")] == [an_id(3), an_id(1)]
        at_first = ("application", an_id(1))
        assert [one.id for one in store.looks(record=at_first)] == [an_id(2), an_id(1)]
        assert [one.id for one in store.looks(actor="op-2", record=at_first)] == [an_id(2)]
        assert store.looks(record=("identity", an_id(1))) == ()

    def test_looks_are_found_by_when_they_were(self, store: Store) -> None:
        """From a time on, and before a time."""
        for number in range(1, 4):
            store.look(look(number, time=NOW + number * SECOND))
        between = store.looks(since=NOW + 2 * SECOND, until=NOW + 3 * SECOND)
        assert [one.id for one in between] == [look(2).id]
        assert [one.id for one in store.looks(since=NOW + 2 * SECOND)] == [look(3).id, look(2).id]
        assert [one.id for one in store.looks(until=NOW + 2 * SECOND, actor="op-1")] == [look(1).id]

    def test_a_look_comes_with_the_commit_that_shows_it(self, store: Store) -> None:
        """With a commit that clashes it doesn't."""
        store.commit(Commit(at=NOW, uses=(token(),), looks=(look(1),)))
        assert clash(store, Commit(at=NOW, uses=(token(),), looks=(look(2),))) == "token"
        assert store.looks() == (look(1),)

    def test_a_look_is_dropped_by_its_own_age_alone(self, store: Store) -> None:
        """Whoever was looked at may ask for it long after."""
        store.look(look())
        far = NOW + 10**8 * SECOND
        assert store.purge(horizon(tokens=far, answers=far, refusals=far, ended=far)) == 0
        assert store.purge(horizon(looks=NOW)) == 0
        assert store.looks() == (look(),)
        assert store.purge(horizon(looks=NOW + SECOND)) == 1
        assert store.looks() == ()

    def test_a_look_without_a_zone_is_refused(self, store: Store) -> None:
        """Nothing is kept of it."""
        naive = look(time=NOW.replace(tzinfo=None))
        assert fault(store.look, naive) == "time.naive"
        assert store.looks() == ()
