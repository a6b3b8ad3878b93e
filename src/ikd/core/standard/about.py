"""Who the office is, what it calls things, what it costs and by which decree."""

from __future__ import annotations

import re
from datetime import date

import attrs

from ikd.core.errors import OfficeFileError
from ikd.core.standard.sourced import Sourced, default
from ikd.core.standard.zones import CLOCKS, Zone, zone_of

_REGION = re.compile(r"[0-9]{2}\.[0-9]{2}", re.ASCII)
_POSTCODE = re.compile(r"[0-9]{5}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?", re.ASCII)


@attrs.frozen(kw_only=True)
class About:
    """Name and whereabouts of the office; what its text doesn't state is None.

    Attributes:
        name: Name of the office as published.
        full_name: Name with its city or regency, where published.
        short_name: Short form used in the text.
        government: Government it belongs to.
        region: Code of the city or regency, like ``13.76``.
        zone: Time zone the office lives in.
        address: Street, as published.
        postcode: Five digits, as text.
        phone: As published.
        phone_normal: The same in international form.
        website: As published, without a scheme if it has none.
    """

    name: Sourced[str]
    region: Sourced[str]
    zone: Sourced[Zone]
    full_name: Sourced[str] | None = None
    short_name: Sourced[str] | None = None
    government: Sourced[str] | None = None
    address: Sourced[str] | None = None
    postcode: Sourced[str] | None = None
    phone: Sourced[str] | None = None
    phone_normal: Sourced[str] | None = None
    website: Sourced[str] | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse codes of another form, and a clock that the province doesn't keep."""
        faults = self._region_faults()
        if self.postcode is not None and _POSTCODE.fullmatch(self.postcode.value) is None:
            faults.append(("postcode.value", "harus lima angka / must be five digits"))
        if faults:
            raise OfficeFileError(tuple(faults))

    def _region_faults(self) -> list[tuple[str, str]]:
        region, zone = self.region.value, self.zone.value
        if _REGION.fullmatch(region) is None:
            return [("region.value", 'harus seperti "13.76" / must be like "13.76"')]
        kept = zone_of(region)
        if kept is None:
            return [("region.value", f"tidak ada provinsi {region[:2]} / no province {region[:2]}")]
        if CLOCKS[kept] != CLOCKS[zone]:
            clock = f"{CLOCKS[kept]}: {kept}"
            words = f"provinsi {region[:2]} memakai {clock} / the province keeps {clock}"
            return [("zone.value", words)]
        return []


_PERSON = default("Penduduk", "Naskah tidak menyebut orangnya; Penduduk adalah kata undang-undang.")
_SERVICE = default(
    "Aktivasi Identitas Kependudukan Digital (IKD)", "Naskah tidak menyebut nama layanan."
)
_PRODUCT = default("Identitas Kependudukan Digital (IKD)", "Naskah tidak menyebut produk.")


@attrs.frozen(kw_only=True)
class Words:
    """What residents of this office read.

    Attributes:
        person: What the resident is called.
        service: Name of the service.
        product: Name of what one gets.
        stores: Where the app is downloaded, where the text names it.
        warnings: Warnings shown to residents (F22).
    """

    person: Sourced[str] = _PERSON
    service: Sourced[str] = _SERVICE
    product: Sourced[str] = _PRODUCT
    stores: tuple[Sourced[str], ...] = ()
    warnings: tuple[Sourced[str], ...] = ()


@attrs.frozen(kw_only=True)
class Fee:
    """What it costs; an absent fee is unstated, a fee of 0 is none.

    Attributes:
        amount: Rupiah.
        words: As residents read it.
    """

    amount: Sourced[int]
    words: Sourced[str] | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a fee below nothing."""
        if self.amount.value < 0:
            raise OfficeFileError((("amount.value", "tidak boleh kurang dari 0 / not below 0"),))


@attrs.frozen(kw_only=True)
class Decree:
    """The decree and when it holds (F23); each part may be unstated.

    Attributes:
        number: Verbatim: text, never a number or a path.
        dated: Date of the decree, to the year, month or day.
        effective_from: From when it holds, to the year, month or day.
        effective_until: Until when.
        replaces: Which one it replaces, in words.
    """

    number: Sourced[str] | None = None
    dated: Sourced[str] | None = None
    effective_from: Sourced[str] | None = None
    effective_until: Sourced[str] | None = None
    replaces: Sourced[str] | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse dates of another form."""
        words = "harus seperti 2024, 2024-05, 2024-05-31 / must be like 2024, 2024-05, 2024-05-31"
        faults = [
            (f"{name}.value", words)
            for name in ("dated", "effective_from", "effective_until")
            if (item := getattr(self, name)) is not None and _DAY.fullmatch(item.value) is None
        ]
        if faults:
            raise OfficeFileError(tuple(faults))

    def in_force(self, on: date) -> bool | None:
        """Return whether it holds on that day; None when the text states no beginning."""
        day = on.isoformat()
        until = self.effective_until.value if self.effective_until else None
        if until is not None and day[: len(until)] > until:
            return False
        return None if self.effective_from is None else self.effective_from.value <= day
