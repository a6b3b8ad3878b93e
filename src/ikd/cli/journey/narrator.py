"""Tells the journey on the screen: each step with its clause, who acts, and its clock."""

from __future__ import annotations

from collections.abc import Iterable

from ikd.cli.journey import words
from ikd.cli.journey.acts import Told, cited
from ikd.cli.journey.case import Case
from ikd.cli.journey.mailbox import Letter
from ikd.cli.journey.timeline import clocks, last_items
from ikd.cli.screen import Screen
from ikd.core.standard.office import Office
from ikd.core.standard.sourced import Grounded, walk
from ikd.core.standard.steps import Published, Step


def opening(screen: Screen, office: Office) -> None:
    """Tell which office it is, and what it promises."""
    screen.line()
    screen.rule(f"ikd demo · {office.id}")
    screen.row("Kantor / office", office.name)
    number = office.decree.number if office.decree else None
    decree = f"{number.value} {cited(number)}" if number else "nomor tidak disebut / no number"
    screen.row("Standar / standard", f"{decree}, sha256 {office.digest[:12]}")
    limits = office.sla.clauses if office.sla else ()
    promised = [f"{limit.text} {cited(limit)}" for limit in limits]
    screen.row("Janji / promised", ", ".join(promised) or "tidak disebut / unstated")
    fee = office.fee.words or office.fee.amount if office.fee else None
    screen.row("Biaya / fee", f"{fee.value} {cited(fee)}" if fee else "tidak disebut / unstated")
    screen.row(
        "Register / registry",
        "simulasi SIAK di dalam proses, orangnya rekaan / "
        "SIAK simulated in this process, its people invented",
    )


def resident(screen: Screen, case: Case, word: str) -> None:
    """Tell who the resident is, their NIK masked."""
    owner = case.phone.owner
    screen.row(f"{word} / resident", f"{owner.name}, NIK {owner.nik}")


def step(case: Case, one: Step, told: Told) -> None:
    """Tell one step as it happens."""
    screen, office = case.stage.screen, case.stage.office
    begin(screen, one.name, one)
    items = last_items(office)[0] if one.name == "activate" else one.published
    published(screen, [item for item in items if item.branch != "rejected"])
    _grounds(screen, one)
    by = dict(walk(one))["by"]
    screen.item("", f"oleh / by: {words.who(one.by, office)} {cited(by)}", "dim")
    say(screen, told)
    if one.name == "register":
        promise(case)
    elif one.name != "activate":
        clock(case)


def begin(screen: Screen, name: str, grounds: Grounded | None) -> None:
    """Print the heading of a step."""
    indonesian, english = words.STEPS[name]
    screen.line()
    screen.rule(f"{indonesian} / {english}", grounds.source if grounds else "default")


def published(screen: Screen, items: Iterable[Published]) -> None:
    """Print published items under their own numbers."""
    for item in items:
        screen.item(str(item.number), f"{item.text} {cited(item)}", "bold")


def say(screen: Screen, told: Iterable[str]) -> None:
    """Print what was done."""
    for text in told:
        mark, _, rest = text.partition(" ")
        if mark == "✗":
            screen.item(mark, rest, "warn")
        else:
            screen.item("→", text)


def clock(case: Case) -> None:
    """Tell what is left of what the office promised."""
    application = case.application
    running = clocks(case.stage.office, application, application.changed_at)
    left = [f"{one.text} ({one.source}) {words.span(one.remaining)}" for one in running]
    if left:
        case.stage.screen.item("◔", f"sisa / left: {' · '.join(left)}", "dim")


def promise(case: Case) -> None:
    """Tell once what was promised, until when, and how we read it."""
    office, application = case.stage.office, case.application
    for one in clocks(office, application, application.changed_at):
        due = words.moment(one.due_at, office)
        case.stage.screen.item("◔", f"{one.text} ({one.source}) → {due}; {one.label}", "dim")


def letter(screen: Screen, one: Letter) -> None:
    """Show a letter, its PIN masked."""
    heading = [f"{words.MEDIA[one.medium]} · dari / from: {one.sender}"]
    screen.box([*heading, *([one.subject] if one.subject else [])], one.paragraphs)


def _grounds(screen: Screen, one: Step) -> None:
    if one.why is not None:
        screen.item("", f"default: {one.why}", "dim")
    if one.note is not None:
        screen.item("", one.note, "dim")
