"""Whoever reads README, docs and examples imports from the front door and from nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import front_door
import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", *sorted(ROOT.joinpath("docs").rglob("*.md"))]
SCRIPTS = sorted(ROOT.joinpath("examples").rglob("*.py"))


def foreign(text: str) -> Iterator[str]:
    """Yield every module of ikd that *text* imports and that is no part of the front door."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            named = [node.module or ""]
        else:
            continue
        for name in named:
            if name.partition(".")[0] == "ikd" and name not in front_door.MODULES:
                yield name


def blocks(page: Path) -> str:
    return "\n".join(BLOCK.findall(page.read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_imports_from_the_front_door(page: Path) -> None:
    assert list(foreign(blocks(page))) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.relative_to(ROOT).as_posix())
def test_an_example_imports_from_the_front_door(script: Path) -> None:
    assert list(foreign(script.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    ["import ikd.core.decide", "from ikd.adapters import system", "from ikd.core import cbor"],
)
def test_any_other_import_is_found(line: str) -> None:
    assert len(list(foreign(f"import ikd\nfrom ikd import ports\n{line}"))) == 1
