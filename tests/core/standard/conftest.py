"""An office that nobody has published: what a file needs at least, and no more."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from ikd.core.errors import OfficeFileError
from ikd.core.standard.office import Office, parse_office

BY = {
    "register": "resident",
    "data_check": "registry",
    "biometric": "registry",
    "ministry_review": "ministry",
    "presence": "operator",
    "decision": "operator",
    "activate": "resident",
}


class Desk:
    """Writes office files as an officer would, with reasons where there are no clauses."""

    ground: ClassVar[dict[str, str]] = {"source": "default", "why": "contoh"}

    def said(self, value: object, clause: str | None = None) -> dict[str, object]:
        """Return *value* as a file writes it."""
        ground = self.ground if clause is None else {"source": clause, "quote": f"kata {value}"}
        return {"value": value, **ground}

    def row(self, **own: object) -> dict[str, Any]:
        """Return a row of a list."""
        return {**own, **self.ground}

    def step(self, name: str, **own: object) -> dict[str, Any]:
        """Return a step."""
        return self.row(name=name, **{"by": self.said(BY.get(name, "operator")), **own})

    def steps(self, *names: str) -> list[dict[str, Any]]:
        """Return steps in that order."""
        return [self.step(name) for name in names]

    def least(self, **parts: object) -> dict[str, Any]:
        """Return the smallest office there is, with *parts* added or put in place."""
        return {
            "format": 1,
            "id": "contoh",
            "about": {
                "name": self.said("Disdukcapil Contoh"),
                "region": self.said("13.76"),
                "zone": self.said("Asia/Jakarta"),
            },
            "steps": self.steps("register", "presence", "decision", "activate"),
            "presence": {"direction": self.said("office_reads_resident")},
            **parts,
        }

    def office(self, **parts: object) -> Office:
        """Return that office, read."""
        return parse_office(self.least(**parts))

    def faults(self, **parts: object) -> list[str]:
        """Return the paths of everything wrong with that office."""
        with pytest.raises(OfficeFileError) as caught:
            self.office(**parts)
        return [path for path, _ in caught.value.faults]


@pytest.fixture(scope="session")
def desk() -> Desk:
    """Return a writer of office files."""
    return Desk()
