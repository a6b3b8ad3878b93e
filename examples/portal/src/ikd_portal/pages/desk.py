"""The officers' desk: what waits, whom the register names, and what an officer may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypedDict

from starlette.responses import Response

import ikd
from ikd import commands as do
from ikd import qr
from ikd_portal.call import OFFICERS, OPERATORS, Call, Page
from ikd_portal.shapes import state_of

PURPOSES = {
    "visit": "visit",
    "check_code": "visit",
    "referral": "referral",
    "refused_visit": "referral",
    "review": "review",
    "decision": "decision",
}
"""For what an officer looks whom the register names, by what the case waits for."""


def worklist(call: Call) -> Response:
    """Show what waits for this officer, the earliest published limit first."""
    after = call.request.query_params.get("after")
    rows = call.portal.service.worklist(actor=call.actor, after=after, limit=50)
    return call.page("desk/worklist.html", rows=rows)


def case(call: Call) -> Response:
    """Show one case; whom the register names is asked for by a button, since it is noted."""
    return _case(call, call.path["id"], call.path["kind"])


def state(call: Call) -> Response:
    """Tell the page's script whether the case has moved."""
    where = call.portal.service.where(call.path["id"], call.path["kind"], actor=call.actor)
    return call.json(state=state_of(where))


def look(call: Call) -> Response:
    """Show the case with the person."""
    record_id, kind = call.form.get("record", ""), call.form.get("kind", "application")
    waits = call.portal.service.where(record_id, kind, actor=call.actor).waits
    purpose = PURPOSES.get(waits.missing, "visit")
    seen = call.portal.service.person(record_id, kind, actor=call.actor, purpose=purpose)
    return _case(call, record_id, kind, seen=seen)


def _case(call: Call, record_id: str, kind: str, **more: object) -> Response:
    service, actor = call.portal.service, call.actor
    where = service.where(record_id, kind, actor=actor)
    shown = {
        "record": service.get(record_id, kind, actor=actor),
        "where": where,
        "state": state_of(where),
        "office": call.portal.offices[where.office],
        "journal": service.history(record_id, kind, actor=actor),
        "mine": actor.role is where.waits.role,
        "looks": where.waits.missing in PURPOSES,
        "seen": None,
        "token": None,
    }
    return call.page("desk/case.html", shown={**shown, **more})


def scanner(call: Call) -> Response:
    """Show the camera."""
    return call.page("desk/scan.html")


def scanned(call: Call) -> Response:
    """Show whose phone that is before the visit counts."""
    token = call.form.get("token", "").strip("\r\n")
    record_id = do.ScanPairing(token=token).application_id
    seen = call.portal.service.person(record_id, actor=call.actor, purpose="visit")
    return _case(call, record_id, "application", seen=seen, token=token)


def station(call: Call) -> Response:
    """Show the counter's QR."""
    return call.page("desk/station.html", office=call.portal.offices[call.actor.office or ""])


def station_qr(call: Call) -> Response:
    """Draw a new QR of the counter."""
    actor = call.actor
    token = call.portal.service.station_token(actor.office or "", actor.station or "")
    return call.json(svg=qr.svg(token))


# --- what an officer does -------------------------------------------------------------------

Build = Callable[[Call, str], ikd.Command]


class Referred(TypedDict):
    """What of a referral an officer speaks of, and what that rests on."""

    which: tuple[str, ...]
    why: str | None


def _referred(call: Call) -> Referred:
    which = tuple(call.form.get("which", "").split())
    return {"which": which, "why": call.form.get("why") if which else None}


ACTS: Mapping[str, Build] = {
    "scan": lambda call, _: do.ScanPairing(token=call.form.get("token", "")),
    "confirm": lambda call, record: do.ConfirmPresence(
        application_id=record, check_code=call.form.get("check_code", "").strip()
    ),
    "refuse": lambda call, record: do.RefusePresence(
        application_id=record, reason=call.form.get("reason", "")
    ),
    "review": lambda call, record: do.Review(
        application_id=record,
        verified=call.form.get("verified") == "yes",
        validated=call.form.get("validated") == "yes",
    ),
    "approve": lambda _, record: do.Approve(application_id=record),
    "reject": lambda call, record: do.Reject(
        application_id=record, reason=call.form.get("reason", "")
    ),
    "ask_again": lambda call, record: do.AskAgain(application_id=record, **_referred(call)),
    "refuse_referral": lambda call, record: do.RefuseReferral(
        application_id=record, **_referred(call)
    ),
    "clear_biometric": lambda call, record: do.ClearBiometric(
        application_id=record, reason=call.form.get("reason", "")
    ),
    "reissue": lambda _, record: do.ReissuePin(application_id=record),
    "hand_over": lambda _, record: do.HandOverPin(application_id=record),
    "correct_contact": lambda call, record: do.CorrectContact(
        application_id=record,
        email=call.form.get("email") or None,
        phone=call.form.get("phone") or None,
    ),
    "reset_sign_in": lambda call, record: do.ResetSignIn(
        identity_id=record, token=call.form.get("token", "").strip("\r\n")
    ),
    "withdraw": lambda _, record: do.Withdraw(application_id=record),
}


def act(call: Call) -> Response:
    """Do what the officer decided."""
    build = ACTS.get(call.path["act"])
    if build is None:
        return call.refuse(call.say("no_page"), 404)
    result = call.handle(build(call, call.form.get("record", "")))
    if result.slip is not None:
        return call.page("desk/slip.html", slip=result.slip)
    call.tell(call.say("desk_done"))
    return call.go(f"/desk/{result.kind}/{result.id}")


PAGES = (
    Page("/desk", worklist, by=OFFICERS),
    Page("/desk/scan", scanner, by=OPERATORS),
    Page("/desk/scan", scanned, "POST", OPERATORS),
    Page("/desk/station", station, by=OPERATORS),
    Page("/desk/station", station_qr, "POST", OPERATORS),
    Page("/desk/look", look, "POST", OFFICERS),
    Page("/desk/do/{act}", act, "POST", OFFICERS),
    Page("/desk/{kind}/{id}", case, by=OFFICERS),
    Page("/desk/{kind}/{id}/state", state, by=OFFICERS),
)
