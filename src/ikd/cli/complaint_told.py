"""Complaints as the command line tells them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ikd.cli.failures import at
from ikd.cli.language import language, text
from ikd.cli.screen import Screen
from ikd.core.errors import InputError
from ikd.data.times import moment

if TYPE_CHECKING:
    from ikd.core.standard.deadlines import Deadline
    from ikd.service import Result
    from ikd.service.complaints import (
        ComplaintCount,
        ComplaintDossier,
        ComplaintFile,
        ComplaintView,
        FeeShown,
        TextShown,
    )
    from ikd.service.waitlist import Waiting


def receipt(result: Result) -> None:
    """Print a receipt, which its owner keeps."""
    given, screen = result.receipt, Screen(sys.stdout)
    assert given is not None  # noqa: S101 - it was filed
    _row(screen, "receipt", given.receipt)
    _row(screen, "id", given.complaint_id)
    _row(screen, "office", given.office)
    _row(screen, "message", given.message)
    _row(screen, "received", moment(given.received_at, language()))
    _fee(screen, given.fee)
    screen.lines(text("complaint.keep" if given.answerable else "complaint.unanswerable"))


def line(entry: Waiting) -> None:
    """Print a complaint in one line; nothing in it is personal."""
    waits = entry.waits
    due = min((one.due_at for one in entry.limits if one.binding), default=None)
    told = [
        entry.id,
        entry.status,
        waits.role.value if waits.role else "-",
        waits.missing.removeprefix("complaint_"),
        f"since {waits.since:%Y-%m-%dT%H:%MZ}",
        f"limit {due:%Y-%m-%dT%H:%MZ}" if due else "limit -",
    ]
    print("  ".join(told))


def view(shown: ComplaintView, screen: Screen | None = None) -> None:
    """Print how a complaint stands."""
    screen = screen or Screen(sys.stdout)
    _row(screen, "id", shown.id)
    _row(screen, "office", shown.office)
    _row(screen, "message", shown.message)
    _row(screen, "channel", shown.channel)
    _row(screen, "received", moment(shown.received_at, language()))
    _row(screen, "status", shown.status)
    words = shown.waiting.words
    _row(screen, "waits", words.id if language() == "id" else words.en)
    if shown.waiting.waits.until is not None:
        _row(screen, "until", moment(shown.waiting.waits.until, language()))
    _limits(screen, shown.waiting.limits)
    if shown.reference is not None:
        _row(screen, "lapor", shown.reference)
    if shown.addressee is not None:
        _row(screen, "addressee", shown.addressee)
    if shown.team is not None:
        _row(screen, "team", shown.team)
    _fee(screen, shown.fee)
    _texts(screen, shown.told)


def everything(shown: ComplaintFile) -> None:
    """Print all that an officer sees."""
    screen = Screen(sys.stdout)
    view(shown.view, screen)
    screen.line()
    for name in ("name", "address", "email", "phone", "handle", "answer_by", "assigned"):
        if getattr(shown, name):
            _row(screen, name, getattr(shown, name))
    for name in ("category", "concerns", "rating"):
        if getattr(shown, name):
            _row(screen, name, str(getattr(shown, name)))
    for name in shown.unpublished:
        _row(screen, "note", text(f"complaint.unpublished_{name}"))
    for one in shown.attachments:
        _row(screen, "attachment", f"{one.reference}, {one.size}, sha256 {one.digest.hex()}")
    for linked in shown.links:
        _row(screen, "link", linked)
    _row(screen, "text", "")
    for part in shown.text.splitlines():
        screen.part(part)
    _texts(screen, shown.notes)


def dossier(shown: ComplaintDossier) -> None:
    """Print what helps at the Ombudsman."""
    screen = Screen(sys.stdout)
    screen.rule(text("complaint.dossier"))
    view(shown.complaint, screen)
    screen.line()
    if shown.decree is not None:
        _row(screen, "decree", shown.decree)
    _row(screen, "standard", f"sha256 {shown.standard}")
    _row(screen, "reopened", str(shown.reopened))
    for step in shown.steps:
        _row(screen, "step", f"{moment(step.at, language())}  {step.event}")
    _limits(screen, shown.limits)
    for law in shown.law:
        _row(screen, "law", law)


def counts(rows: Iterable[ComplaintCount]) -> None:
    """Print the public summary."""
    headings = [text(f"complaint.{name}") for name in ("month", "message", *_COUNTED)]
    Screen(sys.stdout).table(
        headings,
        ([row.month, row.message, *(str(getattr(row, name)) for name in _NUMBERS)] for row in rows),
    )


def check(shown: ComplaintFile, files: Iterable[Path]) -> None:
    """Refuse a file that isn't what was attached under its name."""
    known = {one.reference: one for one in shown.attachments}
    for path in files:
        with at(path):
            if path.name not in known:
                raise InputError("complaint.attachment", "nothing of that name was attached")
            known[path.name].check(path.read_bytes())


_NUMBERS = ("received", "open", "solved", "late")
_COUNTED = ("count", "open", "solved", "late")


def _row(screen: Screen, name: str, said: str) -> None:
    screen.row(text(f"complaint.{name}"), said)


def _fee(screen: Screen, fee: FeeShown | None) -> None:
    if fee is not None:
        _row(screen, "fee", f"{fee.words} ({fee.clause or 'default'})")


def _limits(screen: Screen, limits: Iterable[Deadline]) -> None:
    for one in limits:
        late = f", {text('complaint.broken')}" if one.breached else ""
        _row(screen, "limit", f"{one.text} ({one.source}): {moment(one.due_at, language())}{late}")


def _texts(screen: Screen, shown: Iterable[TextShown]) -> None:
    for one in shown:
        by = f", {one.by}" if one.by else ""
        waits = f", {text('complaint.waits_for_hand')}" if one.waits else ""
        told = text(f"complaint.about_{one.about}")
        _row(screen, "told", f"{moment(one.at, language())}: {told}{by}{waits}")
        for part in one.text.splitlines():
            screen.part(part)
