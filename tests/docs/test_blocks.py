"""Every ``python`` block of the README and the docs runs.

Blocks of one page share one namespace, top to bottom, as a reader would paste them. A page
runs in an empty folder of its own. What isn't meant to run carries another label.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

ROOT = Path(__file__).resolve().parents[2]
READER = Sybil(parsers=[PythonCodeBlockParser(), SkipParser()])
PAGES = sorted([ROOT / "README.md", *ROOT.joinpath("docs").rglob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
OTHER_LABELS = re.compile(r"^ *```+ *(py|python3|pycon|\{code-block\} *python)\b", re.M | re.I)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_the_python_blocks_of_a_page_run_in_order(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for example in READER.parse(page).examples():
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_page_that_leaves_files_runs_again_or_asks_for_an_empty_folder(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "empty folder" in page.read_text("utf-8"):
        return
    monkeypatch.chdir(tmp_path)
    for example in READER.parse(page).examples():
        example.evaluate()
    again = READER.parse(page).examples() if any(tmp_path.iterdir()) else ()
    for example in again:
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_python_block_hides_behind_another_label(page: Path) -> None:
    assert OTHER_LABELS.findall(page.read_text("utf-8")) == []


def test_a_block_that_fails_fails_its_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nanswer = 1\n```\n\n```python\nassert answer == 2\n```\n", "utf-8")
    first, second = READER.parse(page).examples()
    first.evaluate()
    with pytest.raises(AssertionError):
        second.evaluate()
