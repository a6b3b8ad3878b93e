"""Store contract: the order of clashes, and all or nothing."""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

from ikd.core.ports import Commit, Done, Settled, Store
from ikd.testing.store_samples import (
    NOW,
    SECOND,
    an_id,
    claim,
    clash,
    count,
    entry,
    fault,
    horizon,
    item,
    lease,
    leased,
    owe,
    owner,
    put,
    refusal,
    remembered,
    row,
    secret,
    seen,
    token,
)


class Whole:
    """A commit happens whole or not at all."""

    def test_clashes_are_met_in_order(self, store: Store) -> None:
        """Key before version before claim before token before limit, whatever else clashes."""
        everything = _everything()
        store.commit(everything)
        again = {
            "remembered": everything.remembered,
            "puts": everything.puts,
            "takes": (claim(owner="two"),),
            "uses": everything.uses,
            "counts": everything.counts,
        }
        for expected in ("key", "version", "claim", "token", "limit"):
            assert clash(store, Commit(at=NOW, **again)) == expected  # type: ignore[arg-type]
            again.pop(next(iter(again)))

    def test_a_clash_leaves_nothing_behind(self, store: Store) -> None:
        """Whichever part clashes, no other part was written."""
        store.commit(
            Commit(
                at=NOW,
                puts=(put(row(5)),),
                takes=(claim(b"held"),),
                uses=(token(b"used"),),
                remembered=remembered("known"),
            )
        )
        before = seen(store)
        clashing: dict[str, dict[str, object]] = {
            "key": {"remembered": remembered("known")},
            "version": {"puts": (put(row(1)), put(row(5)))},
            "claim": {"takes": (claim(), claim(b"held", owner="two"))},
            "token": {"uses": (token(), token(b"used"))},
        }
        for expected, part in clashing.items():
            assert clash(store, _everything(**part)) == expected
            assert seen(store) == before
        store.commit(_everything())

    def test_a_clash_undoes_what_it_would_take_away(self, store: Store) -> None:
        """Releases, deletes and voids of a commit that clashes did not happen."""
        owed = item(subject=an_id(7))
        store.commit(Commit(at=NOW, takes=(claim(),), writes=(secret(),), outbox=(owed,)))
        late = Commit(
            at=NOW,
            releases=(claim(),),
            deletes=(an_id(9),),
            voids=(an_id(7),),
            takes=(claim(b"other"), claim(b"other", owner="two")),
        )
        assert clash(store, late) == "claim"
        assert owner(store, "nik", b"key") == "one"
        assert store.secret(an_id(9)) == secret()
        assert store.outbox(Done.WAITING) == (owed,)

    def test_a_lease_ends_with_the_answer_it_belongs_to(self, store: Store) -> None:
        """Settled in the commit of the answer, all or nothing with it."""
        leased(store, item(1, subject=an_id(7)), item(2, subject=an_id(7)), until=NOW + SECOND)
        sent = Settled(id=an_id(1), lease=1, done=Done.SENT, at=NOW)
        later = Settled(id=an_id(2), lease=1, done=Done.WAITING, at=NOW, failure="busy")
        store.commit(Commit(at=NOW, takes=(claim(),)))
        late = Commit(at=NOW, settles=(sent, later), takes=(claim(owner="two"),))
        assert clash(store, late) == "claim"
        assert [one.lease for one in store.outbox(Done.WAITING)] == [1, 1]
        assert {one.holder for one in store.outbox(Done.WAITING)} == {"worker"}
        store.commit(Commit(at=NOW, settles=(sent, later), puts=(put(),)))
        assert [one.id for one in store.outbox(Done.SENT)] == [an_id(1)]
        (waiting,) = store.outbox(Done.WAITING)
        assert (waiting.id, waiting.holder, waiting.failure) == (an_id(2), None, "busy")

    def test_an_unknown_item_to_settle_undoes_the_commit(self, store: Store) -> None:
        """What settles nothing is a fault, and nothing else of it is written."""
        never = Settled(id=an_id(5), lease=1, done=Done.SENT, at=NOW)
        assert fault(store.commit, Commit(at=NOW, puts=(put(),), settles=(never,))) == (
            "store.unknown"
        )
        assert store.get("application", an_id(1)) is None

    def test_what_a_commit_says_was_sent_is_not_voided_by_it(self, store: Store) -> None:
        """Sending is a fact; the voids of the same commit meet what still waits."""
        owe(store, item(1, subject=an_id(7)), item(2, subject=an_id(7)))
        lease(store, NOW, until=NOW + SECOND, limit=1)
        sent = Settled(id=an_id(1), lease=1, done=Done.SENT, at=NOW)
        store.commit(Commit(at=NOW, settles=(sent,), voids=(an_id(7),)))
        assert [one.id for one in store.outbox(Done.SENT)] == [an_id(1)]
        assert [one.id for one in store.outbox(Done.VOID)] == [an_id(2)]

    def test_a_second_entry_of_a_number_is_refused_whole(self, store: Store) -> None:
        """A journal entry is never written over; that is a fault, not a clash to try again."""
        store.commit(_everything())
        for double in (
            Commit(at=NOW, takes=(claim(b"x"),), entries=(entry(),)),
            Commit(at=NOW, takes=(claim(b"x"),), outbox=(item(),)),
            Commit(at=NOW, takes=(claim(b"x"),), entries=(entry(seq=2), entry(seq=2))),
            Commit(at=NOW, takes=(claim(b"x"),), outbox=(item(2), item(2))),
        ):
            assert fault(store.commit, double) == "store.duplicate"
            assert owner(store, "nik", b"x") is None

    def test_a_closed_store_says_so(self, store: Store) -> None:
        """Closing twice is fine; using it afterwards is a StoreError."""
        store.close()
        store.close()
        assert fault(store.get, "application", an_id(1)) == "store.closed"
        assert fault(store.commit, Commit(at=NOW)) == "store.closed"
        assert fault(store.refuse, refusal()) == "store.closed"
        assert fault(store.purge, horizon(tokens=NOW)) == "store.closed"


def _everything(**changed: object) -> Commit:
    parts: dict[str, object] = {
        "puts": (put(),),
        "entries": (entry(),),
        "takes": (claim(),),
        "uses": (token(),),
        "counts": (count(most=1),),
        "writes": (secret(),),
        "outbox": (item(),),
        "remembered": remembered(),
        "refusal": refusal(),
        "standards": (("digest", "text"),),
    }
    return Commit(at=NOW, **(parts | changed))  # type: ignore[arg-type]
