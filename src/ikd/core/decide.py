"""The one entry to every decision, and the kinds of record that it knows.

``decide`` is a function of values: called twice with the same values it says the same. Here
the application's kind is joined with the identity's, since one act changes both.
"""

from __future__ import annotations

from ikd.core.activation import commands as activation
from ikd.core.activation import decisions as activating
from ikd.core.activation import events as activation_events
from ikd.core.activation import lifecycle as application_lifecycle
from ikd.core.activation import waiting as application_waiting
from ikd.core.activation.application import LIVE, Application, ApplicationStatus
from ikd.core.activation.turn import Case
from ikd.core.complaint import commands as complaint
from ikd.core.complaint import decisions as complaints
from ikd.core.complaint import events as complaint_events
from ikd.core.complaint import lifecycle as complaint_lifecycle
from ikd.core.complaint import waiting as complaint_waiting
from ikd.core.complaint.complaint import Complaint
from ikd.core.errors import RefusedError
from ikd.core.house import commands as house_commands
from ikd.core.house import decisions as houses
from ikd.core.house import house
from ikd.core.house.house import HOUSE_ID, House
from ikd.core.identity import commands as identity
from ikd.core.identity import decisions as living
from ikd.core.identity import events as identity_events
from ikd.core.identity import lifecycle as identity_lifecycle
from ikd.core.identity import waiting as identity_waiting
from ikd.core.identity.identity import Identity, IdentityStatus
from ikd.core.identity.opening import STATUS_SPACE, open_identity
from ikd.core.ids import RecordId
from ikd.core.records import resident
from ikd.core.records.actor import Role
from ikd.core.records.context import Context
from ikd.core.records.decision import Decision, Plan
from ikd.core.records.declaration import Command
from ikd.core.records.kind import (
    HOUSE,
    READERS,
    AnyKind,
    Around,
    Find,
    Held,
    Kind,
    Kinds,
    Owner,
    Plain,
)
from ikd.core.records.resident import Resident
from ikd.core.records.turn import DEVICE_SPACE, NIK_SPACE
from ikd.core.validators import given


def decide(kind: AnyKind, around: Around, command: Command, context: Context) -> Decision:
    """Return what *command* leads to.

    Args:
        kind: The kind that the command is asked of (``KINDS.asked``).
        around: What was loaded for it.
        command: What is asked.
        context: Everything outside, as values.

    Raises:
        RefusedError: Not allowed; nothing changes.
    """
    plan = Plan()
    given(kind.decide)(plan, command, context, around)  # a kind with commands decides them
    return plan.decision()


# --- the application -----------------------------------------------------------------------


def _application_of(command: Command) -> RecordId | None:
    """Return the application that *command* addresses; a scanned QR names its own."""
    addressing = activation.OfApplication | activation.ScanPairing
    return command.application_id if isinstance(command, addressing) else None


def _load_case(find: Find, command: Command) -> Case:
    if isinstance(command, activation.Register):
        met = find.resident_of(command.nik)
        return Case(standard=find.office(command.office), resident=met)
    application = find.record(Application, _application_of(command))
    if application is None:
        raise RefusedError("record.unknown", "no such application")
    whose = find.known(Resident, application.resident_id)
    running = None if whose.running == application.id else whose.running
    return Case(
        standard=find.standard(application.standard),
        subject=application,
        phone=application,
        application=application,
        resident=whose,
        rival=find.record(Application, running),
        active=find.record(Identity, whose.identity),
    )


def _held_by_application(plain: Plain) -> Held:
    # a visit takes the phone for the case, and every end lets it go
    visited = plain["status"] in _LIVE and plain["presence_at"] is not None
    phone = ((DEVICE_SPACE, plain["thumbprint"], plain["resident_id"]),) if visited else ()
    sample = plain["sample"]
    samples = {sample["sample_id"]: "sample"} if sample else {}
    return Held(claims=phone, secrets=_secrets_of(plain) | samples, standards=(plain["standard"],))


def _secrets_of(plain: Plain) -> dict[str, str]:
    pins = {plain["pin"]["id"]: "pin"} if plain["pin"] else {}
    return {plain["data_key_id"]: "data_key", **pins}


_LIVE = frozenset(status.value for status in LIVE)


