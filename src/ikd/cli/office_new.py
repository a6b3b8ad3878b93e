"""``ikd office new``: from a published text to a valid office file, question by question.

Whatever the text states is entered with its clause and its words; whatever it doesn't is left
out, so that it stays unstated, or stands as a default with a reason where a step needs it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import get_args

from ikd.cli.language import language, text
from ikd.cli.office_questions import Clerk, Test, TomlTable, anything, items, number_fault
from ikd.core.errors import OfficeFileError
from ikd.core.resident.device import Version
from ikd.core.standard.checks import id_fault, unsendable
from ikd.core.standard.formats import newest_format
from ikd.core.standard.media import FIELD_OF
from ikd.core.standard.sla import Start
from ikd.core.standard.source_texts import SourceText
from ikd.core.standard.zones import ZONES, zone_of
from ikd.data.standards import word

SILENT = "Naskah tidak menyebutnya."
_EVIDENCE = ("decree", "office_page", "service_catalogue", "news", "blog")
_MEDIA = ("email", "sms", "whatsapp", "officer", "other")
_DIRECTIONS = ("office_reads_resident", "resident_reads_office")
_UNITS = ("minutes", "hours", "24h", "day", "working_day", "calendar_day")
_STARTS = get_args(Start)
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
    "ever_married": "To be married, or to have been",
    "other": "",
}  # what a front end shows beside the office's own words: it goes into the file


def answers(clerk: Clerk) -> TomlTable:
    """Return the tables of an office file as *clerk* is told them."""
    head: TomlTable = {"format": newest_format(), "id": clerk.ask("id", test=id_fault)}
    return {
        **head,
        "evidence": _evidence(clerk),
        "about": _about(clerk),
        **_stated(clerk, "decree", "number"),
        **_stated(clerk, "words", "person", unsendable),
        **_requirements(clerk),
        "registration": (registration := _registration(clerk)),
        **_biometric(clerk, steps := _Steps(clerk)),
        **steps.rest(),
        **_pin(clerk, [str(row["name"]) for row in registration["fields"]]),
        **_promised_time(clerk),
        **_fee(clerk),
        **_complaints(clerk),
    }


def _evidence(clerk: Clerk) -> list[TomlTable]:
    # Ask for the texts, one after the other; clauses may point into any of them.
    rows = [_source(clerk, clerk.ask("prefix", default="A", test=_prefix))]
    while prefix := clerk.ask("prefix_more", default="", test=lambda typed: _fresh(clerk, typed)):
        rows.append(_source(clerk, prefix))
    return rows


def _source(clerk: Clerk, prefix: str) -> TomlTable:
    clerk.prefixes = (*clerk.prefixes, prefix)
    kind = clerk.choose("evidence", _EVIDENCE, default="office_page")
    row: TomlTable = {"prefix": prefix, "kind": kind, "title": clerk.ask("evidence_title")}
    address = clerk.ask("evidence_address", default="")
    return {**row, **({"address": address} if address else {})}


def _fresh(clerk: Clerk, typed: str) -> str | None:
    return text("new.twice") if typed in clerk.prefixes else _prefix(typed)


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
        tested, english = _or_others(clerk, tested, english, ground)
        head = {"id": f"{what}_{len(rows) + 1}", "text": typed, "text_en": english}
        rows.append({**head, **ground, **tested})
    title: TomlTable = {"number": 1, "title": "Persyaratan", "items": texts}
    return {
        **({"requirements": rows} if rows else {}),
        **({"components": [{**title, "source": "default", "why": _TITLE}]} if texts else {}),
    }


def _or_others(
    clerk: Clerk, first: TomlTable, english: str, ground: TomlTable
) -> tuple[TomlTable, str]:
    # Ask what else would do: any one of the arms is enough then, each with its own words.
    arms = [{**ground, **first}]
    names = tuple(name for name in _ENGLISH if name != "other")
    while what := clerk.pick("or_meaning", names):
        own = clerk.ground(SILENT)
        arm = _tested(clerk, what, own)
        arms.append({**own, **arm})
        said = _ENGLISH[what].format(years=arm.get("at_least"))
        english = f"{english}, or {said[0].lower()}{said[1:]}"
    return ({"any_of": arms} if len(arms) > 1 else first), english


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


def _registration(clerk: Clerk) -> dict[str, list[TomlTable]]:
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
        places = _places(clerk)
        by = clerk.choose("decision", ("operator", "ministry"), default="operator")
        why = "Naskah tidak menyebut siapa yang memutuskan."
        self.add("decision", by, clerk.ground(why, step="decision"))
        why = "Naskah tidak menyebut aktivasi tersendiri."
        self.add("activate", "resident", clerk.ground(why, step="activate"))
        self._published()
        presence: TomlTable = {"direction": {"value": direction, **ground}}
        return {"steps": self._rows, "presence": {**presence, **places}}

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


def _places(clerk: Clerk) -> TomlTable:
    # Ask where the service can be had; whether one may begin or finish there may be unstated.
    rows: list[TomlTable] = []
    while kind := clerk.ask("place", default=""):
        row: TomlTable = {"kind": kind, "name": clerk.ask("place_name", default=kind)}
        for end in ("begin", "finish"):
            may = clerk.yes_if_stated(f"place_{end}")
            row |= {} if may is None else {end: may}
        rows.append({**row, **clerk.ground(SILENT)})
    return {"places": rows} if rows else {}


def _pin(clerk: Clerk, fields: Collection[str]) -> TomlTable:
    word_of_pin = clerk.ask("pin.word", default="", test=unsendable)
    pin: TomlTable = {"word": clerk.said(word_of_pin, SILENT)} if word_of_pin else {}
    media = tuple(kind for kind in _MEDIA if FIELD_OF.get(kind) in {None, *fields})
    kinds = clerk.several("pin.media", media, default=media[0])
    ground = clerk.ground("Naskah tidak menyebut media.")
    named = [kind for kind in media if kind not in {*kinds, "other"}]
    pin["media"] = [_medium(clerk, kind, ground, named) for kind in kinds]
    if clerk.yes("pin.captcha"):
        pin["captcha"] = {"value": True, **clerk.ground(SILENT)}
    sent: TomlTable = {"pin": pin, "rejection": {"media": _rejection(clerk, media, kinds)}}
    if clerk.yes("sign_in"):
        ground = clerk.ground(SILENT)
        sent["sign_in"] = {**ground, "secret": {"value": "pin", **ground}}
    return sent


def _medium(clerk: Clerk, kind: str, ground: TomlTable, named: Sequence[str]) -> TomlTable:
    # Of an open word ask what stands for it: nothing else carries the message.
    if kind != "other" or not named:
        return {"kind": kind, **ground}
    stands = clerk.pick("stands", named) or named[0]
    why = "Media lain itu tidak disebut namanya; kantor memilihnya."
    return {"kind": kind, **ground, "stands": [{"kind": stands, "source": "default", "why": why}]}


def _rejection(clerk: Clerk, media: Sequence[str], kinds: Sequence[str]) -> list[TomlTable]:
    told = clerk.several("rejection.media", media, default="")
    if told:
        ground = clerk.ground(SILENT)
    else:
        ground = {"source": "default", "why": "Penolakan tidak disebut; lewat media yang sama."}
    chosen = told or kinds
    named = [kind for kind in media if kind not in {*chosen, "other"}]
    return [_medium(clerk, kind, ground, named) for kind in chosen]


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
    if start := clerk.pick("start", _STARTS):
        row["start"] = {"value": start, **clerk.ground(SILENT)}
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
