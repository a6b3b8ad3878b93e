"""Commits that leave traces in every table, and what must be there of them afterwards."""

from __future__ import annotations

import os

import attrs

from ikd.core.ports import Commit, Read
from ikd.testing.store_samples import (
    NOW,
    an_id,
    claim,
    entry,
    item,
    owner,
    put,
    refusal,
    remembered,
    row,
    secret,
    token,
)


def step(number, version):
    """The commit that moves record *number* on to *version*, with everything that goes along."""
    mark = b"%d-%d" % (number, version)
    return Commit(
        at=NOW,
        puts=(put(row(number, version=version), expected=version - 1),),
        entries=(entry(number, seq=version),),
        takes=(claim(mark, owner=mark.decode()),),
        uses=(token(mark),),
        outbox=(item(number * 1_000_000 + version),),
        remembered=remembered(mark.decode()),
    )


def assert_whole(store, number, acknowledged):
    kept = store.get("application", an_id(number))
    version = kept.version if kept else 0
    assert version >= acknowledged, "an acknowledged commit is lost"
    seqs = [one.seq for one in store.entries("application", an_id(number))]
    assert seqs == list(range(1, version + 1))
    for step in range(1, version + 2):
        mark = b"%d-%d" % (number, step)
        there = step <= version
        assert (owner(store, "nik", mark) is not None) is there
        assert (owner(store, "token:pairing", mark) is not None) is there
        assert (store.remembered(b"scope", mark.decode()) is not None) is there
    return version


def last(said, *, first):
    with os.fdopen(said, "rb") as lines:
        text = (b"1" if first else b"") + lines.read()  # the byte read before
    return len([line for line in text.split(b"\n")[:-1] if line])


def late(number):
    """Moves record 1 on, and leaves six traces by which to know it."""
    mark = b"%d" % number
    return Commit(
        at=NOW,
        puts=(put(row(number + 100)),),
        reads=(Read(kind="application", id=an_id(1), version=1),),
        entries=(entry(number + 100),),
        takes=(claim(mark),),
        releases=(claim(b"never"),),
        uses=(token(mark),),
        writes=(attrs.evolve(secret(number + 100)),),
        deletes=(an_id(9),),
        outbox=(item(number + 100),),
        voids=(an_id(7),),
        remembered=remembered(str(number)),
        refusal=refusal(number),
        standards=(("digest", "text"),),
    )


def count_parts(store, number):
    mark = b"%d" % number
    parts = [
        store.get("application", an_id(number + 100)),
        store.entries("application", an_id(number + 100)) or None,
        owner(store, "nik", mark),
        owner(store, "token:pairing", mark),
        store.secret(an_id(number + 100)),
        store.remembered(b"scope", str(number)),
    ]
    return sum(part is not None for part in parts)


class Plan:
    """When statements fail, and how."""

    def __init__(self):
        self.left = 0
        self.error = None
        self.after = False
        self.lasting = False
        self.met = False

    def arm(self, left, error, *, after=False, lasting=False):
        self.left, self.error, self.after, self.lasting = left, error, after, lasting
        self.met = False

    def disarm(self):
        self.left = 0
        self.lasting = False

    def due(self):
        if self.lasting and self.met:
            return True
        self.left -= 1
        self.met |= self.left == 0
        return self.left == 0