def _decide_case(plan: Plan, command: Command, context: Context, case: Case) -> None:
    turn = activating.decide(plan, command, context, case)
    before, old = case.application, case.active
    if before is None or before.status is turn.record.status:
        return
    if turn.record.status is ApplicationStatus.ACTIVATED:
        open_identity(turn, before, old if isinstance(old, Identity) else None)


APPLICATION = Kind[Application](
    record=Application,
    events=activation_events.EVENTS,
    law=application_lifecycle.LAW,
    commands=activation.COMMANDS,
    load=_load_case,
    decide=_decide_case,
    addressed=_application_of,
    time_passes=lambda named: activation.TimePasses(application_id=named),
    answered=lambda named, answer: activation.RecordAnswer(application_id=named, answer=answer),
    columns=application_waiting.columns,
    waits=application_waiting.waits,
    limits=application_waiting.limits,
    holds=_held_by_application,
    undelivered=lambda named, pin, code: activation.ReportUndelivered(
        application_id=named, pin_id=pin, code=code
    ),
)

# --- the complaint -------------------------------------------------------------------------

COMPLAINT = Kind[Complaint](
    record=Complaint,
    events=complaint_events.EVENTS,
    law=complaint_lifecycle.LAW,
    commands=complaint.COMMANDS,
    load=complaints.load,
    decide=complaints.decide,
    addressed=complaints.addressed,
    time_passes=lambda named: complaint.ComplaintTimePasses(complaint_id=named),
    undelivered=lambda named, text, code: complaint.ReportAnswerUndelivered(
        complaint_id=named, text_id=text, code=code
    ),
    readers=READERS - {Role.RESIDENT},  # who complained reads it by the receipt alone
    columns=complaint_waiting.columns,
    waits=complaint_waiting.waits,
    limits=complaint_waiting.limits,
)

# --- the identity --------------------------------------------------------------------------


def _load_identity(find: Find, command: Command) -> Around:
    found = find.record(Identity, _identity_of(command))
    if found is None:
        raise RefusedError("record.unknown", "no such identity")
    whose = find.known(Resident, found.resident_id)
    standard = find.standard(found.standard)
    return Around(standard=standard, subject=found, phone=found, resident=whose)


def _held_by_identity(plain: Plain) -> Held:
    place = plain["credential"]["status_index"].to_bytes(4, "big")
    active = plain["status"] == IdentityStatus.ACTIVE.value
    phone = ((DEVICE_SPACE, plain["thumbprint"], plain["resident_id"]),) if active else ()
    passcode = plain["passcode_id"]
    passcodes = {passcode: "passcode"} if passcode else {}
    return Held(
        claims=((STATUS_SPACE, place, plain["id"]), *phone),
        secrets=_secrets_of(plain) | passcodes,
        standards=(plain["standard"],),
    )


def _identity_of(command: Command) -> RecordId | None:
    return command.identity_id if isinstance(command, identity.OfIdentity) else None


IDENTITY = Kind[Identity](
    record=Identity,
    events=identity_events.EVENTS,
    law=identity_lifecycle.LAW,
    commands=identity.COMMANDS,
    load=_load_identity,
    decide=living.decide,
    addressed=_identity_of,
    time_passes=lambda named: identity.IdentityTimePasses(identity_id=named),
    undelivered=lambda named, pin, code: identity.ReportSignInUndelivered(
        identity_id=named, pin_id=pin, code=code
    ),
    # the data key was passed on at activation
    fields_of=lambda one: Owner(kind=Application.kind, id=one.application_id),
    columns=identity_waiting.columns,
    waits=identity_waiting.waits,
    holds=_held_by_identity,
)

RESIDENT = Kind[Resident](
    record=Resident,
    events=resident.EVENTS,
    law=resident.LAW,
    readers=HOUSE,
    holds=lambda plain: Held(claims=((NIK_SPACE, None, plain["id"]),)),
)

THE_HOUSE = Kind[House](
    record=House,
    events=house.EVENTS,
    law=house.LAW,
    commands=house_commands.COMMANDS,
    load=houses.load,
    decide=houses.decide,
    addressed=lambda _: HOUSE_ID,
    readers=HOUSE,
    holds=lambda plain: Held(frozen=tuple((one["kind"], one["id"]) for one in plain["frozen"])),
)

KINDS = Kinds((APPLICATION, IDENTITY, RESIDENT, THE_HOUSE, COMPLAINT))
"""The kinds of record of ikd itself."""
