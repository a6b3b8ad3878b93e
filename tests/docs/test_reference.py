"""The pages about the API and the command line are what the code says today."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import ikd
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
    assert read(root, "api.md") == load_tool(root).api(), "run: python tools/reference.py"


def test_the_page_about_the_command_line_is_what_the_tool_would_write(root: Path) -> None:
    assert read(root, "cli.md") == load_tool(root).cli(), "run: python tools/reference.py"


def test_every_name_of_the_front_door_and_every_method_of_a_service_stand_there(root: Path) -> None:
    page = read(root, "api.md")
    assert [name for name in ikd.__all__ if f"| `ikd.{name}` |" not in page] == []
    methods = [name for name in vars(Service) if not name.startswith("_")]
    assert [name for name in methods if f"### `Service.{name}`" not in page] == []
