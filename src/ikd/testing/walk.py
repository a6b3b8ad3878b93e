"""A walk through an office's own procedure, all actors played: for tests of whole journeys.

What comes next is read from the office's file and from the record, never remembered, so a
walk that was cut off anywhere goes on where the store stands.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime

import attrs

from ikd.core.activation import commands as do
from ikd.core.activation.application import Application, Status
from ikd.core.errors import RefusedError
from ikd.core.identity import commands as living
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.records.declaration import Command
from ikd.core.resident.device import Device
from ikd.core.standard.office import Office
from ikd.core.standard.steps import next_step
from ikd.service import Result, Service
from ikd.testing.device import SoftDevice, transcript_of


def _pause() -> None:
    time.sleep(0.01)


_ROUNDS = 500  # of a walk to its PIN; ten are enough unless something owed must wait


@attrs.frozen(kw_only=True)
class Walker:
    """Whom a walk is about, and what they have.

    Attributes:
        name: Begins every key of the walk's writes.
        nik: A synthetic NIK.
        email: Where the PIN goes.
        phone: A mobile number.
        device: The phone.
        samples: A biometric sample by method.
    """

    name: str
    nik: str = attrs.field(repr=False)
    email: str = attrs.field(repr=False)
    phone: str = attrs.field(default="081234567890", repr=False)
    device: SoftDevice = attrs.field(repr=False)
    samples: Mapping[str, bytes] = attrs.field(repr=False)


@attrs.define(kw_only=True)
class Walk:
    """Walks one resident through a service.

    Attributes:
        service: The service; its delivery must run (``inline`` or ``thread``).
        office: The office and its procedure.
        walker: The resident.
        read_pin: Reads the newest PIN that was delivered, or returns ``None``.
        solve: Fills in a captcha for an application.
        now: Tells the phone's time.
        station: Where the operator sits.
        wait: Lets time pass when the case waits for something owed.
    """

    service: Service
    office: Office
    walker: Walker
    read_pin: Callable[[], str | None]
    solve: Callable[[RecordId], do.Captcha]
    now: Callable[[], datetime]
    station: str = "loket-1"
    wait: Callable[[], object] = _pause

    @property
    def resident(self) -> Actor:
        """The resident, as the front end knows them."""
        return Actor.resident(self.walker.name)

    @property
    def operator(self) -> Actor:
        """The operator at the counter."""
        return Actor.operator("operator-1", office=self.office.id, station=self.station)

    def officer(self, who: str) -> Actor:
        """Return the ministry or the operator."""
        return Actor.ministry() if who == "ministry" else self.operator

    def register(self) -> Result:
        """Register; the same registration however often it is called."""
        phone = self.walker.device
        command = do.Register(
            office=self.office.id,
            nik=self.walker.nik,
            email=self.walker.email,
            phone=self.walker.phone,
            device=Device(
                kind="smartphone",
                platform="android",
                os_version="14",
                online=True,
                key=phone.public_key,
            ),
            accepted_terms=self.office.registration.consent.value,
        )
        return self.ask(command, self.resident, "register")

    def ask(self, command: Command, actor: Actor, key: str) -> Result:
        """Ask *command* under a key of this walk."""
        return self.service.handle(command, actor=actor, key=f"{self.walker.name}/{key}")

    def proof(self, record_id: RecordId, act: str, transcript: bytes | None = None) -> bytes:
        """Return the phone's proof that it means *act*; *transcript* is the record's own."""
        kept = self.walker.device.transcripts
        if transcript and transcript not in kept:
            kept.append(transcript)  # the walk goes on in another process; a real app kept it
        challenge = self.service.challenge(record_id, act)
        return self.walker.device.proof(record_id, act, challenge, self.now(), transcript or b"")

    def to_pin(self) -> RecordId:
        """Walk until the PIN is sent; return the application."""
        application_id = self.register().id
        for _ in range(_ROUNDS):
            if self._application(application_id).status is not Status.OPEN:
                return application_id
            self.next(application_id)
        raise RefusedError("walk.stuck", "the application never comes to its PIN")

    def to_activation(self) -> RecordId:
        """Walk until the identity is active; return it."""
        application_id = self.to_pin()
        if self._application(application_id).status is Status.PIN_SENT:
            self.enter_pin(application_id)
        identity_id = self._application(application_id).identity_id
        if identity_id is None:
            raise RefusedError("walk.ended", "the application ended without an identity")
        return identity_id

    def to_passcode(self, passcode: str = "582931") -> RecordId:
        """Walk to the end: signed in where that is published, and a passcode set."""
        identity_id = self.to_activation()
        identity = self.service.get(identity_id, "identity", actor=self.resident)
        if identity.pin is not None and not identity.passcode_open:
            command = living.SignIn(
                identity_id=identity_id,
                pin=self.read_pin(),
                proof=self.proof(identity_id, "sign_in", identity.transcript),
            )
            self.ask(command, self.resident, "sign-in")
        if self.service.get(identity_id, "identity", actor=self.resident).passcode_open:
            proof = self.proof(identity_id, "set_passcode", identity.transcript)
            chosen = living.SetPasscode(identity_id=identity_id, passcode=passcode, proof=proof)
            self.ask(chosen, self.resident, "set-passcode")
        return identity_id

    def next(self, application_id: RecordId) -> None:
        """Do whatever the office's next step asks of people; deliver what it owes first."""
        self.service.deliver_due()
        application = self._application(application_id)
        if application.status is not Status.OPEN:
            return
        if application.questions:
            self.wait()
            return
        step = next_step(application.done, self.office.steps)
        if step is None:
            return
        if step.performed_by == "siak" and step.name != "presence":
            report = do.ReportStep(application_id=application_id, step=step.name, passed=True)
            self.ask(report, Actor.registry(), f"report/{step.name}")
        else:
            getattr(self, f"_{step.name}")(application, step.by)

    def _biometric(self, application: Application, _by: str) -> None:
        method = self.office.biometric.methods[0] if self.office.biometric.methods else None
        kind = method.kind if method else "face"
        command = do.SubmitBiometric(
            application_id=application.id,
            method=kind,
            moving=bool(method and method.moving),
            sample=self.walker.samples[kind],
            proof=self.proof(application.id, "submit_biometric"),
        )
        self.ask(command, self.resident, f"biometric/{application.version}")

    def _ministry_review(self, application: Application, _by: str) -> None:
        command = do.Review(application_id=application.id, verified=True, validated=True)
        self.ask(command, Actor.ministry(), "review")

    def _presence(self, application: Application, _by: str) -> None:
        if self.office.presence.direction.value == "office_reads_resident":
            token = self.walker.device.pairing_token(application.id, self.now())
            self.ask(do.ScanPairing(token=token), self.operator, f"scan/{application.version}")
            return
        token = self.service.station_token(self.office.id, self.station)
        answer = do.AnswerPairing(
            application_id=application.id,
            token=token,
            proof=self.proof(application.id, "answer_pairing", transcript_of(token)),
        )
        self.ask(answer, self.resident, f"answer/{application.version}")
        confirm = do.ConfirmPresence(
            application_id=application.id, check_code=self.walker.device.check_code(token)
        )
        self.ask(confirm, self.operator, f"confirm/{application.version}")

    def _decision(self, application: Application, by: str) -> None:
        self.ask(do.Approve(application_id=application.id), self.officer(by), "approve")

    def enter_pin(self, application_id: RecordId, pin: str | None = None) -> Result:
        """Enter *pin*, or the newest that was delivered, on the paired phone."""
        application = self._application(application_id)
        typed = pin or self._delivered_pin()
        wanted = self.office.pin.captcha.value
        command = do.EnterPin(
            application_id=application_id,
            pin=typed,
            proof=self.proof(application_id, "enter_pin", application.transcript),
            captcha=self.solve(application_id) if wanted else None,
        )
        return self.ask(command, self.resident, f"enter/{application.version}")

    def _delivered_pin(self) -> str:
        """Return the PIN that was delivered; whoever else delivers may be at it right now."""
        for _ in range(_ROUNDS):
            pin = self.read_pin()
            if pin is not None:
                return pin
            self.service.deliver_due()
            self.wait()
        raise RefusedError("walk.no_pin", "no PIN was delivered yet")

    def _application(self, application_id: RecordId) -> Application:
        return self.service.get(application_id, actor=self.resident)
