"""Store contract: the outbox."""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

import attrs

from ikd.core.ports import Commit, Done, Store
from ikd.core.records.decision import Unsent
from ikd.testing.store_samples import (
    INSTANT,
    LATER,
    NOW,
    SECOND,
    an_id,
    fault,
    horizon,
    item,
    lease,
    leased,
    owe,
    settle,
)


class Outbox:
    """What is owed waits until it is done, and one worker at a time has it."""

    def test_what_is_owed_comes_back_as_it_went_in(self, store: Store) -> None:
        """An item waits as committed, oldest first."""
        young = item(1, subject=an_id(7), created_at=NOW + SECOND, not_before=LATER)
        old = item(2, kind="question")
        owe(store, young, old)
        assert store.outbox(Done.WAITING) == (old, young)
        assert store.outbox(Done.WAITING, limit=1) == (old,)
        assert store.outbox(Done.WAITING, limit=0) == store.outbox(Done.WAITING, limit=-1) == ()
        assert store.outbox(Done.SENT) == ()

    def test_a_lease_takes_what_is_due_and_counts_an_attempt(self, store: Store) -> None:
        """The longest due first, nothing before its time, no more than asked for."""
        early, due, future = (
            item(3, not_before=NOW - SECOND),
            item(2, not_before=NOW),
            item(1, not_before=NOW + INSTANT),
        )
        owe(store, future, due, early)
        assert lease(store, NOW, until=LATER, limit=0) == ()
        assert lease(store, NOW, until=LATER, limit=-1) == ()
        first, second = (
            attrs.evolve(one, attempts=1, lease=1, holder="worker", leased_until=LATER)
            for one in (early, due)
        )
        assert lease(store, NOW, until=LATER, limit=1) == (first,)
        assert lease(store, NOW, until=LATER, limit=9) == (second,)
        assert lease(store, NOW, until=LATER, limit=9) == ()

    def test_a_lease_that_ran_out_can_be_taken_again(self, store: Store) -> None:
        """At its end, not before; the attempt of the worker who vanished counts."""
        leased(store, item())
        assert lease(store, LATER - INSTANT, until=LATER, limit=1) == ()
        (again,) = lease(store, LATER, until=LATER + SECOND, limit=1)
        assert (again.attempts, again.lease) == (2, 2)

    def test_a_failed_item_waits_for_its_next_try(self, store: Store) -> None:
        """It is free again at the time told, with what failed; without one, at once."""
        leased(store, item())
        settle(store, an_id(1), Done.WAITING, lease=1, now=NOW, not_before=LATER, failure="busy")
        assert lease(store, NOW, until=LATER, limit=1) == ()
        (again,) = lease(store, LATER, until=LATER + SECOND, limit=1)
        assert (again.failure, again.not_before, again.attempts) == ("busy", LATER, 2)
        settle(store, an_id(1), Done.WAITING, lease=2, now=LATER)
        assert len(lease(store, LATER, until=LATER + SECOND, limit=1)) == 1

    def test_a_lease_that_ran_out_still_settles_what_nobody_else_took(self, store: Store) -> None:
        """Late is not lost: what failed is noted as long as the lease is the newest."""
        leased(store, item(), until=NOW)
        settle(store, an_id(1), Done.PARKED, lease=1, now=LATER, failure="smtp.refused")
        assert [one.failure for one in store.outbox(Done.PARKED)] == ["smtp.refused"]

    def test_a_worker_that_lost_its_lease_frees_nothing(self, store: Store) -> None:
        """Its failure neither frees nor parks what another worker holds by now."""
        leased(store, item(), until=NOW)
        lease(store, NOW, until=LATER, limit=1)
        for done in (Done.WAITING, Done.PARKED):
            settle(store, an_id(1), done, lease=1, now=NOW, failure="late")
        assert lease(store, NOW, until=LATER, limit=1) == ()
        assert [one.failure for one in store.outbox(Done.WAITING)] == [None]
        settle(store, an_id(1), Done.WAITING, lease=2, now=NOW, failure="own")
        assert [one.failure for one in lease(store, NOW, until=LATER, limit=1)] == ["own"]

    def test_a_worker_that_lost_its_lease_may_still_have_sent_it(self, store: Store) -> None:
        """That is a fact: nothing is left to send, whoever holds the item now."""
        for number, done in enumerate((Done.SENT, Done.VOID), start=1):
            owe(store, item(number))
            lease(store, NOW, until=NOW, limit=1)
            lease(store, NOW, until=LATER, limit=1)
            settle(store, an_id(number), done, lease=1, now=NOW)
            settle(store, an_id(number), Done.WAITING, lease=2, now=NOW)
            assert [one.id for one in store.outbox(done)] == [an_id(number)]

    def test_a_lease_is_settled_once(self, store: Store) -> None:
        """What the same worker says again of a lease that it ended is ignored."""
        leased(store, item())
        settle(store, an_id(1), Done.PARKED, lease=1, now=NOW, failure="first")
        store.unpark(an_id(1), now=NOW)
        settle(store, an_id(1), Done.PARKED, lease=1, now=NOW, failure="again")
        (again,) = lease(store, NOW, until=LATER, limit=1)
        assert (again.attempts, again.lease, again.failure) == (1, 2, "first")

    def test_a_sent_or_void_item_loses_its_payload_for_good(self, store: Store) -> None:
        """It is never leased again, and nothing settles it otherwise."""
        leased(store, item(1), item(2))
        settle(store, an_id(1), Done.SENT, lease=1, now=NOW)
        settle(store, an_id(2), Done.VOID, lease=1, now=NOW, failure="notice.late")
        for done in (Done.WAITING, Done.PARKED, Done.VOID, Done.SENT):
            settle(store, an_id(1), done, lease=1, now=NOW)
        for done in (Done.WAITING, Done.PARKED, Done.SENT):
            settle(store, an_id(2), done, lease=1, now=NOW)
        (sent,), (void,) = store.outbox(Done.SENT), store.outbox(Done.VOID)
        assert (sent.id, sent.payload, sent.failure) == (an_id(1), b"", None)
        assert (void.id, void.payload, void.failure) == (an_id(2), b"", "notice.late")
        assert lease(store, LATER, until=LATER + SECOND, limit=9) == ()

    def test_a_parked_item_is_visible_and_keeps_its_payload(self, store: Store) -> None:
        """Parked, it is not leased; unparked, it is tried anew."""
        leased(store, item())
        settle(store, an_id(1), Done.PARKED, lease=1, now=NOW, failure="smtp.refused")
        (parked,) = store.outbox(Done.PARKED)
        assert parked == attrs.evolve(item(), attempts=1, lease=1, failure="smtp.refused")
        assert lease(store, LATER, until=LATER + SECOND, limit=1) == ()
        store.unpark(an_id(1), now=LATER)
        (again,) = lease(store, LATER, until=LATER + SECOND, limit=1)
        assert (again.attempts, again.lease, again.payload) == (1, 2, item().payload)

    def test_only_unparking_ends_a_parking(self, store: Store) -> None:
        """A late worker that failed does not; one that sent it after all does."""
        leased(store, item())
        settle(store, an_id(1), Done.PARKED, lease=1, now=NOW)
        settle(store, an_id(1), Done.WAITING, lease=1, now=NOW)
        assert len(store.outbox(Done.PARKED)) == 1
        settle(store, an_id(1), Done.SENT, lease=1, now=NOW)
        assert len(store.outbox(Done.SENT)) == 1

    def test_unparking_leaves_alone_what_is_not_parked(self, store: Store) -> None:
        """Neither a lease nor an end is undone by it."""
        leased(store, item(1), item(2))
        settle(store, an_id(2), Done.SENT, lease=1, now=NOW)
        for number in (1, 2):
            store.unpark(an_id(number), now=NOW)
        assert lease(store, NOW, until=LATER, limit=9) == ()

    def test_an_unknown_item_is_an_error(self, store: Store) -> None:
        """Settling or unparking what never was says so."""
        assert fault(settle, store, an_id(1), Done.SENT, lease=1, now=NOW) == "store.unknown"
        assert fault(store.unpark, an_id(1), now=NOW) == "store.unknown"

    def test_a_commit_voids_what_waits_on_a_dead_subject(self, store: Store) -> None:
        """Waiting, leased or parked, it is void and without payload; others are left alone."""
        dead, live = an_id(7), an_id(8)
        owe(store, *(item(number, subject=dead) for number in (1, 2, 3, 4)), item(5, subject=live))
        lease(store, NOW, until=LATER, limit=3)
        settle(store, an_id(2), Done.PARKED, lease=1, now=NOW)
        settle(store, an_id(3), Done.SENT, lease=1, now=NOW)
        store.commit(Commit(at=NOW, voids=(dead,), outbox=(item(6, subject=dead),)))
        void = store.outbox(Done.VOID)
        assert [int(one.id, 16) for one in void] == [1, 2, 4]
        assert {one.payload for one in void} == {b""}
        assert [int(one.id, 16) for one in store.outbox(Done.SENT)] == [3]
        assert [int(one.id, 16) for one in store.outbox(Done.WAITING)] == [5, 6]

    def test_a_voided_item_is_not_revived_by_its_worker(self, store: Store) -> None:
        """The worker that held it when it was voided may report what it likes."""
        leased(store, item(subject=an_id(7)))
        store.commit(Commit(at=NOW, voids=(an_id(7),)))
        settle(store, an_id(1), Done.WAITING, lease=1, now=NOW, not_before=NOW)
        assert lease(store, LATER, until=LATER + SECOND, limit=1) == ()
        assert len(store.outbox(Done.VOID)) == 1

    def test_something_owed_is_found_by_its_id_and_by_its_subject(self, store: Store) -> None:
        """Of several about one subject the newest; what is done has no payload any more."""
        old, new = item(1, subject=an_id(7)), item(2, subject=an_id(7), created_at=LATER)
        owe(store, old, new, item(3))
        assert store.item(an_id(1)) == old
        assert store.item(an_id(7)) == new
        assert store.item(an_id(9)) is None
        store.commit(Commit(at=NOW, voids=(an_id(7),)))
        assert store.item(an_id(7)) == attrs.evolve(new, payload=b"")

    def test_a_commit_hastens_what_waits(self, store: Store) -> None:
        """Waiting or parked it is due at once, its attempts counted anew; a lease stays."""
        one, subject = item(1, subject=an_id(7)), an_id(7)
        owe(store, one, item(2, not_before=LATER))
        lease(store, NOW, until=LATER, limit=1)
        settle(store, an_id(1), Done.WAITING, lease=1, now=NOW, not_before=LATER)
        store.commit(Commit(at=NOW, hastens=(subject,)))
        (again,) = lease(store, NOW, until=LATER, limit=9)
        assert (again.id, again.attempts, again.lease) == (an_id(1), 1, 2)
        store.commit(Commit(at=NOW, hastens=(subject,)))
        assert lease(store, NOW, until=LATER, limit=9) == ()
        settle(store, an_id(1), Done.PARKED, lease=2, now=NOW)
        store.commit(Commit(at=NOW, hastens=(subject,)))
        assert [one.lease for one in lease(store, NOW, until=LATER, limit=9)] == [3]
        settle(store, an_id(1), Done.SENT, lease=3, now=NOW)
        store.commit(Commit(at=NOW, hastens=(subject,)))
        assert lease(store, LATER, until=LATER + SECOND, limit=9)[0].id == an_id(2)

    def test_what_an_officer_hands_over_is_sent(self, store: Store) -> None:
        """It says by whom and when, and nobody else has it any more."""
        owe(store, item(subject=an_id(7)), item(2, subject=an_id(8)))
        lease(store, NOW, until=LATER, limit=1)
        store.commit(Commit(at=NOW, hands=(an_id(7), an_id(9))))
        (sent,) = store.outbox(Done.SENT)
        assert (sent.id, sent.channel, sent.handed_at) == (an_id(1), "officer", NOW)
        assert (sent.payload, sent.holder, sent.leased_until) == (b"", None, None)
        settle(store, an_id(1), Done.WAITING, lease=1, now=NOW, not_before=NOW)
        assert [one.id for one in lease(store, LATER, until=LATER, limit=9)] == [an_id(2)]

    def test_what_reached_nobody_is_seen_until_it_is_void(self, store: Store) -> None:
        """By its id or its subject, waiting or sent; nothing revives it, no purge drops it."""
        owe(store, item(1, subject=an_id(7)), item(2), item(3))
        lease(store, NOW, until=LATER, limit=3)
        settle(store, an_id(2), Done.SENT, lease=1, now=NOW)
        unsent = (Unsent(named=an_id(7), code="a.b"), Unsent(named=an_id(2), code="c.d"))
        store.commit(Commit(at=NOW, unsent=unsent))
        rows = store.outbox(Done.UNDELIVERED)
        assert [(one.id, one.failure, one.payload) for one in rows] == [
            (an_id(1), "a.b", b""),
            (an_id(2), "c.d", b""),
        ]
        for done in (Done.SENT, Done.PARKED, Done.WAITING):
            settle(store, an_id(1), done, lease=1, now=NOW)
        store.commit(Commit(at=NOW, hastens=(an_id(7),), hands=(an_id(7),)))
        far = NOW + 10**8 * SECOND
        store.purge(horizon(tokens=far, answers=far, refusals=far, ended=far))
        assert store.outbox(Done.UNDELIVERED) == rows
        store.commit(Commit(at=NOW, voids=(an_id(7), an_id(2))))
        assert store.outbox(Done.UNDELIVERED) == ()
        store.commit(Commit(at=NOW, unsent=unsent))
        assert store.outbox(Done.UNDELIVERED) == ()
