"""The same step, another promise: what two standards are compared by, point for point.

Only what a text states counts as said; a default stands behind the dash as what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ikd.cli import office_complaints
from ikd.cli.office_parts import cited
from ikd.cli.office_told import SILENT, joined, told
from ikd.core.standard.media import Medium
from ikd.core.standard.office import Office
from ikd.core.standard.requirements import Condition, Minimum, Requirement
from ikd.core.standard.sourced import Grounded, Sourced, walk

_METHODS = {"face": "wajah", "iris": "iris", "fingerprint": "sidik jari"}
_DIRECTIONS = {
    "office_reads_resident": "petugas membaca ponsel",
    "resident_reads_office": "{person} yang membaca",
}
_MEDIA = {
    "email": "email",
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "officer": "lewat petugas",
    "other": "media lain",
}
_PLACES = {
    "phone": "pada ponsel",
    "operator_computer": "pada komputer petugas",
    "siak": "di SIAK",
    "paper": "di kertas",
    "other": "di tempat lain",
}
_REVIEWERS = {"ministry": "kementerian", "registry": "register (SIAK)"}
_SYSTEMS = {"android": "Android", "ios": "iOS", None: "sistem apa pun"}


def _requirement(office: Office, *facts: str) -> Iterator[Requirement]:
    for row in office.requirements or ():
        asked = [item.fact for _, item in walk(row) if isinstance(item, Condition)]
        if set(facts) & set(asked):
            yield row


def _clauses(row: Grounded) -> str:
    return ", ".join(dict.fromkeys(item.clause for _, item in walk(row) if item.clause))


def _service(office: Office) -> str:
    return f"{told(office.words.service)} / {told(office.words.product)}"


def _required(office: Office, *facts: str) -> str:
    return joined(f"{row.text} ({_clauses(row)})" for row in _requirement(office, *facts))


def _contacts(office: Office) -> str:
    rows = [row for row in office.registration.fields if row.name in ("email", "phone")]
    asked = dict.fromkeys(row.source for row in rows)
    needed = dict.fromkeys(row.source for row in _requirement(office, "email", "phone"))
    return joined(
        [
            f"syarat ({', '.join(needed)})" if needed else "",
            f"isian ({', '.join(asked)})" if asked else "",
        ],
        " dan ",
    )


def _device(office: Office) -> str:
    rows = [item for row in _requirement(office, "device") for _, item in walk(row)]
    least = [
        f"{_SYSTEMS[row.platform]} ≥ {row.version} {cited(row)}"
        for row in rows
        if isinstance(row, Minimum)
    ]
    text = _required(office, "device")
    return text if text == SILENT else f"{text}; {', '.join(least) or 'tanpa versi minimal'}"


def _fields(office: Office) -> str:
    asked = office.registration
    kinds = {True: "daftar terbuka", False: "daftar tertutup"}
    return joined(
        [
            told(asked.open, kinds[asked.open.value]) if asked.open else "",
            told(asked.button, f"tombol “{asked.button.value}”") if asked.button else "",
        ]
    )


def _biometric(office: Office) -> str:
    asked = office.biometric
    ways = [
        f"{_METHODS[row.kind]}{' bergerak' if row.moving else ''} {cited(row)}"
        for row in asked.methods
    ]
    proof = {"kesesuaian": asked.match, "keaktifan": asked.liveness}
    proven = [f"{word} {cited(item)}" for word, item in proof.items() if item.clause and item.value]
    return joined([joined(ways, " / "), joined(proven) if proven else ""], "; ")


def _review(office: Office) -> str:
    step = office.review
    if step is None:
        return SILENT
    published = [f"“{item.text}” {cited(item)}" for item in step.published]
    return joined([told(step, _REVIEWERS[step.by]), *published])


def _qr(office: Office) -> str:
    visit, step = office.presence, office.step("presence")
    side = _DIRECTIONS[visit.direction.value].format(person=office.person)
    published = [f"“{item.text}” {cited(item)}" for item in (step.published if step else ())]
    shown = visit.shown_on
    place = told(shown, f"QR {_PLACES[shown.value]}") if shown else "tempat QR tidak dinyatakan"
    return joined([told(visit.direction, side), place, *published])


def _secret(office: Office) -> str:
    digits = office.pin.digits
    length = f"{digits.value} angka {cited(digits)}" if digits.clause else "panjang tidak disebut"
    sender = office.pin.sender
    name = told(office.pin.word, f"“{office.pin.word.value}”")
    return joined([name, length, f"dari {told(sender)}" if sender else ""])


def _media(rows: Iterable[Medium]) -> str:
    return joined((told(row, _MEDIA[row.kind]) for row in rows), " atau ")


def _mail(office: Office) -> str:
    button = office.pin.buttons.get("mail")
    return told(button, f"tombol “{button.label}”") if button else SILENT


def _entry(office: Office) -> str:
    captcha, buttons = office.pin.captcha, office.pin.buttons
    pressed = [row for role, row in buttons.items() if role != "mail"]
    words = [
        told(row, f"“{row.label}”{' jika diminta' if row.if_asked else ''}") for row in pressed
    ]
    return joined([told(captcha, "captcha") if captcha.value else "", *words])


def _rejection(office: Office) -> str:
    informs = office.rejection.informs
    words = told(informs, f"“{informs.value}”") if informs else ""
    return joined([_media(office.rejection.media), words])


def _end(office: Office) -> str:
    last = office.procedure[-1:]
    issued = office.credential.issued
    said = [f"{item.text} {cited(item)}" for item in last]
    return joined([*said, told(issued, "QR terbit") if issued.clause else ""], "; ")


def _time(office: Office) -> str:
    rows = office.sla.clauses if office.sla else ()
    pauses = [told(pause, f"atau {pause.text}") for row in rows for pause in row.pauses]
    return joined([*(told(row, row.text) for row in rows), *pauses], "; ")


def _contact(office: Office) -> str:
    about = office.about
    items: tuple[Sourced[Any] | None, ...] = (
        about.address,
        about.postcode,
        about.phone,
        about.website,
    )
    return joined(told(item) for item in items if item)


POINTS: dict[str, tuple[str, Callable[[Office], str]]] = {
    "person": ("Sebutan orang / person is called", lambda office: told(office.words.person)),
    "service": ("Layanan, produk / service, product", _service),
    "card": ("KTP-el / card", lambda office: _required(office, "ktp_el", "recorded")),
    "contacts": ("Email dan telepon / e-mail and phone", _contacts),
    "device": ("Perangkat / device", _device),
    "internet": ("Internet", lambda office: _required(office, "online")),
    "fields": ("Isian / field list", _fields),
    "biometric": ("Biometrik / biometric", _biometric),
    "review": ("Verifikasi sebelum QR / before the QR", _review),
    "qr": ("QR", _qr),
    "secret": ("Rahasia / secret", _secret),
    "medium": ("Media / medium", lambda office: _media(office.pin.media)),
    "mail": ("Dalam surat / in the mail", _mail),
    "entry": ("Saat mengisi / entry", _entry),
    "rejection": ("Penolakan / rejection", _rejection),
    "end": ("Akhir / end", _end),
    "time": ("Waktu / time", _time),
    "kinds": ("Jenis aduan / complaint kinds", office_complaints.kinds),
    "channels": ("Saluran / channels", office_complaints.ways),
    "form": ("Bentuk aduan / form", office_complaints.form),
    "handling": ("Penanganan / handling", office_complaints.handling),
    "contact": ("Alamat kantor / office contact", _contact),
    "decree": (
        "Keputusan / decree",
        lambda office: told(office.decree.number if office.decree else None),
    ),
    "fee": ("Biaya / fee", lambda office: told(office.fee.amount if office.fee else None)),
}
"""Titles and words of every point, in the order of a procedure."""
