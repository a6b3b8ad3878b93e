"""``ikd office new``: from a published text to a valid office file, question by question.

Whatever the text states is entered with its clause and its words; whatever it doesn't is left
out, so that it stays unstated, or stands as a default with a reason where a step needs it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from ikd.cli.ending import CannotError, Exit
from ikd.cli.office_ask import Clerk, Table
from ikd.cli.office_listed import procedure, requirements
from ikd.cli.office_promises import SILENT, complaints, fee, promised_time
from ikd.cli.office_toml import toml_text
from ikd.core.errors import OfficeFileError
from ikd.core.standard.checks import id_fault, unsendable
from ikd.core.standard.evidence import Evidence
from ikd.core.standard.office import parse_office_text
from ikd.core.standard.zones import ZONES, zone_of

_HEAD = """\
Berkas kantor baru. Enter memakai jawaban dalam kurung siku; kosongkan yang tidak disebut naskah.
A new office file. Enter takes the answer in brackets; leave empty what the text doesn't state.
"""
_KINDS = {
    "decree": "keputusan / decree",
    "office_page": "laman kantor / page of the office",
    "service_catalogue": "katalog layanan (SIPPN)",
    "news": "berita / news",
    "blog": "blog",
}
_CONTACTS = {"address": "Alamat kantor", "phone": "Telepon kantor", "website": "Situs kantor"}
_MEDIA = ("email", "sms", "whatsapp", "officer", "other")
_DIRECTIONS = {
    "office_reads_resident": "petugas memindai QR pada ponsel / the officer reads the phone",
    "resident_reads_office": "pemohon memindai QR kantor / the resident reads the office's QR",
}
_DECIDERS = {"operator": "petugas kantor", "ministry": "Dirjen Dukcapil"}


def new(file: Path) -> int:
    """Ask, and write the answers to *file*, which must not be there yet."""
    if file.suffix != ".toml":
        raise CannotError(f"{file}: namanya berakhir .toml / its name ends in .toml", Exit.USAGE)
    if file.exists():
        raise CannotError(f"{file} sudah ada / is there already", Exit.REFUSED)
    if not os.access(file.parent, os.W_OK | os.X_OK):  # told now, not after all the answers
        words = f"{file.parent}: tidak ada, atau tidak boleh ditulisi / isn't there or writable"
        raise CannotError(words, Exit.OUTSIDE)
    print(_HEAD)
    text = toml_text(answers(Clerk()))
    parse_office_text(text)
    with file.open("x", encoding="utf-8") as opened:
        opened.write(text)
    print(f"\n{file}: sah / valid. Lanjut / next: ikd office show {file}")
    return Exit.OK


def answers(clerk: Clerk) -> Table:
    """Return the tables of an office file as *clerk* is told them."""
    name = clerk.ask("Id singkat, huruf kecil (contoh: magetan)", test=id_fault)
    head: Table = {"format": 1, "id": name}
    return {
        **head,
        "evidence": [_evidence(clerk)],
        "about": _about(clerk),
        **_decree(clerk),
        **_words(clerk),
        **requirements(clerk),
        "registration": _registration(clerk),
        **_biometric(clerk, steps := _Steps(clerk)),
        **steps.rest(),
        **_pin(clerk),
        **promised_time(clerk),
        **fee(clerk),
        **complaints(clerk),
    }


def _evidence(clerk: Clerk) -> Table:
    clerk.prefix = clerk.ask("Huruf besar di depan nomor butir", default="A", test=_prefix)
    row: Table = {
        "prefix": clerk.prefix,
        "kind": clerk.choose("Jenis naskah", _KINDS, default="office_page"),
        "title": clerk.ask("Judul naskah"),
    }
    address = clerk.ask("Alamat naskah di internet", default="")
    return {**row, **({"address": address} if address else {})}


def _prefix(text: str) -> str | None:
    try:
        Evidence(prefix=text, kind="decree", title="-")
    except OfficeFileError as error:
        return error.faults[0][1]
    return None


def _about(clerk: Clerk) -> Table:
    name = clerk.ask("Nama kantor, seperti tertulis", test=unsendable)
    said = clerk.said(name, "nama kantor", SILENT)
    region = clerk.ask("Kode wilayah kota/kabupaten (contoh: 35.20)", test=_region)
    zone = zone_of(region) or ZONES[0]
    stated: Table = {}
    for key, question in _CONTACTS.items():
        if text := clerk.ask(question, default=""):
            stated[key] = clerk.said(text, question.lower(), SILENT)
    return {
        "name": said,
        **stated,
        "region": _outside(region, "Kode wilayah", "diisi oleh petugas"),
        "zone": _outside(zone, "Zona waktu", "provinsi ini memakainya (Keppres 41/1987)"),
    }


def _outside(value: str, what: str, whence: str) -> Table:
    why = f"{what} tidak ada dalam naskah; {whence}."
    return {"value": value, "source": "default", "why": why}


def _region(text: str) -> str | None:
    from ikd.data.regions import find_region

    if re.fullmatch(r"[0-9]{2}\.[0-9]{2}", text, re.ASCII) is None:
        return "kode seperti / a code like: 35.20"
    known = find_region(text.replace(".", "")).standing.value
    return "kode tidak dikenal / unknown code" if known == "unknown" else None


def _decree(clerk: Clerk) -> Table:
    number = clerk.ask("Nomor keputusan", default="")
    return {"decree": {"number": clerk.said(number, "nomor itu", SILENT)}} if number else {}


def _words(clerk: Clerk) -> Table:
    person = clerk.ask(
        "Sebutan orangnya dalam naskah (Penduduk, Pemohon, …)", default="", test=unsendable
    )
    return {"words": {"person": clerk.said(person, "sebutan itu", SILENT)}} if person else {}


def _registration(clerk: Clerk) -> Table:
    known = ("nik", "email", "phone")
    names = clerk.several("Isian pendaftaran: nik, email, phone", known, default="nik,email,phone")
    ground = clerk.ground("isian itu", "Naskah tidak menyebut isian; yang umum diminta.")
    return {"fields": [{"name": name, "required": True, **ground} for name in names]}


def _biometric(clerk: Clerk, steps: _Steps) -> Table:
    known = ("face", "iris", "fingerprint")
    kinds = clerk.several(
        "Biometrik: face, iris, fingerprint; kosong bila tidak ada", known, default=""
    )
    if not kinds:
        return {}
    ground = clerk.ground("biometrik", "Naskah tidak menyebut caranya; swafoto yang umum.")
    steps.add("biometric", "registry", ground, "Data pembanding ada pada register.")
    return {"biometric": {"methods": [{"kind": kind, **ground} for kind in kinds]}}


class _Steps:
    """The steps as they are told, in order."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk
        self._rows: list[Table] = []
        why = "Pendaftaran tidak disebut naskah; setiap permohonan dimulai dengannya."
        self.add("register", "resident", clerk.ground("langkah pendaftaran", why))

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

    def rest(self) -> Table:
        """Ask for the steps from the review to the activation, and return all of them."""
        clerk = self._clerk
        if clerk.yes("Kementerian memeriksa pendaftaran sebelum kunjungan?"):
            self.add("ministry_review", "ministry", clerk.ground("pemeriksaan", SILENT))
        direction = clerk.choose("Siapa memindai QR", _DIRECTIONS, default="office_reads_resident")
        ground = clerk.ground("pemindaian", "Naskah tidak menyebut arah pemindaian.")
        reader = "operator" if direction == "office_reads_resident" else "resident"
        self.add("presence", reader, ground)
        by = clerk.choose("Siapa memutuskan", _DECIDERS, default="operator")
        why = "Naskah tidak menyebut siapa yang memutuskan."
        self.add("decision", by, clerk.ground("keputusan", why))
        why = "Naskah tidak menyebut aktivasi tersendiri."
        self.add("activate", "resident", clerk.ground("aktivasi", why))
        procedure(clerk, self._rows)
        return {"steps": self._rows, "presence": {"direction": {"value": direction, **ground}}}


