"""The page about lifecycles is what the tables say today."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from ikd.core.activation.application import ApplicationStatus
from ikd.core.decide import APPLICATION, IDENTITY, KINDS


def load_tool(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("lifecycle_tool", root / "tools" / "lifecycle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_tool_would_write(root: Path):
    page = (root / "docs" / "reference" / "lifecycle.md").read_text("utf-8")
    assert page == load_tool(root).page(), "run: python tools/lifecycle.py"


def test_every_event_command_and_step_stands_on_it(root: Path):
    tool = load_tool(root)
    page = tool.page()
    for table in (APPLICATION.law.transitions, IDENTITY.law.transitions):
        for _, happened in table:
            assert f"| `{happened.__name__}` |" in page
    for command in (one for kind in KINDS for one in kind.commands):
        roles = ", ".join(sorted(role.value for role in command.declared.by))
        assert f"| `{command.__name__}` | {roles} |" in page
    for name in ("payakumbuh", "wakatobi"):
        for step in tool.load_office(name).steps:
            assert f"| `{step.name}` | {step.by} |" in page


def test_another_table_draws_another_page(root: Path):
    tool = load_tool(root)
    table = dict(APPLICATION.law.transitions)
    drawn = tool.diagram(table)
    assert "OPEN --> REJECTED: Rejected" in drawn
    assert "LOCKED --> [*]" in drawn
    assert "DataChecked" not in drawn
    table[ApplicationStatus.LOCKED, next(iter(table))[1]] = ApplicationStatus.OPEN
    assert tool.diagram(table) != drawn
    assert "LOCKED --> [*]" not in tool.diagram(table)
