"""A kind of record that ikd doesn't have: an appointment at the counter, in the tests alone.

It has a law of its own, a command that opens it, personal fields, a notice that it owes, a
question that it asks the registry, and an end that time brings.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

import attrs

from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId, draw_id
from ikd.core.records.actor import Role
from ikd.core.records.context import Context
from ikd.core.records.decision import Effects, Plan, Secret
from ikd.core.records.declaration import Command, Declared, Need
from ikd.core.records.event import Event, event
from ikd.core.records.kind import Around, Columns, Find, Kind, Rulebook
from ikd.core.records.law import Law
from ikd.core.records.notices import Notice
from ikd.core.records.permission import check_role
from ikd.core.records.phone_record import SealedFields, SealedRecord
from ikd.core.records.questions import Answer, OpenQuestion, Question, QuestionKind
from ikd.core.resident.contact import Email, Phone
from ikd.core.resident.nik import Nik

LIFE = timedelta(days=3)


class Status(enum.Enum):
    ASKED = "ASKED"
    BOOKED = "BOOKED"
    LAPSED = "LAPSED"


@event("appointment.asked/1")
@attrs.frozen(kw_only=True)
class Asked(Event):
    appointment_id: RecordId
    office: str
    standard: str
    data_key_id: RecordId
    sealed: SealedFields
    question_id: RecordId
    until: datetime


@event("appointment.booked/1")
@attrs.frozen(kw_only=True)
class Booked(Event):
    pass


@event("appointment.lapsed/1")
@attrs.frozen(kw_only=True)
class Lapsed(Event):
    pass


@attrs.frozen(kw_only=True)
class Appointment(SealedRecord):
    kind: ClassVar[str] = "appointment"
    status: Status
    until: datetime
    questions: tuple[OpenQuestion, ...] = ()

    @property
    def due(self) -> datetime | None:
        return None if self.status is Status.LAPSED else self.until


@Declared(by={Role.RESIDENT}, needs={Need.FIELDS}, public="accepted")
@attrs.frozen(kw_only=True)
class Book(Command):
    office: str
    nik: Nik
    email: Email
    phone: Phone | None = None
    more: Mapping[str, str] = attrs.field(factory=dict)


@Declared(by={Role.REGISTRY})
@attrs.frozen(kw_only=True)
class TakeAnswer(Command):
    appointment_id: RecordId
    answer: Answer


@Declared(by={Role.SYSTEM})
@attrs.frozen(kw_only=True)
class AppointmentTimePasses(Command):
    appointment_id: RecordId


def _begin(asked: Asked) -> Appointment:
    question = OpenQuestion(id=asked.question_id, kind=QuestionKind.REVIEW, asked_at=asked.at)
    return Appointment(
        id=asked.appointment_id,
        version=1,
        changed_at=asked.at,
        status=Status.ASKED,
        office=asked.office,
        standard=asked.standard,
        data_key_id=asked.data_key_id,
        sealed=asked.sealed,
        until=asked.until,
        questions=(question,),
    )


LAW = Law[Appointment](
    transitions={
        (None, Asked): Status.ASKED,
        (Status.ASKED, Booked): Status.BOOKED,
        (Status.ASKED, Lapsed): Status.LAPSED,
        (Status.BOOKED, Lapsed): Status.LAPSED,
    },
    begin=_begin,
    changes={Booked: lambda _a, _h: {"questions": ()}, Lapsed: lambda _a, _h: {"questions": ()}},
)


def _addressed(command: Command) -> RecordId | None:
    return getattr(command, "appointment_id", None)


def _load(find: Find, command: Command) -> Around:
    if isinstance(command, Book):
        return Around(standard=find.office(command.office))
    found = find.record(Appointment, _addressed(command))
    if found is None:
        raise RefusedError("record.unknown", "no such appointment")
    return Around(standard=find.standard(found.standard), subject=found)


def _decide(plan: Plan, command: Command, context: Context, around: Around) -> None:
    check_role(context.actor, command)
    if isinstance(command, Book):
        _ask(plan, context)
        return
    appointment = around.subject
    assert isinstance(appointment, Appointment)
    plan.read(appointment)
    if appointment.due is not None and appointment.due <= context.now:
        plan.happen(LAW, appointment, Lapsed(at=context.now))
    elif isinstance(command, TakeAnswer) and appointment.questions:
        booked = plan.happen(LAW, appointment, Booked(at=context.now))
        plan.notices.append(_notice(context, booked))


def _ask(plan: Plan, context: Context) -> None:
    sealed = context.evidence.sealed
    assert sealed is not None
    appointment_id = draw_id(context.entropy, Appointment.kind)
    question_id = draw_id(context.entropy, "question")
    asked = Asked(
        at=context.now,
        appointment_id=appointment_id,
        office=context.standard.id,
        standard=context.standard.digest,
        data_key_id=sealed.data_key_id,
        sealed=sealed.fields,
        question_id=question_id,
        until=context.now + LIFE,
    )
    plan.happen(LAW, None, asked)
    key = Secret(id=sealed.data_key_id, kind="data_key", owner=appointment_id, value=sealed.wrapped)
    plan.add(Effects(writes=(key,)))
    plan.questions.append(
        Question(
            id=question_id,
            kind=QuestionKind.REVIEW,
            record_kind=Appointment.kind,
            record_id=appointment_id,
        )
    )


def _notice(context: Context, appointment: Appointment) -> Notice:
    standard = context.standard
    return Notice(
        id=draw_id(context.entropy, "notice"),
        template="activated",
        kind=Appointment.kind,
        record_id=appointment.id,
        media=standard.pin.media_kinds,
        sender=standard.name,
        params={"word": "PIN", "resident": standard.person, "office": standard.name},
    )


def _columns(appointment: Appointment, _rules: Rulebook) -> Columns:
    waits = "registry" if appointment.questions else None
    return Columns(
        status=appointment.status.value,
        office=appointment.office,
        due=appointment.due,
        waits=waits,
        since=appointment.changed_at if waits else None,
    )


APPOINTMENT = Kind[Appointment](
    record=Appointment,
    events=(Asked, Booked, Lapsed),
    law=LAW,
    commands=(Book, TakeAnswer, AppointmentTimePasses),
    load=_load,
    decide=_decide,
    addressed=_addressed,
    time_passes=lambda one: AppointmentTimePasses(appointment_id=one),
    answered=lambda one, answer: TakeAnswer(appointment_id=one, answer=answer),
    columns=_columns,
)
