"""The questions of ``ikd office new`` about time, fee and complaints."""

from __future__ import annotations

from ikd.cli.office_ask import Clerk, Table

SILENT = "Naskah tidak menyebutnya."
_UNITS = {
    "minutes": "menit",
    "hours": "jam",
    "24h": "kali 24 jam",
    "day": "hari, jenisnya tidak disebut",
    "working_day": "hari kerja",
    "calendar_day": "hari kalender",
}


def promised_time(clerk: Clerk) -> Table:
    """Ask how long it takes."""
    text = clerk.ask("Waktu penyelesaian, seperti tertulis (contoh: 1 hari kerja)", default="")
    if not text:
        return {}
    amount = clerk.ask("  berapa (angka)", test=_amount)
    unit = clerk.choose("  satuan", _UNITS, default="working_day")
    row: Table = {"text": text, "amount": int(amount), "unit": unit}
    row |= clerk.ground("waktu itu", SILENT, text)
    if unit == "day":
        why = "Naskah tidak menyebut hari kalender atau hari kerja."
        row["day_is"] = {"value": "working_day", "source": "default", "why": why}
    return {"sla": {"clauses": [row]}}


def _amount(text: str) -> str | None:
    return _number(text) or (None if 1 <= int(text) <= 1440 else "1 sampai / to 1440")


def fee(clerk: Clerk) -> Table:
    """Ask what it costs."""
    amount = clerk.ask("Biaya dalam rupiah, 0 bila gratis", default="", test=_number)
    return {"fee": {"amount": clerk.said(int(amount), "biaya", SILENT)}} if amount else {}


def _number(text: str) -> str | None:
    fits = text.isascii() and text.isdigit() and len(text) <= 9
    return None if fits else "angka saja / digits only"


def complaints(clerk: Clerk) -> Table:
    """Ask by which ways complaints are taken."""
    kinds = clerk.ask("Jenis pengaduan, pisahkan koma (contoh: aduan, saran)", default="")
    if not kinds:
        return {}
    ground = clerk.ground("pengaduan", SILENT)
    names = dict.fromkeys(name.strip() for name in kinds.split(",") if name.strip())
    told: Table = {"kinds": [{"name": name, **ground} for name in names]}
    channels: list[Table] = []
    while kind := clerk.ask(
        "Saluran (visit, box, phone, whatsapp, …), kosong bila habis", default=""
    ):
        text = clerk.ask("  kata-katanya", default=kind)
        handle = clerk.ask("  nomor atau akun, seperti tertulis", default="")
        row: Table = {"id": f"{kind}_{len(channels) + 1}", "kind": kind, "text": text}
        row |= {"handle": handle} if handle else {}
        channels.append({**row, **clerk.ground("saluran itu", SILENT, text)})
    return {"complaints": {**told, **({"channels": channels} if channels else {})}}
