"""Residents of the simulator: what it knows of each is said in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from ikd.core.errors import InputError
from ikd.core.records.person import Marital, Person
from ikd.core.records.questions import KtpEl, RegistryStanding
from ikd.core.resident.nik import Nik

METHODS = frozenset({"face", "iris", "fingerprint"})
SAME = 97  # what real matchers answer for one person is never a full hundred
ALIVE = 96


def _nik(value: Nik | str) -> Nik:
    return value if isinstance(value, Nik) else Nik.parse(value)


def _methods(_instance: object, attribute: attrs.Attribute[object], value: object) -> None:
    if not isinstance(value, Mapping) or not set(value) <= METHODS:
        raise InputError("simulator.method", f"{attribute.name} names face, iris or fingerprint")


def _scores(_instance: object, attribute: attrs.Attribute[object], value: object) -> None:
    _methods(_instance, attribute, value)
    for score in value.values() if isinstance(value, Mapping) else ():
        unmeasured = score is None and attribute.name == "live"
        if not unmeasured and (type(score) is not int or not 0 <= score <= 100):
            raise InputError("simulator.score", f"{attribute.name} is from 0 to 100")


def likeness(sample: bytes, recorded: bytes) -> int:
    """Return a toy measure of likeness: the share of equal bytes, place by place, of 97.

    Equal samples give 97, unrelated ones about 0, and each changed byte costs its share; no
    claim is made that a real matcher behaves so.
    """
    length = max(len(sample), len(recorded))
    if length == 0:
        return 0
    return SAME * sum(a == b for a, b in zip(sample, recorded, strict=False)) // length


@attrs.frozen(kw_only=True)
class SimulatedResident:
    """One resident as the registry knows them. Synthetic NIKs only: serials 9900 to 9999.

    Attributes:
        nik: The NIK, as a ``Nik`` or sixteen digits.
        name: Name in the registry.
        birth_date: Birth date in the registry; it may differ from the one in the NIK.
        ktp_el: State of the KTP-el.
        standing: How the NIK stands.
        recorded: Recorded biometrics by method; a sample is compared with them byte by byte
            (see ``likeness``).
        match: Scores by method that are answered whatever the sample is.
        live: Liveness by method; 96 where nothing is said, ``None`` where it isn't measured.
        verified: What a review answers.
        nationality: Three letters, ``IDN``.
        address: Lines of the address of residence.
        region: Code of the district (6 digits) or village (10) of residence.
        marital: Marital status.
        portrait: A picture as a file holds it; answering with one needs Pillow in the service.
        synchronised_after: Answers of "not synchronised" before the warehouse has caught up;
            ``None`` is never, until told.
    """

    nik: Nik = attrs.field(converter=_nik, repr=False)
    name: str = attrs.field(repr=False)
    birth_date: date = attrs.field(repr=False)
    ktp_el: KtpEl = KtpEl.ISSUED
    standing: RegistryStanding = RegistryStanding.FOUND
    recorded: Mapping[str, bytes] = attrs.field(factory=dict, repr=False, validator=_methods)
    match: Mapping[str, int] = attrs.field(factory=dict, validator=_scores)
    live: Mapping[str, int | None] = attrs.field(factory=dict, validator=_scores)
    verified: bool = True
    nationality: str | None = attrs.field(default=None, repr=False)
    address: str | None = attrs.field(default=None, repr=False)
    region: str | None = attrs.field(default=None, repr=False)
    marital: Marital | None = attrs.field(default=None, repr=False)
    portrait: bytes | None = attrs.field(default=None, repr=False)
    synchronised_after: int | None = 0

    @property
    def person(self) -> Person:
        """What the registry says of the resident."""
        return Person(
            name=self.name,
            sex=self.nik.sex,
            birth_date=self.birth_date,
            nationality=self.nationality,
            address=self.address,
            region=self.region,
            marital=self.marital,
            portrait=self.portrait,
        )

    def matched(self, method: str, sample: bytes) -> int:
        """Return the likeness of *sample*, 0 where nothing was ever recorded."""
        if method in self.match:
            return self.match[method]
        return likeness(sample, self.recorded.get(method, b""))

    def liveness(self, method: str) -> int | None:
        """Return the liveness of any sample of *method*."""
        return self.live.get(method, ALIVE)
