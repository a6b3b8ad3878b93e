"""One turn of a complaint: the moves that its commands share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from ikd.core.complaint import events as e
from ikd.core.complaint.clocks import SILENCE, days_of
from ikd.core.complaint.complaint import Complaint, ComplaintStatus
from ikd.core.complaint.lifecycle import LAW
from ikd.core.complaint.waiting import next_step
from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId, draw_id
from ikd.core.records.context import Context, SealedText
from ikd.core.records.decision import Effects, Plan, Secret
from ikd.core.records.event import Event
from ikd.core.records.notices import Notice
from ikd.core.records.texts import local_time
from ikd.core.standard.deadlines import working_days_later
from ikd.core.standard.media import FIELD_OF
from ikd.core.standard.zones import CLOCKS
from ikd.core.validators import given

SHORT_MEDIA = frozenset({"sms", "whatsapp"})


@attrs.define
class ComplaintTurn:
    """Moves a complaint; every move goes through an event."""

    plan: Plan
    context: Context
    record: Complaint

    def __attrs_post_init__(self) -> None:
        self.plan.read(self.record)

    def happen(self, happened: Event) -> None:
        """Let *happened* happen to the complaint."""
        self.record = self.plan.happen(LAW, self.record, happened)

    def require(self, *statuses: ComplaintStatus) -> None:
        """Refuse unless the complaint stands in one of *statuses*."""
        if self.record.status not in statuses:
            raise RefusedError("status.refused", f"the complaint is {self.record.status.value}")

    def in_order(self) -> None:
        """Refuse while a step of the office's order is undone, or a levy not verified."""
        record, step = self.record, next_step(self.record, self.context.standard)
        if step is not None:
            words = f"first: {step.text}"
            raise RefusedError("complaint.order", words, clause=step.clause)
        if record.levy and "verify" not in record.done:
            raise RefusedError("complaint.order", "a levy is verified first")

    # --- what is written -------------------------------------------------------------------

    def keep_text(self) -> RecordId:
        """Keep the words that came with the command, sealed; return their name."""
        text = given(self.context.evidence.text)
        keep_text(self.plan, text, self.record.id)
        return text.id

    # --- what is told ----------------------------------------------------------------------

    def way(self, medium: str | None = None) -> tuple[str | None, bool]:
        """Return the medium by which the complainant is told, and whether a person must do it."""
        if self.record.is_anonymous:
            return None, False
        chosen = medium or self.record.answer_by
        return chosen, FIELD_OF.get(chosen) not in self.record.contacts

    def tell(
        self,
        about: str,
        medium: str | None,
        text_id: RecordId | None = None,
        **more: str,
    ) -> None:
        """Owe the complainant a notice, unless a person must tell them or nobody can."""
        if medium is None or self.way(medium)[1]:
            return
        standard = self.context.standard
        words: Mapping[str, str] = {
            "office": standard.name,
            "resident": standard.person,
            "message": self.record.message.replace("_", " "),
            "received": self.record.received_at.astimezone(standard.tz).date().isoformat(),
        }
        self.plan.notices.append(
            Notice(
                id=draw_id(self.context.entropy, f"notice/{about}/{self.record.id}"),
                template=f"complaint_{about}",
                kind=self.record.kind,
                record_id=self.record.id,
                media=(medium,),
                sender=standard.name,
                params={**words, **more},
                text_id=text_id,
            )
        )

    def silent_at(self) -> datetime:
        """Return when the complaint closes if nobody replies to what reached them now."""
        days = days_of(self.context.standard, self.context.days_off)
        return working_days_later(self.context.now, SILENCE, days)

    def local(self, moment: datetime) -> str:
        """Return a time as a notice writes it."""
        return local_time(moment, CLOCKS[self.context.standard.about.zone.value])

    def time_passes(self) -> bool:
        """Close the complaint if nobody replied in time; say whether it was."""
        due, now = self.record.due, self.context.now
        if due is None or due > now:
            return False
        self.happen(e.ComplaintFellSilent(at=now))
        medium, _ = self.way()
        self.tell("silence", medium)
        return True


def keep_text(plan: Plan, text: SealedText, owner: RecordId) -> None:
    """Let sealed words of the record *owner* be kept."""
    secret = Secret(id=text.id, kind="text", owner=owner, value=text.value)
    plan.add(Effects(writes=(secret,)))
