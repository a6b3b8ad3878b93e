"""Everything that a standard makes a service do, gathered, so that two standards can be compared.

A value of an office file that changes nothing here is decoration, unless the reference lists it
as shown only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import attrs

from ikd.core.activation import commands as do
from ikd.core.errors import IkdError
from ikd.core.identity import commands as live
from ikd.core.records.actor import Actor
from ikd.core.resident.device import Device
from ikd.core.standard.calendar import Holidays
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.channels import Complaints
from ikd.core.standard.deadlines import Pause
from ikd.core.standard.office import Office, deadlines
from ikd.testing import acts
from ikd.testing.cases import Case
from ikd.testing.evidence import RIGHT, WRONG

MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_STARTS = (
    "fields_complete",
    "ministry_reviewed",
    "present",
    "declared_complete",
    "approved",
)
_PAUSES = ("system_network", "network", "holiday", "files")
_NOT_TOLD = frozenset({"standard", "sealed", "data_key_id", "person"})


def observe(office: Office) -> Iterator[object]:
    """Yield what *office* makes happen, the cheapest first."""
    yield _findings(office)
    yield _deadlines(office)
    yield _complaints(office.complaints)
    yield _calendar(office)
    yield from _life(office)


def _device(kind: str, platform: str, version: str) -> Device:
    return Device(kind=kind, platform=platform, os_version=version)


_DEVICES = (
    None,
    Device(kind="none"),
    *(_device("smartphone", "android", text) for text in ("7.1.2", "8", "9", "14")),
    *(_device("smartphone", "ios", text) for text in ("10.3", "11.0", "12", "17")),
    _device("tablet", "android", "14"),
    Device(kind="smartphone"),
)


def _findings(office: Office) -> object:
    full = Candidate(
        age=40,
        ever_married=True,
        recorded=True,
        ktp_el="issued",
        family_card=True,
        device=_DEVICES[5],
        email=True,
        phone=True,
        online=True,
        app_installed=True,
    )
    people = [full, Candidate(), *(attrs.evolve(full, device=device) for device in _DEVICES)]
    people += [attrs.evolve(full, age=age) for age in (15, 16, 17, 18)]
    people += [
        attrs.evolve(full, ktp_el=card, recorded=done)
        for card, done in product(("issued", "lost", "never", None), (True, False, None))
    ]
    yes_no = ("ever_married", "family_card", "email", "phone", "online", "app_installed")
    people += [attrs.evolve(full, **{name: False}) for name in yes_no]
    people += [attrs.evolve(full, age=16, ever_married=False)]
    return [office.check(person) for person in people]


def _no_work(year: int) -> Holidays:
    return Holidays(days=frozenset({date(year, 12, 25)}), decreed=year < 2027)


def _deadlines(office: Office) -> object:
    later = {name: MONDAY + (n + 1) * timedelta(minutes=7) for n, name in enumerate(_STARTS)}
    reasons = [pause.reason for row in (office.sla.clauses if office.sla else ()) for pause in row.pauses]
    began = MONDAY + 2 * _MINUTE
    pauses = [Pause(reason=name, began=began, ended=began + _MINUTE) for name in _PAUSES]
    del reasons
    return [
        deadlines(office, MONDAY, MONDAY + after, pauses, later, days_off=_no_work)
        for after in (timedelta(), timedelta(minutes=11), timedelta(days=40))
    ]


def _complaints(told: Complaints | None) -> object:
    if told is None:
        return None
    media = ("visit", "box", "phone", "sms", "whatsapp", "email", "facebook", "instagram", "x")
    ways = (*media, "twitter", "lapor", "radio", "web", "nowhere", *(row.id for row in told.channels))
    kinds = ("aduan", "saran", "masukan", "pengaduan", "aspirasi", "permintaan_informasi", "lain")
    checks = [
        told.check(way, kind, text=text, name=name, address=name)
        for way, kind in product(ways, kinds)
        for text, name in (("", ""), ("isi", "Jalan Contoh 1"))
    ]
    named = [told.channel(way) for way in ways]
    return [checks, [row and row.id for row in named], [told.clock(kind) for kind in kinds]]


def _calendar(office: Office) -> object:
    hours = [MONDAY.replace(hour=0) + n * timedelta(minutes=30) for n in range(7 * 48)]
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 365, 3)]
    decree = office.decree
    return [
        [office.calendar.is_open(at, office.tz, _no_work) for at in hours],
        [office.calendar.is_working_day(day, _no_work) for day in days],
        [decree and decree.in_force(day) for day in (*days[::20], date(2024, 1, 1))],
    ]


# --- the machine --------------------------------------------------------------------------


def _life(office: Office) -> Iterator[object]:
    yield _registrations(office)
    told, places = _walk(office)
    yield told
    for scene in (_samples, _visits, _decisions, _pins, _sign_ins):
        yield scene(places)


def _told(case: Case, command: Any, actor: Actor, evidence: Any = None) -> object:  # noqa: ANN401
    """Return what comes of it: events, notices, questions; or the refusal with its clause."""
    seen = len(case.owed)
    try:
        decision = case.do(command, actor, evidence)
    except IkdError as error:
        return [error.code, getattr(error, "clause", None), getattr(error, "findings", ())]
    return [
        [[_plain(one) for one in change.events] for change in decision.changes],
        [_plain(one) for one in case.owed[seen:]],
        case.application.due if case.all("application") else None,
    ]


def _plain(item: Any) -> object:  # noqa: ANN401 - an event, notice or question
    fields = attrs.asdict(item, recurse=False)
    told = {name: value for name, value in fields.items() if name not in _NOT_TOLD}
    return type(item).__name__, sorted(told.items(), key=lambda pair: pair[0])


def _registrations(office: Office) -> object:
    more: Mapping[str, Mapping[str, Any]] = {
        "whole": {},
        "no email": {"email": None},
        "no phone": {"phone": None},
        "more": {"more": {"mother_name": "Ibu"}},
        "no terms": {"accepted_terms": False},
        "tablet": {"device": acts.phone(kind="tablet")},
        "old": {"device": acts.phone(os_version="7.1.2")},
    }
    return [
        _told(case := Case(office=office), acts.register(case, **other), acts.RESIDENT)
        for other in more.values()
    ]


def _walk(office: Office) -> tuple[object, Mapping[str, Case]]:
    """Go the straight way; return what happened, and the world as it was before each act."""
    case = Case(office=office)
    told = [_told(case, acts.register(case), acts.RESIDENT)]
    places: dict[str, Case] = {}
    for _ in range(40):
        application = case.application
        if application.identity_id is not None:
            break
        command, actor = acts.next_act(case, application)
        places.setdefault(type(command).__name__, case.copy())
        told.append((type(command).__name__, actor.role, _told(case, command, actor)))
    places["end"] = case
    return told, places


def _samples(places: Mapping[str, Case]) -> object:
    start = places.get("SubmitBiometric")
    if start is None:
        return None
    told = []
    for kind, moving in product(("face", "iris", "fingerprint"), (True, False)):
        case = start.copy()
        told.append(_told(case, acts.sample(case, case.application, method=kind, moving=moving), acts.RESIDENT))
    for match, alive in product((0, 79, 80, 100), (None, 79, 80, 100)):
        case = start.copy()
        _told(case, acts.sample(case, case.application), acts.RESIDENT)
        if case.application.questions:
            answer = acts.answer(case.application, match=match, live=alive)
            told.append(_told(case, answer, acts.REGISTRY))
    return told


def _visits(places: Mapping[str, Case]) -> object:
    start = next((places[name] for name in ("ScanPairing", "AnswerPairing") if name in places), None)
    if start is None:
        return None
    number = start.application.id
    guest = Actor.operator("op-2", office="lain", station="counter-1")
    asked: list[tuple[Any, Callable[[Case], Actor]]] = [
        (do.ScanPairing(token=number), acts.operator),
        (do.ScanPairing(token=number), lambda _: guest),
        (do.AnswerPairing(application_id=number, token=acts.OFFICE_QR, proof=b"p"), lambda _: acts.RESIDENT),
        (do.ReportStep(application_id=number, step="presence", passed=True), lambda _: acts.REGISTRY),
    ]
    return [_told(case := start.copy(), command, actor(case)) for command, actor in asked]


def _decisions(places: Mapping[str, Case]) -> object:
    start = next((places[name] for name in ("Approve", "ReportStep") if name in places), None)
    if start is None:
        return None
    number = start.application.id
    told = []
    for actor in (acts.MINISTRY, acts.operator(start)):
        for command in (
            do.Approve(application_id=number),
            do.Reject(application_id=number, reason="documents"),
            do.Review(application_id=number, verified=True, validated=True),
        ):
            told.append(_told(start.copy(), command, actor))
    return told


def _pins(places: Mapping[str, Case]) -> object:
    start = places.get("EnterPin")
    if start is None:
        return None
    number = start.application.id
    bare = do.EnterPin(application_id=number, pin="012345", proof=b"p")
    told = [_told(case := start.copy(), bare, acts.RESIDENT, attrs.evolve(case.evidence(bare), captcha=None))]
    again = do.ReissuePin(application_id=number, proof=b"p")
    for wait in (59, 60, 61, 120, 3600):
        case = start.copy().later(timedelta(seconds=wait))
        told.append(_told(case, again, acts.RESIDENT))
    case = start.copy()
    for _ in range(8):
        if case.application.pin is None:
            case.later(timedelta(hours=2))
            told.append(_told(case, again, acts.RESIDENT))
        if case.application.pin is not None:
            told.append(_told(case, *acts.with_pin(case, case.application, WRONG)))
    case = start.copy()
    for _ in range(5):
        told.append(_told(case.later(timedelta(hours=2)), again, acts.RESIDENT))
    return told


def _sign_ins(places: Mapping[str, Case]) -> object:
    case = places["end"].copy()
    if not case.all("identity"):
        return None
    told = []
    for command in (acts.set_passcode(case), acts.sign_in(case), acts.set_passcode(case)):
        told.append(_told(case, command, acts.RESIDENT))
    case = places["end"].copy().later(timedelta(days=2))
    renewal = live.RenewSignIn(identity_id=case.identity.id, proof=b"p")
    told.append(_told(case, renewal, acts.RESIDENT))
    return told


_ = RIGHT
