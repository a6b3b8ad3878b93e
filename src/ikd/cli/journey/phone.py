"""The phone of the journey: its key, its owner's contacts, and the passcode they think up."""

from __future__ import annotations

from datetime import UTC, datetime

from ikd.adapters.registry import SimulatedResident
from ikd.core.errors import SecretError
from ikd.core.ports import Entropy
from ikd.core.resident.contact import Email
from ikd.core.resident.contact import Phone as Number
from ikd.core.secrets.passcode import Passcode, known_of
from ikd.testing.device import SoftDevice


class Phone:
    """One resident's phone.

    Attributes:
        owner: The invented resident.
        place: Their number among all invented residents.
        soft: The phone's key and what it does with it.
        email: Their address.
        number: Their number.
    """

    def __init__(self, owner: SimulatedResident, place: int, entropy: Entropy) -> None:
        self.owner = owner
        self.place = place
        self.soft = SoftDevice(entropy)
        self.email = Email.parse(f"warga{place}@example.id")
        self.number = Number.parse(f"0812345{place % 100_000:05d}")
        self._entropy = entropy

    @property
    def addresses(self) -> tuple[str, str]:
        """Where mail for its owner goes."""
        return self.email.address, self.number.e164

    def passcode(self, pin: str) -> str:
        """Return six digits that its owner makes up: nothing that others know, and not *pin*."""
        while True:
            made = f"{int.from_bytes(self._entropy(8), 'big') % 1_000_000:06d}"
            try:
                chosen = Passcode.parse(made)
            except SecretError:
                continue
            if not chosen.resembles(*known_of(self.owner.nik, self.owner.birth_date), pin):
                return made


def now() -> datetime:
    """Return the time of the phone's clock."""
    return datetime.now(UTC)
