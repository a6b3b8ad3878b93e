"""The reference of the office file is what the values say today."""

from __future__ import annotations

from pathlib import Path

import office_file
from office_format.keys import office_keys
from office_format.schema import schema_text


def read(root: Path, name: str) -> str:
    return root.joinpath(name).read_text("utf-8")


def test_page_and_schema_are_what_the_tool_would_write(root: Path) -> None:
    page, carried = read(root, "docs/reference/office-file.md"), office_file.SCHEMA
    assert page == office_file.page(), "run: tools/office_file.py"
    assert carried.read_text("utf-8") == schema_text(), "run: tools/office_file.py"


def test_every_key_has_its_heading_once_and_says_whether_it_acts(root: Path) -> None:
    page = read(root, "docs/reference/office-file.md")
    for key in office_keys():
        assert page.count(f"\n### `{key.path}`\n") == 1, key.path
        entry = page.partition(f"\n### `{key.path}`\n")[2].partition("\n##")[0]
        if key.takes != "table" or key.sourced:
            assert ("- shown: " in entry) != ("acts" in entry), key.path
    assert page.count("\n### `") == len(office_keys())


def test_a_key_is_either_shown_with_a_reason_or_acts() -> None:
    keys = {key.path: key for key in office_keys()}
    assert keys["presence.qr"].shown
    assert not keys["pin.life"].shown
    assert keys["steps[].by"].partly
    assert [key.path for key in keys.values() if key.shown and key.partly] == []
