"""Store contract: what has done its work is dropped in time, and nothing else is."""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

from ikd.core.ports import Commit, Done, Store
from ikd.testing.store_samples import (
    INSTANT,
    LATER,
    NOW,
    SECOND,
    an_id,
    entry,
    fault,
    horizon,
    item,
    lease,
    owe,
    put,
    refusal,
    remembered,
    row,
    secret,
    settle,
)


class Purges:
    """Purging; used tokens stand with the claims."""

    def test_an_answered_write_is_forgotten_by_its_age(self, store: Store) -> None:
        """Until then it is remembered; after that its key is free for another write."""
        store.commit(Commit(at=NOW, remembered=remembered("old")))
        store.commit(Commit(at=LATER, remembered=remembered("young")))
        assert store.purge(horizon(answers=NOW)) == 0
        assert store.purge(horizon(answers=NOW + INSTANT)) == 1
        assert store.remembered(b"scope", "old") is None
        assert store.remembered(b"scope", "young") == remembered("young")
        store.commit(Commit(at=LATER, remembered=remembered("old")))

    def test_a_refusal_is_dropped_by_its_age(self, store: Store) -> None:
        """Those of before go, alone or kept with a commit; the others stay."""
        old, older, young = refusal(1), refusal(2, at=NOW - SECOND), refusal(3, at=LATER)
        for one in (old, young):
            store.refuse(one)
        store.commit(Commit(at=NOW, refusal=older))
        assert store.purge(horizon(refusals=NOW)) == 1
        assert store.refusals() == (young, old)
        assert store.purge(horizon(refusals=LATER)) == 1
        assert store.refusals() == (young,)

    def test_what_ended_is_dropped_by_the_time_of_its_end(self, store: Store) -> None:
        """However long ago it was owed: it is since its end that nobody needs it."""
        owe(store, item(1, subject=an_id(7)), item(2), item(3))
        lease(store, NOW, until=LATER, limit=2)
        store.commit(Commit(at=NOW, voids=(an_id(7),)))
        settle(store, an_id(2), Done.SENT, lease=1, now=LATER)
        assert store.purge(horizon(ended=NOW + INSTANT)) == 1
        assert store.outbox(Done.VOID) == ()
        assert store.purge(horizon(ended=LATER)) == 0
        assert store.purge(horizon(ended=LATER + INSTANT)) == 1
        assert store.outbox(Done.SENT) == ()
        assert [one.id for one in store.outbox(Done.WAITING)] == [an_id(3)]
        assert fault(settle, store, an_id(2), Done.SENT, lease=1, now=NOW) == "store.unknown"

    def test_what_is_owed_is_never_dropped(self, store: Store) -> None:
        """Waiting, leased or parked, its payload is there after the longest time."""
        owe(store, item(1), item(2), item(3))
        lease(store, NOW, until=LATER, limit=2)
        settle(store, an_id(2), Done.PARKED, lease=1, now=NOW)
        far = NOW + 10**9 * SECOND
        assert store.purge(horizon(tokens=far, answers=far, refusals=far, ended=far)) == 0
        owed = (*store.outbox(Done.WAITING), *store.outbox(Done.PARKED))
        assert [one.payload for one in owed] == [item().payload] * 3

    def test_records_journal_secrets_and_standards_are_never_dropped(self, store: Store) -> None:
        """Purging is for what did its work; records and their history stay."""
        store.commit(
            Commit(
                at=NOW,
                puts=(put(),),
                entries=(entry(),),
                writes=(secret(),),
                standards=(("digest", "text"),),
                remembered=remembered(),
            )
        )
        far = NOW + 10**9 * SECOND
        assert store.purge(horizon(tokens=far, answers=far, refusals=far, ended=far)) == 1
        assert store.get("application", an_id(1)) == row()
        assert store.entries("application", an_id(1)) == (entry(),)
        assert store.secret(an_id(9)) == secret()
        assert store.standard("digest") == "text"
