"""Store contract: what is shown of a person is written down."""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

import attrs

from ikd.core.ports import Store
from ikd.testing.store_samples import NOW, SECOND, an_id, fault, horizon, look


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

    def test_no_purge_drops_a_look(self, store: Store) -> None:
        """Whoever is looked at may ask for it long after."""
        store.look(look())
        far = NOW + 10**8 * SECOND
        assert store.purge(horizon(tokens=far, answers=far, refusals=far, ended=far)) == 0
        assert store.looks() == (look(),)

    def test_a_look_without_a_zone_is_refused(self, store: Store) -> None:
        """Nothing is kept of it."""
        naive = look(time=NOW.replace(tzinfo=None))
        assert fault(store.look, naive) == "time.naive"
        assert store.looks() == ()
