"""``ikd office show``: a standard as its office publishes it, and what ikd adds to it.

Whatever is printed carries its clause, or the word default with its reason; what the text
doesn't state is said to be unstated and never left to be guessed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping

from ikd.cli.ending import Exit
from ikd.cli.office_parts import UNSTATED, cited, complaints, grounds, said
from ikd.cli.screen import Screen
from ikd.core.standard.evidence import Component
from ikd.core.standard.office import Office
from ikd.core.standard.sheet import sheet, tables, title_of, unstated
from ikd.core.standard.sourced import Sourced, walk
from ikd.plugins.offices import load_office

_TITLES = (
    "Persyaratan",
    "Sistem, Mekanisme dan Prosedur",
    "Jangka Waktu",
    "Biaya / Tarif",
    "Produk Pelayanan",
    "Penanganan Pengaduan, Saran dan Masukan",
)  # as PermenPANRB 15/2014 words them, where an office publishes no headings
_SHOWN = frozenset({"decree.number", "words.person", "words.service", "words.product"})
_RUNNING = ("registration", "biometric", "presence", "officers", "pin", "rejection", "sign_in")
_AFTER = ("credential", "lives", "recovery")


def show(which: str, *, as_json: bool) -> int:
    """Print the standard of the office *which*: an id or a file."""
    office = load_office(which)
    if as_json:
        told = {**tables(office), "unstated": unstated(office)}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(Screen(sys.stdout), office)
    return Exit.OK


def _print(screen: Screen, office: Office) -> None:
    _head(screen, office)
    for number, part in enumerate(_COMPONENTS, start=1):
        _heading(screen, office, number)
        part(screen, office)
    _rest(screen, office)


def _head(screen: Screen, office: Office) -> None:
    about, number = office.about, office.decree.number if office.decree else None
    screen.rule(office.id, f"sha256 {office.digest[:12]}")
    rows: Mapping[str, Sourced[str] | None] = {
        "Kantor / office": about.name,
        **({"Nama lengkap / full": about.full_name} if about.full_name else {}),
        **({"Disingkat / short": about.short_name} if about.short_name else {}),
        "Pemerintah": about.government,
        "Wilayah / region": about.region,
        "Zona waktu / zone": about.zone,
        "Alamat / address": about.address,
        "Kode pos / postcode": about.postcode,
        "Telepon / phone": about.phone,
        **({"  internasional": about.phone_normal} if about.phone_normal else {}),
        "Situs / website": about.website,
        "Keputusan / decree": number,
        "Layanan / service": office.words.service,
        "Disebut / called": office.words.person,
    }
    for name, item in rows.items():
        screen.row(name, said(item))
    lines(screen, office, ("decree", "words"))


def _heading(screen: Screen, office: Office, number: int) -> None:
    row = next((row for row in office.components if row.number == number), None)
    screen.line()
    title = row.title if row else _TITLES[number - 1]
    screen.rule(f"{number}. {title}", row.source if row else "default")
    if row and row.text:
        screen.item("", f"{row.text} {cited(row)}")
    if row:
        _items(screen, row)


def _items(screen: Screen, row: Component) -> None:
    for item in row.items:
        screen.item("·", f"{item.value} {cited(item)}")
        grounds(screen, item)


def _requirements(screen: Screen, office: Office) -> None:
    if not office.requirements:
        screen.item("·", UNSTATED if office.requirements is None else "tidak ada / none")
    for row in office.requirements or ():
        clauses = dict.fromkeys(clause for _, item in walk(row) for clause in item.clauses)
        screen.item(row.label or "·", f"{row.text} ({', '.join(clauses) or row.source})")
        for _, item in walk(row):
            grounds(screen, item)


def _procedure(screen: Screen, office: Office) -> None:
    for item in office.procedure:
        branch = {"approved": "jika disetujui: ", "rejected": "jika ditolak: "}
        way = branch.get(item.branch or "", "")
        screen.item(str(item.number), f"{way}{item.text} {cited(item)}")
    if not office.procedure:
        screen.item("·", UNSTATED)
    _steps(screen, office)
    lines(screen, office, (*_RUNNING, *_AFTER))


def _time(screen: Screen, office: Office) -> None:
    clauses = office.sla.clauses if office.sla else ()
    if office.sla and office.sla.intro:
        screen.item("", said(office.sla.intro))
    for number, row in enumerate(clauses, start=1):
        provisos = ", ".join(f"{pause.text} {cited(pause)}" for pause in row.pauses)
        more = f", atau {provisos}" if provisos else ""
        screen.item(str(number), f"{row.text} {cited(row)}{more}")
    if not clauses:
        screen.item("·", UNSTATED)
    lines(screen, office, ("sla", "calendar"))


def _fee(screen: Screen, office: Office) -> None:
    if office.fee is None:
        screen.item("·", UNSTATED)
        return
    if office.fee.words:
        screen.item("·", said(office.fee.words))
    screen.item("·", f"Rp {said(office.fee.amount)}")


def _product(screen: Screen, office: Office) -> None:
    screen.item("1", said(office.words.product))


_COMPONENTS: tuple[Callable[[Screen, Office], None], ...] = (
    _requirements,
    _procedure,
    _time,
    _fee,
    _product,
    complaints,
)


def lines(screen: Screen, office: Office, parts: Iterable[str]) -> None:
    """Print every value of *parts* with its key in the file, its source and its reason."""
    wanted = tuple(parts)
    titled = ""
    for line in sheet(office):
        part = line.path.partition(".")[0].partition("[")[0]
        if part not in wanted or line.path in _SHOWN or ".published[" in line.path:
            continue
        if part != titled:
            titled = part
            screen.line()
            screen.line("      " + " / ".join(title_of(part)), "bold")
        value = f" = {_plain(line.value)}" if line.value != {} else ""
        screen.item("", f"{line.path}{value} ({line.source})")
        grounds(screen, line)


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_plain(item)}" for key, item in value.items())
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _steps(screen: Screen, office: Office) -> None:
    screen.line()
    screen.line("      " + " / ".join(title_of("steps")), "bold")
    for step in office.steps:
        parts = dict(walk(step))
        by, where = parts["by"], parts["performed_by"]
        screen.item("", f"{step.name} {cited(step)}: {step.by} {cited(by)}, {step.performed_by}")
        for item in (step, by, *([where] if step.performed_by == "siak" else [])):
            grounds(screen, item)


def _rest(screen: Screen, office: Office) -> None:
    for row in office.components:
        if row.number > len(_TITLES):
            screen.line()
            screen.rule(f"{row.number}. {row.title}", row.source)
            if row.text or not row.items:
                screen.item("", row.text or UNSTATED)
            _items(screen, row)
    if office.laws:
        lines(screen, office, ("laws",))
    screen.line()
    screen.rule("Naskah / sources")
    for source in office.evidence:
        where = source.address or source.page or UNSTATED
        read = f", dibaca / read {source.read}" if source.read else ""
        screen.item(source.prefix, f"{source.title} [{source.kind}] {where}{read}")
        if source.conflict:
            screen.item("", f"berbeda / conflict: {source.conflict}", "dim")
    for told in office.informative:
        screen.item(told.clause, f"tanpa akibat / without effect: {told.why}", "dim")
    screen.line()
    screen.rule(UNSTATED)
    screen.item("", ", ".join(unstated(office)) or "-")
