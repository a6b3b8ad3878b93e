"""What is written as an office file reads as what it was."""

from __future__ import annotations

import tomllib

import pytest

from ikd.core.standard.tomltext import toml_text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"format": 1, "name": 'a "quoted" name', "empty": []},
        {"part": {"flag": True, "words": ["one", "two"], "none": []}},
        {"rows": [{"a": 1}, {"a": 2, "more": [{"b": "x"}, {"b": "y", "c": {"d": 1}}]}]},
        {"part": {"value": {"value": 3, "source": "default", "why": "so"}}},
    ],
)
def test_it_reads_back_as_it_was(data):
    assert tomllib.loads(toml_text(data)) == data
