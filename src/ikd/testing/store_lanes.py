"""Store contract: lanes of the outbox, and leases that have a holder."""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

import attrs

from ikd.core.ports import Done, Lane, Settled, Store
from ikd.testing.store_samples import (
    INSTANT,
    LATER,
    NOW,
    SECOND,
    an_id,
    fault,
    item,
    lease,
    leased,
    owe,
    settle,
)

MUCH_LATER = LATER + 60 * SECOND


class Lanes:
    """A slow lane holds up no other, and a lease is its holder's alone."""

    def test_an_item_is_leased_from_its_own_lane_only(self, store: Store) -> None:
        """However much waits elsewhere; a lane of no name holds nothing."""
        owe(store, *(item(number, lane="registry") for number in (1, 2, 3)), item(4, lane="pin"))
        assert lease(store, NOW, until=LATER, limit=9, lane="mail") == ()
        (pin,) = lease(store, NOW, until=LATER, limit=9, lane="pin")
        assert (pin.id, pin.lane) == (an_id(4), "pin")
        asked = lease(store, NOW, until=LATER, limit=9, lane="registry")
        assert [one.id for one in asked] == [an_id(1), an_id(2), an_id(3)]

    def test_lanes_tell_how_much_waits_and_since_when(self, store: Store) -> None:
        """Leased or not it waits; what is parked, sent or void does not."""
        assert store.lanes() == ()
        owe(
            store,
            item(1, lane="pin", created_at=LATER, not_before=NOW),
            item(2, lane="pin", created_at=NOW + SECOND),
            item(3, lane="mail"),
            item(4, lane="registry", created_at=NOW - SECOND),
        )
        for lane, number, done in (("registry", 4, Done.PARKED), ("mail", 3, Done.SENT)):
            lease(store, NOW, until=LATER, limit=1, lane=lane)
            settle(store, an_id(number), done, lease=1, now=NOW)
        lease(store, NOW, until=LATER, limit=1, lane="pin")
        assert store.lanes() == (Lane(name="pin", waiting=2, oldest=NOW + SECOND),)
        store.unpark(an_id(4), now=NOW)
        assert [(lane.name, lane.waiting) for lane in store.lanes()] == [
            ("pin", 2),
            ("registry", 1),
        ]

    def test_a_lease_names_its_holder_until_it_ends(self, store: Store) -> None:
        """Whoever looks sees who has it and until when; then nobody has."""
        (taken,) = leased(store, item(), holder="one")
        assert (taken.holder, taken.leased_until) == ("one", LATER)
        assert store.outbox(Done.WAITING) == (taken,)
        settle(store, an_id(1), Done.WAITING, lease=1, now=NOW)
        (free,) = store.outbox(Done.WAITING)
        assert (free.holder, free.leased_until, free.lease) == (None, None, 1)

    def test_a_lease_that_its_holder_renews_goes_on(self, store: Store) -> None:
        """No other worker has it before the new end."""
        leased(store, item(1), item(2), holder="one")
        held = store.renew("one", {an_id(1): 1}, until=MUCH_LATER)
        assert held == {an_id(1)}
        taken = lease(store, LATER, until=MUCH_LATER, limit=9, holder="two")
        assert [one.id for one in taken] == [an_id(2)]
        assert lease(store, MUCH_LATER - INSTANT, until=MUCH_LATER, limit=9) == ()
        (again, _) = lease(store, MUCH_LATER, until=MUCH_LATER + SECOND, limit=9, holder="two")
        assert (again.id, again.lease, again.attempts) == (an_id(1), 2, 2)

    def test_a_lost_lease_is_not_renewed(self, store: Store) -> None:
        """Nor one of another number or holder, nor what ended or never was."""
        leased(store, item(1), item(2), item(3), until=NOW, holder="one")
        lease(store, NOW, until=LATER, limit=1, holder="two")
        settle(store, an_id(2), Done.SENT, lease=1, now=NOW)
        leases = {an_id(1): 1, an_id(2): 1, an_id(3): 2, an_id(4): 1}
        assert store.renew("one", leases, until=MUCH_LATER) == frozenset()
        assert store.renew("three", {an_id(3): 1}, until=MUCH_LATER) == frozenset()
        assert store.renew("one", {}, until=MUCH_LATER) == frozenset()
        assert store.renew("one", {an_id(3): 1}, until=MUCH_LATER) == {an_id(3)}
        (taken,) = lease(store, LATER, until=MUCH_LATER, limit=9)
        assert taken.id == an_id(1)
        assert fault(store.renew, "one", {an_id(3): 1}, until=LATER.replace(tzinfo=None)) == (
            "time.naive"
        )

    def test_an_item_born_leased_is_nobody_elses_until_it_runs_out(self, store: Store) -> None:
        """Who commits and delivers it settles it; if that process dies, another takes it."""
        born = attrs.evolve(item(), attempts=1, lease=1, holder="one", leased_until=LATER)
        owe(store, born, attrs.evolve(born, id=an_id(2)))
        assert store.outbox(Done.WAITING)[0] == born
        assert lease(store, LATER - INSTANT, until=LATER, limit=9, holder="two") == ()
        assert store.renew("one", {an_id(1): 1}, until=LATER) == {an_id(1)}
        settle(store, an_id(1), Done.SENT, lease=1, now=NOW)
        (taken,) = lease(store, LATER, until=MUCH_LATER, limit=9, holder="two")
        assert (taken.id, taken.holder, taken.lease, taken.attempts) == (an_id(2), "two", 2, 2)

    def test_who_took_an_item_and_what_they_call_it_is_kept(self, store: Store) -> None:
        """With its end, or while it waits on for another try, which may tell more."""
        leased(store, item(1), item(2))
        told = Settled(
            id=an_id(1),
            lease=1,
            done=Done.SENT,
            at=NOW,
            channel="smtp",
            reference="250 queued as 7",
            handed_at=NOW + SECOND,
        )
        store.settle(told)
        store.settle(attrs.evolve(told, id=an_id(2), done=Done.WAITING))
        assert store.outbox(Done.SENT) == (
            attrs.evolve(
                item(1),
                payload=b"",
                attempts=1,
                lease=1,
                channel="smtp",
                reference="250 queued as 7",
                handed_at=NOW + SECOND,
            ),
        )
        lease(store, NOW, until=LATER, limit=1)
        settle(store, an_id(2), Done.WAITING, lease=2, now=NOW)
        (kept,) = store.outbox(Done.WAITING)
        assert (kept.channel, kept.reference) == ("smtp", "250 queued as 7")
        assert kept.handed_at == NOW + SECOND
        lease(store, NOW, until=LATER, limit=1)
        store.settle(Settled(id=an_id(2), lease=3, done=Done.SENT, at=NOW, reference="8"))
        (_, after) = store.outbox(Done.SENT)
        assert (after.channel, after.reference, after.handed_at) == ("smtp", "8", NOW + SECOND)

    def test_what_binds_an_item_and_how_long_it_may_go_out_comes_back(self, store: Store) -> None:
        """A lease still gives what is too late to deliver: its deliverer ends it."""
        late = attrs.evolve(item(), until=NOW - SECOND, mac=b"\x00mac\xff")
        owe(store, late)
        assert store.outbox(Done.WAITING) == (late,)
        (taken,) = lease(store, NOW, until=LATER, limit=1)
        assert (taken.until, taken.mac) == (NOW - SECOND, b"\x00mac\xff")
