"""What the demo says, Indonesian and English; the office's own words come from its file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from ikd.core.standard.office import Office

STEPS: Mapping[str, tuple[str, str]] = {
    "register": ("Pendaftaran", "registration"),
    "data_check": ("Pemeriksaan data di register", "the registry checks the data"),
    "biometric": ("Biometrik", "biometric"),
    "ministry_review": ("Verifikasi dan validasi", "review"),
    "presence": ("Kunjungan", "the visit"),
    "decision": ("Keputusan", "decision"),
    "activate": ("Aktivasi", "activation"),
    "sign_in": ("Masuk aplikasi", "sign-in"),
}
METHODS: Mapping[str, str] = {
    "face": "wajah / face",
    "iris": "iris",
    "fingerprint": "sidik jari / fingerprint",
}
MEDIA: Mapping[str, str] = {
    "email": "surat elektronik / e-mail",
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "officer": "lewat petugas / through an officer",
    "other": "media lain / another medium",
}
_BY: Mapping[str, str] = {
    "operator": "Petugas kantor / an operator of the office",
    "ministry": "Kementerian (Ditjen Dukcapil) / the ministry",
    "registry": "Register (SIAK) / the registry",
}
_ZONES: Mapping[str, str] = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def who(by: str, office: Office) -> str:
    """Return whom *by* means, residents by the office's own word."""
    return f"{office.person} / the resident" if by == "resident" else _BY[by]


def moment(at: datetime, office: Office) -> str:
    """Return a time in the office's zone: ``24-11-2026 00.00 WIB``."""
    return f"{at.astimezone(office.tz):%d-%m-%Y %H.%M} {_ZONES[office.zone]}"


def span(length: timedelta) -> str:
    """Return a length of time: ``1 hari 02:10:00``, a minus sign before what is over."""
    seconds = round(abs(length.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    clock = f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    sign = "-" if length < timedelta() else ""
    return f"{sign}{days} hari {clock}" if days else f"{sign}{clock}"


def minutes(length: timedelta) -> str:
    """Return a length of time as people say it: ``30 menit``, ``24 jam``."""
    whole = round(length.total_seconds() / 60)
    return f"{whole // 60} jam" if whole >= 60 and whole % 60 == 0 else f"{whole} menit"
