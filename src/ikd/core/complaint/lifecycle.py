"""The law of a complaint: one table of transitions, and what each event changes."""

from __future__ import annotations

from datetime import datetime

import attrs

from ikd.core.complaint import events as e
from ikd.core.complaint.complaint import (
    Complaint,
    ComplaintLetter,
    ComplaintStatus,
    LetterAbout,
    Remark,
)
from ikd.core.records.law import Changes, Law, Transitions

_S = ComplaintStatus
_LIVE = (_S.OPEN, _S.ANSWERED)
_ANYWHERE = (e.ComplaintNoted, e.ComplaintLinked, e.AnswerHandedOver, e.AnswerUndelivered)
_HANDLED = (e.ComplaintAssigned, e.ComplaintClassified, e.ComplaintStepDone)

TRANSITIONS: Transitions = {
    (None, e.ComplaintFiled): _S.OPEN,
    **{(status, kind): status for status in _S for kind in _ANYWHERE},
    **{(status, kind): status for status in _LIVE for kind in _HANDLED},
    **{(status, e.ComplaintAnswered): _S.ANSWERED for status in _LIVE},
    **{(status, e.ComplaintReplied): _S.OPEN for status in _LIVE},
    **{(status, e.ComplaintRated): status for status in (_S.ANSWERED, _S.CLOSED)},
    (_S.OPEN, e.ComplaintHandedOver): _S.HANDED_OVER,
    (_S.HANDED_OVER, e.ComplaintReturned): _S.OPEN,
    **{(status, e.ComplaintClosed): _S.CLOSED for status in (*_LIVE, _S.HANDED_OVER)},
    (_S.ANSWERED, e.ComplaintFellSilent): _S.CLOSED,
    (_S.CLOSED, e.ComplaintReopened): _S.OPEN,
}
"""Every transition there is; a pair that isn't here can't happen."""


def _filed(happened: e.ComplaintFiled) -> Complaint:
    return Complaint(
        id=happened.complaint_id,
        version=1,
        changed_at=happened.at,
        status=_S.OPEN,
        office=happened.office,
        standard=happened.standard,
        data_key_id=happened.data_key_id,
        told_id=happened.told_id,
        message=happened.message,
        channel=happened.channel,
        naming=happened.naming,
        levy=happened.levy,
        contacts=happened.contacts,
        answer_by=happened.answer_by,
        unpublished=happened.notes,
        concerns=happened.concerns,
        received_at=happened.received_at,
        began_at=happened.received_at,
        assigned=happened.team,
    )


def _step_done(complaint: Complaint, happened: e.ComplaintStepDone) -> Changes:
    done, done_at = (*complaint.done, happened.step), (*complaint.done_at, happened.at)
    return {"done": done, "done_at": done_at}


def _classified(complaint: Complaint, happened: e.ComplaintClassified) -> Changes:
    concerns = happened.concerns or complaint.concerns
    read = complaint.classified_at or happened.at
    return {"category": happened.category, "classified_at": read, "concerns": concerns}


def _answered(complaint: Complaint, happened: e.ComplaintAnswered) -> Changes:
    letter = ComplaintLetter(
        about="answer",
        at=happened.at,
        medium=happened.medium,
        by_hand=happened.by_hand,
        text_id=happened.text_id,
    )
    first = complaint.answered_at or happened.at
    told = {"letters": (*complaint.letters, letter), "answered_at": first}
    return {**told, "silent_at": happened.silent_at}


def _told(
    complaint: Complaint, happened: e.ComplaintClosed | e.ComplaintHandedOver, about: LetterAbout
) -> Changes:
    """Return what telling the complainant changes, where they can be told."""
    if happened.medium is None:
        return {}
    letter = ComplaintLetter(
        about=about,
        at=happened.at,
        medium=happened.medium,
        by_hand=happened.by_hand,
        text_id=getattr(happened, "text_id", None),
    )
    return {"letters": (*complaint.letters, letter)}


def _handed_over(complaint: Complaint, happened: e.AnswerHandedOver) -> Changes:
    letters = tuple(
        attrs.evolve(one, by_hand=True, medium=happened.medium, handed_at=happened.at)
        if one.waits
        else one
        for one in complaint.letters
    )
    return {"letters": letters, "silent_at": happened.silent_at or complaint.silent_at}


def _undelivered(complaint: Complaint, happened: e.AnswerUndelivered) -> Changes:
    letters = tuple(
        attrs.evolve(one, by_hand=True) if one.text_id == happened.text_id else one
        for one in complaint.letters
    )
    return {"letters": letters, "silent_at": None}


def _to_lapor(complaint: Complaint, happened: e.ComplaintHandedOver) -> Changes:
    told = _told(complaint, happened, "handed_over")
    return {**told, "reference": happened.reference, "handed_at": happened.at}


def _closed(complaint: Complaint, happened: e.ComplaintClosed) -> Changes:
    about: LetterAbout = "not_ours" if happened.ending == "not_ours" else "closed"
    ended = {"ending": happened.ending, "closed_at": happened.at, "handed_at": None}
    return {**_told(complaint, happened, about), **ended, "silent_at": None}


def _replied(complaint: Complaint, happened: e.ComplaintReplied) -> Changes:
    reply = Remark(at=happened.at, text_id=happened.text_id)
    began = _new_period(complaint, happened.at) if complaint.answered_at else {}
    return {"replies": (*complaint.replies, reply), **began}


def _reopened(complaint: Complaint, happened: e.ComplaintReopened) -> Changes:
    reply = Remark(at=happened.at, text_id=happened.text_id)
    again = {"reopened": happened.number, "ending": None, "closed_at": None}
    replies = (*complaint.replies, reply)
    return {"replies": replies, **again, **_new_period(complaint, happened.at)}


def _new_period(complaint: Complaint, at: datetime) -> Changes:
    """Return what begins anew: all but the verification, and the class it was given."""
    verified = complaint.done_on("verify")
    kept = () if verified is None else (("verify", verified),)
    return {
        "began_at": at,
        "done": tuple(name for name, _ in kept),
        "done_at": tuple(done_at for _, done_at in kept),
        "answered_at": None,
        "silent_at": None,
    }


def _noted(complaint: Complaint, happened: e.ComplaintNoted) -> Changes:
    note = Remark(at=happened.at, text_id=happened.text_id, by=happened.officer)
    return {"notes": (*complaint.notes, note)}


LAW = Law[Complaint](
    transitions=TRANSITIONS,
    begin=_filed,
    changes={
        e.ComplaintAssigned: lambda _c, happened: {"assigned": happened.to},
        e.ComplaintClassified: _classified,
        e.ComplaintStepDone: _step_done,
        e.ComplaintNoted: _noted,
        e.ComplaintLinked: lambda c, happened: {"links": (*c.links, happened.other_id)},
        e.ComplaintAnswered: _answered,
        e.AnswerHandedOver: _handed_over,
        e.AnswerUndelivered: _undelivered,
        e.ComplaintReplied: _replied,
        e.ComplaintRated: lambda _c, happened: {"rating": happened.rating},
        e.ComplaintHandedOver: _to_lapor,
        e.ComplaintReturned: lambda _c, _e: {"handed_at": None},
        e.ComplaintClosed: _closed,
        e.ComplaintFellSilent: lambda _c, happened: {
            "ending": "silence",
            "closed_at": happened.at,
            "silent_at": None,
        },
        e.ComplaintReopened: _reopened,
    },
)
