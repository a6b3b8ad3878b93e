"""One resident's case: commands go in, the outbox is emptied, and progress is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from ikd.cli.exits import CannotError
from ikd.cli.journey.people import Siak, newcomers
from ikd.cli.journey.demo_captcha import DemoCaptcha
from ikd.cli.journey.mailbox import Letter, MailBox
from ikd.cli.journey.phone import Phone
from ikd.cli.screen import Screen
from ikd.core.activation import commands as do
from ikd.core.activation.application import Application, Status
from ikd.core.decide import Command
from ikd.core.ids import RecordId
from ikd.core.ports import Entropy
from ikd.core.records.actor import Actor
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.office import Office
from ikd.service import Result, Service

_ROUNDS = 20  # of delivery: more than any case owes at once
_TRIED = 100  # invented residents met before giving up


@attrs.frozen(kw_only=True)
class Stage:
    """What all cases of one journey share.

    Attributes:
        office: The office.
        service: The service, which delivers only when it is told to.
        siak: The registry.
        box: Where mail goes.
        captcha: Makes the pictures.
        entropy: Where keys and names of writes come from.
        screen: Where the journey is told.
    """

    office: Office
    service: Service
    siak: Siak
    box: MailBox
    captcha: DemoCaptcha
    entropy: Entropy
    screen: Screen


@attrs.define
class Case:
    """One resident's application."""

    stage: Stage
    phone: Phone
    id: RecordId = attrs.field(default=RecordId(""))

    @property
    def actor(self) -> Actor:
        """The resident, as a front end would name them."""
        return Actor.resident(f"warga-{self.phone.place}")

    @property
    def application(self) -> Application:
        """The application as it is now."""
        found: Application = self.stage.service.get(self.id)
        return found

    @property
    def letters(self) -> tuple[Letter, ...]:
        """What the resident has received, oldest first."""
        return self.stage.box.letters(self.phone.addresses)

    def handle(self, command: Command, actor: Actor) -> Result:
        """Write under a key of its own."""
        key = f"demo/{self.stage.entropy(8).hex()}"
        return self.stage.service.handle(command, actor=actor, key=key)

    def proof(self, act: str, record_id: RecordId | None = None) -> bytes:
        """Return the phone's proof of *act*, on the application unless told."""
        return self.phone.proof(self.stage.service, record_id or self.id, act)

    def settle(self, done: Callable[[Application], bool]) -> Application:
        """Deliver from the outbox until *done* says so of the application, or nothing moves."""
        for _ in range(_ROUNDS):
            if done(self.application) or not self.stage.service.deliver_due().moved:
                break
        return self.application

    def wait_for_letter(self, seen: int) -> Letter:
        """Deliver until there are more letters than *seen*, and read the newest.

        Raises:
            CannotError: None came: no medium of the office reaches this resident.
        """
        self.settle(lambda _: len(self.letters) > seen)
        letters = self.letters
        if len(letters) > seen:
            return letters[-1]
        raise CannotError(
            "tidak ada kabar yang sampai: tak satu pun media kantor ini mencapai isian yang ada / "
            "no message arrived: no medium of this office reaches what the resident filled in"
        )


def open_case(stage: Stage) -> Case:
    """Register somebody whom the store has never met.

    Raises:
        CannotError: Everybody tried was known already.
        RefusedError: The office refuses the registration.
    """
    for place, resident in newcomers(stage.service, stage.office, limit=_TRIED):
        case = Case(stage, Phone(resident, place, stage.office, stage.entropy))
        stage.siak.add(resident)
        stage.box.know(case.phone.addresses)
        case.id = case.handle(_registration(case), case.actor).id
        if _is_new(case):
            return case
        withdrawal = do.Withdraw(application_id=case.id, proof=case.proof("withdraw"))
        case.handle(withdrawal, case.actor)
    raise CannotError("semua orang rekaan sudah terdaftar / everybody invented is registered")


def _is_new(case: Case) -> bool:
    """Say whether this registration opened the resident's record: drafts of one NIK coexist."""
    application = case.application
    opened: Any = case.stage.service.history(application.resident_id, "resident")[0].event
    return bool(opened.at == application.registered_at)


def _registration(case: Case) -> do.Register:
    office, phone = case.stage.office, case.phone
    own = [rule for rule in office.registration.fields if rule.name not in _COMMON]
    return do.Register(
        office=office.id,
        nik=phone.owner.nik,
        email=phone.email,
        phone=phone.number,
        device=phone.device,
        more={rule.name: "contoh / sample" for rule in own},
        facts=Candidate(online=True, app_installed=True, family_card=True),
        accepted_terms=office.registration.consent.value,
    )


_COMMON = frozenset({"nik", "email", "phone"})
_ENDED = frozenset({Status.REJECTED, Status.WITHDRAWN, Status.EXPIRED, Status.LOCKED})


def check_alive(case: Case) -> None:
    """Say why a case that can't go on can't.

    Raises:
        CannotError: It was referred to an officer, or has ended.
    """
    application = case.application
    if application.referred is not None:
        raise CannotError(
            f"register merujuk ke petugas / the registry refers to an officer: "
            f"{application.referred}"
        )
    if application.status in _ENDED:
        raise CannotError(
            f"permohonan berakhir / the application ended: {application.status.value}; syarat "
            "kantor ini tidak cocok dengan orang rekaan / the office's requirements don't fit "
            "the invented resident"
        )
