"""The pages about the API and the command line are what the code says today."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from pathlib import Path
from types import ModuleType

import attrs
import front_door
import wire_schema

from ikd.service import Service


def load_tool(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_tool", root / "tools" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(root: Path, name: str) -> str:
    return root.joinpath("docs", "reference", name).read_text("utf-8")


def test_the_page_about_the_api_is_what_the_tool_would_write(root: Path) -> None:
    assert read(root, "api.md") == front_door.api(), "run: python tools/front_door.py"


def test_the_schema_of_the_wire_is_what_the_tool_would_write(root: Path) -> None:
    assert read(root, "wire.schema.json") == wire_schema.text(), "run: python tools/wire_schema.py"


def test_the_page_about_the_command_line_is_what_the_tool_would_write(root: Path) -> None:
    assert read(root, "cli.md") == load_tool(root).cli(), "run: python tools/reference.py"


def test_every_name_of_the_front_door_and_every_method_of_a_service_stand_there(root: Path) -> None:
    page = read(root, "api.md")
    for module in map(importlib.import_module, front_door.MODULES):
        names = [f"{module.__name__}.{name}" for name in module.__all__]
        unsaid = [name for name in names if f"## `{name}`" not in page]
        assert unsaid == []
    methods = [name for name in vars(Service) if not name.startswith("_")]
    assert [name for name in methods if f"#### `Service.{name}`" not in page] == []


def test_every_attribute_of_every_class_of_the_front_door_has_its_meaning() -> None:
    """A docstring that forgets one fails here, since the page is made of docstrings."""
    classes = {
        thing
        for module in map(importlib.import_module, front_door.MODULES)
        for name in module.__all__
        if inspect.isclass(thing := getattr(module, name)) and attrs.has(thing)
    }
    assert len(classes) > 100
    unsaid = {kind.__name__: front_door.missing(kind) for kind in classes}
    assert {name: told for name, told in unsaid.items() if told} == {}


def test_a_forgotten_attribute_is_found() -> None:
    @attrs.frozen
    class Told:
        """A class.

        Attributes:
            one: Said.
        """

        one: int
        other: int

    assert front_door.missing(Told) == ["other"]
