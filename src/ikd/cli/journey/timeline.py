"""The timeline: what the journals say happened, step by step; nothing personal stands in it."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ikd.adapters.calendar.holidays import days_off
from ikd.cli.output import put
from ikd.core.activation.application import Application, ApplicationStatus
from ikd.core.activation.lifecycle import LAW
from ikd.core.activation.waiting import starts
from ikd.core.records.actor import Actor
from ikd.core.records.journal import Entry
from ikd.core.standard.deadlines import Deadline
from ikd.core.standard.grounds import Grounded
from ikd.core.standard.office import Office, deadlines
from ikd.core.standard.steps import Branch, Published, Step, next_step
from ikd.service import Service

TimelineRow = dict[str, Any]


def clocks(office: Office, application: Application, at: datetime) -> tuple[Deadline, ...]:
    """Return what is left of every limit of the case at that moment."""
    began = application.registered_at
    return deadlines(office, began, at, starts=starts(application), days_off=days_off)


def last_items(office: Office) -> tuple[tuple[Published, ...], tuple[Published, ...]]:
    """Return the published items of the activation, and those of the sign-in after it.

    An item belongs to the sign-in when its words stand behind those of the activation and not
    behind those of the sign-in: clauses are numbered in the order of the text.
    """
    step = office.step("activate")
    items = step.published if step else ()
    if step is None or office.sign_in is None:
        return items, ()
    begins, ends = _number(step), _number(office.sign_in)
    after = tuple(
        item
        for item in items
        if _number(item)[0] == begins[0] == ends[0] and begins[1] < _number(item)[1] <= ends[1]
    )
    return tuple(item for item in items if item not in after), after


def _number(item: Grounded) -> tuple[str, int]:
    clause = item.clause or ""
    prefix = clause.rstrip("0123456789")
    return prefix, int(clause[len(prefix) :] or "0")


def rows(office: Office, service: Service, application: Application) -> list[TimelineRow]:
    """Return a row for each step of the case that began, in the office's order.

    Of the decision's two branches the one that was taken shows. Where an approval was taken back
    both do: its row says so, and the rejection has a row of its own behind all others.
    """
    history = service.history(application.id, actor=Actor.system())
    before, back = (history[:-1], history[-1:]) if _is_taken_back(application) else (history, ())
    happened = _by_step(office, before)
    if back:  # the PIN that went out belongs to the approval: nothing was ever activated
        happened["decision"] += happened.pop("activate", [])
    identity = application.identity_id
    entered = service.history(identity, "identity", actor=Actor.system()) if identity else ()
    opened, later = entered[:1], entered[1:]
    made = [
        _row(
            office,
            application,
            step,
            [*happened[step.name], *(opened if step.name == "activate" else ())],
        )
        for step in office.steps
        if happened.get(step.name)
    ]
    if later:
        made.append(_sign_in(office, application, later))
    if back:
        made.append(_decided(office, application, office.decision, "rejected", back))
    return made


def _is_taken_back(application: Application) -> bool:
    return application.status is ApplicationStatus.REJECTED and "decision" in application.done


def _by_step(office: Office, entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    # Give each event to the step that was next when it happened.
    found: dict[str, list[Entry]] = {}
    state: Application | None = None
    for entry in entries:
        step = next_step(state.done if state else (), office.steps)
        found.setdefault(step.name if step else "activate", []).append(entry)
        state = LAW.evolve(state, entry.event)
    return found


def _row(office: Office, application: Application, step: Step, entries: list[Entry]) -> TimelineRow:
    if step.name == "decision":
        branch: Branch = "approved" if "decision" in application.done else "rejected"
        taken_back = {"taken_back": True} if _is_taken_back(application) else {}
        return {**_decided(office, application, step, branch, entries), **taken_back}
    items = last_items(office)[0] if step.name == "activate" else step.published
    return {**_stated(step, items), **_when(office, application, entries)}


def _decided(
    office: Office, application: Application, step: Step, branch: Branch, entries: Sequence[Entry]
) -> TimelineRow:
    items = tuple(item for item in step.published if item.branch in (None, branch))
    return {**_stated(step, items), **_when(office, application, entries)}


def _stated(step: Step, items: tuple[Published, ...]) -> TimelineRow:
    return {
        "step": step.name,
        **_published(items),
        "clause": step.clause or "default",
        "by": step.by,
        "performed_by": step.performed_by,
    }


def _sign_in(office: Office, application: Application, entries: Iterable[Entry]) -> TimelineRow:
    return {
        "step": "sign_in",
        **_published(last_items(office)[1]),
        "clause": (office.sign_in.clause if office.sign_in else None) or "default",
        "by": "resident",
        "performed_by": "ikd",
        **_when(office, application, list(entries)),
    }


def _published(items: tuple[Published, ...]) -> TimelineRow:
    return {
        "number": items[0].number if items else None,
        "published": [
            {
                "number": item.number,
                "text": item.text,
                "clause": item.clause or "default",
                "clauses": list(item.clauses),
                "branch": item.branch,
            }
            for item in items
        ],
    }


def _when(office: Office, application: Application, entries: Sequence[Entry]) -> TimelineRow:
    at: datetime = entries[-1].event.at
    return {
        "at": _iso(at, office),
        "events": [type(entry.event).__name__ for entry in entries],
        "clocks": [
            {
                "text": left.text,
                "clause": left.source,
                "due_at": _iso(left.due_at, office),
                "remaining_seconds": int(left.remaining.total_seconds()),
                "label": left.label,
            }
            for left in clocks(office, application, at)
        ],
    }


def _iso(at: datetime, office: Office) -> str:
    return at.astimezone(office.tz).isoformat(timespec="seconds")


def write(
    file: Path,
    office: Office,
    *,
    steps: list[TimelineRow],
    rejection: list[TimelineRow],
    verdict: TimelineRow | None,
) -> None:
    """Write the timeline as JSON.

    Args:
        file: Where it goes.
        office: The office.
        steps: Rows of the resident who was activated.
        rejection: Rows of the resident who was rejected.
        verdict: What an offline check made of the credential; ``None`` where none is issued.
    """
    number = office.decree.number if office.decree else None
    whole = {
        "office": {
            "id": office.id,
            "name": office.name,
            "zone": office.zone,
            "digest": office.digest,
            "decree": number.value if number else None,
        },
        "versions": {"ikd": version("ikd"), "python": platform.python_version()},
        "registry": "simulated in this process; the residents are invented",
        "steps": steps,
        "rejection": rejection,
        "credential": verdict,
    }
    text = json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False)
    put(file, f"{text}\n".encode())
