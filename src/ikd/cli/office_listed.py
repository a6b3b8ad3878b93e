"""The questions of ``ikd office new`` about the two long lists: requirements and procedure."""

from __future__ import annotations

from collections.abc import Sequence

from ikd.cli.office_ask import Clerk, Table
from ikd.core.resident.device import Version

SILENT = "Naskah tidak menyebutnya."
_TITLE = "Judul menurut PermenPANRB 15/2014; setiap butir punya sumbernya sendiri."
_MEANINGS: dict[str, tuple[str, str]] = {
    "card": (
        "KTP-el sudah dimiliki, atau data sudah direkam",
        "To have a KTP-el, or to have had one's data recorded",
    ),
    "email": ("alamat email", "To have an e-mail address"),
    "phone": ("nomor HP", "To have a mobile number"),
    "device": ("ponsel pintar", "To have a smartphone"),
    "system": ("versi minimal Android atau iOS", "To have at least this system"),
    "online": ("tersambung internet", "To be connected to the internet"),
    "app_installed": ("aplikasi sudah terpasang", "To have installed the app"),
    "family_card": ("Kartu Keluarga", "To have a family card"),
    "age": ("umur minimal", "To be of that age"),
    "other": ("lainnya: dibaca petugas, tidak diperiksa ikd", ""),
}
_STEPS = {
    "register": "pendaftaran",
    "biometric": "biometrik",
    "ministry_review": "pemeriksaan kementerian",
    "presence": "kunjungan",
    "decision": "keputusan",
    "activate": "aktivasi",
}
_TABLET = "Naskah tidak menyebut tablet; petugas menilai."


def requirements(clerk: Clerk) -> Table:
    """Ask for the requirements; what no fact can test is kept as text."""
    rows: list[Table] = []
    texts: list[Table] = []
    ways = {name: words for name, (words, _) in _MEANINGS.items()}
    while text := clerk.ask("Persyaratan, seperti tertulis; kosong bila habis", default=""):
        what = clerk.choose("  artinya", ways, default="other")
        ground = clerk.ground("syarat itu", SILENT, text)
        if what == "other":
            texts.append({"value": text, **ground})
        else:
            head = {"id": f"{what}_{len(rows) + 1}", "text": text, "text_en": _MEANINGS[what][1]}
            rows.append({**head, **ground, **_test(clerk, what, ground)})
    title: Table = {"number": 1, "title": "Persyaratan", "items": texts}
    return {
        **({"requirements": rows} if rows else {}),
        **({"components": [{**title, "source": "default", "why": _TITLE}]} if texts else {}),
    }


def _test(clerk: Clerk, what: str, ground: Table) -> Table:
    """Return how the requirement is tested."""
    if what == "card":
        arms = ({"fact": "ktp_el", "among": ["issued"]}, {"fact": "recorded", "holds": True})
        return {"any_of": [{**ground, **arm} for arm in arms]}
    if what == "device":
        tablet = {"value": ["tablet"], "source": "default", "why": _TABLET}
        return {"fact": "device", "among": ["smartphone"], "human": tablet}
    if what == "system":
        return {"minimum": [{**row, **ground} for row in _least(clerk)]}
    if what == "age":
        return {"fact": "age", "at_least": int(clerk.ask("  tahun (angka)", test=_years))}
    return {"fact": what, "holds": True}


def _least(clerk: Clerk) -> list[Table]:
    android = clerk.ask("  versi Android (contoh: 8)", default="", test=_version)
    # without a default the question must be answered: one of the two is needed
    ios = clerk.ask("  versi iOS (contoh: 11.0)", default="" if android else None, test=_version)
    said = {"android": android, "ios": ios}
    return [{"platform": name, "version": version} for name, version in said.items() if version]


def _version(text: str) -> str | None:
    return None if Version.read(text) else "angka seperti / numbers like: 8, 11.0"


def _years(text: str) -> str | None:
    if not (text.isascii() and text.isdigit()):
        return "angka saja / digits only"
    return None if len(text) <= 2 and int(text) else "1 sampai / to 99"


def procedure(clerk: Clerk, steps: Sequence[Table]) -> None:
    """Ask for the published items and put each beside the step it belongs to."""
    names = [str(step["name"]) for step in steps]
    items: dict[str, list[Table]] = {name: [] for name in names}
    last = names[0]

    def test(text: str) -> str | None:
        return None if text in names else f"salah satu dari / one of: {', '.join(names)}"

    hint = ", ".join(f"{name} ({_STEPS[name]})" for name in names)
    number = 0
    while text := clerk.ask(f"Langkah ke-{number + 1} naskah; kosong bila habis", default=""):
        number += 1
        last = clerk.ask(f"  termasuk: {hint}", default=last, test=test)
        ground = clerk.ground("langkah itu", SILENT, text)
        items[last].append({"number": number, "text": text, **ground})
    for step in steps:
        if published := items[str(step["name"])]:
            step["published"] = published
