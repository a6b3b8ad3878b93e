"""What all tests share: hypothesis profiles and the folders that the environment names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before anything imports it: the contract suites of ikd.testing assert like tests.
pytest.register_assert_rewrite("ikd.testing")

ROOT = Path(__file__).resolve().parent.parent

# Whatever the machine's locale is, tests read Indonesian unless they ask otherwise.
os.environ["IKD_LANG"] = "id"

# No deadline anywhere: on a busy machine a slow example is no wrong one.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=200, derandomize=True)
settings.register_profile(
    "nightly",
    deadline=None,
    max_examples=5_000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
PROFILE = os.environ.get("IKD_PROFILE", "dev")
settings.load_profile(PROFILE)

FOLDERS = {
    "IKD_VECTORS": "public test vectors",
    "IKD_SEEDS": "the offices' published texts",
}


def pytest_report_header() -> list[str]:
    """Say which profile runs and which folders are missing, so that no skip is silent."""
    named = [
        f"{name}: {os.environ.get(name, f'unset, tests skipped: {what}')}"
        for name, what in FOLDERS.items()
    ]
    return [f"ikd: hypothesis profile {PROFILE}", *named]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many states and pairs each exhaustive search met."""
    met = [
        str(value)
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties
        if name == "search"
    ]
    if met:
        terminalreporter.section("exhaustive search of decide")
        for line in sorted(met):
            terminalreporter.write_line(line)


def _named_folder(variable: str) -> Path:
    text = os.environ.get(variable)
    if not text:
        pytest.skip(f"{variable} is unset ({FOLDERS[variable]})")
    folder = Path(text)
    if not folder.is_dir():
        pytest.fail(f"{variable} names no folder")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of public vectors; unset skips, set but absent fails."""
    return _named_folder("IKD_VECTORS")


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the offices' published texts; unset skips, set but absent fails."""
    return _named_folder("IKD_SEEDS")
