"""Tells the journey: each step with its clause, who acts, and its clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from ikd.cli.journey.case import PlayedCase
from ikd.cli.journey.delivered_mail import Arrived, paragraphs
from ikd.cli.journey.timeline import clocks, last_items
from ikd.cli.language import half, language, text
from ikd.cli.screen import Screen
from ikd.core.standard.deadlines import Deadline
from ikd.core.standard.grounds import Grounded, walk
from ikd.core.standard.office import Office
from ikd.core.standard.sheet import sheet
from ikd.core.standard.steps import Published, Step
from ikd.core.standard.zones import CLOCKS
from ikd.data.standards import cited, name_of, told, word
from ikd.data.times import counted

Told = Iterator[str]


def opening(screen: Screen, office: Office) -> None:
    """Tell which office it is, and what it promises."""
    screen.line()
    screen.rule(f"ikd demo · {office.id}")
    screen.row(text("demo.office"), office.name)
    number = office.decree.number if office.decree else None
    decree = f"{number.value} {by(number)}" if number else text("demo.no_number")
    screen.row(text("demo.standard"), f"{decree}, sha256 {office.digest[:12]}")
    limits = office.sla.clauses if office.sla else ()
    promised = ", ".join(f"{limit.text} {by(limit)}" for limit in limits)
    screen.row(text("demo.promised"), promised or text("demo.unstated"))
    fees = {
        line.path: told(line, language()) for line in sheet(office) if line.path.startswith("fee.")
    }
    fee = fees.get("fee.words") or fees.get("fee.amount") or text("demo.unstated")
    screen.row(text("demo.fee"), fee)
    screen.row(text("demo.registry"), text("demo.simulated"))


def resident(screen: Screen, case: PlayedCase) -> None:
    """Tell who the resident is, their NIK masked."""
    owner, person = case.phone.owner, case.stage.office.person
    screen.row(text("demo.resident", person=person), f"{owner.name}, NIK {owner.nik}")


def step(case: PlayedCase, one: Step, told: Told) -> None:
    """Tell one step as it happens."""
    screen, office = case.stage.screen, case.stage.office
    begin(screen, one.name, one)
    items = last_items(office)[0] if one.name == "activate" else one.published
    published(screen, [item for item in items if item.branch != "rejected"])
    for more in (f"default: {one.why}" if one.why else "", one.note or ""):
        if more:
            screen.item("", more, "dim")
    actor = f"{who(one.by, office)} {by(dict(walk(one))['by'])}"
    screen.item("", text("demo.by", who=actor), "dim")
    say(screen, told)
    if one.name == "register":
        promise(case)
    elif one.name != "activate":
        clock(case)


def begin(screen: Screen, name: str, grounds: Grounded | None) -> None:
    """Print the heading of a step."""
    screen.line()
    screen.rule(step_name(name), grounds.source if grounds else "default")


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


def clock(case: PlayedCase) -> None:
    """Tell what is left of what the office promised."""
    application = case.application
    running = clocks(case.stage.office, application, application.changed_at)
    left = [f"{one.text} ({one.source}) {time_left(one.remaining)}" for one in running]
    if left:
        case.stage.screen.item("◔", text("demo.left", left=" · ".join(left)), "dim")


def promise(case: PlayedCase) -> None:
    """Tell once what was promised, until when, and how we read it."""
    office, application = case.stage.office, case.application
    for one in clocks(office, application, application.changed_at):
        due, label = moment(one.due_at, office), how_counted(one, office)
        limit = f"{one.text} ({one.source})"
        said = text("demo.due", text=limit, due=due, label=label)
        case.stage.screen.item("◔", said, "dim")


def letter(screen: Screen, one: Arrived) -> None:
    """Show a letter, its PIN masked."""
    read = one.letter
    heading = text("demo.from", medium=medium(one.medium), sender=read.sender)
    screen.box([heading, *([half(read.subject)] if read.subject else [])], paragraphs(read))


def by(item: Grounded) -> str:
    """Return what *item* rests on, in brackets: ``(W20)`` or ``(default)``."""
    return cited(item.clauses)


def step_name(name: str) -> str:
    """Return what a step of the procedure is called."""
    return word("steps[]", name, language())


def medium(kind: str) -> str:
    """Return what a medium is called."""
    return word("pin.media[]", kind, language())


def who(actor: str, office: Office) -> str:
    """Return whom *actor* means, residents by the office's own word."""
    own = actor == "resident" and language() == "id"
    return office.person if own else word("steps[].by", actor, language())


def moment(at: datetime, office: Office) -> str:
    """Return a time in the office's zone: ``24-11-2026 00.00 WIB``."""
    return f"{at.astimezone(office.tz):%d-%m-%Y %H.%M} {CLOCKS[office.about.zone.value]}"


def time_left(length: timedelta) -> str:
    """Return what is left of a time: ``1 hari 02:10:00``, a minus sign before what is over."""
    seconds = round(abs(length.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    clock = f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    named = counted(days, "day", language())
    sign = "-" if length < timedelta() else ""
    return f"{sign}{named} {clock}" if days else f"{sign}{clock}"


def lasting(length: timedelta) -> str:
    """Return a length of time as people say it: ``30 menit``, ``24 jam``."""
    whole = round(length.total_seconds() / 60)
    count, unit = (whole // 60, "hour") if whole >= 60 and whole % 60 == 0 else (whole, "minute")
    return counted(count, unit, language())


def how_counted(limit: Deadline, office: Office) -> str:
    """Return how a limit is counted; what is still unknown of it is told in Indonesian only."""
    if language() == "id":
        return limit.label
    clauses = office.sla.clauses if office.sla else ()
    place = next((n for n, one in enumerate(clauses, 1) if one.text == limit.text), 0)
    below = f"sla.clauses[{place}]."
    lines = (line for line in sheet(office) if line.path.startswith(below))
    return "; ".join(f"{name_of(line.path, language())} {told(line, language())}" for line in lines)
