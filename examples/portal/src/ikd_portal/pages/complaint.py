"""Complaints: filed by anybody or taken by an officer, seen by who holds the receipt, handled."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

from starlette.responses import Response

import ikd
from ikd import commands as do
from ikd import errors
from ikd_portal.call import OPERATORS, Call, Page

HERE = "website"  # the channel that this portal is; an office that doesn't publish it notes so
NAMINGS: tuple[Literal["named", "secret", "anonymous"], ...] = ("named", "secret", "anonymous")
ENDINGS: tuple[Literal["solved", "unfounded", "not_ours"], ...] = (
    "solved",
    "unfounded",
    "not_ours",
)
CLASSES: tuple[Literal["information", "ordinary", "supervision"], ...] = (
    "information",
    "ordinary",
    "supervision",
)
STEPS: tuple[Literal["verify", "follow_up", "coordinate", "sanction"], ...] = (
    "verify",
    "follow_up",
    "coordinate",
    "sanction",
)


def form(call: Call) -> Response:
    """Show the form of one office; to its officers with the channels that it published."""
    office = call.portal.offices.get(call.path["office"])
    if office is None:
        raise errors.RefusedError("office.unknown", "no such office")
    officer = call.session.officer
    return call.page(
        "complaint/form.html",
        office=office,
        namings=NAMINGS,
        by_officer=officer is not None and officer.office == office.id,
    )


def file(call: Call) -> Response:
    """File one. Its receipt is shown to this session, until it is put away."""
    asked = call.form
    command = do.FileComplaint(
        office=call.path["office"],
        channel=asked.get("channel", HERE) if call.session.officer else HERE,
        message=asked.get("message", ""),
        text=asked.get("text", ""),
        naming=call.chosen("naming", NAMINGS),
        name=asked.get("name", ""),
        address=asked.get("address", ""),
        email=asked.get("email") or None,
        phone=asked.get("phone") or None,
        levy=asked.get("levy") == "yes",
        received_at=_received(call),
        reason=asked.get("reason") or None,
    )
    filed = call.handle(command, call.session.officer or visitor(call)).receipt
    call.session.receipt = filed.receipt if filed else None
    call.tell(call.say("complaint_filed"))
    return call.go("/complaint")


def _received(call: Call) -> datetime | None:
    """Return when an officer says that it lay in the box, by the office's clock."""
    day, officer = call.form.get("received", ""), call.session.officer
    if not day or officer is None:
        return None
    zone = call.portal.offices[officer.office or ""].tz
    return datetime.fromisoformat(day).replace(tzinfo=zone)


def visitor(call: Call) -> ikd.Actor:
    """Return whoever sits before this session: a pseudonym made of letters."""
    digest = hashlib.sha256(call.session.visitor.encode()).digest()[:12]
    return ikd.Actor.resident("tamu-" + "".join(chr(97 + byte % 26) for byte in digest))


def show(call: Call) -> Response:
    """Show the complaint whose receipt this session holds, or ask for a receipt."""
    receipt = call.session.receipt
    if receipt is None:
        return call.page("complaint/ask.html")
    service, actor = call.portal.service, visitor(call)
    view = service.complaint(receipt, actor=actor)
    return call.page(
        "complaint/view.html",
        view=view,
        receipt=receipt,
        office=call.portal.offices[view.waiting.office],
        dossier=service.complaint_dossier(receipt, actor=actor),
    )


def bring(call: Call) -> Response:
    """Take a receipt that somebody typed, if it is one."""
    receipt = call.form.get("receipt", "")
    call.portal.service.complaint(receipt, actor=visitor(call))
    call.session.receipt = receipt
    return call.go("/complaint")


def put_away(call: Call) -> Response:
    """Forget the receipt on this screen."""
    call.session.receipt = None
    return call.go("/complaint")


Said = Callable[[Call, str, str], ikd.Command]
SAYS: Mapping[str, Said] = {
    "reply": lambda call, record, receipt: do.ReplyComplaint(
        complaint_id=record, receipt=receipt, text=call.form.get("text", "")
    ),
    "reopen": lambda call, record, receipt: do.ReopenComplaint(
        complaint_id=record, receipt=receipt, text=call.form.get("text", "")
    ),
    "rate": lambda call, record, receipt: do.RateComplaint(
        complaint_id=record, receipt=receipt, rating=_number(call.form.get("rating", ""))
    ),
}


def say(call: Call) -> Response:
    """Do what whoever holds the receipt says."""
    build, receipt = SAYS.get(call.path["act"]), call.session.receipt
    if build is None or receipt is None:
        return call.refuse(call.say("session_over"), 401)
    result = call.handle(build(call, call.form.get("record", ""), receipt), visitor(call))
    call.tell(result.public.en if call.language == "en" else result.public.id)
    return call.go("/complaint")


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 3 else 0


# --- the desk -------------------------------------------------------------------------------


def case(call: Call) -> Response:
    """Show everything about a complaint to an officer of its office."""
    service, actor = call.portal.service, call.actor
    shown = service.complaint_file(call.path["id"], actor=actor)
    return call.page(
        "complaint/case.html",
        file=shown,
        record=shown.view,
        where=shown.view.waiting,
        office=call.portal.offices[shown.view.waiting.office],
        endings=ENDINGS,
        classes=CLASSES,
    )


Build = Callable[[Call, str], ikd.Command]
ACTS: Mapping[str, Build] = {
    "step": lambda call, record: do.StepComplaint(
        complaint_id=record, step=call.chosen("step", STEPS)
    ),
    "note": lambda call, record: do.NoteComplaint(
        complaint_id=record, text=call.form.get("text", "")
    ),
    "answer": lambda call, record: do.AnswerComplaint(
        complaint_id=record, text=call.form.get("text", "")
    ),
    "classify": lambda call, record: do.ClassifyComplaint(
        complaint_id=record, category=call.chosen("category", CLASSES)
    ),
    "handed": lambda call, record: do.HandOverAnswer(
        complaint_id=record, medium=call.form.get("medium", "")
    ),
    "hand_over": lambda call, record: do.HandOverComplaint(
        complaint_id=record, reference=call.form.get("reference", "")
    ),
    "return": lambda call, record: do.ReturnComplaint(
        complaint_id=record, reason=call.form.get("reason", "")
    ),
    "close": lambda call, record: do.CloseComplaint(
        complaint_id=record,
        ending=call.chosen("ending", ENDINGS),
        text=call.form.get("text", ""),
    ),
}


def act(call: Call) -> Response:
    """Do what the officer did with it."""
    build, record = ACTS.get(call.path["act"]), call.form.get("record", "")
    if build is None:
        return call.refuse(call.say("no_page"), 404)
    call.handle(build(call, record))
    call.tell(call.say("desk_done"))
    return call.go(f"/desk/complaint/{record}")


PAGES = (
    Page("/complaint", show),
    Page("/complaint", bring, "POST"),
    Page("/complaint/leave", put_away, "POST"),
    Page("/complaint/say/{act}", say, "POST"),
    Page("/complaint/{office}", form),
    Page("/complaint/{office}", file, "POST"),
    Page("/desk/complaint/{id}", case, by=OPERATORS),
    Page("/desk/complaint/do/{act}", act, "POST", OPERATORS),
)
