"""A town of residents and its officers, who act by what ikd tells them and by nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

import ikd
from ikd import commands as do
from ikd.core.activation.application import Application, Status
from ikd.core.errors import IkdError
from ikd.core.identity.identity import Identity
from ikd.core.standard.steps import next_step
from ikd.testing.device import SoftDevice

STATION = "loket-1"
SAMPLES = {"face": b"face of one", "iris": b"iris of one", "fingerprint": b"finger of one"}
MINISTRY = ikd.Actor.ministry()


@attrs.define
class Person:
    """One resident with a phone.

    Attributes:
        office: Where they go.
        email: Where their mail goes.
        case: Their application, once they are registered.
        asked: Writes so far; each has a key of its own.
    """

    name: str
    office: ikd.Office
    nik: str
    email: str
    phone: SoftDevice
    case: str | None = None
    asked: int = 0

    @property
    def actor(self) -> ikd.Actor:
        """The resident, as the front end knows them."""
        return ikd.Actor.resident(self.name)


@attrs.define
class Town:
    """Everybody, and the one service that they use.

    Attributes:
        service: The service.
        now: Tells the right time.
        read_pin: Returns the newest PIN that came to an address since some time.
        solve: Fills in a captcha.
        refused: How often each refusal was met.
    """

    service: ikd.Service
    now: Callable[[], datetime]
    read_pin: Callable[[str, datetime], str | None]
    solve: Callable[[str], do.Captcha]
    refused: Counter[str] = attrs.field(factory=Counter)

    def goes_on(self, person: Person) -> None:
        """Let *person*, and whoever else it is on, do the next thing; a refusal waits."""
        try:
            if person.case is None:
                person.case = self._ask(person, self._register(person), person.actor).id
                return
            self._moves(person, self.service.get(person.case))
        except IkdError as refusal:
            self.refused[refusal.code] += 1

    def settled(self, person: Person) -> bool:
        """Say whether *person* has an identity and a passcode."""
        if person.case is None:
            return False
        application = self.service.get(person.case)
        if application.identity_id is None:
            return False
        return self.service.get(application.identity_id, "identity").passcode_id is not None

    def _moves(self, person: Person, case: Application) -> None:
        if case.identity_id is not None:
            self._signs_in(person, self.service.get(case.identity_id, "identity"))
        elif case.status is Status.PIN_SENT:
            self._enters(person, case)
        elif case.referred is not None:
            self._ask(person, do.AskAgain(application_id=case.id), self._operator(person))
        elif case.status is Status.OPEN and not case.questions:
            step = next_step(case.done, person.office.steps)
            assert step is not None
            _STEPS[step.name](self, person, case)

    def _ask(self, person: Person, command: Any, actor: ikd.Actor) -> Any:
        person.asked += 1
        return self.service.handle(command, actor=actor, key=f"{person.name}/{person.asked}")

    def _proof(self, person: Person, record: Any, act: str, transcript: bytes = b"") -> bytes:
        challenge = self.service.challenge(record.id, act)
        return person.phone.proof(record.id, act, challenge, self.now(), transcript)

    def _operator(self, person: Person) -> ikd.Actor:
        return ikd.Actor.operator("op-1", office=person.office.id, station=STATION)

    # --- what each can do -------------------------------------------------------------------

    def _register(self, person: Person) -> do.Register:
        return do.Register(
            office=person.office.id,
            nik=person.nik,
            email=person.email,
            phone="081234567890",
            device=ikd.Device(
                kind="smartphone",
                platform="android",
                os_version="14",
                online=True,
                key=person.phone.public_key,
            ),
        )

    def _samples(self, person: Person, case: Application) -> None:
        sample = do.SubmitBiometric(
            application_id=case.id,
            method="face",
            moving=True,
            sample=SAMPLES["face"],
            proof=self._proof(person, case, "submit_biometric"),
        )
        self._ask(person, sample, person.actor)

    def _reviews(self, person: Person, case: Application) -> None:
        review = do.Review(application_id=case.id, verified=True, validated=True)
        self._ask(person, review, MINISTRY)

    def _visits(self, person: Person, case: Application) -> None:
        desk = self._operator(person)
        if person.office.presence.direction.value == "office_reads_resident":
            shown = person.phone.pairing_token(case.id, self.now())
            self._ask(person, do.ScanPairing(token=shown), desk)
            return
        token = self.service.station_token(person.office.id, STATION)
        challenge = self.service.challenge(case.id, "answer_pairing")
        proof = person.phone.answer(case.id, token, challenge, self.now())
        answer = do.AnswerPairing(application_id=case.id, token=token, proof=proof)
        self._ask(person, answer, person.actor)
        code = person.phone.check_code(token)
        self._ask(person, do.ConfirmPresence(application_id=case.id, check_code=code), desk)

    def _decides(self, person: Person, case: Application) -> None:
        by = person.office.decision.by
        actor = MINISTRY if by == "ministry" else self._operator(person)
        self._ask(person, do.Approve(application_id=case.id), actor)

    def _enters(self, person: Person, case: Application) -> None:
        pin = self.read_pin(person.email, case.pin_at or self.now())
        transcript = case.transcript or b""
        if case.pin is None or pin is None:
            proof = self._proof(person, case, "reissue_pin", transcript)
            self._ask(person, do.ReissuePin(application_id=case.id, proof=proof), person.actor)
            return
        wanted = person.office.pin.captcha.value
        proof = self._proof(person, case, "enter_pin", transcript)
        captcha = self.solve(case.id) if wanted else None
        entered = do.EnterPin(application_id=case.id, pin=pin, proof=proof, captcha=captcha)
        self._ask(person, entered, person.actor)

    def _signs_in(self, person: Person, identity: Identity) -> None:
        transcript = identity.transcript or b""
        if identity.passcode_open:
            proof = self._proof(person, identity, "set_passcode", transcript)
            chosen = do.SetPasscode(identity_id=identity.id, passcode="582931", proof=proof)
            self._ask(person, chosen, person.actor)
        elif identity.pin is not None:
            proof = self._proof(person, identity, "sign_in", transcript)
            pin = self.read_pin(person.email, self.now() - timedelta(days=2))
            signing = do.SignIn(identity_id=identity.id, pin=pin, proof=proof)
            self._ask(person, signing, person.actor)
        elif identity.passcode_id is None:
            proof = self._proof(person, identity, "renew_sign_in", transcript)
            self._ask(person, do.RenewSignIn(identity_id=identity.id, proof=proof), person.actor)


_STEPS: Mapping[str, Callable[[Town, Person, Application], None]] = {
    "biometric": Town._samples,
    "ministry_review": Town._reviews,
    "presence": Town._visits,
    "decision": Town._decides,
}
