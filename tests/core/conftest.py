"""Offices for tests of the machines: as shipped, and changed where a test needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ikd.core.standard.office import Office
from ikd.plugins.offices import load_office
from model import offices
from model.cases import Case


class Shelf:
    """Shipped offices, and such as differ from them in a few values."""

    def text(self, name: str) -> dict[str, Any]:
        """Return the shipped file as a mapping that can be changed."""
        return offices.text_of(name)

    def said(self, value: object) -> dict[str, object]:
        """Return *value* as a file writes it."""
        return offices.said(value)

    def office(self, name: str, change: Callable[[dict[str, Any]], object] | None = None) -> Office:
        """Return the shipped office *name*, after *change* to its text."""
        if change is None:
            return load_office(name)
        text = self.text(name)
        change(text)
        return load_office(text)

    def with_values(self, name: str, **values: object) -> Office:
        """Return office *name* with values put in place: ``pin__life="5 min"``."""

        def change(text: dict[str, Any]) -> None:
            for path, value in values.items():
                part, key = path.split("__")
                text.setdefault(part, {})[key] = self.said(value)

        return self.office(name, change)


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    """Return the shelf of offices."""
    return Shelf()


@pytest.fixture
def payakumbuh() -> Case:
    """A world at the office that reads the resident's QR."""
    return Case(office=load_office("payakumbuh"))


@pytest.fixture
def wakatobi() -> Case:
    """A world at the office whose QR the resident reads."""
    return Case(office=load_office("wakatobi"))


@pytest.fixture(params=["payakumbuh", "wakatobi"])
def anywhere(request: pytest.FixtureRequest) -> Case:
    """A world at each of the shipped offices."""
    return Case(office=load_office(request.param))
