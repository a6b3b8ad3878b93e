"""Everything that anybody could try next, each attempt with what is wrong about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from ikd.core.activation import commands as do
from ikd.core.activation.application import Application
from ikd.core.identity import commands as live
from ikd.core.identity.identity import Identity
from ikd.core.records.actor import Role
from ikd.core.records.context import Evidence, Guess
from ikd.core.records.declaration import Command
from ikd.core.records.person import Marital
from ikd.core.records.questions import Answer, KtpEl, QuestionKind, RegistryStanding
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.grounds import walk
from ikd.core.standard.office import Office
from ikd.core.standard.requirements import Condition
from model import acts
from model.cases import Case
from model.evidence import WRONG
from model.flaws import NOBODY, STRANGER, Attempt, everybody, flawed, unpaired, unproven


def attempts(case: Case, *, cases: int = 1) -> Iterator[Attempt]:
    """Yield what can be tried in *case*, where at most *cases* applications are opened."""
    if len(case.all("application")) < cases:
        yield from _registrations(case)
    for application in case.all("application"):
        yield from _correcting(case, application)
        yield from _stating(case, application)
        yield from _referred(case, application)
        yield from _checking(case, application)
        yield from _visiting(case, application)
        yield from _deciding(case, application)
        yield from _entering(case, application)
    for identity in case.all("identity"):
        yield from _living(case, identity)
    for unknown in (
        do.TimePasses(application_id=NOBODY),
        live.IdentityTimePasses(identity_id=NOBODY),
    ):
        yield Attempt(unknown, acts.SYSTEM, Evidence(), "unknown")


def _registrations(case: Case) -> Iterator[Attempt]:
    good = acts.register(case)
    yield from everybody(case, good, Role.RESIDENT, Role.OPERATOR)
    for device in (acts.phone(1), acts.phone(kind="tablet"), acts.phone(online=None)):
        yield flawed(case, acts.register(case, device=device), acts.RESIDENT, "")
    if case.office.registration.consent.value:
        hasty = acts.register(case, accepted_terms=False)
        yield flawed(case, hasty, acts.RESIDENT, "registration")
    for wrong in (
        acts.register(case, email=None),
        acts.register(case, email=None, more={"email": "ayu@example.id"}),
        acts.register(case, device=acts.phone(key=None)),
        acts.register(case, device=acts.phone(browser=True)),
    ):
        yield flawed(case, wrong, acts.RESIDENT, "registration")
    least = any(condition.minimum for condition in _conditions(case.office))
    old = acts.register(case, device=acts.phone(os_version="7.1.2"))
    yield flawed(case, old, acts.RESIDENT, "registration" if least else "")


def _conditions(office: Office) -> Iterator[Condition]:
    return (one for _, one in walk(office.requirements) if isinstance(one, Condition))


def _stating(case: Case, application: Application) -> Iterator[Attempt]:
    """State what is asked, its opposite, and something that nobody asked for."""
    good = acts.stated(application)
    yield from everybody(case, good, Role.RESIDENT, Role.OPERATOR)
    yield from unproven(case, good)
    yield flawed(case, attrs.evolve(good, proof=None), acts.operator(case), "", proof=None)
    other = attrs.evolve(good, facts=Candidate(family_card=True))
    yield flawed(case, other, acts.RESIDENT, "facts")
    no = acts.stated(application, online=False, ever_married=False)
    yield flawed(case, no, acts.RESIDENT, "registration" if no.facts.online is False else "")


def _referred(case: Case, application: Application) -> Iterator[Attempt]:
    """Clear or refuse what the case was referred for, by its names and by others."""
    may = _clearing(application, case)
    word = (application.referred,) if application.referred else ("nothing",)
    again, named = acts.cleared(application), {"why": "seen"}
    yield from everybody(case, again, *may)
    bare = do.AskAgain(application_id=application.id)
    alone = "" if Role.OPERATOR in may else "role"
    yield flawed(case, bare, acts.operator(case), "names" if again.which else alone)
    no = do.RefuseReferral(application_id=application.id, which=again.which or word, **named)
    yield from everybody(case, no, *may)
    for command in (bare, no):
        other = attrs.evolve(command, which=("another",), **named)
        yield flawed(case, other, acts.operator(case), "names")


def _correcting(case: Case, application: Application) -> Iterator[Attempt]:
    correct = do.CorrectContact(
        application_id=application.id, email="ayu@example.org", proof=b"proof"
    )
    yield from everybody(case, correct, Role.RESIDENT, Role.OPERATOR)
    yield from unproven(case, correct)
    bare = attrs.evolve(correct, proof=None)
    yield flawed(case, bare, acts.operator(case), "", proof=None)


def _checking(case: Case, application: Application) -> Iterator[Attempt]:
    sample = acts.sample(case, application)
    yield from everybody(case, sample, Role.RESIDENT)
    yield from unproven(case, sample)
    for wrong in ({"method": "retina"}, {"moving": False}):
        command = acts.sample(case, application, **wrong)
        still = any(method.moving for method in case.office.biometric.methods[:1])
        flaw = "method" if "method" in wrong or still else ""
        yield flawed(case, command, acts.RESIDENT, flaw)
    clear = do.ClearBiometric(application_id=application.id, reason="conditions")
    yield from everybody(case, clear, Role.OPERATOR)
    declare = do.DeclareComplete(application_id=application.id)
    counted = "declared_complete" in case.office.clock_starts
    yield from everybody(case, declare, *((Role.OPERATOR, Role.MINISTRY) if counted else ()))
    for verified, validated in ((True, True), (True, False), (False, True)):
        review = do.Review(application_id=application.id, verified=verified, validated=validated)
        if verified and validated:
            yield from everybody(case, review, Role.MINISTRY)
        else:
            yield flawed(case, review, acts.MINISTRY, "no")
    yield from _answers(case, application)
    yield from _reports(case, application)


def _clearing(application: Application, case: Case) -> tuple[Role, ...]:
    """Return who may clear a referral up: a visit that was refused only who decides."""
    decision = case.office.decision
    if application.referred == "presence" and decision.performed_by == "ikd":
        return (Role(decision.by),)
    return (Role.OPERATOR, Role.MINISTRY)


_NO: Mapping[QuestionKind, tuple[dict[str, Any], ...]] = {
    QuestionKind.DATA_CHECK: ({"ktp_el": KtpEl.NOT_RECORDED},),
    QuestionKind.BIOMETRIC: ({"match": 79}, {"live": 79}, {"live": None}),
    QuestionKind.REVIEW: ({"verified": False},),
}


def _answers(case: Case, application: Application) -> Iterator[Attempt]:
    late = Answer(
        question_id=NOBODY, standing=RegistryStanding.FOUND, verified=True, match=100, live=100
    )
    stale = do.RecordAnswer(application_id=application.id, answer=late)
    yield flawed(case, stale, acts.REGISTRY, "stale")
    if not application.questions:
        return
    yield from everybody(case, acts.answer(application), Role.REGISTRY)
    for standing in RegistryStanding:
        if standing is not RegistryStanding.FOUND:
            command = acts.answer(application, standing=standing)
            yield flawed(case, command, acts.REGISTRY, "standing")
    if application.questions[0].kind is QuestionKind.DATA_CHECK:
        hidden = acts.answer(application, person=acts.HIDDEN)
        yield flawed(case, hidden, acts.REGISTRY, "standing")
        yield from _young(case, application)
    for wrong in _NO[application.questions[0].kind]:
        yield flawed(case, acts.answer(application, **wrong), acts.REGISTRY, "no")
    empty = acts.answer(application, ktp_el=None, match=None, verified=None)
    yield flawed(case, empty, acts.REGISTRY, "incomplete")


def _young(case: Case, application: Application) -> Iterator[Attempt]:
    """Answer of somebody who is sixteen, unmarried or nobody knows, where that matters."""
    if case.office.requirement_texts("grown")[0] != "grown":
        yield flawed(case, acts.answer(application, person=acts.YOUNG), acts.REGISTRY, "")
        unmarried = attrs.evolve(acts.YOUNG, marital=Marital.UNMARRIED)
        yield flawed(case, acts.answer(application, person=unmarried), acts.REGISTRY, "no")


def _reports(case: Case, application: Application) -> Iterator[Attempt]:
    for step in case.office.steps:
        if step.name != "register":
            report = do.ReportStep(application_id=application.id, step=step.name, passed=True)
            in_siak = step.performed_by == "siak" and step.name not in ("presence", "activate")
            yield flawed(case, report, acts.REGISTRY, "" if in_siak else "report")
            yield from (a for a in everybody(case, report, Role.REGISTRY) if a.flaw)
            failed = attrs.evolve(report, passed=False)
            yield flawed(case, failed, acts.REGISTRY, "no" if in_siak else "report")


def _visiting(case: Case, application: Application) -> Iterator[Attempt]:
    scan = do.ScanPairing(token=acts.phone_qr(application.id))
    confirm = do.ConfirmPresence(application_id=application.id, check_code="4711")
    read = do.AnswerPairing(application_id=application.id, token=acts.OFFICE_QR, proof=b"proof")
    desk = acts.operator(case)
    refuse = do.RefusePresence(application_id=application.id, reason="face_mismatch")
    for command in (scan, confirm, refuse):
        yield from everybody(case, command, Role.OPERATOR)
    if case.office.officers and case.office.presence.places:
        yield flawed(case, scan, acts.operator(case, title="Juru parkir"), "title")
        yield flawed(case, scan, acts.operator(case, place="village"), "place")
    for command in (scan, confirm):
        yield flawed(case, command, desk, "taken", device_owner=STRANGER)
    yield from unpaired(case, scan, desk)
    yield from everybody(case, read, Role.RESIDENT)
    yield from unproven(case, read)
    yield from unpaired(case, read, acts.RESIDENT)
    shown = case.evidence(read).pairing
    if shown is not None:
        flaw = "" if case.office.presence.elsewhere.value else "office"
        other = attrs.evolve(shown, office="elsewhere")
        yield flawed(case, read, acts.RESIDENT, flaw, pairing=other)
        stale = attrs.evolve(shown, transcript=b"another answer")
        yield flawed(case, confirm, desk, "code", pairing=stale)
    yield flawed(case, confirm, acts.operator(case, station="counter-2"), "station")
    yield flawed(case, attrs.evolve(confirm, check_code="0000"), desk, "code")
    yield flawed(case, confirm, desk, "code", pairing=None)


def _deciding(case: Case, application: Application) -> Iterator[Attempt]:
    decision, number = case.office.decision, application.id
    may = (Role(decision.by),) if decision.performed_by == "ikd" else ()
    yield from everybody(case, do.Approve(application_id=number), *may)
    yield from everybody(case, do.Reject(application_id=number), *may)
    withdraw = do.Withdraw(application_id=number, proof=b"proof")
    yield from everybody(case, withdraw, Role.RESIDENT, Role.OPERATOR)
    yield from unproven(case, withdraw)
    bare = do.Withdraw(application_id=number)
    yield flawed(case, bare, acts.operator(case), "", proof=None)
    yield from everybody(case, do.TimePasses(application_id=number), Role.SYSTEM)


def _entering(case: Case, application: Application) -> Iterator[Attempt]:
    reissue = do.ReissuePin(application_id=application.id, proof=b"proof")
    enter = acts.enter_pin(application)
    yield from everybody(case, reissue, Role.RESIDENT, Role.OPERATOR)
    yield from everybody(case, enter, Role.RESIDENT)
    for command in (reissue, enter):
        yield from unproven(case, command)
    bare = attrs.evolve(reissue, proof=None)
    yield flawed(case, bare, acts.operator(case), "", proof=None)
    yield from _guesses(case, enter)
    filled = case.evidence(enter).captcha
    if filled is not None and case.office.pin.captcha.value:
        used = frozenset({(filled.puzzle.space, filled.puzzle.key)})
        wrong = attrs.evolve(filled, ok=False)
        yield flawed(case, enter, acts.RESIDENT, "captcha", captcha=wrong)
        yield flawed(case, enter, acts.RESIDENT, "captcha", captcha=None)
        yield flawed(case, enter, acts.RESIDENT, "captcha", used=used)
    yield flawed(case, enter, acts.RESIDENT, "full", status_indexes=())
    pin_id = application.pin.id if application.pin else NOBODY
    number = application.id
    yield from _on_its_way(
        case,
        reissue,
        do.HandOverPin(application_id=number),
        do.ReportUndelivered(application_id=number, pin_id=pin_id, code="channel.none"),
        do.TimePasses(application_id=number),
    )


def _on_its_way(
    case: Case, asked: Command, hand: Command, report: Command, time: Command
) -> Iterator[Attempt]:
    """Try what concerns a PIN that still waits to be sent, and what does not."""
    waits = {"pin_waits": True}
    yield flawed(case, asked, acts.RESIDENT, "", **waits)
    other = attrs.evolve(asked, medium="whatsapp")  # type: ignore[misc]
    yield flawed(case, other, acts.RESIDENT, "medium", **waits)
    yield from everybody(case, hand, Role.OPERATOR)
    by_hand = "officer" in case.office.pin.media_kinds
    yield flawed(case, hand, acts.operator(case), "" if by_hand else "medium", **waits)
    yield from everybody(case, report, Role.SYSTEM)
    yield flawed(case, time, acts.SYSTEM, "", **waits)


def _guesses(case: Case, command: do.EnterPin | live.SignIn) -> Iterator[Attempt]:
    """Try a wrong secret, none, one for another verifier, and one whose verifier is gone."""
    shown = case.evidence(command)
    good = shown.guess
    if good is None:
        return
    wrong = attrs.evolve(good, candidate=WRONG)
    yield Attempt(command, acts.RESIDENT, attrs.evolve(shown, guess=wrong), "secret")
    other = Guess(secret_id=NOBODY, candidate=good.candidate)
    yield Attempt(command, acts.RESIDENT, attrs.evolve(shown, guess=other), "superseded")
    yield Attempt(command, acts.RESIDENT, attrs.evolve(shown, guess=None), "superseded")
    yield Attempt(command, acts.RESIDENT, attrs.evolve(shown, verifier=None), "superseded")


def _living(case: Case, identity: Identity) -> Iterator[Attempt]:
    number = identity.id
    by_pin = live.SignIn(identity_id=number, pin=acts.PIN, proof=b"proof")
    by_passcode = live.SignIn(identity_id=number, passcode=acts.PASSCODE, proof=b"proof")
    setting = live.SetPasscode(identity_id=number, passcode=acts.PASSCODE, proof=b"proof")
    renewal = live.RenewSignIn(identity_id=number, proof=b"proof")
    for command in (by_pin, by_passcode, setting, renewal):
        yield from everybody(case, command, Role.RESIDENT)
        yield from unproven(case, command)
    yield from _guesses(case, by_pin)
    yield from _guesses(case, by_passcode)
    known = attrs.evolve(case.evidence(setting), passcode=None, passcode_known=True)
    yield Attempt(setting, acts.RESIDENT, known, "known")
    reset = live.ResetSignIn(identity_id=number, token="IKDR:" + number)
    yield from everybody(case, reset, Role.OPERATOR)
    yield from unpaired(case, reset, acts.operator(case))
    yield from everybody(case, live.IdentityTimePasses(identity_id=number), Role.SYSTEM)
    pin_id = identity.pin.id if identity.pin else NOBODY
    yield from _on_its_way(
        case,
        renewal,
        live.HandOverSignInPin(identity_id=number),
        live.ReportSignInUndelivered(identity_id=number, pin_id=pin_id, code="channel.none"),
        live.IdentityTimePasses(identity_id=number),
    )
