"""One token of the set, and what has to come of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import house


@dataclasses.dataclass(frozen=True)
class Case:
    """A token with everything it is checked with.

    Attributes:
        name: What it shows; for a token that must fail, its one defect.
        text: The token.
        reason: Code of the gravest reason, ``""`` for none; other implementations may use
            words of their own.
        reader: ``verifier`` (credentials and presentations), ``office`` (the phone reads what
            a station shows), ``resident`` (the office reads what a phone shows), ``proof`` (the
            service reads what a phone says), ``answer`` (likewise, to an office's code) or
            ``code`` (somebody compares the digits on two screens).
        now: The moment of the check.
        challenge: What the verifier, or the service, gave the phone.
        beside: What else is compared, by name.
    """

    name: str
    text: str
    reason: str = ""
    reader: str = "verifier"
    now: datetime = house.NOW
    challenge: bytes = b""
    beside: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def row(self, outcome: str) -> dict[str, Any]:
        """Return the case as the files hold it."""
        return {
            "name": self.name,
            "reader": self.reader,
            "text": self.text,
            "now": f"{self.now:%Y-%m-%dT%H:%M:%SZ}",
            "challenge": self.challenge.hex(),
            **self.beside,
            "outcome": outcome,
            "reason": self.reason,
        }
