"""Whatever is done to both, a store that speaks SQL and the model answer alike."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ikd.adapters.storage.sqlite import sqlite_store
from ikd.core.errors import IkdError
from ikd.core.ports import Commit, Done, Horizon, Late, Read, Settled
from ikd.testing.store_samples import (
    NOW,
    SECOND,
    an_id,
    claim,
    entry,
    item,
    look,
    put,
    refusal,
    remembered,
    row,
    secret,
    token,
)
from tests.adapters.storage.model import ModelStore

few = st.integers(1, 3)
ids = few.map(an_id)
times = st.integers(-2, 4).map(lambda seconds: NOW + timedelta(seconds=seconds))
owners = st.sampled_from(["one", "two"])
keys = st.sampled_from([b"a", b"b"])
lanes = st.sampled_from(["pin", "mail"])
holders = st.sampled_from(["one", "two"])
officers = st.sampled_from(["op-1", "op-2"])
numbers = st.integers(1, 6)
claims = st.builds(claim, keys, owner=owners)
puts = st.builds(
    lambda number, expected, step, **columns: put(
        row(number, version=expected + step, **columns), expected=expected
    ),
    few,
    st.integers(0, 3),
    st.integers(1, 2),
    status=st.sampled_from(["OPEN", "LOCKED"]),
    office=st.sampled_from([None, "payakumbuh"]),
    due=st.none() | times,
)
records = st.builds(
    lambda put, **columns: attrs.evolve(put, row=attrs.evolve(put.row, **columns)),
    puts,
    form=few,
    waits=st.sampled_from([None, "operator"]),
    desk=st.sampled_from([None, "a"]),
    since=st.none() | times,
    limit_at=st.none() | times,
    mac=st.none() | st.binary(max_size=3),
)
items = st.builds(
    lambda fresh, held, until, **parts: attrs.evolve(item(fresh, **parts), until=until, **held),
    numbers,
    st.just({})
    | st.fixed_dictionaries({"holder": holders, "lease": st.just(1), "leased_until": times}),
    st.none() | times,
    lane=lanes,
    subject=st.none() | ids,
    not_before=times,
    created_at=times,
)
settlings = st.builds(
    Settled,
    id=numbers.map(an_id),
    lease=st.integers(0, 3),
    done=st.sampled_from(Done),
    at=times,
    not_before=st.none() | times,
    failure=st.sampled_from([None, "smtp"]),
    channel=st.sampled_from([None, "file"]),
    reference=st.sampled_from([None, "7"]),
    handed_at=st.none() | times,
)


def some(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


commits = st.builds(
    Commit,
    at=times,
    puts=some(puts | records),
    reads=some(st.builds(Read, kind=st.just("application"), id=ids, version=st.integers(0, 3))),
    entries=some(st.builds(entry, few, seq=st.integers(1, 9))),
    takes=some(claims),
    releases=some(claims),
    uses=some(st.builds(token, keys, owner=owners, until=times)),
    writes=some(st.builds(secret, few, value=st.binary(max_size=3))),
    deletes=some(ids),
    outbox=some(items),
    voids=some(ids),
    settles=some(settlings),
    remembered=st.none() | st.builds(remembered, st.sampled_from(["k", "l", "m"])),
    refusal=st.none() | st.builds(refusal, few, at=times),
    standards=some(st.tuples(st.sampled_from("de"), st.sampled_from("xy"))),
)


def said(act):
    try:
        return act()
    except IkdError as error:
        return f"{error}"


class BothStores(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.model = ModelStore()
        self.store = self.open()

    def open(self):
        return sqlite_store(self.folder / "ikd.db")

    def teardown(self):
        self.store.close()
        shutil.rmtree(self.folder)

    def both(self, act):
        one, other = said(lambda: act(self.model)), said(lambda: act(self.store))
        if isinstance(one, str) and one.startswith("store.duplicate"):
            one, other = one[:15], other[:15]
        assert one == other
        return one

    @rule(commit=commits)
    def commit(self, commit):
        self.both(lambda store: store.commit(commit))

    @rule(lane=lanes, holder=holders, now=times, later=few, limit=st.integers(0, 4))
    def lease(self, lane, holder, now, later, limit):
        until = now + timedelta(seconds=later)
        self.both(lambda store: store.lease(lane, holder=holder, now=now, until=until, limit=limit))

    @rule(
        holder=holders,
        leases=st.dictionaries(numbers.map(an_id), st.integers(0, 3), max_size=3),
        until=times,
    )
    def renew(self, holder, leases, until):
        self.both(lambda store: store.renew(holder, leases, until=until))

    @rule(settled=settlings)
    def settle(self, settled):
        self.both(lambda store: store.settle(settled))

    @rule(number=st.integers(1, 6), now=times)
    def unpark(self, number, now):
        self.both(lambda store: store.unpark(an_id(number), now=now))

    @rule(seen=st.builds(look, few, time=times, actor=officers, record=few))
    def look(self, seen):
        self.both(lambda store: store.look(seen))

    @rule(
        before=st.builds(
            Horizon, tokens=times, answers=times, refusals=times, looks=times, ended=times
        )
    )
    def purge(self, before):
        self.both(lambda store: store.purge(before))

    @rule()
    def reopen(self):
        self.store.close()
        self.store = self.open()

    @rule(
        office=st.sampled_from([None, "payakumbuh"]),
        status=st.sampled_from([None, "OPEN"]),
        limit=st.integers(-1, 3),
        after=st.none() | ids,
    )
    def find(self, office, status, limit, after):
        self.both(
            lambda store: store.find(
                "application", office=office, status=status, limit=limit, after=after
            )
        )

    @invariant()
    def they_are_alike(self):
        for number in (1, 2, 3):
            self.both(lambda store, n=number: store.get("application", an_id(n)))
            self.both(lambda store, n=number: store.entries("application", an_id(n)))
            self.both(lambda store, n=number: store.secret(an_id(n)))
        for key in (b"a", b"b"):
            self.both(lambda store, k=key: store.claim("nik", k))
            self.both(lambda store, k=key: store.claim("token:pairing", k))
        for done in Done:
            self.both(lambda store, d=done: store.outbox(d))
        for name in "klmde":
            self.both(lambda store, n=name: store.remembered(b"scope", n))
            self.both(lambda store, n=name: store.standard(n))
        self.both(lambda store: store.refusals())
        for actor in (None, "op-1"):
            for record in (None, ("application", an_id(1))):
                self.both(lambda store, a=actor, r=record: store.looks(actor=a, record=r))
        self.both(lambda store: store.overdue(NOW))
        self.both(lambda store: store.newest())
        self.both(lambda store: store.newest(outside=[(NOW, NOW + SECOND)]))
        self.both(lambda store: store.ahead(NOW))
        for late in (None, Late(since=NOW, limit_at=NOW)):
            self.both(lambda store, of=late: store.waiting("operator", "a", late=of))
        self.both(lambda store: store.lanes())


TestBothStores = BothStores.TestCase
TestBothStores.settings = settings(
    max_examples=max(settings.default.max_examples // 5, 5), stateful_step_count=20
)
