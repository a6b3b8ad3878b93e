"""``ikd office new``: from a published text to a valid office file, question by question.

Whatever the text states is entered with its clause and its words; whatever it doesn't is left
out, so that it stays unstated, or stands as a default with a reason where a step needs it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ikd.cli.language import language, text
from ikd.cli.office_questions import Clerk, Test, TomlTable, anything, items, number_fault
from ikd.core.errors import OfficeFileError
from ikd.core.resident.device import Version
from ikd.core.standard.checks import id_fault, unsendable
from ikd.core.standard.source_texts import SourceText
from ikd.core.standard.zones import ZONES, zone_of
from ikd.data.standards import word

SILENT = "Naskah tidak menyebutnya."
_EVIDENCE = ("decree", "office_page", "service_catalogue", "news", "blog")
_MEDIA = ("email", "sms", "whatsapp", "officer", "other")
_DIRECTIONS = ("office_reads_resident", "resident_reads_office")
_UNITS = ("minutes", "hours", "24h", "day", "working_day", "calendar_day")
_TITLE = "Judul menurut PermenPANRB 15/2014; setiap butir punya sumbernya sendiri."
_TABLET = "Naskah tidak menyebut tablet; petugas menilai."
_ENGLISH = {
    "card": "To have a KTP-el, or to have had one's data recorded",
    "email": "To have an e-mail address",
    "phone": "To have a mobile number",
    "device": "To have a smartphone",
    "system": "To have at least this system",
    "online": "To be connected to the internet",
    "app_installed": "To have installed the app",
    "family_card": "To have a family card",
    "age": "To be at least {years} years old",
    "other": "",
}  # what a front end shows beside the office's own words: it goes into the file


def answers(clerk: Clerk) -> TomlTable:
    """Return the tables of an office file as *clerk* is told them."""
    head: TomlTable = {"format": 1, "id": clerk.ask("id", test=id_fault)}
    return {
        **head,
        "evidence": [_evidence(clerk)],
        "about": _about(clerk),
        **_stated(clerk, "decree", "number"),
        **_stated(clerk, "words", "person", unsendable),
        **_requirements(clerk),
        "registration": _registration(clerk),
        **_biometric(clerk, steps := _Steps(clerk)),
        **steps.rest(),
        **_pin(clerk),
        **_promised_time(clerk),
        **_fee(clerk),
        **_complaints(clerk),
    }


def _evidence(clerk: Clerk) -> TomlTable:
    clerk.prefix = clerk.ask("prefix", default="A", test=_prefix)
    kind = clerk.choose("evidence", _EVIDENCE, default="office_page")
    row: TomlTable = {"prefix": clerk.prefix, "kind": kind, "title": clerk.ask("evidence_title")}
    address = clerk.ask("evidence_address", default="")
    return {**row, **({"address": address} if address else {})}


def _prefix(typed: str) -> str | None:
    try:
        SourceText(prefix=typed, kind="decree", title="-")
    except OfficeFileError as error:
        return error.faults[0][1]
    return None


def _about(clerk: Clerk) -> TomlTable:
    said = clerk.said(clerk.ask("about.name", test=unsendable), SILENT)
    region = _dotted(clerk.ask("about.region", test=_region))
    zone = zone_of(region) or ZONES[0]
    stated: TomlTable = {}
    for key in ("address", "phone", "website"):
        if typed := clerk.ask(f"about.{key}", default=""):
            stated[key] = clerk.said(typed, SILENT)
    return {
        "name": said,
        **stated,
        "region": _outside(region, "Kode wilayah", "diisi oleh petugas"),
        "zone": _outside(zone, "Zona waktu", "provinsi ini memakainya (Keppres 41/1987)"),
    }


def _outside(value: str, what: str, whence: str) -> TomlTable:
    why = f"{what} tidak ada dalam naskah; {whence}."
    return {"value": value, "source": "default", "why": why}


def _dotted(typed: str) -> str:
    # Return a region's code as a file writes it, for what people type: ``1375``, ``13 75``.
    digits = re.sub(r"[ .-]", "", typed)
    return f"{digits[:2]}.{digits[2:]}"


def _region(typed: str) -> str | None:
    from ikd.data.shipped_regions import find_region

    code = _dotted(typed)
    if re.fullmatch(r"[0-9]{2}\.[0-9]{2}", code, re.ASCII) is None:
        return text("new.region")
    known = find_region(code.replace(".", "")).standing.value
    return text("new.no_region") if known == "unknown" else None


def _stated(clerk: Clerk, part: str, key: str, test: Test = anything) -> TomlTable:
    # Return a part with one text in it, if it is stated.
    typed = clerk.ask(f"{part}.{key}", default="", test=test)
    return {part: {key: clerk.said(typed, SILENT)}} if typed else {}


def _requirements(clerk: Clerk) -> TomlTable:
    # Ask for the requirements; what no fact can test is kept as text.
    rows: list[TomlTable] = []
    texts: list[TomlTable] = []
    while typed := clerk.ask("requirement", default=""):
        what = clerk.choose("meaning", tuple(_ENGLISH), default="other")
        ground = clerk.ground(SILENT, typed)
        if what == "other":
            texts.append({"value": typed, **ground})
            continue
        tested = _tested(clerk, what, ground)
        english = _ENGLISH[what].format(years=tested.get("at_least"))
        head = {"id": f"{what}_{len(rows) + 1}", "text": typed, "text_en": english}
        rows.append({**head, **ground, **tested})
    title: TomlTable = {"number": 1, "title": "Persyaratan", "items": texts}
    return {
        **({"requirements": rows} if rows else {}),
        **({"components": [{**title, "source": "default", "why": _TITLE}]} if texts else {}),
    }


def _tested(clerk: Clerk, what: str, ground: TomlTable) -> TomlTable:
    # Return how the requirement is tested.
    if what == "card":
        arms = ({"fact": "ktp_el", "among": ["issued"]}, {"fact": "recorded", "holds": True})
        return {"any_of": [{**ground, **arm} for arm in arms]}
    if what == "device":
        tablet = {"value": ["tablet"], "source": "default", "why": _TABLET}
        return {"fact": "device", "among": ["smartphone"], "human": tablet}
    if what == "system":
        return {"minimum": [{**row, **ground} for row in _least(clerk)]}
    if what == "age":
        years = clerk.ask("years", test=lambda typed: number_fault(typed, 1, 99))
        return {"fact": "age", "at_least": int(years)}
    return {"fact": what, "holds": True}


def _least(clerk: Clerk) -> list[TomlTable]:
    android = clerk.ask("android", default="", test=_version)
    # without a default the question must be answered: one of the two is needed
    ios = clerk.ask("ios", default="" if android else None, test=_version)
    said = {"android": android, "ios": ios}
    return [{"platform": name, "version": version} for name, version in said.items() if version]


def _version(typed: str) -> str | None:
    return None if Version.read(typed) else text("new.version")


def _registration(clerk: Clerk) -> TomlTable:
    names = clerk.several("fields", ("nik", "email", "phone"), default="nik,email,phone")
    ground = clerk.ground("Naskah tidak menyebut isian; yang umum diminta.")
    return {"fields": [{"name": name, "required": True, **ground} for name in names]}


def _biometric(clerk: Clerk, steps: _Steps) -> TomlTable:
    kinds = clerk.several("biometric", ("face", "iris", "fingerprint"), default="")
    if not kinds:
        return {}
    ground = clerk.ground("Naskah tidak menyebut caranya; swafoto yang umum.")
    steps.add("biometric", "registry", ground, "Data pembanding ada pada register.")
    return {"biometric": {"methods": [{"kind": kind, **ground} for kind in kinds]}}


class _Steps:
    """The steps as they are told, in order."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk
        self._rows: list[TomlTable] = []
        why = "Pendaftaran tidak disebut naskah; setiap permohonan dimulai dengannya."
        self.add("register", "resident", clerk.ground(why, step="register"))

    def add(
        self,
        name: str,
        by: str,
        ground: Mapping[str, object],
        why: str | None = None,
    ) -> None:
        """Add a step; who performs it rests on the same words, or on the reason *why*."""
        by_whom = {"source": "default", "why": why} if why else ground
        self._rows.append({"name": name, **ground, "by": {"value": by, **by_whom}})

    def rest(self) -> TomlTable:
        """Ask for the steps from the review to the activation, and return all of them."""
        clerk = self._clerk
        if clerk.yes("ministry_review"):
            self.add("ministry_review", "ministry", clerk.ground(SILENT, step="ministry_review"))
        direction = clerk.choose("direction", _DIRECTIONS, default=_DIRECTIONS[0])
        ground = clerk.ground("Naskah tidak menyebut arah pemindaian.")
        reader = "operator" if direction == "office_reads_resident" else "resident"
        self.add("presence", reader, ground)
        by = clerk.choose("decision", ("operator", "ministry"), default="operator")
        why = "Naskah tidak menyebut siapa yang memutuskan."
        self.add("decision", by, clerk.ground(why, step="decision"))
        why = "Naskah tidak menyebut aktivasi tersendiri."
        self.add("activate", "resident", clerk.ground(why, step="activate"))
        self._published()
        return {"steps": self._rows, "presence": {"direction": {"value": direction, **ground}}}

    def _published(self) -> None:
        # Ask for the published items and put each beside the step it belongs to.
        names = [str(step["name"]) for step in self._rows]
        found: dict[str, list[TomlTable]] = {name: [] for name in names}
        last, number = names[0], 1

        def test(typed: str) -> str | None:
            return None if typed in names else text("new.one_of", known=", ".join(names))

        steps = ", ".join(f"{name} ({word('steps[]', name, language())})" for name in names)
        while typed := self._clerk.ask("item", default="", number=number):
            last = self._clerk.ask("item_step", default=last, test=test, steps=steps)
            ground = self._clerk.ground(SILENT, typed)
            found[last].append({"number": number, "text": typed, **ground})
            number += 1
        for step in self._rows:
            if published := found[str(step["name"])]:
                step["published"] = published


