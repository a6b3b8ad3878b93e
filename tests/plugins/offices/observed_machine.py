"""What a standard makes of commands: the straight way, and wrong turns at every place of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import product
from typing import Any

import attrs

from ikd.core.activation import commands as do
from ikd.core.errors import IkdError
from ikd.core.identity import commands as live
from ikd.core.records.actor import Actor
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.office import Office
from model import acts
from model.cases import Case
from model.evidence import WRONG

_NOT_TOLD = frozenset({"standard", "sealed", "data_key_id", "person"})


def observe(office: Office) -> Iterator[object]:
    """Yield what the machine makes of *office*, scene by scene."""
    yield _registrations(office)
    told, places = _walk(office)
    yield told
    scenes = (_samples, _visits, _posts, _declaring, _wrong_codes, _decisions, _pins, _sign_ins)
    for scene in scenes:
        yield scene(places)


def _told(case: Case, command: Any, actor: Actor, evidence: Any = None) -> object:
    """Return what comes of it: events, notices, questions; or the refusal with its clause."""
    seen = len(case.owed)
    try:
        decision = case.do(command, actor, evidence)
    except IkdError as error:
        return [error.code, getattr(error, "clause", None), getattr(error, "findings", ())]
    return [
        [[_plain(one) for one in change.events] for change in decision.changes],
        [_plain(one) for one in case.owed[seen:]],
        decision.counts,
        case.application.due if case.all("application") else None,
    ]


def _plain(item: Any) -> object:
    fields = attrs.asdict(item, recurse=False)
    told = {name: value for name, value in fields.items() if name not in _NOT_TOLD}
    return type(item).__name__, sorted(told.items(), key=lambda pair: pair[0])


def _registrations(office: Office) -> object:
    more: Mapping[str, Mapping[str, Any]] = {
        "whole": {},
        "no email": {"email": None},
        "no phone": {"phone": None},
        "more": {"more": {"mother_name": "Ibu"}},
        "bare": {"more": {}},
        "no terms": {"accepted_terms": False},
        "a browser": {"device": acts.phone(browser=True)},
        "tablet": {"device": acts.phone(kind="tablet")},
        "old": {"device": acts.phone(os_version="7.1.2")},
    }
    told = [
        _told(case := Case(office=office), _register(case, **other), acts.RESIDENT)
        for other in more.values()
    ]
    for away in (-1000, -400, -100, 40, 1000):
        case = Case(office=office).later(timedelta(days=away))
        told.append(_told(case, _register(case), acts.RESIDENT))
    for actor in (acts.RESIDENT, *_posted(Case(office=office))):
        case = Case(office=office)
        command = _register(case)
        shown = case.evidence(command)
        counted = {name: name.encode() for name in ("nik", "email", "phone")}
        sealed = attrs.evolve(shown.sealed, counted=counted)
        told.append(_told(case, command, actor, attrs.evolve(shown, sealed=sealed)))
    return told


def _posted(case: Case) -> list[Actor]:
    """Operators in every post of the office, and in such as no office has."""
    titles = (None, *TITLES, *(row.title for row in case.office.officers))
    places = (None, *PLACES, *(row.kind for row in case.office.presence.places))
    return [
        *(acts.operator(case, title=title) for title in dict.fromkeys(titles)),
        *(acts.operator(case, place=place) for place in dict.fromkeys(places)),
    ]


TITLES = ("Operator Disdukcapil", "Registrar", "Verifikator", "Juru parkir")
PLACES = ("office", "mpp", "district", "village", "mobile", "warung")


def _posts(places: Mapping[str, Case]) -> object:
    """What operators in each post may do at each place of the procedure."""
    told = []
    for name in ("ScanPairing", "ConfirmPresence", "Approve"):
        start = places.get(name)
        for actor in _posted(start) if start is not None else ():
            application = start.application
            command, _ = acts.next_act(start, application)
            told.append(_told(start.copy(), command, actor))
    reset = places["end"]
    for actor in _posted(reset) if reset.all("identity") else ():
        command = live.ResetSignIn(
            identity_id=reset.identity.id, token=acts.phone_qr(reset.application.id)
        )
        told.append(_told(reset.copy(), command, actor))
    return told


def _declaring(places: Mapping[str, Case]) -> object:
    """Whether anybody declares an application complete, and who."""
    start = next(iter(places.values()))
    if not start.all("application"):
        return None
    command = do.DeclareComplete(application_id=start.application.id)
    return [_told(start.copy(), command, actor) for actor in (acts.MINISTRY, *_posted(start))]


def _wrong_codes(places: Mapping[str, Case]) -> object:
    """How many wrong check codes end a pairing."""
    start = places.get("ConfirmPresence")
    if start is None:
        return None
    case = start.copy()
    wrong = do.ConfirmPresence(application_id=case.application.id, check_code="0000")
    return [_told(case, wrong, acts.operator(case)) for _ in range(6)]


def _register(case: Case, **other: Any) -> do.Register:
    """Fill in whatever the office asks for."""
    own = {rule.name for rule in case.office.registration.fields} - {"nik", "email", "phone"}
    facts = Candidate(family_card=True, app_installed=True, ever_married=True)
    more = {"more": dict.fromkeys(sorted(own), "contoh"), "facts": facts}
    return acts.register(case, **{**more, **other})


def _walk(office: Office) -> tuple[object, Mapping[str, Case]]:
    """Go the straight way; return what happened, and the world as it was before each act."""
    case = Case(office=office)
    told = [_told(case, _register(case), acts.RESIDENT)]
    places: dict[str, Case] = {}
    for _ in range(40 if case.all("application") else 0):
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
        told.append(
            _told(
                case, acts.sample(case, case.application, method=kind, moving=moving), acts.RESIDENT
            )
        )
    for match, alive in product((0, 79, 80, 100), (None, 79, 80, 100)):
        case = start.copy()
        _told(case, acts.sample(case, case.application), acts.RESIDENT)
        if case.application.questions:
            answer = acts.answer(case.application, match=match, live=alive)
            told.append(_told(case, answer, acts.REGISTRY))
    return told


def _visits(places: Mapping[str, Case]) -> object:
    start = next(
        (places[name] for name in ("ScanPairing", "AnswerPairing") if name in places), None
    )
    if start is None:
        return None
    number = start.application.id
    guest = Actor.operator("op-2", office="lain", station="counter-1")
    asked: list[tuple[Any, Callable[[Case], Actor]]] = [
        (do.ScanPairing(token=acts.phone_qr(number)), acts.operator),
        (do.ScanPairing(token=acts.phone_qr(number)), lambda _: guest),
        (
            do.AnswerPairing(application_id=number, token=acts.OFFICE_QR, proof=b"p"),
            lambda _: acts.RESIDENT,
        ),
        (
            do.ReportStep(application_id=number, step="presence", passed=True),
            lambda _: acts.REGISTRY,
        ),
    ]
    return [_told(case := start.copy(), command, actor(case)) for command, actor in asked]


def _decisions(places: Mapping[str, Case]) -> object:
    start = next((places[name] for name in ("Approve", "ReportStep") if name in places), None)
    if start is None:
        return None
    number = start.application.id
    commands = (
        do.Approve(application_id=number),
        do.Reject(application_id=number, reason="documents"),
        do.Review(application_id=number, verified=True, validated=True),
        do.ReportStep(application_id=number, step="decision", passed=True),
    )
    actors = (acts.MINISTRY, acts.operator(start), acts.REGISTRY)
    return [_told(start.copy(), *one) for one in product(commands, actors)]


def _pins(places: Mapping[str, Case]) -> object:
    start = places.get("EnterPin")
    if start is None:
        return None
    number = start.application.id
    bare = do.EnterPin(application_id=number, pin="012345", proof=b"p")
    told = [
        _told(
            case := start.copy(),
            bare,
            acts.RESIDENT,
            attrs.evolve(case.evidence(bare), captcha=None),
        )
    ]
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
    later = [_told(case.later(timedelta(hours=2)), again, acts.RESIDENT) for _ in range(5)]
    return [*told, *later]


def _sign_ins(places: Mapping[str, Case]) -> object:
    case = places["end"].copy()
    if not case.all("identity"):
        return None
    commands = (acts.set_passcode(case), acts.sign_in(case), acts.set_passcode(case))
    told = [_told(case, command, acts.RESIDENT) for command in commands]
    case = places["end"].copy().later(timedelta(days=2))
    renewal = live.RenewSignIn(identity_id=case.identity.id, proof=b"p")
    told.append(_told(case, renewal, acts.RESIDENT))
    return told
