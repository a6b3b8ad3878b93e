"""What all tests share: hypothesis profiles and the folders that the environment names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import postgres

# Before anything imports it: the contract suites of ikd.testing assert like tests.
pytest.register_assert_rewrite("ikd.testing", "model")

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


# --- PostgreSQL ---------------------------------------------------------------------------


def _need_postgres() -> None:
    if postgres.binaries() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(postgres.MISSING)
        pytest.skip(postgres.MISSING)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL of this run's own, shared by all its processes."""
    _need_postgres()
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with postgres.shared(folder / "postgres") as url:
        yield url


@pytest.fixture(scope="session")
def _own_database(postgres_server: str) -> Iterator[str]:
    with postgres.database(postgres_server) as url:
        yield url


@pytest.fixture
def postgres_url(_own_database: str) -> str:
    """The URL of an empty database; anything else about it is as another test left it."""
    postgres.empty(_own_database)
    return _own_database


@pytest.fixture
def new_postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a database that a test may configure."""
    with postgres.database(postgres_server) as url:
        yield url


@pytest.fixture
def own_postgres() -> Iterator[postgres.Server]:
    """A server that a test may stop and start, and that loses nothing when it crashes."""
    _need_postgres()
    server = postgres.Server(durable=True)
    yield server
    server.close()
