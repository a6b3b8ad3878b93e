"""How often a door lets somebody in whom nobody at the office has seen.

Where a text is silent these are ikd's own; an office may set others. None of them stops anybody at
the counter: an operator registers whoever stands there, and only a station has a limit of its own.
"""

from __future__ import annotations

from datetime import timedelta

import attrs

from ikd.core.standard.checked import Checked, limits
from ikd.core.standard.grounds import Sourced, default

_WINDOW = default(
    timedelta(hours=24), "Jangka hitungan tidak diterbitkan; sehari mudah diingat dan dijelaskan."
)
_NIK = default(
    10, "Batas tidak diterbitkan; cukup bagi yang keliru, tidak bagi perusuh. Loket tetap terbuka."
)
_CONTACT = default(
    50, "Batas tidak diterbitkan; satu nomor dapat menolong sedusun. Loket tetap terbuka."
)
_DEVICE = default(20, "Batas tidak diterbitkan; satu ponsel untuk satu orang. Loket tetap terbuka.")
_STATION = default(
    500,
    "Batas tidak diterbitkan; satu loket melayani satu orang tiap menit pun tidak sebanyak itu.",
)
_MESSAGES = default(
    5, "Batas tidak diterbitkan; sebelum orangnya datang, alamat itu bisa milik orang lain."
)
_COMPLAINTS = default(
    10, "Batas tidak diterbitkan; siapa pun dapat menulis alamat orang. Loket tetap terbuka."
)
_COMPLAINTS_IN_ALL = default(
    500, "Batas tidak diterbitkan; lebih dari itu sehari adalah mesin. Loket tetap terbuka."
)
_FEW, _MANY = limits(1, 100), limits(10, 10_000)


@attrs.frozen(kw_only=True)
class Quotas(Checked):
    """How often what nobody at the office has seen is let in, within one *window*.

    Attributes:
        window: Within how long, from 1 hour to 7 days.
        registrations_a_nik: Registrations of one NIK, 1 to 100.
        registrations_a_contact: Those with one e-mail address, or one telephone number.
        registrations_a_device: Those with one device key.
        registrations_a_station: Those that the operators of one station make, 10 to 10,000.
        messages_an_address: Messages to one address before its owner was at the counter.
        complaints_a_contact: Complaints with one e-mail address, or one telephone number.
        complaints_an_office: Complaints that come to the office past its counter, 10 to 10,000.
    """

    window: Sourced[timedelta] = attrs.field(
        default=_WINDOW, metadata=limits(timedelta(hours=1), timedelta(days=7))
    )
    registrations_a_nik: Sourced[int] = attrs.field(default=_NIK, metadata=_FEW)
    registrations_a_contact: Sourced[int] = attrs.field(default=_CONTACT, metadata=_FEW)
    registrations_a_device: Sourced[int] = attrs.field(default=_DEVICE, metadata=_FEW)
    registrations_a_station: Sourced[int] = attrs.field(default=_STATION, metadata=_MANY)
    messages_an_address: Sourced[int] = attrs.field(default=_MESSAGES, metadata=_FEW)
    complaints_a_contact: Sourced[int] = attrs.field(default=_COMPLAINTS, metadata=_FEW)
    complaints_an_office: Sourced[int] = attrs.field(default=_COMPLAINTS_IN_ALL, metadata=_MANY)
