"""Values survive the journal exactly, and nothing else passes for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, IntEnum, StrEnum
from typing import Any, Generic, Literal, TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import InputError, OfficeFileError
from ikd.core.ids import RecordId
from ikd.core.structure import plain_file, structure, structure_file, unstructure

T = TypeVar("T")


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Size(IntEnum):
    SMALL = 1


class Shape(Enum):
    ROUND = "round"


@attrs.frozen(kw_only=True)
class Leaf:
    _hidden: int
    colour: Colour = Colour.RED


@attrs.frozen(kw_only=True)
class Tree:
    leaf: Leaf
    other: Leaf | None = None
    leaves: tuple[Leaf, ...] = ()
    pair: tuple[int, str] = (1, "a")
    names: frozenset[str] = frozenset()
    colours: frozenset[Colour] = frozenset()
    raw: bytes = b""
    at: datetime | None = None
    day: date | None = None
    length: timedelta = timedelta(0)
    counts: Mapping[str, int] = attrs.field(factory=dict)
    owner: RecordId | None = None
    word: Literal["p", "q"] = "p"
    yes: bool = False
    size: Size = Size.SMALL
    shape: Shape = Shape.ROUND
    anything: Any = None


LEAVES = st.builds(Leaf, hidden=st.integers(-(2**63), 2**63), colour=st.sampled_from(Colour))
TREES = st.builds(
    Tree,
    leaf=LEAVES,
    other=st.none() | LEAVES,
    leaves=st.lists(LEAVES, max_size=3).map(tuple),
    pair=st.tuples(st.integers(), st.text()),
    names=st.frozensets(st.text(max_size=4), max_size=4),
    colours=st.frozensets(st.sampled_from(Colour)),
    raw=st.binary(max_size=9),
    at=st.none() | st.datetimes(timezones=st.just(UTC)),
    day=st.none() | st.dates(),
    length=st.timedeltas(),
    counts=st.dictionaries(st.text(max_size=3), st.integers(), max_size=3),
    yes=st.booleans(),
)


@given(TREES)
def test_a_value_comes_back_equal_from_its_plain_form(tree: Tree) -> None:
    assert structure(unstructure(tree), Tree) == tree


@given(TREES)
def test_the_plain_form_holds_only_what_cbor_can_write(tree: Tree) -> None:
    def plain(value: object) -> bool:
        if type(value) is dict:
            return all(type(key) is str and plain(item) for key, item in value.items())
        if type(value) is list:
            return all(plain(item) for item in value)
        return type(value) in (str, bytes, int, bool, type(None))

    assert plain(unstructure(tree))


def test_sets_are_sorted_so_that_equal_values_have_equal_bytes() -> None:
    made = unstructure(Tree(leaf=Leaf(hidden=1), names=frozenset("cab")))
    assert isinstance(made, dict)
    assert made["names"] == ["a", "b", "c"]
    assert made["leaf"] == {"hidden": 1, "colour": "red"}


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("leaf", None),
        ("leaf", {}),
        ("leaf", {"hidden": "1"}),
        ("leaf", {"hidden": True}),
        ("leaf", {"hidden": 1.0}),
        ("leaf", {"hidden": 1, "colour": "green"}),
        ("leaf", {"hidden": 1, "colour": 1}),
        ("leaf", {"hidden": 1, "extra": 1}),
        ("leaves", "abc"),
        ("leaves", {"a": 1}),
        ("pair", [1]),
        ("pair", [1, "a", 2]),
        ("names", ["a", "a"]),
        ("names", "ab"),
        ("raw", "text"),
        ("at", "2026-01-01T00:00:00Z"),
        ("at", True),
        ("at", 10**30),
        ("day", "20260101"),
        ("day", 1),
        ("length", 1.5),
        ("counts", {1: 2}),
        ("counts", [["a", 1]]),
        ("word", "z"),
        ("word", 1),
        ("yes", 1),
        ("size", True),
        ("shape", "square"),
        ("unknown", 1),
    ],
)
def test_a_changed_record_is_refused_without_telling_what_it_held(key: str, wrong: object) -> None:
    plain = unstructure(Tree(leaf=Leaf(hidden=1)))
    assert isinstance(plain, dict)
    with pytest.raises(InputError) as caught:
        structure({**plain, key: wrong}, Tree)
    assert caught.value.code == "structure.invalid"
    assert str(caught.value) == "structure.invalid: not the plain form of Tree"
    assert caught.value.__context__ is None


@pytest.mark.parametrize("value", [1.5, object(), {"a": 2.5}, Leaf(hidden=1.5), {1.0: 2}])  # type: ignore[arg-type]
def test_what_has_no_plain_form_is_refused(value: object) -> None:
    with pytest.raises(InputError) as caught:
        unstructure(value)
    assert caught.value.code == "structure.invalid"


def test_a_naive_time_has_no_plain_form() -> None:
    with pytest.raises(InputError):
        unstructure(Tree(leaf=Leaf(hidden=1), at=datetime(2026, 1, 1)))  # noqa: DTZ001  the point


@attrs.frozen(kw_only=True)
class Said(Generic[T]):
    value: T


def _small(_i: object, _a: object, value: int) -> None:
    if value > 9:
        raise OfficeFileError((("sub", "too big"), ("", "really")))


@attrs.frozen(kw_only=True)
class Part:
    number: int = attrs.field(default=0, validator=_small)
    said: Said[bool] | None = None
    lengths: tuple[timedelta, ...] = ()
    opens: time | None = None
    day: date | None = None
    table: Mapping[str, Leaf] = attrs.field(factory=dict)


def _strict(_i: object, _a: object, value: int) -> None:
    if value < 0:
        raise ValueError(value)


@attrs.frozen(kw_only=True)
class Odd:
    number: int = attrs.field(default=0, validator=_strict)


def test_every_fault_of_a_file_is_told_with_its_path() -> None:
    data = {
        "number": "one",
        "said": {"value": "yes"},
        "lengths": ["30 min", "soon", 3],
        "opens": "7.30",
        "day": "2026-13-01",
        "table": {"a": {"hidden": 1}, "b": {}, "c": 4},
        "typo": 1,
    }
    with pytest.raises(OfficeFileError) as caught:
        structure_file(data, Part, "top")
    paths = [path for path, _ in caught.value.faults]
    assert paths == [
        "top.number",
        "top.said.value",
        "top.lengths[2]",
        "top.lengths[3]",
        "top.opens",
        "top.day",
        "top.table.b.hidden",
        "top.table.c",
        "top.typo",
    ]
    assert all("/" in words for _, words in caught.value.faults)


def test_a_fault_told_by_a_part_itself_keeps_its_place() -> None:
    with pytest.raises(OfficeFileError) as caught:
        structure_file({"number": 10}, Part, "top")
    assert caught.value.faults == (("top.sub", "too big"), ("top", "really"))


def test_a_foreign_fault_is_told_without_its_words() -> None:
    with pytest.raises(OfficeFileError) as caught:
        structure_file({"number": -4}, Odd)
    assert caught.value.faults == (("", "tidak dapat dipakai / can't be used"),)


@pytest.mark.parametrize(
    ("written", "read"),
    [("07:30", time(7, 30)), (time(7, 30), time(7, 30))],
)
def test_a_time_of_day_is_taken_from_toml_and_from_text(written: object, read: time) -> None:
    assert structure_file({"opens": written}, Part).opens == read


@pytest.mark.parametrize("written", ["07:30:01", "7:30", "07:30+07:00", time(7, 30, 1), 730])
def test_a_time_of_day_of_another_form_is_refused(written: object) -> None:
    with pytest.raises(OfficeFileError):
        structure_file({"opens": written}, Part)


def test_dates_are_taken_from_toml_and_from_text() -> None:
    day = date(2026, 12, 24)
    assert structure_file({"day": day}, Part) == structure_file({"day": "2026-12-24"}, Part)
    with pytest.raises(OfficeFileError):
        structure_file({"day": datetime(2026, 12, 24, tzinfo=UTC)}, Part)


@pytest.mark.parametrize("text", ["45 s", "30 min", "90 min", "1 h", "24 h", "36 h", "2 d", "7 d"])
def test_a_length_is_written_as_it_was_read(text: str) -> None:
    part = structure_file({"lengths": [text]}, Part)
    assert plain_file(part) == {
        "number": 0,
        "said": None,
        "lengths": [text],
        "opens": None,
        "day": None,
        "table": {},
    }


def test_a_file_part_can_be_written_back() -> None:
    part = structure_file({"opens": "07:30", "day": "2026-12-24", "said": {"value": True}}, Part)
    written = plain_file(part)
    assert isinstance(written, dict)
    assert (written["opens"], written["day"]) == ("07:30", "2026-12-24")
