"""The phone of the journey: it keeps a key, knows its owner's contacts and signs what they do."""

from __future__ import annotations

from datetime import UTC, datetime

from ikd.adapters.registry import SimulatedResident
from ikd.core.errors import SecretError
from ikd.core.ids import RecordId
from ikd.core.ports import Entropy
from ikd.core.resident.contact import Email
from ikd.core.resident.contact import Phone as Number
from ikd.core.resident.device import Device
from ikd.core.secrets.passcode import Passcode, known_of
from ikd.core.standard.office import Office
from ikd.core.standard.requirements import Condition
from ikd.core.standard.sourced import walk
from ikd.service import Service
from ikd.testing.device import SoftDevice


class Phone:
    """One resident's phone.

    Attributes:
        owner: The invented resident.
        place: Their number among all invented residents.
        soft: The phone's key and what it does with it.
        email: Address given to the office; ``None`` where it asks for none.
        number: Number given to the office; ``None`` where it asks for none.
    """

    def __init__(
        self, owner: SimulatedResident, place: int, office: Office, entropy: Entropy
    ) -> None:
        asked = _asked(office)
        self.owner = owner
        self.place = place
        self.soft = SoftDevice(entropy)
        self.email = Email.parse(f"warga{place}@example.id") if "email" in asked else None
        self.number = Number.parse(f"0812345{place % 100_000:05d}") if "phone" in asked else None
        self._entropy = entropy

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where mail for its owner goes."""
        email = (self.email.address,) if self.email else ()
        return (*email, *((self.number.e164,) if self.number else ()))

    @property
    def device(self) -> Device:
        """The phone as it describes itself."""
        return Device(
            kind="smartphone",
            platform="android",
            os_version="16",
            online=True,
            key=self.soft.public_key,
            model="Ponsel Contoh",
        )

    def proof(self, service: Service, record_id: RecordId, act: str) -> bytes:
        """Return the proof that this phone does *act* on that record now."""
        return self.soft.proof(record_id, act, service.challenge(record_id, act), now())

    def passcode(self, pin: str) -> Passcode:
        """Return six digits that its owner makes up: nothing that others know, and not *pin*."""
        while True:
            made = f"{int.from_bytes(self._entropy(8), 'big') % 1_000_000:06d}"
            try:
                chosen = Passcode.parse(made)
            except SecretError:
                continue
            known = known_of(self.owner.nik, self.owner.birth_date)
            if not chosen.resembles(*known, pin):
                return chosen


def now() -> datetime:
    """Return the time of the phone's clock."""
    return datetime.now(UTC)


def _asked(office: Office) -> set[str]:
    """Return which contacts the office's fields or requirements speak of."""
    fields = {rule.name for rule in office.registration.fields}
    conditions = [item for _, item in walk(office.requirements or ())]
    facts = {item.fact for item in conditions if isinstance(item, Condition) and item.fact}
    return {*fields, *facts}