def _pin(clerk: Clerk) -> TomlTable:
    word_of_pin = clerk.ask("pin.word", default="", test=unsendable)
    pin: TomlTable = {"word": clerk.said(word_of_pin, SILENT)} if word_of_pin else {}
    kinds = clerk.several("pin.media", _MEDIA, default="email")
    ground = clerk.ground("Naskah tidak menyebut media.")
    pin["media"] = [{"kind": kind, **ground} for kind in kinds]
    if clerk.yes("pin.captcha"):
        pin["captcha"] = {"value": True, **clerk.ground(SILENT)}
    media: TomlTable = {"pin": pin, "rejection": {"media": _rejection(clerk, kinds)}}
    if clerk.yes("sign_in"):
        ground = clerk.ground(SILENT)
        media["sign_in"] = {**ground, "secret": {"value": "pin", **ground}}
    return media


def _rejection(clerk: Clerk, kinds: list[str]) -> list[TomlTable]:
    told = clerk.several("rejection.media", _MEDIA, default="")
    if told:
        ground = clerk.ground(SILENT)
    else:
        ground = {"source": "default", "why": "Penolakan tidak disebut; lewat media yang sama."}
    return [{"kind": kind, **ground} for kind in told or kinds]


def _promised_time(clerk: Clerk) -> TomlTable:
    typed = clerk.ask("time", default="")
    if not typed:
        return {}
    amount = clerk.ask("amount", test=lambda given: number_fault(given, 1, 1440))
    unit = clerk.choose("unit", _UNITS, default="working_day")
    row: TomlTable = {"text": typed, "amount": int(amount), "unit": unit}
    row |= clerk.ground(SILENT, typed)
    if unit == "day":
        why = "Naskah tidak menyebut hari kalender atau hari kerja."
        row["day_is"] = {"value": "working_day", "source": "default", "why": why}
    return {"sla": {"clauses": [row]}}


def _fee(clerk: Clerk) -> TomlTable:
    amount = clerk.ask("fee", default="", test=number_fault)
    return {"fee": {"amount": clerk.said(int(amount), SILENT)}} if amount else {}


def _complaints(clerk: Clerk) -> TomlTable:
    # Ask by which ways complaints are taken.
    kinds = items(clerk.ask("complaints", default=""))
    if not kinds:
        return {}
    ground = clerk.ground(SILENT)
    told: TomlTable = {"kinds": [{"name": name, **ground} for name in kinds]}
    channels: list[TomlTable] = []
    while kind := clerk.ask("channel", default=""):
        typed = clerk.ask("channel_text", default=kind)
        handle = clerk.ask("handle", default="")
        row: TomlTable = {"id": f"{kind}_{len(channels) + 1}", "kind": kind, "text": typed}
        row |= {"handle": handle} if handle else {}
        channels.append({**row, **clerk.ground(SILENT, typed)})
    return {"complaints": {**told, **({"channels": channels} if channels else {})}}
