"""One resident's case: a walk through the office, its outbox emptied, its progress looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs

from ikd.adapters.system import SystemClock, system_entropy
from ikd.cli.failures import CannotError
from ikd.cli.journey.delivered_mail import Arrived, MailBox
from ikd.cli.journey.people import STATION, DemoCaptcha, PlayedPhone, Siak, newcomers
from ikd.cli.language import text
from ikd.cli.output import put
from ikd.cli.screen import Screen
from ikd.core.activation import commands as do
from ikd.core.activation.application import Application, ApplicationStatus
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.standard.office import Office
from ikd.core.standard.steps import Step
from ikd.service import Service
from ikd.testing.walk import Walk, Walker

_ROUNDS = 20  # of delivery: more than any case owes at once
_TRIED = 100  # invented residents met before giving up
_ENDED = frozenset(
    {
        ApplicationStatus.REJECTED,
        ApplicationStatus.WITHDRAWN,
        ApplicationStatus.EXPIRED,
        ApplicationStatus.LOCKED,
    }
)


@attrs.frozen(kw_only=True)
class Stage:
    """What all cases of one journey share.

    Attributes:
        office: The office.
        service: The service, which delivers only when it is told to.
        siak: The registry.
        box: Where mail goes.
        captcha: Makes the pictures.
        screen: Where the journey is told.
        out: Folder of the results.
    """

    office: Office
    service: Service
    siak: Siak
    box: MailBox
    captcha: DemoCaptcha
    screen: Screen
    out: Path


@attrs.define
class PlayedCase:
    """One resident's application, and the walk that brings it on."""

    stage: Stage
    phone: PlayedPhone
    walk: Walk
    id: RecordId = attrs.field(default=RecordId(""))

    @property
    def application(self) -> Application:
        """The application as it is now."""
        return self.stage.service.get(self.id, actor=Actor.system())

    def ahead(self) -> tuple[Step, ...]:
        """Return the office's steps, those aside that weren't in force when it was registered."""
        office = self.stage.office
        waived = office.waived_on(self.application.registered_at.astimezone(office.tz).date())
        return tuple(step for step in office.steps if step.name not in waived)

    @property
    def letters(self) -> tuple[Arrived, ...]:
        """What the resident has received, oldest first."""
        return self.stage.box.of(self.phone.addresses)

    def settle(self, done: Callable[[Application], bool]) -> Application:
        """Deliver from the outbox until *done* says so of the application, or nothing moves."""
        for _ in range(_ROUNDS):
            if done(self.application) or not self.stage.service.deliver_due().moved:
                break
        return self.application

    def wait_for_letter(self, seen: int) -> Arrived:
        """Deliver until there are more letters than *seen*, and read the newest.

        Raises:
            CannotError: None came: no medium of the office reaches this resident.
        """
        self.settle(lambda _: len(self.letters) > seen)
        letters = self.letters
        if len(letters) > seen:
            return letters[-1]
        raise CannotError(text("demo.no_message"))


def open_case(stage: Stage) -> PlayedCase:
    """Register somebody whom the store has never met.

    Raises:
        CannotError: Everybody tried was known already.
        RefusedError: The office refuses the registration.
    """
    for place, resident in newcomers(stage.service, stage.office, limit=_TRIED):
        phone = PlayedPhone(resident, place, system_entropy)
        case = PlayedCase(stage, phone, _walk(stage, phone))
        stage.siak.add(resident)
        stage.box.known.update(phone.addresses)
        case.id = case.walk.register().id
        if _is_new(case):
            return case
        withdrawal = do.Withdraw(application_id=case.id, proof=case.walk.proof(case.id, "withdraw"))
        case.walk.ask(withdrawal, case.walk.resident, "withdraw")
    raise CannotError(text("demo.everybody"))


def check_alive(case: PlayedCase) -> None:
    """Say why a case that can't go on can't.

    Raises:
        CannotError: It was referred to an officer, or has ended.
    """
    application = case.application
    if application.referred is not None:
        raise CannotError(text("demo.referred", why=application.referred))
    if application.status in _ENDED:
        raise CannotError(text("demo.ended", status=application.status.value))


def _walk(stage: Stage, phone: PlayedPhone) -> Walk:
    own = "".join(chr(97 + byte % 26) for byte in system_entropy(12))
    walker = Walker(
        name=f"warga-{own}",  # letters: an actor's name holds no long number
        nik=phone.owner.nik.digits,
        email=phone.email.address,
        phone=phone.number.e164,
        device=phone.soft,
        samples=phone.owner.recorded,
    )

    def solve(record_id: RecordId) -> do.Captcha:
        puzzle = stage.service.captcha(record_id)
        put(stage.out / "captcha.png", puzzle.picture)
        return do.Captcha(token=puzzle.token, text=stage.captcha.answer)

    return Walk(
        service=stage.service,
        office=stage.office,
        walker=walker,
        read_pin=lambda: next(
            (one.letter.pin for one in stage.box.of(phone.addresses)[::-1]), None
        ),
        solve=solve,
        now=SystemClock().now,
        station=STATION,
    )


def _is_new(case: PlayedCase) -> bool:
    # Say whether this registration opened the resident's record: drafts of one NIK coexist.
    application = case.application
    history = case.stage.service.history(application.resident_id, "resident", actor=Actor.system())
    opened = history[0].event
    return bool(opened.at == application.registered_at)
