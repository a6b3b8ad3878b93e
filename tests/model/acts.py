"""Acts that are in order, by whoever may do them, and the way of a case through any office."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

import attrs

from ikd.core.activation import commands as do
from ikd.core.activation.application import Application, ApplicationStatus
from ikd.core.identity import commands as live
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.records.declaration import Command
from ikd.core.records.person import Person
from ikd.core.records.questions import Answer, KtpEl, RegistryStanding
from ikd.core.resident.device import Device
from ikd.core.resident.nik import Sex
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.steps import next_step
from ikd.testing.entropy import seeded_entropy
from ikd.testing.soft_device import SoftDevice
from model.cases import START, Case
from model.evidence import CHECK_CODE, STATION

NIK = "1376015708909901"  # synthetic: serials 9900 to 9999 are nobody's
PIN, PASSCODE = "012345", "730519"
RESIDENT, MINISTRY = Actor.resident(), Actor.ministry()
REGISTRY, SYSTEM = Actor.registry(), Actor.system()
OFFICE_QR = "IKDO:" + 20 * "0"  # nobody reads it here: what it says is evidence
PERSON = Person(name="Ayu", sex=Sex.FEMALE, birth_date=date(1990, 8, 17))
YOUNG = attrs.evolve(PERSON, birth_date=date(2010, 6, 15))
"""Sixteen years old, and the register doesn't say whether they were ever married."""
HIDDEN = attrs.evolve(PERSON, name="\u3164")  # fit for no credential
PHONES = tuple(SoftDevice(seeded_entropy(f"phone {n}")) for n in (1, 2))
KEYS = tuple(phone.public_key for phone in PHONES)
"""Public keys of two phones."""


def operator(case: Case, **other: Any) -> Actor:
    """Return an operator of the case's office."""
    return Actor.operator("op-1", **{"office": case.office.id, "station": STATION, **other})


def officer(case: Case, by: str) -> Actor:
    """Return who decides where the standard says that *by* does."""
    return MINISTRY if by == "ministry" else operator(case)


def phone(number: int = 0, **other: Any) -> Device:
    """Return one of the two phones."""
    known = {
        "kind": "smartphone",
        "platform": "android",
        "os_version": "14",
        "model": "Contoh 5",
        "online": True,
        "key": KEYS[number],
    }
    return Device(**{**known, **other})


@cache
def phone_qr(application_id: RecordId) -> str:
    """Return the QR that a phone shows for an application; only that is read of it here."""
    return PHONES[0].pairing_token(application_id, START)


def register(case: Case, number: int = 0, **other: Any) -> do.Register:
    """Return a registration that leaves nothing out."""
    known = {
        "office": case.office.id,
        "nik": NIK,
        "email": "ayu@example.id",
        "phone": "081234567890",
        "device": phone(number),
        "accepted_terms": True,
    }
    return do.Register(**{**known, **other})


def answer(application: Application, **other: Any) -> do.RecordAnswer:
    """Return a good answer to the question that is open."""
    good = {
        "question_id": application.questions[0].id,
        "standing": RegistryStanding.FOUND,
        "ktp_el": KtpEl.ISSUED,
        "person": PERSON,
        "match": 95,
        "live": 95,
        "verified": True,
    }
    return do.RecordAnswer(application_id=application.id, answer=Answer(**{**good, **other}))


def sample(case: Case, application: Application, **other: Any) -> do.SubmitBiometric:
    """Return a sample by the first method the office publishes."""
    methods = case.office.biometric.methods
    method = methods[0].kind if methods else "face"
    good = {"method": method, "sample": b"sample", "moving": True, "proof": b"proof"}
    return do.SubmitBiometric(application_id=application.id, **{**good, **other})


def enter_pin(application: Application, pin: str = PIN) -> do.EnterPin:
    """Return the PIN with all that can come with it; whether it is right the evidence says."""
    captcha = do.Captcha(token=b"token", text="k7w2")
    return do.EnterPin(application_id=application.id, pin=pin, proof=b"proof", captcha=captcha)


FACTS = Candidate(
    age=36,
    ever_married=True,
    recorded=True,
    ktp_el="issued",
    family_card=True,
    device=Device(kind="smartphone", platform="android", os_version="14", online=True),
    online=True,
    app_installed=True,
)
"""What somebody states who meets every requirement."""


