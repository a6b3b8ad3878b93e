"""Exactly what a port promises, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

from ikd.core import ports
from ikd.core.ids import RecordId
from ikd.core.ports import Receipt, Registry, Solved
from ikd.core.records.person import Person
from ikd.core.records.questions import Answer, RegistryStanding
from ikd.core.resident.nik import Sex
from ikd.plugins.port_errors import PORTS
from ikd.plugins.promises import fits, lacks, methods_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ID = RecordId("0" * 32)


class Text(str):
    """A subclass may do anything."""


def unmade(kind: type[Any], **fields: object) -> Any:
    """Return an instance that never went through its constructor."""
    made = kind.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


PERSON = {
    **dict.fromkeys(field.name for field in attrs.fields(Person)),
    "name": "A",
    "sex": Sex.FEMALE,
    "birth_date": date(1990, 8, 17),
}


@pytest.mark.parametrize(
    ("value", "promised"),
    [
        (None, type(None)),
        (None, str | None),
        ("a", str | None),
        ("a", RecordId),
        (3, int),
        (b"", bytes),
        ((), tuple[str, ...]),
        (("a", "b"), tuple[str, ...]),
        (["a"], Sequence[str]),
        (("a",), Sequence[str]),
        (frozenset(), frozenset[RecordId]),
        (frozenset("a"), frozenset[RecordId]),
        (NOW, datetime | None),
        (Receipt(reference="7"), Receipt),
        (Answer(question_id=ID, standing=RegistryStanding.FOUND), Answer),
        (Solved(puzzle_id=b"1", expires_at=NOW, ok=True), Solved),
        (unmade(Person, **PERSON), Person),
    ],
)
def test_what_is_promised_fits(value: object, promised: Any) -> None:
    assert fits(value, promised)


@pytest.mark.parametrize(
    ("value", "promised"),
    [
        (True, type(None)),
        (True, int),
        (1, bool),
        (1.0, int),
        ("a", bytes),
        (Text("a"), str),
        (bytearray(b"a"), bytes),
        (["a"], tuple[str, ...]),
        (("a", 1), tuple[str, ...]),
        ({"a"}, Sequence[str]),
        ({"a"}, frozenset[str]),
        (frozenset({"a", 1}), frozenset[str]),
        ("ab", Sequence[str]),
        (NOW.replace(tzinfo=None), datetime),
        (NOW.date(), datetime),
        ("ok", Receipt),
        (Receipt, Receipt),
        (object(), Receipt),
        (Receipt(reference=None), Receipt),
        (unmade(Receipt), Receipt),
        (Solved(puzzle_id=b"1", expires_at=NOW, ok="yes"), Solved),
        (unmade(Answer, question_id=ID, standing="found"), Answer),
        (unmade(Answer, question_id=ID, standing=RegistryStanding.FOUND, match=200), Answer),
        (unmade(Person, **{**PERSON, "sex": "f"}), Person),
        (unmade(Person, **{**PERSON, "birth_date": NOW}), Person),
        (unmade(Person, **{**PERSON, "region": 137601}), Person),
        (unmade(Person, **{**PERSON, "marital": "married"}), Person),
        (unmade(Person, **{**PERSON, "portrait": bytearray(b"x")}), Person),
    ],
)
def test_anything_else_does_not(value: object, promised: Any) -> None:
    assert not fits(value, promised)


def _types(promised: Any) -> set[Any]:
    """Every class that a promise is made of, fields of values included."""
    inner = getattr(promised, "__args__", ())
    found = set().union(*(_types(one) for one in inner if one is not ...)) if inner else {promised}
    for one in list(found):
        if attrs.has(one):
            attrs.resolve_types(one)
            found |= set().union(*(_types(field.type) for field in attrs.fields(one)))
    return found


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.__name__)
def test_every_promise_of_a_port_is_one_that_can_be_checked(port: type[Any]) -> None:
    """A port that comes to promise a mapping, say, fails here until ``fits`` knows mappings."""
    for name, promised in methods_of(port).items():
        for kind in _types(promised):
            assert isinstance(getattr(kind, "__supertype__", kind), type), (name, kind)


def test_every_port_that_a_plugin_can_provide_has_methods() -> None:
    assert {port: len(methods_of(port)) > 0 for port in PORTS} == dict.fromkeys(PORTS, True)
    promised = {"secrets", "signing", "sign", "keyring", "roots", "bound"}
    assert set(methods_of(ports.KeySource)) == promised


def test_a_missing_method_is_named() -> None:
    class Half:
        get = "no method"

        async def deliver(self, _message: object) -> None: ...

    assert lacks(Half(), Registry) == ("ask",)
    assert "get" in lacks(Half(), ports.Store)
    assert lacks(Half(), ports.Channel) == ("deliver",)
