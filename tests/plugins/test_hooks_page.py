"""The reference of hooks says exactly what there is, and joining in costs next to nothing."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ikd.plugins import hookspecs
from ikd.plugins.loading import HOOKS


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs/reference/hooks.md").read_text("utf-8")


def test_every_hook_has_its_heading_with_its_arguments(page: str) -> None:
    headings = re.findall(r"^### `(.*)`$", page, re.MULTILINE)
    arguments = [
        f"{name}({', '.join(inspect.signature(vars(hookspecs)[name]).parameters)})"
        for name in HOOKS
    ]
    assert headings == arguments


def test_every_hook_has_its_exact_signature(page: str) -> None:
    blocks = re.findall(r"^```text\n(.*)\n```$", page, re.MULTILINE)
    signatures = [f"{name}{inspect.signature(vars(hookspecs)[name])}" for name in HOOKS]
    assert blocks == [signature.replace("'", "") for signature in signatures]


def test_every_hook_says_what_it_is_for() -> None:
    assert all(inspect.getdoc(vars(hookspecs)[name]) for name in HOOKS)


def test_a_plugin_that_only_marks_its_hooks_loads_nothing_heavy() -> None:
    script = "import sys; from ikd.plugins import hookimpl; print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    loaded = set(ended.stdout.split())
    heavy = {"attrs", "cattrs", "cbor2", "cryptography", "phonenumbers", "email_validator"}
    assert not heavy & loaded
    assert {name for name in loaded if name.startswith("ikd")} == {"ikd", "ikd.plugins"}
