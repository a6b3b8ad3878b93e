"""Store contract: searches."""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

from ikd.core.ports import Commit, Found, Store
from ikd.testing.store_samples import NOW, SECOND, an_id, put, row


class Searches:
    """Finding records without their state."""

    def test_find_filters_by_kind_office_and_status(self, store: Store) -> None:
        """Each filter narrows alone and together; a row found holds no state."""
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
        (identity,) = store.find("identity")
        assert identity == Found(
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

    def test_a_record_that_moved_on_is_found_as_it_is_now(self, store: Store) -> None:
        """Status and due of a search follow the record."""
        store.commit(Commit(at=NOW, puts=(put(row(due=NOW)),)))
        store.commit(Commit(at=NOW, puts=(put(row(version=2, status="EXPIRED"), expected=1),)))
        assert store.overdue(NOW) == store.find("application", status="OPEN") == ()
        assert len(store.find("application", status="EXPIRED")) == 1
