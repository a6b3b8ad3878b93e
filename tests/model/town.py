"""A town of residents and its officers, who act by what ``where`` and ``worklist`` say.

Nobody here looks into a record for what to do; a refusal is tried again later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

import ikd
from ikd import commands as do
from ikd.core.errors import IkdError
from ikd.testing.soft_device import SoftDevice

STATION = "loket-1"
SAMPLES = {"face": b"face of one", "iris": b"iris of one", "fingerprint": b"finger of one"}
MINISTRY = ikd.Actor.ministry()


@attrs.define(eq=False)
class Person:
    """One resident with a phone.

    Attributes:
        office: Where they go.
        email: Where their mail goes.
        case: Their application, once they are registered.
        identity: Their identity, once they have one.
        typed: PINs that they typed.
        settled: Whether they have a passcode.
    """

    name: str
    office: ikd.Office
    nik: str
    email: str
    phone: SoftDevice
    case: Any = None
    identity: Any = None
    typed: set[str] = attrs.field(factory=set)
    settled: bool = False

    @property
    def actor(self) -> ikd.Actor:
        """The resident, as the front end knows them."""
        return ikd.Actor.resident(self.name)

    @property
    def desk(self) -> ikd.Actor:
        """The operator of their office."""
        return ikd.Actor.operator("op-1", office=self.office.id, station=STATION)


@attrs.define
class Town:
    """Everybody, and the one service that they use.

    Attributes:
        service: The service.
        pins: Returns the PINs that came to an address, oldest first.
        solve: Fills in a captcha.
        refused: How often each refusal was met.
    """

    service: ikd.Service
    pins: Callable[[str], list[str]]
    solve: Callable[[str], do.Captcha]
    refused: Counter[str] = attrs.field(factory=Counter)
    asked: int = 0

    def lives(self, people: Iterable[Person]) -> None:
        """Let everybody do what is next for them, residents first."""
        by_case = {}
        for person in people:
            self._tries(lambda person=person: self._resident(person))
            by_case[person.case] = person
        for actor in {person.desk for person in by_case.values()} | {MINISTRY}:
            self._tries(lambda actor=actor: self._officer(actor, by_case))

    def where(self, person: Person) -> ikd.Waiting:
        """Return where *person* is told to be."""
        if person.identity is None:
            return self.service.where(person.case, actor=person.actor)
        return self.service.where(person.identity, "identity", actor=person.actor)

    def _tries(self, act: Callable[[], None]) -> None:
        try:
            act()
        except IkdError as refusal:
            self.refused[refusal.code] += 1

    def _resident(self, person: Person) -> None:
        if person.case is None:
            person.case = self._ask(_registration(person), person.actor).id
        told = self.where(person)
        if told.waits.missing == "activated":
            person.identity = self.service.get(person.case, actor=person.actor).identity_id
            told = self.where(person)
        person.settled = told.waits.missing == "nothing"
        _RESIDENT.get(told.waits.missing, _waits)(self, person)

    def _officer(self, actor: ikd.Actor, people: Mapping[Any, Person]) -> None:
        for told in self.service.worklist(actor=actor, limit=1000):
            act = _OFFICER.get(told.waits.missing)
            if act is not None and told.id in people and "turn" in told.why:
                self._tries(lambda told=told, act=act: self._ask(act(told.id), actor))

    def _ask(self, command: Any, actor: ikd.Actor) -> Any:
        self.asked += 1
        return self.service.handle(command, actor=actor, key=f"town/{self.asked}")

    def _proof(self, person: Person, act: str) -> bytes:
        """Return the phone's proof; it goes by the service's time, which it has learned."""
        record, kind = (person.identity, "identity") if person.identity else (person.case, None)
        shown = self.service.get(record, *([kind] if kind else []), actor=person.actor)
        challenge = self.service.challenge(record, act)
        pairing = shown.transcript or b""
        return person.phone.proof(record, act, challenge, self.service.now(), pairing)

    # --- what a resident does ---------------------------------------------------------------

    def samples(self, person: Person) -> None:
        sample = do.SubmitBiometric(
            application_id=person.case,
            method="face",
            moving=True,
            sample=SAMPLES["face"],
            proof=self._proof(person, "submit_biometric"),
        )
        self._ask(sample, person.actor)

    def is_cleared(self, person: Person) -> None:
        clear = do.ClearBiometric(application_id=person.case, reason="conditions")
        self._ask(clear, person.desk)
        self.samples(person)

    def visits(self, person: Person) -> None:
        now = self.service.now()
        if person.office.presence.direction.value == "office_reads_resident":
            shown = person.phone.pairing_token(person.case, now)
            self._ask(do.ScanPairing(token=shown), person.desk)
            return
        token = self.service.station_token(person.office.id, STATION)
        challenge = self.service.challenge(person.case, "answer_pairing")
        proof = person.phone.answer(person.case, token, challenge, now)
        answer = do.AnswerPairing(application_id=person.case, token=token, proof=proof)
        self._ask(answer, person.actor)
        code = person.phone.check_code(token)
        confirm = do.ConfirmPresence(application_id=person.case, check_code=code)
        self._ask(confirm, person.desk)

    def enters(self, person: Person) -> None:
        pin = self._untyped(person)
        if pin is None:
            self.asks(person)
            return
        captcha = self.solve(person.case) if person.office.pin.captcha.value else None
        proof = self._proof(person, "enter_pin")
        entered = do.EnterPin(application_id=person.case, pin=pin, proof=proof, captcha=captcha)
        self._ask(entered, person.actor)
        person.typed.add(pin)

    def asks(self, person: Person) -> None:
        proof = self._proof(person, "reissue_pin")
        self._ask(do.ReissuePin(application_id=person.case, proof=proof), person.actor)

    def asks_at_the_counter(self, person: Person) -> None:
        self._ask(do.ReissuePin(application_id=person.case), person.desk)

    def signs_in(self, person: Person) -> None:
        last = self.pins(person.email)[-1]
        proof = self._proof(person, "sign_in")
        self._ask(do.SignIn(identity_id=person.identity, pin=last, proof=proof), person.actor)

    def renews(self, person: Person) -> None:
        renewal = do.RenewSignIn(
            identity_id=person.identity, proof=self._proof(person, "renew_sign_in")
        )
        self._ask(renewal, person.actor)

    def is_reset(self, person: Person) -> None:
        shown = person.phone.pairing_token(person.identity, self.service.now())
        self._ask(do.ResetSignIn(identity_id=person.identity, token=shown), person.desk)

    def sets_passcode(self, person: Person) -> None:
        proof = self._proof(person, "set_passcode")
        chosen = do.SetPasscode(identity_id=person.identity, passcode="582931", proof=proof)
        self._ask(chosen, person.actor)

    def _untyped(self, person: Person) -> str | None:
        last = self.pins(person.email)[-1:]
        return last[0] if last and last[0] not in person.typed else None


def _waits(_town: Town, _person: Person) -> None:
    """Somebody else is next."""


_RESIDENT: Mapping[str, Callable[[Town, Person], None]] = {
    "biometric": Town.samples,
    "biometric_clearing": Town.is_cleared,
    "visit": Town.visits,
    "check_code": Town.visits,
    "pin": Town.enters,
    "new_pin": Town.asks,
    "undelivered": Town.asks,
    "pin_at_office": Town.asks_at_the_counter,
    "sign_in": Town.signs_in,
    "new_sign_in": Town.renews,
    "sign_in_reset": Town.is_reset,
    "passcode": Town.sets_passcode,
}
"""What somebody does who reads that this is missing; what takes an officer too they do there."""

_OFFICER: Mapping[str, Callable[[Any], Any]] = {
    "referral": lambda case: do.AskAgain(application_id=case),
    "review": lambda case: do.Review(application_id=case, verified=True, validated=True),
    "decision": lambda case: do.Approve(application_id=case),
}
"""What an officer does about a row of their list, without the resident."""


def _registration(person: Person) -> do.Register:
    phone = ikd.Device(
        kind="smartphone",
        platform="android",
        os_version="14",
        online=True,
        key=person.phone.public_key,
    )
    return do.Register(
        office=person.office.id,
        nik=person.nik,
        email=person.email,
        phone=f"0812{person.nik[-8:]}",
        device=phone,
    )
