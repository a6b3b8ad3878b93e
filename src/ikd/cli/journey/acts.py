"""What each step of the procedure needs somebody to do; which steps there are, the file says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from ikd.cli.exits import CannotError
from ikd.cli.journey import words
from ikd.cli.journey.case import Case, check_alive
from ikd.cli.journey.people import STATION, officer, operator
from ikd.cli.journey.phone import now
from ikd.core.activation import commands as do
from ikd.core.activation import events
from ikd.core.records.actor import Actor
from ikd.core.standard.biometric import Method
from ikd.core.standard.registration import Registration
from ikd.core.standard.sourced import Grounded
from ikd.core.standard.steps import Step

Told = Iterator[str]
T = TypeVar("T")
_REPORTED = frozenset({"data_check", "biometric", "ministry_review"})


def cited(item: Grounded) -> str:
    """Return what *item* rests on, in brackets: ``(W20)`` or ``(default)``."""
    return f"({item.source})"


def perform(case: Case, step: Step) -> Told:
    """Do what *step* needs, and yield in words what was done.

    Raises:
        CannotError: The case can't go on.
    """
    if step.performed_by == "siak" and step.name in _REPORTED:
        yield from _reported(case, step)
    else:
        yield from _ACTS[step.name](case, step)
    check_alive(case)
    if step.name not in case.application.done and step.name != "activate":
        raise CannotError(f"langkah tidak selesai / the step didn't end: {step.name}")


def _register(case: Case, _step: Step) -> Told:
    office, phone = case.stage.office, case.phone
    filled = {"nik": phone.owner.nik, "email": phone.email, "phone": phone.number}
    labels = [
        f"{rule.label or rule.name} {filled.get(rule.name, '')}".strip()
        for rule in office.registration.fields
    ]
    yield from _terms(office.registration)
    yield f"mengisi / fills in: {', '.join(labels) or phone.owner.nik}"
    if office.registration.button is not None:
        button = office.registration.button
        yield f"menekan / presses “{button.value}” {cited(button)}"


def _terms(asked: Registration) -> Told:
    terms, consent = asked.terms, asked.consent
    if terms is None:
        return
    if consent.value:
        yield f"menyetujui / accepts “{terms.text}” dengan “{terms.accept}” {cited(consent)}"
    else:
        yield f"membaca / reads “{terms.text}” {cited(terms)}"


def _reported(case: Case, step: Step) -> Told:
    command = do.ReportStep(application_id=case.id, step=step.name, passed=True)
    case.handle(command, Actor.registry())
    yield "dikerjakan di SIAK, dilaporkan ke ikd / done in SIAK itself, reported to ikd"


def _data_check(case: Case, step: Step) -> Told:
    yield _asked(case)
    case.settle(lambda found: step.name in found.done or not found.questions)
    checked = _last(case, events.DataChecked)
    if checked is not None:
        yield f"register menjawab / the registry answers: KTP-el {checked.ktp_el}"


def _biometric(case: Case, step: Step) -> Told:
    method = _method(case)
    sample = case.phone.owner.recorded[method.kind]
    moving = ", bergerak / moving" if method.moving else ""
    yield f"{words.METHODS[method.kind]}{moving} {cited(method)}"
    command = do.SubmitBiometric(
        application_id=case.id,
        method=method.kind,
        moving=bool(method.moving),
        sample=sample,
        proof=case.proof("submit_biometric"),
    )
    case.handle(command, case.actor)
    yield _asked(case)
    case.settle(lambda found: step.name in found.done or not found.questions)
    matched = _last(case, events.BiometricMatched)
    if matched is not None:
        rules = case.stage.office.biometric
        yield (
            f"kesesuaian / match {cited(rules.match)} {matched.match} ≥ "
            f"{rules.match_threshold.value} {cited(rules.match_threshold)}, keaktifan / liveness "
            f"{cited(rules.liveness)} {matched.live} ≥ {rules.live_threshold.value} "
            f"{cited(rules.live_threshold)}"
        )


def _method(case: Case) -> Method:
    today = now().date()
    for method in case.stage.office.biometric.methods:
        if method.in_force(today):
            return method
    raise CannotError("belum ada cara biometrik yang berlaku / no biometric method is in force yet")


def _review(case: Case, step: Step) -> Told:
    if step.by == "registry":
        yield _asked(case)
        case.settle(lambda found: step.name in found.done or not found.questions)
        yield "register menjawab: sah / the registry answers: verified"
        return
    command = do.Review(application_id=case.id, verified=True, validated=True)
    case.handle(command, officer(step, case.stage.office))
    yield "diverifikasi dan divalidasi / verified and validated"


def _presence(case: Case, _step: Step) -> Told:
    if case.stage.office.presence.direction.value == "office_reads_resident":
        yield from _office_reads(case)
    else:
        yield from _resident_reads(case)


def _office_reads(case: Case) -> Told:
    office, phone = case.stage.office, case.phone.soft
    token = phone.pairing_token(case.id, now())
    yield f"ponsel menunjukkan / the phone shows: {_shown(token)}"
    case.handle(do.ScanPairing(token=token), operator(office))
    code = phone.check_code(token)
    yield f"petugas di {STATION} memindainya, kode periksa {code} / the operator scans it"


def _resident_reads(case: Case) -> Told:
    office, phone, service = case.stage.office, case.phone.soft, case.stage.service
    token = service.station_token(office.id, STATION)
    yield f"{STATION} menunjukkan / shows: {_shown(token)}"
    challenge = service.challenge(case.id, "answer_pairing")
    proof = phone.answer(case.id, token, challenge, now())
    case.handle(do.AnswerPairing(application_id=case.id, token=token, proof=proof), case.actor)
    code = phone.check_code(token)
    yield f"ponsel memindai, menjawab, dan menampilkan kode periksa {code} / the phone scans it"
    case.handle(do.ConfirmPresence(application_id=case.id, check_code=code), operator(office))
    within = office.presence.confirm_within
    yield (
        f"petugas mencocokkan kode itu dalam {words.minutes(within.value)} {cited(within)} / the "
        "operator confirms it"
    )


def _shown(token: str) -> str:
    return f"QR {token[:5]}… {len(token)} karakter / characters, 90 s"


def _decision(case: Case, step: Step) -> Told:
    office = case.stage.office
    if case.application.questions:
        yield _asked(case)
        case.settle(lambda found: not found.questions)
        check_alive(case)
    decide(case, step, passed=True)
    life, media = office.pin.life, office.pin.media
    ways = ", ".join(f"{words.MEDIA[medium.kind]} {cited(medium)}" for medium in media)
    yield "disetujui / approved"
    yield (
        f"{office.pin.word.value} {cited(office.pin.word)} lewat outbox ke {ways}, berlaku "
        f"{words.minutes(life.value)} {cited(life)} / is sent and good for that long"
    )


def decide(case: Case, step: Step, *, passed: bool) -> None:
    """Let whoever decides at this office approve or reject: an officer, or SIAK itself."""
    if step.performed_by == "siak":
        report = do.ReportStep(application_id=case.id, step=step.name, passed=passed)
        case.handle(report, Actor.registry())
        return
    command: do.Command = (
        do.Approve(application_id=case.id)
        if passed
        else do.Reject(application_id=case.id, reason="documents")
    )
    case.handle(command, officer(step, case.stage.office))


def _activate(_case: Case, _step: Step) -> Told:
    return iter(())  # several acts of the resident, told one by one: see ``opening``


def _asked(case: Case) -> str:
    owed = [item for item in case.stage.service.owed() if item.record_id == case.id]
    return (
        f"outbox: {len(owed)} pertanyaan keluar / question leaves to the registry"
        if owed
        else "outbox: pertanyaan sudah dijawab / the question was answered already"
    )


def _last(case: Case, kind: type[T]) -> T | None:
    entries: list[Any] = [entry.event for entry in case.stage.service.history(case.id)]
    return next((happened for happened in reversed(entries) if isinstance(happened, kind)), None)


_ACTS: Mapping[str, Callable[[Case, Step], Told]] = {
    "register": _register,
    "data_check": _data_check,
    "biometric": _biometric,
    "ministry_review": _review,
    "presence": _presence,
    "decision": _decision,
    "activate": _activate,
}
