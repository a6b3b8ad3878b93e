"""The two offices that come with ikd."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import pytest

from ikd.core.standard.office import Office
from ikd.plugins.offices import load_office
from ikd.service import Service
from ikd.testing.walk import Walk


@pytest.fixture(scope="session")
def payakumbuh() -> Office:
    """Return the standard of Kota Payakumbuh."""
    return load_office("payakumbuh")


@pytest.fixture(scope="session")
def wakatobi() -> Office:
    """Return the standard of Kabupaten Wakatobi."""
    return load_office("wakatobi")


def _load(name: str) -> ModuleType:
    file = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"ikd_tests_{name}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def observe() -> Callable[[Office], Iterator[object]]:
    """Yields everything that an office's standard makes happen, the cheapest first."""
    parts = [_load(f"observed_{name}") for name in ("values", "machine", "service")]
    return lambda office: (seen for part in parts for seen in part.observe(office))


@pytest.fixture(scope="session")
def invented() -> list[Path]:
    """Return the files of the invented offices."""
    return sorted(Path(__file__).with_name("invented").glob("*.toml"))


@pytest.fixture
def service_of() -> Iterator[Callable[[Office], tuple[Service, Walk]]]:
    """Opens a service for one office, with a resident to walk through it."""
    module = _load("observed_service")
    with ExitStack() as stack:
        yield lambda office: module.opened(office, [], stack)
