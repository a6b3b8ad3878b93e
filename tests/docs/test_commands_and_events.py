"""The references of commands and events show each class as it is: fields, roles, acts, names."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

from ikd import commands, events
from ikd.core.decide import KINDS
from ikd.core.records.declaration import Command, Need

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
FIELD = re.compile(r"^\| `(\w+)` \|(.*)\|$", re.MULTILINE)


def sections(page: str) -> dict[str, str]:
    text = REFERENCE.joinpath(page).read_text("utf-8")
    parts = re.split(r"^##+ (.+)$", text, flags=re.MULTILINE)
    found = zip(parts[1::2], parts[2::2], strict=True)
    return {heading.strip("`"): body for heading, body in found if heading.startswith("`")}


COMMANDS, EVENTS = sections("commands.md"), sections("events.md")


def fields_on(text: str) -> dict[str, list[str]]:
    return {name: [cell.strip() for cell in rest.split("|")] for name, rest in FIELD.findall(text)}


def asked(name: str) -> type[Command]:
    kind: type[Command] = getattr(commands, name)
    return kind


def load_tool(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("commands_tool", root / "tools" / "commands.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_about_commands_is_what_the_tool_would_write(root: Path) -> None:
    page = root.joinpath("docs", "reference", "commands.md").read_text("utf-8")
    assert page == load_tool(root).page(), "run: python tools/commands.py"


def test_every_command_has_its_heading() -> None:
    kinds = [command.__name__ for kind in KINDS for command in kind.commands]
    assert set(COMMANDS) == set(commands.__all__) == {*kinds, "Attachment", "Captcha"}


@pytest.mark.parametrize("name", commands.__all__)
def test_every_field_of_a_command_has_a_type_and_a_meaning(name: str) -> None:
    for kind, _default, meaning in fields_on(COMMANDS[name]).values():
        assert kind
        assert meaning


@pytest.mark.parametrize("need", Need)
def test_what_every_command_needs_stands_in_the_order_in_which_it_is_met(need: Need) -> None:
    table = REFERENCE.joinpath("commands.md").read_text("utf-8").partition("| need |")[2]
    row = table.splitlines()[1 + need]
    always = [
        command.__name__
        for kind in KINDS
        for command in kind.commands
        if not callable(command.declared.needs) and need in command.declared.needs
    ]
    assert re.findall(r"`(\w+)`", row) == always


@pytest.mark.parametrize("name", sorted(set(commands.__all__) - {"Attachment", "Captcha"}))
def test_a_command_says_what_the_public_is_told_of_it(name: str) -> None:
    assert f"Public answer: `{asked(name).declared.public}`." in COMMANDS[name]


def test_every_event_has_its_heading() -> None:
    assert set(EVENTS) == set(events.__all__)


@pytest.mark.parametrize("name", commands.__all__)
def test_the_fields_of_a_command_stand_there_in_order(name: str) -> None:
    assert list(fields_on(COMMANDS[name])) == [field.name for field in attrs.fields(asked(name))]


@pytest.mark.parametrize("name", commands.__all__)
def test_a_default_stands_there_where_there_is_one(name: str) -> None:
    shown = {field: cells[1] for field, cells in fields_on(COMMANDS[name]).items()}
    plain = {field.name: field.default for field in attrs.fields(asked(name))}
    made = {
        field: "" if value is attrs.NOTHING else f"`{_shown(value)}`"
        for field, value in plain.items()
    }
    assert {field: text.replace('"', "'") for field, text in shown.items()} == made


def _shown(default: Any) -> str:
    return repr(default.factory() if isinstance(default, attrs.Factory) else default)


@pytest.mark.parametrize("name", sorted(set(commands.__all__) - {"Attachment", "Captcha"}))
def test_a_command_says_who_may_ask_it(name: str) -> None:
    said = re.search(r"^Asked by: ([a-z, ]+)\.", COMMANDS[name], re.MULTILINE)
    assert said is not None
    assert said[1] == ", ".join(sorted(role.value for role in asked(name).declared.by))


@pytest.mark.parametrize("name", sorted(set(commands.__all__) - {"Attachment", "Captcha"}))
def test_a_command_says_what_its_device_proof_names(name: str) -> None:
    said = re.search(r"Device proof: (?:`(\w+)`|none)", COMMANDS[name])
    assert said is not None
    carries = "proof" in (field.name for field in attrs.fields(asked(name)))
    assert said[1] == (asked(name).act() if carries else None)


def test_what_a_command_leads_to_are_events() -> None:
    for name, text in COMMANDS.items():
        leads = re.search(r"^Leads to: (.+?)\n\n", text, re.MULTILINE | re.DOTALL)
        named = re.findall(r"`(\w+)`", leads[1]) if leads else []
        assert (name in ("Attachment", "Captcha")) == (not named)
        assert set(named) <= set(events.__all__), name


def test_every_event_of_an_act_is_led_to_by_a_command() -> None:
    led_to = {word for text in COMMANDS.values() for word in re.findall(r"`(\w+)`", text)}
    side_effects = {"IdentityOpened", "IdentityEnded"}
    assert set(events.__all__) - led_to == side_effects


@pytest.mark.parametrize("name", events.__all__)
def test_the_fields_of_an_event_stand_there_in_order(name: str) -> None:
    fields = [field.name for field in attrs.fields(getattr(events, name))]
    assert list(fields_on(EVENTS[name])) == fields


@pytest.mark.parametrize("name", events.__all__)
def test_an_event_says_under_which_name_it_is_stored(name: str) -> None:
    said = re.search(r"Stored as `([^`]+)`\.", EVENTS[name])
    assert said is not None
    assert said[1] == getattr(events, name).journal_name


def test_the_page_names_every_event_that_a_journal_can_hold() -> None:
    page = REFERENCE.joinpath("events.md").read_text("utf-8")
    assert [name for name in KINDS.events if f"`{name}`" not in page] == []
