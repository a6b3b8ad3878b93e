"""Store contract: what is let in only so often."""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from ikd.core.ports import Commit, Store
from ikd.testing.store_races import at_once
from ikd.testing.store_samples import NOW, SECOND, claim, clash, count, horizon, owner, token

HOUR = timedelta(hours=1)


class Counts:
    """A door lets in so many within a window, whoever asks at once."""

    def test_as_many_as_may_are_let_in(self, store: Store) -> None:
        """One more is refused, and of another key or space it is not."""
        met = [clash(store, Commit(at=NOW, counts=(count(most=3),))) for _ in range(5)]
        assert met == [None, None, None, "limit", "limit"]
        for other in (count(b"other", most=1), count(most=1, space="elsewhere")):
            assert clash(store, Commit(at=NOW, counts=(other,))) is None

    def test_each_is_counted_for_a_whole_window(self, store: Store) -> None:
        """At no time are more than that let in within a window, and each is forgotten after it."""
        let_in = []
        for minute in range(0, 6 * 60, 5):
            at = NOW + timedelta(minutes=minute)
            if clash(store, Commit(at=at, counts=(count(most=4),))) is None:
                let_in.append(at)
        for at in let_in:
            assert len([one for one in let_in if at <= one < at + HOUR]) <= 4
        assert len(let_in) >= 4 * 4  # a window and a quarter at most

    def test_another_limit_counts_what_was_let_in_before(self, store: Store) -> None:
        """Whoever allows fewer is full at once, and whoever allows more goes on."""
        for _ in range(3):
            store.commit(Commit(at=NOW, counts=(count(most=3),)))
        assert clash(store, Commit(at=NOW, counts=(count(most=2),))) == "limit"
        assert clash(store, Commit(at=NOW, counts=(count(most=4),))) is None
        assert clash(store, Commit(at=NOW, counts=(count(b"none", most=0),))) == "limit"

    def test_a_full_count_undoes_the_whole_commit(self, store: Store) -> None:
        """Neither the other counts nor anything else of it stays."""
        store.commit(Commit(at=NOW, counts=(count(b"full", most=1),)))
        both = (count(b"free", most=1), count(b"full", most=1))
        assert clash(store, Commit(at=NOW, takes=(claim(),), counts=both)) == "limit"
        assert owner(store, "nik", b"key") is None
        assert clash(store, Commit(at=NOW, counts=both[:1])) is None

    def test_a_commit_that_clashes_otherwise_counts_nothing(self, store: Store) -> None:
        """What wasn't let in for another reason takes nobody's place."""
        store.commit(Commit(at=NOW, uses=(token(),)))
        for _ in range(2):
            again = Commit(at=NOW, uses=(token(),), counts=(count(most=1),))
            assert clash(store, again) == "token"
        assert clash(store, Commit(at=NOW, counts=(count(most=1),))) is None

    def test_64_at_once_are_counted_one_by_one(self, store: Store) -> None:
        """Exactly as many as may are let in."""
        met = at_once(64, lambda _: clash(store, Commit(at=NOW, counts=(count(most=7),))))
        assert Counter(met) == {None: 7, "limit": 57}

    def test_what_nobody_asks_for_any_more_is_dropped(self, store: Store) -> None:
        """Counts that still refuse somebody stay."""
        store.commit(Commit(at=NOW, counts=(count(most=1),)))
        assert store.purge(horizon(tokens=NOW + HOUR)) == 0
        assert clash(store, Commit(at=NOW + HOUR - SECOND, counts=(count(most=1),))) == "limit"
        assert store.purge(horizon(tokens=NOW + 2 * HOUR)) == 1
