"""The journal keeps every event exactly, and whatever is done to it shows."""

from __future__ import annotations

import typing
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor, structure
from ikd.core.decide import KINDS
from ikd.core.errors import StoreError
from ikd.core.ids import RecordId
from ikd.core.records.actor import Role
from ikd.core.records.journal import (
    GENESIS,
    By,
    StoredEntry,
    check_chain,
    enter,
    entry_hash,
    is_link,
    read_entry,
)
from ikd.core.records.resident import ResidentOpened
from ikd.core.timing import from_micros, to_micros

AT = from_micros(1_795_000_000_000_000)
BY = By(role=Role.OPERATOR, id="op-1", office="wakatobi", station="counter-1")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TIMES = st.integers(0, 2**52).map(from_micros)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    bytes: st.binary(max_size=40),
    int: st.integers(-(2**60), 2**60),
    bool: st.booleans(),
    type(None): st.none(),
    datetime: TIMES,
    timedelta: st.timedeltas(timedelta(), timedelta(days=999)),
}


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Values of the type that a field is annotated with."""
    if kind in PLAIN:
        return PLAIN[kind]
    if hasattr(kind, "__supertype__"):
        return values(kind.__supertype__)
    if attrs.has(kind):
        attrs.resolve_types(kind)
        return st.builds(kind, **{f.name: values(f.type) for f in attrs.fields(kind)})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is typing.Literal:
        return st.sampled_from(arguments)
    if typing.get_origin(kind) is tuple and arguments[-1] is not ...:
        return st.tuples(*map(values, arguments))
    if typing.get_origin(kind) is tuple:
        return st.lists(values(arguments[0]), max_size=3).map(tuple)
    return st.one_of([values(one) for one in arguments])


NAMES = KINDS.events
EVENTS = st.sampled_from(sorted(NAMES)).flatmap(lambda name: values(NAMES[name]))
ACTORS = st.builds(
    By, role=st.sampled_from(Role), id=TEXT, office=st.none() | TEXT, station=st.none() | TEXT
)


def chain(events: list[Any]) -> list[StoredEntry]:
    return list(enter("application", "a" * 32, events, after=(0, GENESIS), at=AT, by=BY))


@pytest.mark.parametrize("name", sorted(NAMES))
@given(data=st.data())
def test_every_event_comes_back_as_it_was(name: str, data: st.DataObject):
    happened, by = data.draw(values(NAMES[name])), data.draw(ACTORS)
    at = data.draw(TIMES)
    (stored,) = enter("kind", "f" * 32, [happened], after=(6, b"h" * 32), at=at, by=by)
    entry = read_entry(stored, NAMES)
    assert entry.event == happened
    assert type(entry.event) is type(happened)
    assert (entry.kind, entry.id, entry.seq, entry.at, entry.by) == ("kind", "f" * 32, 7, at, by)
    assert (entry.prev, entry.hash) == (b"h" * 32, stored.hash)


def test_the_names_of_events_are_the_ones_written_here_for_good():
    assert [name for name in sorted(NAMES) if name.startswith("resident.")] == [
        "resident.case_closed/1",
        "resident.case_started/1",
        "resident.guess_counted/1",
        "resident.identity_linked/1",
        "resident.opened/1",
    ]
    assert len([name for name in sorted(NAMES) if name.startswith("application.")]) == 31
    assert len([name for name in sorted(NAMES) if name.startswith("identity.")]) == 10


@given(st.lists(EVENTS, max_size=6), st.integers(0, 6))
def test_a_chain_goes_on_where_it_ended(events: list[Any], cut: int):
    first = chain(events[:cut])
    head = (len(first), first[-1].hash if first else GENESIS)
    rest = enter("application", "a" * 32, events[cut:], after=head, at=AT, by=BY)
    whole = [*first, *rest]
    assert whole == chain(events)
    assert check_chain(whole, NAMES) == (whole[-1].hash if whole else GENESIS)
    assert [stored.seq for stored in whole] == list(range(1, len(events) + 1))


CHAINS = st.lists(EVENTS, min_size=2, max_size=5).map(chain)


def broken(entries: list[StoredEntry]) -> str:
    with pytest.raises(StoreError) as caught:
        check_chain(entries, NAMES)
    return caught.value.code


@given(CHAINS, st.data())
def test_any_flipped_bit_is_found(entries: list[StoredEntry], data: st.DataObject):
    at = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from(["body", "prev", "hash"]))
    old = bytearray(getattr(entries[at], name))
    old[data.draw(st.integers(0, len(old) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    entries[at] = attrs.evolve(entries[at], **{name: bytes(old)})
    assert broken(entries) in ("journal.broken", "journal.damaged")


@given(CHAINS, st.data())
def test_a_changed_column_is_found(entries: list[StoredEntry], data: st.DataObject):
    at = data.draw(st.integers(0, len(entries) - 1))
    change = data.draw(
        st.sampled_from(
            [{"kind": "identity"}, {"id": "b" * 32}, {"seq": 9}, {"at": AT + timedelta(seconds=1)}]
        )
    )
    entries[at] = attrs.evolve(entries[at], **change)
    assert broken(entries) == "journal.broken"


@given(CHAINS, st.data())
def test_a_dropped_entry_is_found_unless_it_was_the_last(
    entries: list[StoredEntry], data: st.DataObject
):
    del entries[data.draw(st.integers(0, len(entries) - 2))]
    assert broken(entries) == "journal.broken"


@given(CHAINS, st.data())
def test_a_swap_is_found(entries: list[StoredEntry], data: st.DataObject):
    at = data.draw(st.integers(0, len(entries) - 2))
    entries[at], entries[at + 1] = entries[at + 1], entries[at]
    assert broken(entries) == "journal.broken"


@given(CHAINS, EVENTS, st.data())
def test_an_inserted_entry_is_found_even_with_a_right_hash(
    entries: list[StoredEntry], happened: Any, data: st.DataObject
):
    at = data.draw(st.integers(0, len(entries) - 1))
    head = (at, entries[at - 1].hash if at else GENESIS)
    entries[at:at] = enter("application", "a" * 32, [happened], after=head, at=AT, by=BY)
    assert broken(entries) == "journal.broken"


def test_a_copy_of_an_entry_is_found():
    entries = chain([])
    assert check_chain(entries, NAMES) == GENESIS
    (one,) = enter("resident", "a" * 32, [opened()], after=(0, GENESIS), at=AT, by=BY)
    assert broken([one, one]) == "journal.broken"


def opened() -> ResidentOpened:
    return ResidentOpened(at=AT, resident_id=RecordId("a" * 32))


def stored_as(plain: dict[str, Any]) -> StoredEntry:
    body = cbor.encode(plain, booleans=True, nulls=True)
    return StoredEntry(
        kind="resident",
        id="a" * 32,
        seq=1,
        at=AT,
        body=body,
        prev=GENESIS,
        hash=entry_hash(GENESIS, body),
    )


GOOD = {
    "kind": "resident",
    "id": "a" * 32,
    "seq": 1,
    "at": to_micros(AT),
    "by": structure.unstructure(BY),
    "event": "resident.opened/1",
    "data": structure.unstructure(opened()),
}


@pytest.mark.parametrize(
    "change",
    [
        {"event": "resident.invented/1"},
        {"event": ["resident.opened/1"]},
        {"event": None},
        {"at": "yesterday"},
        {"at": 2**63},
        {"data": {}},
        {"data": {**typing.cast("dict[str, Any]", GOOD["data"]), "more": 1}},
        {"data": None},
        {"by": {"role": "king", "id": "x", "office": None, "station": None}},
    ],
)
def test_what_is_no_entry_is_damage_and_never_another_error(change: dict[str, Any]):
    read_entry(stored_as(GOOD), NAMES)
    with pytest.raises(StoreError) as caught:
        read_entry(stored_as({**GOOD, **change}), NAMES)
    assert caught.value.code == "journal.damaged"


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_an_entry_lacks_nothing(missing: str):
    plain = {key: value for key, value in GOOD.items() if key != missing}
    with pytest.raises(StoreError, match="damaged"):
        read_entry(stored_as(plain), NAMES)


@given(st.binary(max_size=60))
def test_bytes_that_nobody_wrote_are_damage(body: bytes):
    stored = attrs.evolve(stored_as(GOOD), body=body)
    with pytest.raises(StoreError, match="damaged"):
        read_entry(stored, NAMES)


def test_a_list_is_no_entry():
    stored = attrs.evolve(stored_as(GOOD), body=cbor.encode([1, 2]))
    with pytest.raises(StoreError, match="damaged"):
        read_entry(stored, NAMES)


def test_the_hash_covers_what_stood_before():
    assert entry_hash(GENESIS, b"x") != entry_hash(b"\x01" + bytes(31), b"x")
    assert len(entry_hash(GENESIS, b"x")) == 32


def test_a_stored_entry_does_not_show_its_body():
    assert "resident.opened" not in repr(stored_as(GOOD))


PLACE = ("resident", "a" * 32, 1, to_micros(AT))
LINK = stored_as(GOOD)


def test_an_entry_is_a_link_at_its_own_place():
    assert is_link(PLACE, LINK.prev, LINK.body, LINK.hash)


@pytest.mark.parametrize("at", range(4))
def test_an_entry_is_no_link_at_another_place(at: int):
    elsewhere = (*PLACE[:at], "elsewhere", *PLACE[at + 1 :])
    assert not is_link(elsewhere, LINK.prev, LINK.body, LINK.hash)


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("bad", [None, "text", 7, b"other bytes"])
def test_what_is_not_hashed_so_is_no_link(at: int, bad: object):
    link: list[object] = [LINK.prev, LINK.body, LINK.hash]
    link[at] = bad
    assert not is_link(PLACE, *link)


@pytest.mark.parametrize("body", [b"", b"\xff", cbor.encode([1]), cbor.encode({"kind": "x"})])
def test_what_tells_no_place_is_no_link_though_its_hash_is_right(body: bytes):
    assert not is_link(PLACE, GENESIS, body, entry_hash(GENESIS, body))
