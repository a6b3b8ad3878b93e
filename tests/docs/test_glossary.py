"""One word, one thing: names of types and modules, and the page that says what they mean."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import glossary
import pytest

WORDS = """
    resident office standard ministry operator registry application identity complaint PIN passcode
    notice question port adapter
"""
CELL = re.compile(r"(?<!\\)\|")


def section(page: str, title: str) -> list[list[str]]:
    """Return the rows of the first table under a heading."""
    body = page.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [line for line in body.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in CELL.split(row)[1:-1]] for row in rows]


def package(root: Path) -> dict[str, Path]:
    """Return every module and package below ``ikd`` by its dotted name."""
    home = root / "src" / "ikd"
    found = {}
    for path in home.rglob("*.py"):
        parts = path.relative_to(home).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name or "ikd"] = path
    return found


def types(modules: Mapping[str, Path]) -> Iterator[str]:
    """Yield ``module.Name`` of each public class, and of each name that stands for a type."""
    for module, path in modules.items():
        for node in ast.parse(path.read_text("utf-8")).body:
            match node:
                case ast.ClassDef(name=name):
                    pass
                case (
                    ast.Assign(targets=[ast.Name(id=name)])
                    | ast.AnnAssign(target=ast.Name(id=name))
                ):
                    if name.isupper():
                        continue
                case _:
                    continue
            if name[0].isupper():
                yield f"{module}.{name}"


def clashes(names: Iterable[str], excused: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return what bears one last part, save what is excused."""
    by_word = defaultdict(list)
    for name in sorted(names):
        if not any(matches(name, pattern) for pattern in excused):
            by_word[name.rpartition(".")[2]].append(name)
    return {word: found for word, found in by_word.items() if len(found) > 1}


def matches(name: str, pattern: str) -> bool:
    return name.count(".") == pattern.count(".") and fnmatchcase(name, pattern)


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return root.joinpath("docs", "reference", "glossary.md").read_text("utf-8")


@pytest.fixture(scope="module")
def modules(root: Path) -> dict[str, Path]:
    return package(root)


def reasons(page: str, what: str) -> list[list[str]]:
    rows = section(page, "One name, two places")
    return [re.findall(r"`([^`]+)`", row[1]) for row in rows if row[0] == what]


def test_no_module_has_the_name_of_another_without_a_reason(page, modules) -> None:
    excused = [pattern for row in reasons(page, "module") for pattern in row]
    assert clashes(modules, excused) == {}


def test_no_type_has_the_name_of_another_without_a_reason(page, modules) -> None:
    excused = [pattern for row in reasons(page, "type") for pattern in row]
    assert clashes(types(modules), excused) == {}


def test_every_reason_is_needed(page, modules) -> None:
    both = {"module": list(modules), "type": list(types(modules))}
    assert {row[0] for row in section(page, "One name, two places")} <= both.keys()
    for what, names in both.items():
        shared = {name for group in clashes(names).values() for name in group}
        for row in reasons(page, what):
            assert [name for name in shared for pattern in row if matches(name, pattern)], row


def test_the_types_are_those_of_the_front_door_each_with_its_meaning(page) -> None:
    assert page == glossary.drawn(), "run: python tools/glossary.py"
    assert [row[0] for row in section(page, "Types") if not row[1]] == []


def test_every_word_of_the_design_has_its_line(page) -> None:
    told = [row[0] for row in section(page, "Words")]
    assert set(told) >= {*WORDS.split(), "QR token"}
    assert len(told) == len(set(told))
    assert all(row[2].endswith(".") for row in section(page, "Words"))


def test_every_word_of_the_page_is_used(page, modules) -> None:
    """In English it stands somewhere in the code, as a name or in a sentence."""
    used = " ".join(re.sub(r"[\W_]+", " ", one.read_text("utf-8")) for one in modules.values())
    used = f" {used.lower()} "
    words = [row[0].lower().replace("-", " ") for row in section(page, "Words")]
    assert [word for word in words if f" {word} " not in used and f" {word}s " not in used] == []


def test_every_name_that_is_explained_is_a_module(page, modules) -> None:
    rows = section(page, "Names that are not obvious")
    assert rows
    assert [row[0] for row in rows if row[0].strip("`") not in modules] == []


@pytest.mark.parametrize("folder", ["one", "other"])
def test_a_second_meaning_is_found(folder: str, tmp_path: Path) -> None:
    """A type and a module that stand twice are found, and an excuse lets one of them be."""
    home = tmp_path / "src" / "ikd"
    for name in ("one", "other"):
        home.joinpath(name).mkdir(parents=True)
        home.joinpath(name, "place.py").write_text("class Place:\n    pass\nPLACE = 1\n")
    home.joinpath("one", "alias.py").write_text("Table = dict[str, int]\n_Row = int\n")
    found = package(tmp_path)
    assert clashes(found) == {"place": ["one.place", "other.place"]}
    assert clashes(types(found)) == {"Place": ["one.place.Place", "other.place.Place"]}
    assert clashes(found, [f"{folder}.place"]) == {}
    assert clashes(found, [f"{folder}.*.place"]) != {}
