"""No example is left without a test that runs it."""

from __future__ import annotations

from pathlib import Path


def test_each_example_has_a_test_and_its_row_in_the_guide(root: Path) -> None:
    scripts = {script.stem for script in root.joinpath("examples").glob("*.py")}
    tests = {test.stem.removeprefix("test_") for test in Path(__file__).parent.glob("test_*.py")}
    assert scripts <= tests
    guide = root.joinpath("docs", "how-to", "examples.md").read_text("utf-8")
    packages = {made.parent.name for made in root.joinpath("examples").glob("*/pyproject.toml")}
    names = {f"{script}.py" for script in scripts} | packages
    assert {name for name in names if f"[{name}]" not in guide} == set()
