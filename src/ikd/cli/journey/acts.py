"""What each step of the procedure needs somebody to do, told as it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from ikd.cli.failures import CannotError
from ikd.cli.journey import narrator
from ikd.cli.journey.case import PlayedCase, check_alive
from ikd.cli.journey.narrator import Told
from ikd.cli.journey.people import STATION
from ikd.cli.language import language, text
from ikd.core.activation import commands as do
from ikd.core.activation import events
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.standard.pin_terms import ButtonRole, SignInTerms
from ikd.core.standard.registration import Registration
from ikd.core.standard.steps import Step
from ikd.data.standards import word
from ikd.testing.mailbox import Letter

T = TypeVar("T")
_REPORTED = frozenset({"data_check", "biometric", "ministry_review"})


def perform(case: PlayedCase, step: Step) -> Told:
    """Do what *step* needs, and yield in words what was done.

    Raises:
        CannotError: The case can't go on.
    """
    if step.performed_by == "siak" and step.name in _REPORTED:
        case.walk.act(case.application, step)
        yield text("demo.in_siak")
    else:
        yield from _ACTS[step.name](case, step)
    yield from _states(case)
    check_alive(case)
    if step.name not in case.application.done and step.name != "activate":
        raise CannotError(text("demo.not_done", step=step.name))


def _register(case: PlayedCase, _step: Step) -> Told:
    asked, phone = case.stage.office.registration, case.phone
    filled = {"nik": phone.owner.nik, "email": phone.email, "phone": phone.number}
    labels = [
        f"{rule.label or rule.name} {filled.get(rule.name, '')}".strip() for rule in asked.fields
    ]
    yield from _terms(asked)
    yield text("demo.fills", fields=", ".join(labels) or str(phone.owner.nik))
    if asked.button is not None:
        yield text("demo.presses", button=asked.button.value, clause=narrator.by(asked.button))


def _terms(asked: Registration) -> Told:
    terms, consent = asked.terms, asked.consent
    if terms is None:
        return
    if consent.value:
        clause = narrator.by(consent)
        yield text("demo.accepts", terms=terms.text, accept=terms.accept, clause=clause)
    else:
        yield text("demo.reads", terms=terms.text, clause=narrator.by(terms))


def _data_check(case: PlayedCase, step: Step) -> Told:
    yield from _answered(case, step)
    checked = _last(case, events.DataChecked)
    if checked is not None:
        yield text("demo.answered", state=text(f"demo.{checked.ktp_el}"))


def _biometric(case: PlayedCase, step: Step) -> Told:
    method = case.walk.method
    if method is None:
        raise CannotError(text("demo.no_method"))
    kind = word("biometric.methods[]", method.kind, language())
    shown = text("demo.moving", method=kind) if method.moving else kind
    yield f"{shown} {narrator.by(method)}"
    case.walk.act(case.application, step)
    yield from _answered(case, step)
    matched = _last(case, events.BiometricMatched)
    if matched is not None:
        yield _scores(case, matched)


def _scores(case: PlayedCase, matched: events.BiometricMatched) -> str:
    rules = case.stage.office.biometric
    least, live = rules.match_threshold, rules.live_threshold
    return text(
        "demo.matched",
        by_match=narrator.by(rules.match),
        match=matched.match,
        least_match=f"{least.value} {narrator.by(least)}",
        by_live=narrator.by(rules.liveness),
        live=matched.live,
        least_live=f"{live.value} {narrator.by(live)}",
    )


def _review(case: PlayedCase, step: Step) -> Told:
    if step.by == "registry":
        yield from _answered(case, step)
        yield text("demo.registry_verified")
        return
    case.walk.act(case.application, step)
    yield text("demo.reviewed")


def _presence(case: PlayedCase, step: Step) -> Told:
    visit, office = case.walk.act(case.application, step), case.stage.office
    if visit is None:
        raise CannotError(text("demo.not_done", step=step.name))
    begin, length = visit.token[:5], len(visit.token)
    if office.presence.direction.value == "office_reads_resident":
        yield text("demo.phone_shows", begin=begin, length=length)
        yield text("demo.scanned", station=STATION, code=visit.check_code)
        return
    yield text("demo.station_shows", station=STATION, begin=begin, length=length)
    yield text("demo.phone_scans", code=visit.check_code)
    within = office.presence.confirm_within
    lasting = narrator.lasting(within.value)
    yield text("demo.confirmed", within=lasting, clause=narrator.by(within))


def _decision(case: PlayedCase, step: Step) -> Told:
    office = case.stage.office
    if case.application.questions:
        yield _asked(case)
        case.settle(lambda found: not found.questions)
        yield from _states(case)
        check_alive(case)
    if "declared_complete" in office.clock_starts:
        declare = do.DeclareComplete(application_id=case.id)
        case.walk.ask(declare, case.walk.operator, "complete")
        yield text("demo.declared")
    case.walk.decide(case.application, step, passed=True)
    yield text("demo.approved")
    secret, life = office.pin.word, office.pin.life
    media = ", ".join(f"{narrator.medium(one.kind)} {narrator.by(one)}" for one in office.pin.media)
    yield text(
        "demo.pin_sent",
        word=secret.value,
        by_word=narrator.by(secret),
        media=media,
        life=narrator.lasting(life.value),
        by_life=narrator.by(life),
    )


def _answered(case: PlayedCase, step: Step) -> Told:
    # Tell that the registry is asked, and deliver until it has answered.
    yield _asked(case)
    case.settle(lambda found: step.name in found.done or not found.questions)


def _states(case: PlayedCase) -> Told:
    # The resident states what requirements wait for; the registry answers anew where it must.
    while asked := case.application.asked:
        spoken = ("id", "en").index(language())
        texts = [case.stage.office.requirement_texts(one.requirement)[spoken] for one in asked]
        yield text("demo.states", rules="; ".join(texts))
        case.walk.state(case.application)
        case.settle(lambda found: not found.questions)


def _asked(case: PlayedCase) -> str:
    asked = case.stage.service.owed(actor=Actor.system())
    owed = [item for item in asked if item.record_id == case.id]
    return text("demo.asked", count=len(owed)) if owed else text("demo.asked_before")


def _last(case: PlayedCase, kind: type[T]) -> T | None:
    history = case.stage.service.history(case.id, actor=Actor.system())
    entries = [entry.event for entry in history]
    return next((happened for happened in reversed(entries) if isinstance(happened, kind)), None)


_ACTS: Mapping[str, Callable[[PlayedCase, Step], Told]] = {
    "register": _register,
    "data_check": _data_check,
    "biometric": _biometric,
    "ministry_review": _review,
    "presence": _presence,
    "decision": _decision,
    "activate": lambda _case, _step: iter(()),  # told one by one: see ``press`` and below
}


def pin_of(letter: Letter) -> str:
    """Return the PIN that the phone's owner reads in *letter*.

    Raises:
        CannotError: There is none in it.
    """
    if letter.pin is None:
        raise CannotError(text("demo.no_digits"))
    return letter.pin


def press(case: PlayedCase, role: ButtonRole) -> Told:
    """Yield the press of the button of that role, where the office publishes one."""
    button = case.stage.office.pin.buttons.get(role)
    if button is not None:
        name = "demo.presses_if_asked" if button.if_asked else "demo.presses"
        yield text(name, button=button.label, clause=narrator.by(button))


def enter_wrong(case: PlayedCase, pin: str) -> Told:
    """Enter a wrong PIN, where the office's limits leave another try."""
    limits = case.stage.office.pin
    if min(limits.tries_per_pin.value, limits.tries_per_application.value) < 2:
        yield text("demo.one_try", word=limits.word.value)
        return
    wrong = f"{(int(pin) + 1) % 1_000_000:06d}"
    refused = case.walk.enter_pin(case.id, wrong).events[0]
    if isinstance(refused, events.PinRefused):
        left, total = refused.attempts_left, refused.tries_left
        yield text("demo.wrong", word=limits.word.value, left=left, total=total)


def enter_right(case: PlayedCase, pin: str) -> RecordId:
    """Enter the PIN of the mail and return the identity that it activates.

    Raises:
        CannotError: It was refused.
    """
    for happened in case.walk.enter_pin(case.id, pin).events:
        if isinstance(happened, events.Activated):
            return happened.identity_id
    raise CannotError(text("demo.pin_refused"))


def sign_in(
    case: PlayedCase, identity_id: RecordId, pin: str, published: SignInTerms | None
) -> Told:
    """Sign in as the office publishes it, then with a passcode of the resident's own."""
    if published is None:
        yield text("demo.no_sign_in")
    else:
        case.walk.sign_in(identity_id, pin=pin)
        window = published.window
        yield text(
            "demo.signed_in",
            word=case.stage.office.pin.word.value,
            by_secret=narrator.by(published.secret),
            window=narrator.lasting(window.value),
            by_window=narrator.by(window),
        )
    passcode = case.phone.passcode(pin)
    case.walk.set_passcode(identity_id, passcode)
    case.walk.sign_in(identity_id, passcode=passcode)
    yield text("demo.passcode")
