"""Store contract: records, journal, secrets, what is remembered and refused."""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

from datetime import timedelta, timezone

import attrs

from ikd.core.ports import Commit, Read, Store
from ikd.testing.store_samples import (
    NOTHING,
    NOW,
    SECOND,
    an_id,
    clash,
    entry,
    fault,
    horizon,
    item,
    lease,
    put,
    refusal,
    remembered,
    row,
    secret,
    seen,
    token,
)

WIB = timezone(timedelta(hours=7))


class Records:
    """What a store keeps comes back as it went in, and only over the version it was read at."""

    def test_an_empty_store_knows_nothing(self, store: Store) -> None:
        """Every read of an empty store says so."""
        assert seen(store) == NOTHING

    def test_an_empty_commit_is_fine(self, store: Store) -> None:
        """A commit may hold nothing."""
        store.commit(Commit(at=NOW))
        assert store.newest() is None

    def test_a_record_comes_back_as_it_went_in(self, store: Store) -> None:
        """All columns survive, with ``None`` and with values, to the microsecond."""
        full = row(1, due=NOW + SECOND / 1_000_000)
        bare = row(2, office=None)
        store.commit(Commit(at=NOW, puts=(put(full), put(bare))))
        assert store.get("application", full.id) == full
        assert store.get("application", bare.id) == bare

    def test_a_record_keeps_its_form_who_waits_and_what_binds_it(self, store: Store) -> None:
        """Written, and written over, each of these columns comes back."""
        full = attrs.evolve(
            row(),
            form=3,
            waits="operator",
            desk="payakumbuh",
            since=NOW,
            limit_at=NOW + SECOND,
            mac=b"\x00mac\xff",
        )
        store.commit(Commit(at=NOW, puts=(put(full),)))
        assert store.get("application", an_id(1)) == full
        store.commit(Commit(at=NOW, puts=(put(row(version=2), expected=1),)))
        assert store.get("application", an_id(1)) == row(version=2)

    def test_a_record_of_another_kind_is_another_record(self, store: Store) -> None:
        """Kind and id together name a record."""
        store.commit(Commit(at=NOW, puts=(put(row(kind="identity")),)))
        assert store.get("application", an_id(1)) is None
        assert store.get("identity", an_id(1)) is not None

    def test_times_of_any_zone_are_the_same_instant(self, store: Store) -> None:
        """A time given in WIB comes back as the same moment."""
        local = attrs.evolve(row(), at=NOW.astimezone(WIB))
        store.commit(Commit(at=NOW, puts=(put(local),)))
        kept = store.get("application", an_id(1))
        assert kept is not None
        assert kept.at == NOW

    def test_a_time_without_a_zone_is_refused_whole(self, store: Store) -> None:
        """Local clocks lie across WIB, WITA, WIT: nothing of such a commit is written."""
        naive = NOW.replace(tzinfo=None)
        good = put()
        for bad in (
            Commit(at=NOW, puts=(good, put(attrs.evolve(row(2), at=naive)))),
            Commit(at=NOW, puts=(good, put(row(2, due=naive)))),
            Commit(at=NOW, puts=(good, put(attrs.evolve(row(2), since=naive)))),
            Commit(at=NOW, puts=(good, put(attrs.evolve(row(2), limit_at=naive)))),
            Commit(at=NOW, puts=(good,), entries=(attrs.evolve(entry(), at=naive),)),
            Commit(at=NOW, puts=(good,), uses=(token(until=naive),)),
            Commit(at=NOW, puts=(good,), outbox=(item(created_at=naive),)),
            Commit(at=NOW, puts=(good,), outbox=(item(not_before=naive),)),
            Commit(at=NOW, puts=(good,), outbox=(attrs.evolve(item(), until=naive),)),
            Commit(at=NOW, puts=(good,), outbox=(attrs.evolve(item(), leased_until=naive),)),
            Commit(at=NOW, puts=(good,), refusal=refusal(at=naive)),
            Commit(at=naive, puts=(good,)),
        ):
            assert fault(store.commit, bad) == "time.naive"
            assert store.find("application") == ()
        assert fault(store.overdue, naive) == "time.naive"
        assert fault(horizon, ended=naive) == "time.naive"
        assert fault(lease, store, naive, until=NOW, limit=1) == "time.naive"
        assert fault(store.refuse, refusal(at=naive)) == "time.naive"

    def test_a_record_moves_on_from_the_version_it_was_read_at(self, store: Store) -> None:
        """Version 1 becomes version 3 for whoever read version 1."""
        store.commit(Commit(at=NOW, puts=(put(),)))
        store.commit(Commit(at=NOW, puts=(put(row(version=3), expected=1),)))
        assert store.get("application", an_id(1)) == row(version=3)

    def test_a_stale_or_impossible_version_clashes(self, store: Store) -> None:
        """New where it exists, old where it moved on, anything where it never was."""
        store.commit(Commit(at=NOW, puts=(put(row(version=2)),)))
        for stale in (0, 1, 3):
            late = put(row(version=9), expected=stale)
            assert clash(store, Commit(at=NOW, puts=(late,))) == "version"
        never = put(row(5, version=2), expected=1)
        assert clash(store, Commit(at=NOW, puts=(never,))) == "version"
        assert store.get("application", an_id(1)) == row(version=2)
        assert store.get("application", an_id(5)) is None

    def test_what_was_only_read_is_compared_too(self, store: Store) -> None:
        """A read record must still be at its version; 0 says it must be absent."""
        store.commit(Commit(at=NOW, puts=(put(),)))
        for version, found in ((1, None), (2, "version"), (0, "version")):
            read = Read(kind="application", id=an_id(1), version=version)
            assert clash(store, Commit(at=NOW, reads=(read,))) == found
        absent = Read(kind="application", id=an_id(2), version=0)
        assert clash(store, Commit(at=NOW, reads=(absent,))) is None
        assert store.get("application", an_id(2)) is None

    def test_a_record_that_moved_on_meanwhile_clashes_with_who_read_it(self, store: Store) -> None:
        """Nothing of a decision that rests on what it was is written."""
        store.commit(Commit(at=NOW, puts=(put(row(1)), put(row(2)))))
        read = Read(kind="application", id=an_id(1), version=1)
        store.commit(Commit(at=NOW, puts=(put(row(1, version=2), expected=1),)))
        late = Commit(at=NOW, puts=(put(row(2, version=2), expected=1),), reads=(read,))
        assert clash(store, late) == "version"
        assert store.get("application", an_id(2)) == row(2)

    def test_the_journal_comes_back_whole_and_in_order(self, store: Store) -> None:
        """Entries stand in order of their numbers, however they were handed over."""
        entries = tuple(entry(seq=seq) for seq in range(1, 12))
        store.commit(Commit(at=NOW, entries=entries[10:4:-1] + entries[:5]))
        store.commit(Commit(at=NOW, entries=(entry(2), entry(1, kind="identity"))))
        assert store.entries("application", an_id(1)) == entries
        assert store.entries("application", an_id(2)) == (entry(2),)

    def test_newest_is_the_time_of_the_newest_entry(self, store: Store) -> None:
        """A late commit of an old entry does not turn it back."""
        store.commit(Commit(at=NOW, entries=(entry(seq=3),)))
        store.commit(Commit(at=NOW, entries=(entry(seq=1),)))
        assert store.newest() == NOW + 3 * SECOND

    def test_the_newest_outside_a_span_is_before_or_behind_it(self, store: Store) -> None:
        """A span holds both its ends; what lies ahead of a time is told by its ends."""
        store.commit(Commit(at=NOW, entries=tuple(entry(seq=seq) for seq in (1, 2, 3))))
        ahead = (NOW + 2 * SECOND, NOW + 3 * SECOND)
        assert store.ahead(NOW + SECOND) == ahead
        assert store.ahead(NOW + 3 * SECOND) is None
        assert store.newest(outside=[ahead]) == NOW + SECOND
        assert store.newest(outside=[ahead, (NOW, NOW + SECOND)]) is None
        assert store.newest(outside=[(NOW, NOW + SECOND)]) == NOW + 3 * SECOND

    def test_a_secret_is_written_replaced_and_deleted(self, store: Store) -> None:
        """A secret of the same id replaces; a deleted one is gone; deleting twice is fine."""
        store.commit(Commit(at=NOW, writes=(secret(),)))
        assert store.secret(an_id(9)) == secret()
        store.commit(Commit(at=NOW, writes=(secret(value=b"rewrapped"),)))
        assert store.secret(an_id(9)) == secret(value=b"rewrapped")
        for _ in range(2):
            store.commit(Commit(at=NOW, deletes=(an_id(9),)))
            assert store.secret(an_id(9)) is None

    def test_a_secret_deleted_and_written_in_one_commit_stays(self, store: Store) -> None:
        """Deletes come before writes."""
        store.commit(Commit(at=NOW, writes=(secret(value=b"old"),)))
        store.commit(Commit(at=NOW, deletes=(an_id(9),), writes=(secret(value=b"new"),)))
        assert store.secret(an_id(9)) == secret(value=b"new")

    def test_an_answered_write_is_remembered_by_scope_and_key(self, store: Store) -> None:
        """The same key in the same scope clashes; another scope is another write."""
        bound = attrs.evolve(remembered("bound"), form=2, mac=b"mac")
        store.commit(Commit(at=NOW, remembered=bound))
        assert store.remembered(b"scope", "bound") == bound
        store.commit(Commit(at=NOW, remembered=remembered()))
        assert store.remembered(b"scope", "key-1") == remembered()
        assert store.remembered(b"other", "key-1") is None
        assert clash(store, Commit(at=NOW, remembered=remembered())) == "key"
        store.commit(Commit(at=NOW, remembered=remembered(scope=b"other")))

    def test_a_pinned_standard_is_kept_for_good(self, store: Store) -> None:
        """The text of a digest is written once and never changed."""
        store.commit(Commit(at=NOW, standards=(("d1", "pasal 1"), ("d2", "pasal 2"))))
        store.commit(Commit(at=NOW, standards=(("d1", "something else"),)))
        assert (store.standard("d1"), store.standard("d2")) == ("pasal 1", "pasal 2")

    def test_refusals_come_newest_first(self, store: Store) -> None:
        """Alone or within a commit, and told twice they are kept once."""
        early, late = refusal(1, office=None), refusal(2, at=NOW + SECOND)
        early = attrs.evolve(early, mac=b"mac")
        store.refuse(late)
        store.commit(Commit(at=NOW, refusal=early))
        store.refuse(early)
        assert store.refusals() == (late, early)
        assert store.refusals(limit=1) == (late,)
        assert store.refusals(limit=0) == store.refusals(limit=-1) == ()