def stated(application: Application, **other: Any) -> do.StateFacts:
    """Return the statement of all that *application* waits for."""
    facts = attrs.evolve(FACTS, **other).only(application.asked_facts)
    return do.StateFacts(application_id=application.id, facts=facts, proof=b"proof")


def cleared(application: Application, kind: type[Any] = do.AskAgain) -> Any:
    """Return the clearing, by name, of all that *application* was referred for."""
    which = tuple(one.requirement for one in application.referrals)
    why = "seen" if which else None
    return kind(application_id=application.id, which=which, why=why)


def next_act(case: Case, application: Application) -> tuple[Command, Actor]:
    """Return what brings *application* on, and who does it."""
    number = application.id
    if application.status is ApplicationStatus.PIN_SENT:
        if application.pin is None:
            return do.ReissuePin(application_id=number, proof=b"proof"), RESIDENT
        return enter_pin(application), RESIDENT
    if application.referred is not None:
        return cleared(application), operator(case)
    if application.asked:
        return stated(application), RESIDENT
    if application.questions:
        return answer(application), REGISTRY
    step = next_step(application.done, case.office.steps)
    assert step is not None
    if step.performed_by == "siak" and step.name != "presence":
        return do.ReportStep(application_id=number, step=step.name, passed=True), REGISTRY
    return _STEPS[step.name](case, application)


def _biometric(case: Case, application: Application) -> tuple[Command, Actor]:
    return sample(case, application), RESIDENT


def _review(_case: Case, application: Application) -> tuple[Command, Actor]:
    return do.Review(application_id=application.id, verified=True, validated=True), MINISTRY


def _presence(case: Case, application: Application) -> tuple[Command, Actor]:
    number = application.id
    if case.office.presence.direction.value == "office_reads_resident":
        return do.ScanPairing(token=phone_qr(number)), operator(case)
    if application.pairing is None:
        read = do.AnswerPairing(application_id=number, token=OFFICE_QR, proof=b"proof")
        return read, RESIDENT
    return do.ConfirmPresence(application_id=number, check_code=CHECK_CODE), operator(case)


def _decision(case: Case, application: Application) -> tuple[Command, Actor]:
    decided = do.Approve(application_id=application.id)
    return decided, officer(case, case.office.decision.by)


_STEPS: Mapping[str, Callable[[Case, Application], tuple[Command, Actor]]] = {
    "biometric": _biometric,
    "ministry_review": _review,
    "presence": _presence,
    "decision": _decision,
}


def opened(case: Case, number: int = 0, **other: Any) -> Application:
    """Register from phone *number* and return the application."""
    case.do(register(case, number, **other), RESIDENT)
    return case.application


def brought_to(case: Case, place: str, number: int = 0) -> Application:
    """Register, and go on until the step *place* is next, or the status is *place*.

    A step counts as next once nothing but its own act is owed.
    """
    application = opened(case, number)
    for _ in range(40):
        if place == _place(case, application):
            return application
        case.do(*next_act(case, application))
        application = case.records["application", application.id]
    raise AssertionError(f"{place} was never reached")


def _place(case: Case, application: Application) -> str:
    if application.status is not ApplicationStatus.OPEN:
        return str(application.status.value)
    if application.questions:
        return f"{application.questions[0].kind.value} asked"
    step = next_step(application.done, case.office.steps)
    return str(step.name) if step else ""


def sign_in(case: Case, **secret: str) -> live.SignIn:
    """Return a sign-in to the identity opened last, by ``pin`` or ``passcode``."""
    return live.SignIn(identity_id=case.identity.id, proof=b"proof", **(secret or {"pin": PIN}))


def set_passcode(case: Case) -> live.SetPasscode:
    """Return the setting of a passcode."""
    return live.SetPasscode(identity_id=case.identity.id, passcode=PASSCODE, proof=b"proof")


def with_pin(case: Case, application: Application, candidate: bytes) -> tuple[Any, ...]:
    """Return the entering of a PIN whose slow hash came to *candidate*, as ``do`` takes it."""
    command = enter_pin(application)
    shown = case.evidence(command)
    guess = shown.guess and attrs.evolve(shown.guess, candidate=candidate)
    return command, RESIDENT, attrs.evolve(shown, guess=guess)
