"""Filing a complaint: what the channel demands is there, and what isn't published is noted."""

from __future__ import annotations

from ikd.core.complaint import commands as do
from ikd.core.complaint import events as e
from ikd.core.complaint.complaint import Complaint
from ikd.core.complaint.lifecycle import LAW
from ikd.core.complaint.receipt import RECEIPT_SPACE
from ikd.core.complaint.turn import keep_text
from ikd.core.errors import InputError, RefusedError
from ikd.core.ids import draw_id
from ikd.core.records.actor import Role
from ikd.core.records.context import Context
from ikd.core.records.count import Count
from ikd.core.records.decision import Claim, Effects, Plan, Secret
from ikd.core.records.permission import check_permission
from ikd.core.standard.channels import Complaints
from ikd.core.standard.media import FIELD_OF
from ikd.core.validators import given


def file_complaint(plan: Plan, command: do.FileComplaint, context: Context) -> None:
    """File a complaint.

    Raises:
        RefusedError: Something is missing that the channel demands (``complaint.demanded``, with
            every finding), there are no words at all, it would be answered by a contact that
            wasn't given (``complaint.contact``), or an officer takes one about themselves.
        InputError: A resident enters a receipt, or it lies ahead (``command.received_at``).
    """
    check_permission(context, command, command.office)
    if context.actor.role is Role.OPERATOR and command.concerns == context.actor.id:
        raise RefusedError("actor.own_case", "nobody takes a complaint about themselves")
    notes = _check_demands(command, context)
    _check_receipt(command, context)
    answer_by, contacts = _answer_by(command, context), _contacts(command)
    field = FIELD_OF.get(answer_by)
    if field is not None and command.answer_by is not None and field not in contacts:
        raise RefusedError("complaint.contact", f"an answer by {answer_by} needs {field}")
    complaint = plan.happen(LAW, None, _filed(command, context, notes, answer_by))
    _keep(plan, context, complaint)
    plan.add(Effects(counts=_counts(context)))


def _check_demands(command: do.FileComplaint, context: Context) -> tuple[str, ...]:
    """Refuse what the channel demands and isn't there; return what no text published of it."""
    findings = _published(context).check(
        command.channel,
        command.message,
        text=command.text,
        name=command.name,
        address=command.address,
    )
    refusing = [found for found in findings if found.outcome == "refuse"]
    if refusing:
        words = "; ".join(found.message_en for found in refusing)
        clause = refusing[0].clause
        raise RefusedError("complaint.demanded", words, clause=clause, findings=findings)
    if not any(sign.isalnum() for sign in command.text):
        raise RefusedError("complaint.demanded", "there must be words")
    allowed = _published(context).anonymous
    if command.naming == "anonymous" and allowed is not None and not allowed.value:
        words = "this office takes none without a name"
        raise RefusedError("complaint.demanded", words, clause=allowed.clause)
    return tuple(found.requirement for found in findings)


def _published(context: Context) -> Complaints:
    return context.standard.complaints or Complaints()


def _check_receipt(command: do.FileComplaint, context: Context) -> None:
    at = command.received_at
    if at is not None and (context.actor.role is not Role.OPERATOR or at > context.now):
        words = "an officer enters it, and it doesn't lie ahead"
        raise InputError("command.received_at", words)


def _contacts(command: do.FileComplaint) -> tuple[str, ...]:
    given = {"email": command.email, "phone": command.phone}
    return tuple(name for name, contact in given.items() if contact is not None)


def _answer_by(command: do.FileComplaint, context: Context) -> str:
    """Return how it is answered: as asked, by the channel it came by, or by what was given."""
    if command.answer_by is not None:
        return command.answer_by
    channel = _published(context).channel(command.channel)
    media = (command.channel, *(channel.media if channel else ()))
    contacts = _contacts(command)
    for medium in (*media, "email", "sms"):
        if FIELD_OF.get(medium) in contacts:
            return medium
    came_by = channel.kind if channel else command.channel
    return "letter" if came_by == "box" or (command.address and came_by in FIELD_OF) else came_by


def _filed(
    command: do.FileComplaint, context: Context, notes: tuple[str, ...], answer_by: str
) -> e.ComplaintFiled:
    text, actor = given(context.evidence.text), context.actor
    team = _published(context).team
    return e.ComplaintFiled(
        at=context.now,
        complaint_id=draw_id(context.entropy, Complaint.kind),
        office=context.standard.id,
        standard=context.standard.digest,
        data_key_id=given(text.data_key_id),
        told_id=text.id,
        message=command.message,
        channel=command.channel,
        naming=command.naming,
        levy=command.levy,
        contacts=_contacts(command),
        attachments=len(command.attachments),
        answer_by=answer_by,
        concerns=command.concerns,
        received_at=command.received_at or context.now,
        reason=command.reason,
        officer=actor.id if actor.role is Role.OPERATOR else None,
        notes=notes,
        team=team.value if team else None,
    )


def _counts(context: Context) -> tuple[Count, ...]:
    """Count what comes past the counter, by its contacts and by the office; an officer's never."""
    if context.actor.role is Role.OPERATOR:
        return ()
    quotas, contacts = context.standard.quotas, given(context.evidence.text).counted
    by = {name: (key, quotas.complaints_a_contact) for name, key in contacts.items()}
    by["office"] = (context.standard.id.encode(), quotas.complaints_an_office)
    return tuple(
        Count(space=f"complaint/{name}", key=key, most=most.value, window=quotas.window.value)
        for name, (key, most) in by.items()
    )


def _keep(plan: Plan, context: Context, complaint: Complaint) -> None:
    """Keep the data key and what was told; let the receipt be found under every index key."""
    text = given(context.evidence.text)
    key = Secret(id=complaint.data_key_id, kind="data_key", owner=complaint.id, value=text.wrapped)
    found_by = tuple(
        Claim(space=RECEIPT_SPACE, key=index, owner=complaint.id) for index in text.receipts
    )
    plan.add(Effects(writes=(key,), takes=found_by))
    keep_text(plan, text, complaint.id)
