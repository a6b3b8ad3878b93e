"""Who the office is, what it calls things, what it costs and by which decree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import attrs

from ikd.core.standard.checked import Checked, Fault, partial_date_faults
from ikd.core.standard.grounds import Sourced, default
from ikd.core.standard.zones import CLOCKS, Zone, zone_of

_REGION = re.compile(r"[0-9]{2}\.[0-9]{2}", re.ASCII)
_POSTCODE = re.compile(r"[0-9]{5}", re.ASCII)


@attrs.frozen(kw_only=True)
class About(Checked):
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

    def _faults(self) -> Iterator[Fault]:
        """Yield codes of another form, and a clock that the province doesn't keep."""
        region, kept = self.region.value, zone_of(self.region.value)
        if _REGION.fullmatch(region) is None:
            yield "region.value", 'harus seperti "13.76" / must be like "13.76"'
        elif kept is None:
            words = f"tidak ada provinsi {region[:2]} / no province {region[:2]}"
            yield "region.value", words
        elif CLOCKS[kept] != CLOCKS[self.zone.value]:
            clock = f"{CLOCKS[kept]}: {kept}"
            words = f"provinsi {region[:2]} memakai {clock} / the province keeps {clock}"
            yield "zone.value", words
        if self.postcode is not None and _POSTCODE.fullmatch(self.postcode.value) is None:
            yield "postcode.value", "harus lima angka / must be five digits"


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
class Fee(Checked):
    """What it costs; an absent fee is unstated, a fee of 0 is none.

    Attributes:
        amount: Rupiah.
        words: As residents read it.
    """

    amount: Sourced[int]
    words: Sourced[str] | None = None

    def _faults(self) -> Iterator[Fault]:
        """Yield a fee below nothing."""
        if self.amount.value < 0:
            yield "amount.value", "tidak boleh kurang dari 0 / not below 0"


@attrs.frozen(kw_only=True)
class Decree(Checked):
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

    def _faults(self) -> Iterator[Fault]:
        """Yield dates of another form."""
        for name in ("dated", "effective_from", "effective_until"):
            item: Sourced[str] | None = getattr(self, name)
            yield from partial_date_faults(f"{name}.value", None if item is None else item.value)

    def in_force(self, on: date) -> bool | None:
        """Return whether it holds on that day; None when the text states no beginning."""
        day = on.isoformat()
        until = self.effective_until.value if self.effective_until else None
        if until is not None and day[: len(until)] > until:
            return False
        return None if self.effective_from is None else self.effective_from.value <= day
