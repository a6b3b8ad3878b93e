"""The end of the journey: the PIN is read from the mail and entered, and the resident signs in."""

from __future__ import annotations

from pathlib import Path

from ikd.cli.exits import CannotError
from ikd.cli.journey import words
from ikd.cli.journey.acts import Told, cited
from ikd.cli.journey.case import Case
from ikd.cli.journey.mailbox import Letter
from ikd.core.activation import commands as do
from ikd.core.activation import events
from ikd.core.identity import commands as identity
from ikd.core.ids import RecordId
from ikd.core.standard.pin import Role, SignIn
from ikd.service import Result


def pin_of(letter: Letter) -> str:
    """Return the PIN that the phone's owner reads in *letter*.

    Raises:
        CannotError: There is none in it.
    """
    if letter.pin is None:
        raise CannotError("tidak ada enam angka dalam pesan / the message holds no six digits")
    return letter.pin


def press(case: Case, role: Role) -> Told:
    """Yield the press of the button of that role, where the office publishes one."""
    button = case.stage.office.pin.buttons.get(role)
    if button is not None:
        asked = ", jika diminta / if asked" if button.if_asked else ""
        yield f"menekan / presses “{button.label}” {cited(button)}{asked}"


def enter_wrong(case: Case, pin: str, out: Path) -> Told:
    """Enter a wrong PIN, where the office's limits leave another try."""
    limits = case.stage.office.pin
    if min(limits.tries_per_pin.value, limits.tries_per_application.value) < 2:
        word = limits.word.value
        yield f"{word} salah tidak diperagakan: hanya satu kesempatan / no wrong {word}: one try"
        return
    wrong = f"{(int(pin) + 1) % 1_000_000:06d}"
    refused = _enter(case, wrong, out).events[0]
    if isinstance(refused, events.PinRefused):
        left, total = refused.attempts_left, refused.tries_left
        yield (
            f"✗ {limits.word.value} salah, sisa {left} kali, {total} untuk permohonan / wrong, "
            f"{left} tries left, {total} for the application"
        )


def enter_right(case: Case, pin: str, out: Path) -> RecordId:
    """Enter the PIN of the mail and return the identity that it activates.

    Raises:
        CannotError: It was refused.
    """
    for happened in _enter(case, pin, out).events:
        if isinstance(happened, events.Activated):
            return happened.identity_id
    raise CannotError("PIN dari pesan ditolak / the PIN of the message was refused")


def _enter(case: Case, pin: str, out: Path) -> Result:
    captcha = None
    if case.stage.office.pin.captcha.value:
        puzzle = case.stage.service.captcha(case.id)
        (out / "captcha.png").write_bytes(puzzle.picture)
        captcha = do.Captcha(token=puzzle.token, text=case.stage.captcha.answer)
    command = do.EnterPin(
        application_id=case.id, pin=pin, proof=case.proof("enter_pin"), captcha=captcha
    )
    return case.handle(command, case.actor)


def sign_in(case: Case, identity_id: RecordId, pin: str, published: SignIn | None) -> Told:
    """Sign in as the office publishes it, then with a passcode of the resident's own."""
    passcode = case.phone.passcode(pin)
    if published is None:
        yield "standar ini tidak menyebut cara masuk / this standard states no sign-in"
    else:
        case.handle(
            identity.SignIn(
                identity_id=identity_id, pin=pin, proof=case.proof("sign_in", identity_id)
            ),
            case.actor,
        )
        window = published.window
        word = case.stage.office.pin.word.value
        yield (
            f"dengan {word} yang sama {cited(published.secret)}, sekali, dalam "
            f"{words.minutes(window.value)} {cited(window)} / with the same one, once"
        )
    proof = case.proof("set_passcode", identity_id)
    chosen = identity.SetPasscode(identity_id=identity_id, passcode=passcode, proof=proof)
    case.handle(chosen, case.actor)
    proof = case.proof("sign_in", identity_id)
    signed = identity.SignIn(identity_id=identity_id, passcode=passcode, proof=proof)
    case.handle(signed, case.actor)
    yield "kata sandi sendiri dibuat dan dipakai / a passcode of one's own, set and used: ••••••"
