"""Draws ``docs/reference/lifecycle.md`` from the tables and the shipped offices.

    python tools/lifecycle.py

A test compares: whoever changes a table or an office's steps runs this again.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from ikd.core.activation.registering import CORRECTIONS
from ikd.core.decide import APPLICATION, COMPLAINT, IDENTITY, KINDS
from ikd.core.identity.identity import PASSCODE_TRIES
from ikd.core.records.event import Event
from ikd.core.records.law import Transitions
from ikd.core.records.resident import GUESS_WINDOW, MAX_GUESSES
from ikd.core.standard.biometric import Biometric
from ikd.core.standard.lifetimes import Lives
from ikd.core.standard.office import Office
from ikd.core.standard.pin_terms import PinTerms
from ikd.plugins.offices import load_office, packaged_offices

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "lifecycle.md"
HEAD = """\
# Lifecycle

This page is drawn by `tools/lifecycle.py` from what the code itself obeys: the law of each
kind of record (`TRANSITIONS` of `ikd.core.activation.lifecycle`, of
`ikd.core.identity.lifecycle` and of `ikd.core.complaint.lifecycle`), what each command declares,
and the steps of the offices that come with ikd. A pair of status and event that isn't drawn
can't happen: `evolve` refuses it.
"""
FOLLOW_UP = """\
Within `OPEN` and `ANSWERED` the office's own steps of the follow-up rule: those up to the
follow-up in the order of its text, the others whenever they occur.
"""
FREE = """\
A malformed PIN, a wrong captcha, a missing device proof and a right PIN cost no try. Time
passes first: what is overdue expires, and only then the question is answered.
"""


def page() -> str:
    """Return the whole page."""
    parts = [
        HEAD,
        "## Application\n",
        diagram(APPLICATION.law.transitions),
        "Within `OPEN` the office's own order of steps rules, see below.\n",
        events(APPLICATION.law.transitions),
        "## Identity\n",
        diagram(IDENTITY.law.transitions),
        events(IDENTITY.law.transitions),
        "## Complaint\n",
        diagram(COMPLAINT.law.transitions),
        FOLLOW_UP,
        events(COMPLAINT.law.transitions),
        "## Who may ask what\n",
        permissions(),
        limits(),
        "## The steps of the offices\n",
        *(steps(load_office(name)) for name in packaged_offices()),
    ]
    return "\n".join(parts)


def diagram(table: Transitions) -> str:
    """Return *table* as a Mermaid diagram; events that lead nowhere else are left out."""
    return "\n".join(["```mermaid", "stateDiagram-v2", *_arrows(table), "```", ""])


def _arrows(table: Transitions) -> Iterator[str]:
    left = {before for before, _ in table}
    for (before, happened), after in table.items():
        if before is not after:
            begin = "[*]" if before is None else before.value
            yield f"    {begin} --> {after.value}: {happened.__name__}"
    for final in dict.fromkeys(after for after in table.values() if after not in left):
        yield f"    {final.value} --> [*]"


def events(table: Transitions) -> str:
    """Return every event of *table* with where it can happen and what it means."""
    rows = ["| event | happens in | leads to | means |", "|---|---|---|---|"]
    for kind in dict.fromkeys(happened for _, happened in table):
        pairs = {before: after for (before, event), after in table.items() if event is kind}
        begins = ", ".join("nothing" if b is None else f"`{b.value}`" for b in pairs)
        ends = ", ".join(f"`{a.value}`" for a in dict.fromkeys(pairs.values()))
        rows.append(f"| `{kind.__name__}` | {begins} | {ends} | {_meaning(kind)} |")
    return "\n".join([*rows, ""])


def _meaning(kind: type[Event]) -> str:
    """Return the first sentence that the event's own class says of itself."""
    first = (inspect.getdoc(kind) or "").partition("\n\n")[0]
    return " ".join(first.split()).replace("*", "").replace("``", "`")


def permissions() -> str:
    """Return every command with the actors that may ask it."""
    rows = ["| command | asked by |", "|---|---|"]
    for command in (one for kind in KINDS for one in kind.commands):
        may = sorted(role.value for role in command.declared.by)
        rows.append(f"| `{command.__name__}` | {', '.join(may)} |")
    narrowed = (
        "An office's standard narrows `Approve` and `Reject` to one of the two, and to neither "
        "where the\ndecision is made in SIAK. An operator acts for the own office only, except "
        "on a visit where the\nstandard lets it happen elsewhere, and nobody handles their own "
        "case."
    )
    return "\n".join([*rows, "", narrowed, ""])


def limits() -> str:
    """Return every limit as the code holds it."""
    pin, lives = PinTerms(), Lives()
    cooldown = pin.cooldown.value // timedelta(seconds=1)
    file, nobody = "the office's file", "nobody"
    rows = (
        ("wrong PINs, one PIN", f"{pin.tries_per_pin.value}, then the PIN is dead", file),
        (
            "wrong PINs, one application",
            f"{pin.tries_per_application.value} over all its PINs, then `LOCKED` for good",
            file,
        ),
        (
            "wrong PINs, one NIK",
            f"{MAX_GUESSES} in {GUESS_WINDOW.days} days over all its applications",
            nobody,
        ),
        (
            "further PINs",
            f"{pin.reissues.value}, each {cooldown} seconds after the last; none refills a budget",
            file,
        ),
        (
            "biometric tries",
            f"{Biometric().tries.value}, then one at a time at the counter, cleared by an operator",
            file,
        ),
        ("corrections of e-mail and phone", f"{CORRECTIONS}, before the visit", nobody),
        (
            "wrong passcodes in a row",
            f"{PASSCODE_TRIES}, then an operator resets it in person",
            nobody,
        ),
        (
            "a draft",
            f"{lives.draft.value.days} days, paused up to {lives.paused.value.days} for others",
            file,
        ),
        ("an application after its PIN was sent", f"{lives.pin_sent.value.days} days", file),
    )
    table = [f"| {what} | {many} | {who} |" for what, many, who in rows]
    head = ["## Limits", "", "| what | how many | who may lower it |", "|---|---|---|"]
    return "\n".join([*head, *table, "", FREE])


def steps(office: Office) -> str:
    """Return the steps of *office* in its own order."""
    rows = [f"### {office.name}", "", "| step | by | done in | rests on |", "|---|---|---|---|"]
    for step in office.steps:
        ground = step.clause or f"default: {step.why}"
        rows.append(f"| `{step.name}` | {step.by} | {step.performed_by} | {ground} |")
    direction = office.presence.direction
    rows += ["", f"The visit: `{direction.value}` ({direction.clause or 'default'}).", ""]
    return "\n".join(rows)


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), "utf-8")
