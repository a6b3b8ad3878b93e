"""What is known of somebody who asks, named fact by named fact.

Every fact may be unknown: at registration the registry hasn't spoken yet, and nobody is refused
for what nobody has asked.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Literal, get_args

import attrs

from ikd.core.errors import InputError
from ikd.core.resident.device import Device
from ikd.core.validators import exactly, one_of, whole

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
REGISTERED: frozenset[FactName] = frozenset({"age", "ever_married", "recorded", "ktp_el"})
"""What the register tells: nobody is asked for it before it has answered."""
TOLD_AT_ONCE: frozenset[FactName] = frozenset({"device", "email", "phone"})
"""What no registration leaves open: it is made from a phone, and by what it fills in."""
OLDEST = 150  # years: no age that is stated, or asked for, is above it
_YES_NO = exactly("candidate", bool)


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

    Raises:
        InputError: A fact of another type, or an age above 150 (``candidate.<field>``).
    """

    age: int | None = attrs.field(default=None, validator=whole("candidate", 0, OLDEST))
    ever_married: bool | None = attrs.field(default=None, validator=_YES_NO)
    recorded: bool | None = attrs.field(default=None, validator=_YES_NO)
    ktp_el: KtpElState | None = attrs.field(
        default=None, validator=one_of("candidate", get_args(KtpElState))
    )
    family_card: bool | None = attrs.field(default=None, validator=_YES_NO)
    device: Device | None = attrs.field(default=None, validator=exactly("candidate", Device))
    email: bool | None = attrs.field(default=None, validator=_YES_NO)
    phone: bool | None = attrs.field(default=None, validator=_YES_NO)
    online: bool | None = attrs.field(default=None, validator=_YES_NO)
    app_installed: bool | None = attrs.field(default=None, validator=_YES_NO)

    @property
    def stated(self) -> frozenset[str]:
        """Names of the facts that are stated."""
        fields = (field.name for field in attrs.fields(Candidate))
        return frozenset(name for name in fields if getattr(self, name) is not None)

    def only(self, names: AbstractSet[str]) -> Candidate:
        """Return the same person of whom no more than the facts of these *names* is stated."""
        return Candidate(**{name: getattr(self, name) for name in self.stated & names})

    def and_then(self, later: Candidate) -> Candidate:
        """Return the same person once *later* was stated too, which counts where both speak."""
        return attrs.evolve(self, **{name: getattr(later, name) for name in later.stated})

    def with_registry(self, state: RegistryState) -> Candidate:
        """Return the same person with what the registry reports about the KTP-el.

        The registry wins. Whether a card that was given is still in hand it can't tell: one
        that was stated lost stays so.

        Raises:
            InputError: No such state (``candidate.state``).
        """
        if state in ("issued", "lost"):
            lost = "lost" in (state, self.ktp_el)
            return attrs.evolve(self, ktp_el="lost" if lost else "issued", recorded=True)
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
