"""Store contract: searches."""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

from datetime import datetime

import attrs

from ikd.core.ports import Commit, Found, Late, Store, found_of
from ikd.testing.store_samples import NOW, SECOND, an_id, put, row


def _wait(
    store: Store,
    number: int,
    role: str,
    desk: str = "a",
    *,
    since: datetime = NOW,
    limit_at: datetime | None = None,
) -> None:
    waits = attrs.evolve(row(number), waits=role, desk=desk, since=since, limit_at=limit_at)
    store.commit(Commit(at=NOW, puts=(put(waits),)))


class Searches:
    """Finding records without their state."""

    def test_find_filters_by_kind_office_and_status(self, store: Store) -> None:
        """Each filter narrows alone and together; a row is found whole."""
        samples = (
            row(1),
            row(2, office="wakatobi"),
            row(3, status="PIN_SENT"),
            row(4, kind="identity"),
            row(5, office=None),
        )
        store.commit(Commit(at=NOW, puts=tuple(map(put, samples))))

        def found(office: str | None = None, status: str | None = None) -> list[int]:
            rows = store.find("application", office=office, status=status)
            return [int(one.id, 16) for one in rows]

        assert found() == [1, 2, 3, 5]
        assert found(office="payakumbuh") == [1, 3]
        assert found(status="OPEN") == [1, 2, 5]
        assert found(office="payakumbuh", status="OPEN") == [1]
        assert found(office="nowhere") == []
        assert store.find("identity") == (row(4, kind="identity"),)
        assert found_of(row(4, kind="identity")) == Found(
            kind="identity",
            id=an_id(4),
            version=1,
            status="OPEN",
            office="payakumbuh",
            due=None,
            at=NOW + SECOND,
        )

    def test_find_pages_through_everything_once(self, store: Store) -> None:
        """Pages of two, each behind the last id of the one before."""
        store.commit(Commit(at=NOW, puts=tuple(put(row(number)) for number in (4, 1, 5, 3, 2))))
        seen = []
        page = store.find("application", limit=2)
        while page:
            assert len(page) <= 2
            seen += [int(one.id, 16) for one in page]
            page = store.find("application", limit=2, after=page[-1].id)
        assert seen == [1, 2, 3, 4, 5]
        assert store.find("application", limit=0) == store.find("application", limit=-1) == ()

    def test_overdue_is_oldest_first_and_includes_now(self, store: Store) -> None:
        """What is due at this very moment counts; what is due never or later doesn't."""
        dues = {1: NOW, 2: NOW - SECOND, 3: NOW + SECOND / 1_000_000, 4: None, 5: NOW - 2 * SECOND}
        puts = tuple(put(row(number, due=due)) for number, due in dues.items())
        store.commit(Commit(at=NOW, puts=puts))
        assert [int(one.id, 16) for one in store.overdue(NOW)] == [5, 2, 1]
        assert [int(one.id, 16) for one in store.overdue(NOW, limit=1)] == [5]
        assert store.overdue(NOW, limit=0) == store.overdue(NOW, limit=-1) == ()

    def test_overdue_pages_through_everything_once(self, store: Store) -> None:
        """Pages of two, each behind the last of the one before, due at one moment or not."""
        dues = {3: NOW - SECOND, 1: NOW, 4: NOW, 2: NOW, 5: NOW - 2 * SECOND}
        puts = [put(row(number, due=due)) for number, due in dues.items()]
        same = put(row(2, kind="identity", due=NOW))
        store.commit(Commit(at=NOW, puts=(*puts, same)))
        pages = [store.overdue(NOW, limit=2)]
        for _ in range(3):
            pages.append(store.overdue(NOW, limit=2, after=pages[-1][-1]))
        cases = [("application", number) for number in (5, 3, 1, 2, 4)]
        seen = [(one.kind, int(one.id, 16)) for page in pages for one in page]
        assert seen == [*cases, ("identity", 2)]
        assert [len(page) for page in pages] == [2, 2, 2, 0]

    def test_what_waits_stands_in_order_of_limit_and_then_of_id(self, store: Store) -> None:
        """Only what waits for that role at that desk; without a limit it stands last."""
        limits = {4: NOW, 1: NOW + SECOND, 3: NOW, 2: None, 5: None}
        for number, limit_at in limits.items():
            _wait(store, number, "operator", limit_at=limit_at)
        _wait(store, 6, "operator", "b", limit_at=NOW)
        _wait(store, 7, "ministry", limit_at=NOW)
        store.commit(Commit(at=NOW, puts=(put(row(8, status="ACTIVATED")),)))
        pages = [store.waiting("operator", "a", limit=2)]
        for _ in range(3):
            last = pages[-1][-1]
            behind = (last.limit_at, last.id)
            pages.append(store.waiting("operator", "a", limit=2, after=behind))
        assert [[int(one.id, 16) for one in page] for page in pages] == [[3, 4], [1, 2], [5], []]
        (shown,) = store.waiting("ministry", "a")
        assert (shown.waits, shown.desk, shown.since, shown.limit_at) == ("ministry", "a", NOW, NOW)
        assert store.waiting("operator", "a", limit=0) == store.waiting("resident", "a") == ()

    def test_what_waits_late_does_so_since_long_or_has_a_limit_that_is_near(
        self, store: Store
    ) -> None:
        """Either is enough; a limit that isn't there is never near."""
        minute = 60 * SECOND
        waits = {1: (NOW, None), 2: (NOW + minute, None), 3: (NOW + minute, NOW), 4: (NOW, NOW)}
        for number, (since, limit_at) in waits.items():
            _wait(store, number, "registry", since=since, limit_at=limit_at)
        late = store.waiting("registry", "a", late=Late(since=NOW, limit_at=NOW))
        assert [int(one.id, 16) for one in late] == [3, 4, 1]
        paged = store.waiting(
            "registry", "a", late=Late(since=NOW, limit_at=NOW), limit=1, after=(NOW, an_id(4))
        )
        assert [int(one.id, 16) for one in paged] == [1]

    def test_a_record_that_moved_on_is_found_as_it_is_now(self, store: Store) -> None:
        """Status and due of a search follow the record."""
        store.commit(Commit(at=NOW, puts=(put(row(due=NOW)),)))
        store.commit(Commit(at=NOW, puts=(put(row(version=2, status="EXPIRED"), expected=1),)))
        assert store.overdue(NOW) == store.find("application", status="OPEN") == ()
        assert len(store.find("application", status="EXPIRED")) == 1
