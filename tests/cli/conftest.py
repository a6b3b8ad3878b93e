"""What the tests of the command share: running it as a user does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ikd.cli.language import speak

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def ikd(*words: str, cwd: Path, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run ``ikd`` in a process of its own; *typed* is its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "ikd", *words],
        cwd=cwd,
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **more},
        check=False,
        timeout=120,
    )


@pytest.fixture(autouse=True)
def indonesian() -> None:
    """Let no test hear the language that the one before it chose."""
    speak((), {})


@pytest.fixture(scope="session")
def run() -> Run:
    """The command."""
    return ikd


@pytest.fixture
def offices() -> Path:
    """A folder of invented offices."""
    return Path(__file__).parent / "offices"
