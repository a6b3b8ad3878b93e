"""``ikd complaint``: complaints filed, handled and shown; ``ikd worker`` sends what is owed."""

from __future__ import annotations

import json as to_json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ikd import commands as do
from ikd.cli import complaint_told as told
from ikd.cli.failures import CannotError, Exit
from ikd.cli.language import text
from ikd.cli.opened import opened
from ikd.core.ids import ENTROPY_BYTES, draw_id
from ikd.core.records.actor import Actor

if TYPE_CHECKING:
    from ikd.core.records.declaration import Command
    from ikd.service import Result

_PAGE = 1000  # rows asked for at once
_VISITOR = Actor.resident("command-line")


def file(  # noqa: PLR0913 - an option each
    *,
    store: str,
    office: str,
    channel: str,
    message: str,
    words: Annotated[str, Parameter(name="--text")] = "-",
    naming: Literal["named", "secret", "anonymous"] = "named",
    name: str = "",
    address: str = "",
    email: str | None = None,
    phone: str | None = None,
    handle: str = "",
    answer_by: str | None = None,
    levy: bool = False,
    concerns: str | None = None,
    attach: list[Path] | None = None,
    officer: str | None = None,
    received: datetime | None = None,
    reason: str | None = None,
    keys: Path | None = None,
) -> int:
    """File a complaint and print its receipt."""
    command = do.FileComplaint(
        office=office,
        channel=channel,
        message=message,
        text=_read(words),
        naming=naming,
        name=name,
        address=address,
        email=email,
        phone=phone,
        handle=handle,
        answer_by=answer_by,
        levy=levy,
        concerns=concerns,
        attachments=tuple(do.Attachment.of(path.name, path.read_bytes()) for path in attach or ()),
        received_at=received and received.astimezone(),
        reason=reason,
    )
    actor = _VISITOR if officer is None else Actor.operator(officer, office=office)
    told.receipt(_handled(command, actor, store, keys))
    return Exit.OK


def listed(
    *,
    store: str,
    office: str,
    status: Literal["OPEN", "ANSWERED", "HANDED_OVER", "CLOSED"] | None = None,
    keys: Path | None = None,
) -> int:
    """Print a line a complaint: who moves it, since when, until when."""
    system, after = Actor.system(), None
    with opened(store, keys, (office,)) as service:
        while page := service.find(
            "complaint", actor=system, status=status, limit=_PAGE, after=after
        ):
            for found in page:
                told.line(service.where(found.id, "complaint", actor=system))
            after = page[-1].id
    return Exit.OK


def show(
    receipt: str,
    /,
    *,
    store: str,
    office: str | None = None,
    officer: str | None = None,
    keys: Path | None = None,
) -> int:
    """Show how a complaint stands by its receipt, or all of it to an officer of its office."""
    with opened(store, keys) as service:
        if officer is None or office is None:
            told.view(service.complaint(receipt, actor=_VISITOR))
        else:
            actor = Actor.operator(officer, office=office)
            told.everything(service.complaint_file(receipt, actor=actor))
    return Exit.OK


def step(
    complaint: str,
    act: Literal[
        "verify",
        "follow_up",
        "coordinate",
        "sanction",
        "assign",
        "classify",
        "note",
        "link",
        "hand_over",
        "return",
        "handed",
    ],
    value: str = "",
    /,
    *,
    store: str,
    office: str,
    officer: str,
    keys: Path | None = None,
) -> int:
    """Note that something was done: a step of the follow-up, or what *value* says more of."""
    command = _command(complaint, act, value)
    _done(_handled(command, Actor.operator(officer, office=office), store, keys))
    return Exit.OK


def answer(
    complaint: str,
    /,
    *,
    store: str,
    office: str,
    officer: str,
    words: Annotated[str, Parameter(name="--text")] = "-",
    medium: str | None = None,
    keys: Path | None = None,
) -> int:
    """Answer a complaint; what a person must hand over stays in the list until it was."""
    command = do.AnswerComplaint(complaint_id=complaint, text=_read(words), medium=medium)
    _done(_handled(command, Actor.operator(officer, office=office), store, keys))
    return Exit.OK


def close(
    complaint: str,
    /,
    *,
    store: str,
    office: str,
    officer: str,
    ending: Literal["solved", "unfounded", "not_ours"],
    words: Annotated[str, Parameter(name="--text")] = "-",
    keys: Path | None = None,
) -> int:
    """Close a complaint."""
    command = do.CloseComplaint(complaint_id=complaint, ending=ending, text=_read(words))
    _done(_handled(command, Actor.operator(officer, office=office), store, keys))
    return Exit.OK


def export(
    receipt: str,
    /,
    *,
    store: str,
    office: str | None = None,
    officer: str | None = None,
    json: bool = False,
    attachment: list[Path] | None = None,
    keys: Path | None = None,
) -> int:
    """Print what helps at the Ombudsman; each *attachment* is compared with what was attached."""
    from ikd import wire

    actor = _VISITOR
    if officer is not None and office is not None:
        actor = Actor.operator(officer, office=office)
    with opened(store, keys) as service:
        dossier = service.complaint_dossier(receipt, actor=actor)
        if attachment:
            told.check(service.complaint_file(dossier.complaint.id, actor=actor), attachment)
    if json:
        print(to_json.dumps(wire.write(dossier), ensure_ascii=False, indent=2))
    else:
        told.dossier(dossier)
    return Exit.OK


def summary(*, store: str, office: str, json: bool = False, keys: Path | None = None) -> int:
    """Print how many messages came by month and kind; it names nobody."""
    from ikd import wire

    with opened(store, keys, (office,)) as service:
        counts = service.complaint_summary(office)
    if json:
        print(to_json.dumps([wire.write(one) for one in counts], ensure_ascii=False, indent=2))
    else:
        told.counts(counts)
    return Exit.OK


def _command(complaint: str, act: str, value: str) -> Command:
    """Return the command that an act is."""
    from ikd import wire

    more = {
        "assign": ("assign_complaint", "to"),
        "classify": ("classify_complaint", "category"),
        "note": ("note_complaint", "text"),
        "link": ("link_complaints", "other_id"),
        "hand_over": ("hand_over_complaint", "reference"),
        "return": ("return_complaint", "reason"),
        "handed": ("hand_over_answer", "medium"),
    }
    named, field = more.get(act, ("step_complaint", "step"))
    if (act in more) != bool(value):
        wrong = "complaint.value" if act in more else "complaint.no_value"
        raise CannotError(text(wrong), Exit.USAGE)
    said = value if act in more else act
    return wire.read_command({"command": named, "complaint_id": complaint, field: said})


def _handled(command: Command, actor: Actor, store: str, keys: Path | None) -> Result:
    from ikd.adapters.system import system_entropy

    key = draw_id(system_entropy(ENTROPY_BYTES), "key")  # each call is a write of its own
    with opened(store, keys) as service:
        return service.handle(command, actor=actor, key=key)


def _read(words: str) -> str:
    """Return the text of an argument, or of the standard input: what is typed stays in no log."""
    return sys.stdin.read(1 << 20) if words == "-" else words


def _done(result: Result) -> None:
    print(f"{result.id}  {result.status}")
