"""Who asks is a role and a name, and never a person's number."""

from __future__ import annotations

from typing import Any

import pytest

from ikd.core.errors import InputError, NikError
from ikd.core.records.actor import Actor, Role
from ikd.core.resident.nik import Nik

NIK = "1376010501859902"


def test_each_role_has_its_own_way_in():
    made = [Actor.resident(), Actor.ministry(), Actor.registry(), Actor.system()]
    made.append(Actor.operator("op-1", office="wakatobi"))
    assert {actor.role for actor in made} == set(Role)
    assert (made[-1].office, made[-1].station) == ("wakatobi", "counter-1")


BAD = ["", "-x", "x" * 65, "a b", "a\n", "é", 7, NIK, "op-0812345678", "nip.199001012020"]


@pytest.mark.parametrize("name", BAD)
def test_a_name_is_short_plain_and_no_long_number(name: Any):
    for field, known in (
        ("id", {"office": "wakatobi"}),
        ("office", {"id": "op-1"}),
        ("station", {"id": "op-1", "office": "wakatobi"}),
    ):
        with pytest.raises(InputError) as caught:
            Actor.operator(**{**known, field: name})
        assert caught.value.code == f"actor.{field}"
        assert name in ("", 7) or name not in str(caught.value)


@pytest.mark.parametrize("name", ["a", "x" * 64, "op.1_2:3-4", "op-123456789"])
def test_a_good_name_is_kept(name: str):
    assert Actor.resident(name).id == name


def test_a_role_is_one_of_ikds_own():
    with pytest.raises(InputError) as caught:
        Actor("operator", "op-1")  # type: ignore[arg-type]
    assert caught.value.code == "actor.role"


def test_an_operators_nik_is_parsed_and_never_shown():
    by_text = Actor.operator("op-1", office="wakatobi", nik=NIK)
    assert by_text == Actor.operator("op-1", office="wakatobi", nik=Nik.parse(NIK))
    assert NIK not in repr(by_text)
    with pytest.raises(NikError):
        Actor.operator("op-1", office="wakatobi", nik="1")


@pytest.mark.parametrize("junk", [NIK, 7, b"x", object()])
def test_an_actors_nik_is_a_nik(junk: Any):
    with pytest.raises(InputError) as caught:
        Actor(Role.OPERATOR, "op-1", "wakatobi", "counter-1", junk)
    assert caught.value.code == "actor.nik"
