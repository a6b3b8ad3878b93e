"""What is known of somebody who asks, named fact by named fact.

Every fact may be unknown: at registration the registry hasn't spoken yet, and nobody is refused
for what nobody has asked.
"""

from __future__ import annotations

from typing import Literal

import attrs

from ikd.core.errors import InputError
from ikd.core.resident.device import Device

KtpElState = Literal["issued", "lost", "never"]
RegistryState = Literal["issued", "lost", "recorded", "not_recorded"]
FactName = Literal[
    "age",
    "ever_married",
    "recorded",
    "ktp_el",
    "family_card",
    "device",
    "email",
    "phone",
    "online",
    "app_installed",
]
UNREADABLE = "unreadable"
"""A fact that was stated and can't be read: a case for an officer, never a pass."""


@attrs.frozen(kw_only=True)
class Candidate:
    """Facts about somebody who asks; None is: not stated.

    Attributes:
        age: Full years.
        ever_married: Whether they are or were married.
        recorded: Whether their data have been recorded (perekaman).
        ktp_el: State of the physical card: issued, lost after it was issued, never issued.
        family_card: Whether they have a Kartu Keluarga.
        device: The device.
        email: Whether they have an e-mail address.
        phone: Whether they have an active mobile number.
        online: Whether the device is connected.
        app_installed: Whether the app is on the device.
    """

    age: int | None = None
    ever_married: bool | None = None
    recorded: bool | None = None
    ktp_el: KtpElState | None = None
    family_card: bool | None = None
    device: Device | None = None
    email: bool | None = None
    phone: bool | None = None
    online: bool | None = None
    app_installed: bool | None = None

    def with_registry(self, state: RegistryState) -> Candidate:
        """Return the same person with what the registry reports about the KTP-el.

        Raises:
            InputError: No such state (``candidate.state``).
        """
        if state in ("issued", "lost"):
            return attrs.evolve(self, ktp_el=state, recorded=True)
        if state in ("recorded", "not_recorded"):
            return attrs.evolve(self, ktp_el="never", recorded=state == "recorded")
        raise InputError("candidate.state", "the registry has no such state")

    def fact(self, name: FactName) -> object:
        """Return the fact of that name as a requirement reads it; None when it isn't known."""
        if name == "device":
            return None if self.device is None else self.device.kind
        if name == "recorded" and self.recorded is None and self.ktp_el in ("issued", "lost"):
            return True  # no card is issued to anybody who wasn't recorded
        if name == "online" and self.online is None and self.device is not None:
            return self.device.online
        return getattr(self, name)
