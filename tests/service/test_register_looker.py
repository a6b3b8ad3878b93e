"""The operator sees whom the register names, and every look stands in the books before it."""

from __future__ import annotations

from collections import Counter
from datetime import date

import attrs
import pytest

import ikd
from ikd.core.errors import InputError, RefusedError, StoreError
from ikd.core.resident.nik import Nik
from ikd.core.standard.steps import next_step
from ikd.testing import FaultyStore, SimulatedResident

SYSTEM = ikd.Actor.system()
PICTURE = b"a small grey picture"


def shrink(_portrait: bytes) -> tuple[bytes, int]:
    """Make a portrait small: by its number in claim 169, a JPEG XL."""
    return PICTURE, 1


def known(world, **changes):
    resident = SimulatedResident(
        nik="1376015708909901",
        name="Ayu Lestari",
        **{"birth_date": date(1990, 8, 17), "portrait": b"a large picture", **changes},
    )
    world.registry.add(attrs.evolve(resident, recorded=world.resident(1).recorded))


def at_the_counter(world, service, office="payakumbuh", **changes):
    """Walk until the visit is next; return the walk and the case."""
    walk = world.walk(service, office)
    if changes.pop("told", True):
        known(world, **changes)
    number = walk.register().id
    while next_step(service.get(number, actor=SYSTEM).done, walk.office.steps).name != "presence":
        walk.next(number)
    return walk, number


@pytest.fixture
def opened(world):
    """A service whose pictures are made small without Pillow."""
    service = world.open()
    object.__setattr__(service._parts, "fit_photo", shrink)
    return service


def refusal(service, number, actor, purpose="visit"):
    with pytest.raises(RefusedError) as caught:
        service.person(number, actor=actor, purpose=purpose)
    return caught.value.code


def test_the_operator_sees_before_the_visit_whom_the_register_names(world, opened, office):
    walk, number = at_the_counter(world, opened, office)
    seen = opened.person(number, actor=walk.operator, purpose="visit")
    assert (seen.name, seen.birth_date, seen.sex) == (
        "Ayu Lestari",
        date(1990, 8, 17),
        Nik.parse(walk.walker.nik).sex,
    )
    assert (seen.photo, seen.photo_format, seen.notes) == (PICTURE, 1, ())
    assert "Ayu" not in repr(seen)


def test_every_look_says_who_looked_at_what_when_and_why(world, opened):
    walk, number = at_the_counter(world, opened)
    opened.person(number, actor=walk.operator, purpose="visit")
    (look,) = opened._parts.store.looks()
    assert (look.time, look.actor, look.office) == (world.clock.now(), "operator-1", "payakumbuh")
    assert (look.kind, look.record, look.purpose) == ("application", number, "visit")
    assert look.fields == "name birth_date sex photo"


def test_what_cannot_be_written_down_is_not_shown(world, opened):
    walk, number = at_the_counter(world, opened)
    store = opened._parts.store
    counting = FaultyStore(store, fail_at=0)
    object.__setattr__(opened._parts, "store", counting)
    opened.person(number, actor=walk.operator, purpose="visit")
    for call in range(1, counting.calls + 1):
        object.__setattr__(opened._parts, "store", FaultyStore(store, fail_at=call))
        with pytest.raises(StoreError):
            opened.person(number, actor=walk.operator, purpose="visit")
    assert len(store.looks()) == 1


def test_a_birth_date_that_differs_from_the_nik_is_a_note_and_holds_nothing_up(world, opened):
    walk, number = at_the_counter(world, opened, birth_date=date(1990, 8, 18))
    seen = opened.person(number, actor=walk.operator, purpose="visit")
    assert (seen.birth_date, seen.notes) == (date(1990, 8, 18), ("birth_date",))
    walk.enter_pin(walk.to_pin())
    assert opened.get(number, actor=SYSTEM).status.value == "ACTIVATED"


def test_who_decides_is_shown_no_photo(world, opened):
    _, number = at_the_counter(world, opened)
    seen = opened.person(number, actor=ikd.Actor.ministry(), purpose="decision")
    assert (seen.name, seen.photo) == ("Ayu Lestari", None)
    assert [one.fields for one in opened._parts.store.looks()] == ["name birth_date sex"]


def test_for_a_purpose_that_is_not_listed_nobody_looks(world, opened):
    walk, number = at_the_counter(world, opened)
    for purpose in ("curiosity", None, ["visit"]):
        with pytest.raises(InputError, match="one of visit, referral, review, decision"):
            opened.person(number, actor=walk.operator, purpose=purpose)


def test_nobody_looks_who_has_no_business_there_and_no_such_look_is_shown(world, opened):
    walk, number = at_the_counter(world, opened)
    elsewhere = ikd.Actor.operator("op-2", office="wakatobi")
    own = ikd.Actor.operator("op-3", office="payakumbuh", nik=walk.walker.nik)
    for actor, purpose, code in (
        (walk.resident, "visit", "actor.not_permitted"),
        (ikd.Actor.registry(), "visit", "actor.not_permitted"),
        (ikd.Actor.system(), "decision", "actor.not_permitted"),
        (ikd.Actor.ministry(), "visit", "actor.not_permitted"),
        (walk.operator, "decision", "actor.not_permitted"),  # the ministry decides here
        (walk.operator, "review", "actor.not_permitted"),
        (elsewhere, "visit", "actor.other_office"),
        (own, "visit", "actor.own_case"),
        (ikd.Actor.ministry(nik=walk.walker.nik), "decision", "actor.own_case"),
    ):
        assert refusal(opened, number, actor, purpose) == code
    assert opened._parts.store.looks() == ()
    kept = Counter(one.code for one in opened.refusals(actor=SYSTEM))
    assert kept == {"actor.not_permitted": 6, "actor.own_case": 2, "actor.other_office": 1}


def test_of_a_case_that_is_over_nobody_sees_whom_it_named(world, opened):
    walk, number = at_the_counter(world, opened)
    walk.enter_pin(walk.to_pin())
    assert refusal(opened, number, walk.operator) == "status.refused"
    identity = opened.get(number, actor=SYSTEM).identity_id
    seen = opened.person(identity, "identity", actor=walk.operator, purpose="visit")
    assert seen.name == "Ayu Lestari"


def test_what_is_not_there_or_was_never_told_is_refused(world, opened):
    walk = world.walk(opened)
    resident = opened._parts.store.find("resident")
    assert resident == ()
    assert refusal(opened, "0" * 32, walk.operator) == "record.unknown"
    world.registry.fail_next(1_000)
    number = walk.register().id
    assert refusal(opened, number, walk.operator) == "person.untold"
    assert opened._parts.store.looks() == ()
