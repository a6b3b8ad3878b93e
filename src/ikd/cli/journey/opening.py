"""The end of the journey: the PIN is read from the mail and entered, and the resident signs in."""

from __future__ import annotations

from ikd.cli.exits import CannotError
from ikd.cli.journey import words
from ikd.cli.journey.acts import Told
from ikd.cli.journey.case import Case
from ikd.cli.language import text
from ikd.core.activation import events
from ikd.core.ids import RecordId
from ikd.core.standard.pin import Role, SignIn
from ikd.testing.mailbox import Letter


def pin_of(letter: Letter) -> str:
    """Return the PIN that the phone's owner reads in *letter*.

    Raises:
        CannotError: There is none in it.
    """
    if letter.pin is None:
        raise CannotError(text("demo.no_digits"))
    return letter.pin


def press(case: Case, role: Role) -> Told:
    """Yield the press of the button of that role, where the office publishes one."""
    button = case.stage.office.pin.buttons.get(role)
    if button is not None:
        name = "demo.presses_if_asked" if button.if_asked else "demo.presses"
        yield text(name, button=button.label, clause=words.by(button))


def enter_wrong(case: Case, pin: str) -> Told:
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


def enter_right(case: Case, pin: str) -> RecordId:
    """Enter the PIN of the mail and return the identity that it activates.

    Raises:
        CannotError: It was refused.
    """
    for happened in case.walk.enter_pin(case.id, pin).events:
        if isinstance(happened, events.Activated):
            return happened.identity_id
    raise CannotError(text("demo.pin_refused"))


def sign_in(case: Case, identity_id: RecordId, pin: str, published: SignIn | None) -> Told:
    """Sign in as the office publishes it, then with a passcode of the resident's own."""
    if published is None:
        yield text("demo.no_sign_in")
    else:
        case.walk.sign_in(identity_id, pin=pin)
        window = published.window
        yield text(
            "demo.signed_in",
            word=case.stage.office.pin.word.value,
            by_secret=words.by(published.secret),
            window=words.lasting(window.value),
            by_window=words.by(window),
        )
    passcode = case.phone.passcode(pin)
    case.walk.set_passcode(identity_id, passcode)
    case.walk.sign_in(identity_id, passcode=passcode)
    yield text("demo.passcode")
