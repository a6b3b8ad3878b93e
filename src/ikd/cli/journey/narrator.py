"""Tells the journey on the screen: each step with its clause, who acts, and its clock."""

from __future__ import annotations

from collections.abc import Iterable

from ikd.cli.journey import words
from ikd.cli.journey.acts import Told
from ikd.cli.journey.case import Case
from ikd.cli.journey.mailbox import Arrived, paragraphs
from ikd.cli.journey.timeline import clocks, last_items
from ikd.cli.language import half, text
from ikd.cli.office_sheet import cited, told
from ikd.cli.screen import Screen
from ikd.core.standard.office import Office
from ikd.core.standard.sheet import sheet
from ikd.core.standard.sourced import Grounded, walk
from ikd.core.standard.steps import Published, Step


def opening(screen: Screen, office: Office) -> None:
    """Tell which office it is, and what it promises."""
    screen.line()
    screen.rule(f"ikd demo · {office.id}")
    screen.row(text("demo.office"), office.name)
    number = office.decree.number if office.decree else None
    decree = f"{number.value} {words.by(number)}" if number else text("demo.no_number")
    screen.row(text("demo.standard"), f"{decree}, sha256 {office.digest[:12]}")
    limits = office.sla.clauses if office.sla else ()
    promised = ", ".join(f"{limit.text} {words.by(limit)}" for limit in limits)
    screen.row(text("demo.promised"), promised or text("demo.unstated"))
    fees = {line.path: told(line) for line in sheet(office) if line.path.startswith("fee.")}
    fee = fees.get("fee.words") or fees.get("fee.amount") or text("demo.unstated")
    screen.row(text("demo.fee"), fee)
    screen.row(text("demo.registry"), text("demo.simulated"))


def resident(screen: Screen, case: Case) -> None:
    """Tell who the resident is, their NIK masked."""
    owner, person = case.phone.owner, case.stage.office.person
    screen.row(text("demo.resident", person=person), f"{owner.name}, NIK {owner.nik}")


def step(case: Case, one: Step, told: Told) -> None:
    """Tell one step as it happens."""
    screen, office = case.stage.screen, case.stage.office
    begin(screen, one.name, one)
    items = last_items(office)[0] if one.name == "activate" else one.published
    published(screen, [item for item in items if item.branch != "rejected"])
    for more in (f"default: {one.why}" if one.why else "", one.note or ""):
        if more:
            screen.item("", more, "dim")
    by = f"{words.who(one.by, office)} {words.by(dict(walk(one))['by'])}"
    screen.item("", text("demo.by", who=by), "dim")
    say(screen, told)
    if one.name == "register":
        promise(case)
    elif one.name != "activate":
        clock(case)


def begin(screen: Screen, name: str, grounds: Grounded | None) -> None:
    """Print the heading of a step."""
    screen.line()
    screen.rule(words.step(name), grounds.source if grounds else "default")


def published(screen: Screen, items: Iterable[Published]) -> None:
    """Print published items under their own numbers."""
    for item in items:
        screen.item(str(item.number), f"{item.text} {cited(item.clauses)}", "bold")


def say(screen: Screen, told: Iterable[str]) -> None:
    """Print what was done."""
    for said in told:
        mark, _, rest = said.partition(" ")
        if mark == "✗":
            screen.item(mark, rest, "warn")
        else:
            screen.item("→", said)


def clock(case: Case) -> None:
    """Tell what is left of what the office promised."""
    application = case.application
    running = clocks(case.stage.office, application, application.changed_at)
    left = [f"{one.text} ({one.source}) {words.left(one.remaining)}" for one in running]
    if left:
        case.stage.screen.item("◔", text("demo.left", left=" · ".join(left)), "dim")


def promise(case: Case) -> None:
    """Tell once what was promised, until when, and how we read it."""
    office, application = case.stage.office, case.application
    for one in clocks(office, application, application.changed_at):
        due, label = words.moment(one.due_at, office), words.counted(one, office)
        limit = f"{one.text} ({one.source})"
        said = text("demo.due", text=limit, due=due, label=label)
        case.stage.screen.item("◔", said, "dim")


def letter(screen: Screen, one: Arrived) -> None:
    """Show a letter, its PIN masked."""
    read = one.letter
    heading = text("demo.from", medium=words.medium(one.medium), sender=read.sender)
    screen.box([heading, *([half(read.subject)] if read.subject else [])], paragraphs(read))