def _pin(clerk: Clerk) -> Table:
    word = clerk.ask(
        "Nama angka rahasia dalam naskah (PIN, kode aktivasi, …)", default="", test=unsendable
    )
    pin: Table = {"word": clerk.said(word, "nama itu", SILENT)} if word else {}
    kinds = clerk.several(
        "Media pengirimannya: email, sms, whatsapp, officer, other", _MEDIA, default="email"
    )
    ground = clerk.ground("media itu", "Naskah tidak menyebut media.")
    pin["media"] = [{"kind": kind, **ground} for kind in kinds]
    if clerk.yes("Captcha harus diisi?"):
        pin["captcha"] = {"value": True, **clerk.ground("captcha", SILENT)}
    media: Table = {"pin": pin, "rejection": {"media": _rejection(clerk, kinds)}}
    if clerk.yes("Masuk pertama kali memakai angka yang sama?"):
        ground = clerk.ground("masuk pertama", SILENT)
        media["sign_in"] = {**ground, "secret": {"value": "pin", **ground}}
    return media


def _rejection(clerk: Clerk, kinds: list[str]) -> list[Table]:
    told = clerk.several(
        "Media pemberitahuan penolakan; kosong bila tidak disebut", _MEDIA, default=""
    )
    if told:
        ground = clerk.ground("penolakan", SILENT)
    else:
        ground = {"source": "default", "why": "Penolakan tidak disebut; lewat media yang sama."}
    return [{"kind": kind, **ground} for kind in told or kinds]
