"""Nothing in an office file stands without a source."""

from __future__ import annotations

import pytest

from ikd.core.errors import OfficeFileError
from ikd.core.standard.channels import HandlingStep
from ikd.core.standard.grounds import Grounded, Sourced, default, walk


def test_a_clause_comes_with_its_words() -> None:
    item = Sourced(value=6, source="W20", quote="6 digit")
    assert (item.value, item.clause, item.why) == (6, "W20", None)


def test_a_default_has_a_reason_and_no_clause() -> None:
    item = default(6, "tidak disebut")
    assert (item.source, item.clause, item.quote) == ("default", None, None)


@pytest.mark.parametrize(
    ("ground", "paths"),
    [
        ({"source": "default"}, ["why"]),
        ({"source": "default", "why": " "}, ["why"]),
        ({"source": "default", "why": "a", "quote": "b"}, ["quote"]),
        ({"source": "W20"}, ["quote"]),
        ({"source": "W20", "quote": " "}, ["quote"]),
        ({"source": "W20", "quote": "a", "why": "b"}, ["why"]),
        ({"source": "w20", "quote": "a"}, ["source"]),
        ({"source": "W0", "quote": "a"}, ["source"]),
        ({"source": "W٢", "quote": "a"}, ["source"]),
        ({"source": "W20\n", "quote": "a"}, ["source"]),
        ({"source": "pasal 3"}, ["source", "quote"]),
    ],
)
def test_a_value_without_ground_is_refused(ground: dict[str, str], paths: list[str]) -> None:
    with pytest.raises(OfficeFileError) as caught:
        Grounded(**ground)
    assert [path for path, _ in caught.value.faults] == paths


def test_a_walk_meets_everything_grounded_and_names_rows_by_what_they_are() -> None:
    inner = default(1, "a")
    rows = {"kept": (Sourced(value=inner, source="W1", quote="b"), default("x", "c")), "plain": 3}
    assert [path for path, _ in walk(rows)] == ["kept[1]", "kept[1].value", "kept[2]"]


def test_rows_that_share_a_name_are_told_apart_by_their_numbers() -> None:
    names = ("coordinate", "verify", "coordinate")
    rows = tuple(HandlingStep(source="default", why="a", name=name, text="b") for name in names)
    assert [path for path, _ in walk(rows, "steps")] == [
        "steps[coordinate/1]",
        "steps[verify]",
        "steps[coordinate/3]",
    ]
