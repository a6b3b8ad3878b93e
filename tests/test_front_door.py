"""The front door: light, complete, and the same for everybody until it is changed on purpose."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import ikd
from ikd import commands as do
from ikd import events
from ikd.core.activation import events as activation_events
from ikd.core.decide import APPLICATION, IDENTITY, KINDS
from ikd.core.identity import events as identity_events
from ikd.core.records.event import Event

NAMES = [
    "Actor",
    "Candidate",
    "Device",
    "IkdError",
    "Nik",
    "Office",
    "Service",
    "Settings",
    "Verifier",
    "commands",
    "errors",
    "events",
    "find_region",
    "load_office",
    "open_service",
    "open_verifier",
]
HEAVY = ["attrs", "cbor2", "cattrs", "phonenumbers", "email_validator", "cryptography", "sqlite3"]


def loaded_by(statement: str) -> set[str]:
    """Return which modules *statement* loads in a fresh interpreter."""
    script = (
        "import sys\nbefore = set(sys.modules)\n"  # a coverage run has loaded sqlite3 itself
        f"{statement}\nprint('\\n'.join(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_ikd_loads_nothing_heavy_and_nothing_of_its_own():
    modules = loaded_by("import ikd")
    assert not modules & set(HEAVY)
    assert {name for name in modules if name.startswith("ikd")} <= {"ikd"}


def test_reading_a_nik_loads_no_telephone_book():
    modules = loaded_by("import ikd; assert ikd.Nik.is_valid('1376015708909901')")
    assert not modules & {"phonenumbers", "email_validator", "cryptography", "cbor2"}


def test_the_front_door_is_a_list_that_is_changed_on_purpose():
    assert sorted(ikd.__all__) == sorted(NAMES)
    assert dir(ikd) == sorted([*NAMES, "__version__"])


@pytest.mark.parametrize("name", NAMES)
def test_every_name_leads_somewhere(name):
    assert getattr(ikd, name) is not None


def test_no_other_name_is_there():
    with pytest.raises(AttributeError, match="'ikd' has no attribute 'nothing'"):
        _ = ikd.nothing


def test_the_version_is_that_of_the_package():
    assert ikd.__version__.count(".") == 2


def test_what_checkers_see_is_what_is_there():
    """The names under TYPE_CHECKING, which editors read, are those that are loaded lazily."""
    tree = ast.parse(Path(inspect.getfile(ikd)).read_text("utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        alias.asname: (node.module, alias.name)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert sorted(seen) == sorted(NAMES)
    for name, (module, attribute) in seen.items():
        home = (
            importlib.import_module(f"{module}.{attribute}")
            if name
            in {
                "commands",
                "events",
                "errors",
            }
            else getattr(importlib.import_module(module), attribute)
        )
        assert getattr(ikd, name) is home


def test_every_command_is_exported():
    known = {command for kind in KINDS for command in kind.commands}
    exported = {getattr(do, name) for name in do.__all__}
    assert exported == {*known, do.Captcha}
    assert do.__all__ == sorted(do.__all__)


def test_every_event_of_applications_and_identities_is_exported():
    known = {*APPLICATION.events, *IDENTITY.events}
    assert {getattr(events, name) for name in events.__all__} == known
    assert events.__all__ == sorted(events.__all__)


def test_every_event_class_that_is_written_is_one_of_its_kind():
    for module in (activation_events, identity_events):
        written = {
            value
            for value in vars(module).values()
            if inspect.isclass(value)
            and value.__module__ == module.__name__
            and issubclass(value, Event)
        }
        tree = ast.parse(Path(inspect.getfile(module)).read_text("utf-8"))
        decorated = {
            node.name
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            and any("event(" in ast.unparse(one) for one in node.decorator_list)
        }
        assert {one.__name__ for one in module.EVENTS} == decorated
        assert {one.__name__ for one in written} <= decorated
