"""Draws the front door's types into ``docs/reference/glossary.md``, from their docstrings.

    python tools/glossary.py

What stands above the mark is written by hand. A test compares the rest, and holds that every
word of the page is one of ikd's.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import front_door

import ikd

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "glossary.md"
MARK = "## Types\n"
HEAD = """
What the front door takes and returns, each under the first name that leads to it. Drawn by
`tools/glossary.py`; attributes and methods are on the page about the [API](api.md).

| type | means |
|---|---|
"""


def drawn() -> str:
    """Return the page with its types as the code has them now."""
    by_hand = PAGE.read_text("utf-8").partition(MARK)[0]
    return by_hand + MARK + HEAD + "".join(f"{row}\n" for row in _rows())


def _rows() -> Iterator[str]:
    aliases = dict(_aliases())
    told: set[int] = set()
    for module in map(importlib.import_module, front_door.MODULES):
        for name in module.__all__:
            thing = getattr(module, name)
            if id(thing) not in told and is_type(name, thing):
                told.add(id(thing))
                said = inspect.getdoc(thing) if inspect.isclass(thing) else aliases.get(name)
                yield f"| `{module.__name__}.{name}` | {_sentence(said or '')} |"


def is_type(name: str, thing: object) -> bool:
    """Say whether a name of the front door is a class or stands for one."""
    alias = name[0].isupper() and not name.isupper() and not inspect.isroutine(thing)
    return inspect.isclass(thing) or alias


def _sentence(said: str) -> str:
    words = " ".join(said.partition("\n\n")[0].split())
    return words.replace("``", "`").replace("|", "\\|")


def _aliases() -> Iterator[tuple[str, str]]:
    """Yield every name that is assigned in ikd and followed by a string, and that string."""
    for path in sorted(Path(ikd.__file__).parent.rglob("*.py")):
        for node, after in pairwise(ast.parse(path.read_text("utf-8")).body):
            match node, after:
                case (
                    ast.Assign(targets=[name]) | ast.AnnAssign(target=name),
                    ast.Expr(value=ast.Constant(value=str(said))),
                ):
                    yield ast.unparse(name), said


if __name__ == "__main__":
    PAGE.write_text(drawn(), "utf-8")
