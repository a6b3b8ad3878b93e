"""A walk through an office's own procedure, all actors played: for tests and demonstrations.

What comes next is read from the office's file and from the record, never remembered, so a
walk that was cut off anywhere goes on where the store stands.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime

import attrs

from ikd.core.activation import commands as do
from ikd.core.activation.application import Application, ApplicationStatus
from ikd.core.errors import RefusedError
from ikd.core.identity import commands as living
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.records.declaration import Command
from ikd.core.resident.device import Device
from ikd.core.resident.nik import Nik
from ikd.core.standard.biometric import Method
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.grounds import walk as grounded
from ikd.core.standard.media import FIELD_OF
from ikd.core.standard.office import Office
from ikd.core.standard.requirements import Condition
from ikd.core.standard.steps import Step, next_step
from ikd.service import Result, Service
from ikd.testing.soft_device import SoftDevice, transcript_of


def _pause() -> None:
    time.sleep(0.01)


_ROUNDS = 500  # of a walk to its PIN; ten are enough unless something owed must wait
_COMMON = frozenset({"nik", "email", "phone"})


@attrs.frozen(kw_only=True)
class Walker:
    """Whom a walk is about, and what they have.

    Attributes:
        name: Begins every key of the walk's writes.
        nik: A synthetic NIK.
        email: Where the PIN goes, if the office asks for an address.
        phone: A mobile number, if the office asks for one.
        device: The phone.
        samples: A biometric sample by method.
        facts: What they state of themselves, at the registration and when they are asked.
        more: What they fill in for fields that only this office asks for; where a field isn't
            named here, any text.
    """

    name: str
    nik: Nik | str = attrs.field(repr=False)
    email: str = attrs.field(repr=False)
    phone: str = attrs.field(repr=False)
    device: SoftDevice = attrs.field(repr=False)
    samples: Mapping[str, bytes] = attrs.field(repr=False)
    facts: Candidate = attrs.field(
        factory=lambda: Candidate(online=True, app_installed=True, family_card=True), repr=False
    )
    more: Mapping[str, str] = attrs.field(factory=dict, repr=False)

    @phone.default
    def _own_number(self) -> str:
        text = self.nik.digits if isinstance(self.nik, Nik) else self.nik
        return f"0812{text[-8:]}"

    @property
    def shown(self) -> Device:
        """The phone as its app states it."""
        return Device(
            kind="smartphone",
            platform="android",
            os_version="16",
            online=True,
            key=self.device.public_key,
        )


@attrs.frozen(kw_only=True)
class Visit:
    """What was shown at the counter.

    Attributes:
        token: Text of the QR that one side showed the other.
        check_code: The digits on the phone, which the operator compares where that is asked.
    """

    token: str = attrs.field(repr=False)
    check_code: str


@attrs.define(kw_only=True)
class Walk:
    """Walks one resident through a service.

    Attributes:
        service: The service; its delivery must run (``inline`` or ``thread``), or be asked for.
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

    @property
    def method(self) -> Method | None:
        """The first biometric method of the office that is in force today."""
        today = self.now().date()
        return next((way for way in self.office.biometric.methods if way.in_force(today)), None)

    def register(self) -> Result:
        """Register; the same registration however often it is called."""
        walker, asked = self.walker, asked_of(self.office)
        names = (rule.name for rule in self.office.registration.fields)
        command = do.Register(
            office=self.office.id,
            nik=walker.nik,
            email=walker.email if "email" in asked else None,
            phone=walker.phone if "phone" in asked else None,
            device=walker.shown,
            more={name: walker.more.get(name, "contoh") for name in names if name not in _COMMON},
            facts=walker.facts,
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
            if self._application(application_id).status is not ApplicationStatus.OPEN:
                return application_id
            self.next(application_id)
        raise RefusedError("walk.stuck", "the application never comes to its PIN")

    def to_activation(self) -> RecordId:
        """Walk until the identity is active; return it."""
        application_id = self.to_pin()
        if self._application(application_id).status is ApplicationStatus.PIN_SENT:
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
            self.sign_in(identity_id, pin=self._delivered_pin())
        if self.service.get(identity_id, "identity", actor=self.resident).passcode_open:
            self.set_passcode(identity_id, passcode)
        return identity_id

    def next(self, application_id: RecordId) -> None:
        """Do whatever the office's next step asks of people; deliver what it owes first."""
        self.service.deliver_due()
        application = self._application(application_id)
        if application.status is not ApplicationStatus.OPEN:
            return
        if application.questions:
            self.wait()
            return
        if application.asked:
            self.state(application)
            return
        step = next_step(application.done, self.office.steps)
        if step is not None:
            self.act(application, step)

    def act(self, application: Application, step: Step) -> Visit | None:
        """Do what *step* asks of somebody; of the registry nothing is, it is asked by itself."""
        if step.performed_by == "siak" and step.name != "presence":
            self._report(application, step, passed=True)
        elif step.name == "biometric":
            self._biometric(application)
        elif step.name == "ministry_review" and step.by != "registry":
            review = do.Review(application_id=application.id, verified=True, validated=True)
            self.ask(review, self.officer(step.by), "review")
        elif step.name == "presence":
            return self._visit(application)
        elif step.name == "decision":
            self.decide(application, step, passed=True)
        return None

    def state(self, application: Application) -> Result:
        """State what *application* waits for, as far as the walker can.

        Raises:
            RefusedError: They state none of it (``facts.not_asked``).
        """
        known = attrs.evolve(self.walker.facts, device=self.walker.shown)
        command = do.StateFacts(
            application_id=application.id,
            facts=known.only(application.asked_facts),
            proof=self.proof(application.id, "state_facts", application.transcript),
        )
        return self.ask(command, self.resident, f"state/{application.version}")

    def decide(self, application: Application, step: Step, *, passed: bool) -> Result:
        """Let whoever decides at this office approve or reject: an officer, or SIAK itself."""
        if step.performed_by == "siak":
            return self._report(application, step, passed=passed)
        command: Command = (
            do.Approve(application_id=application.id)
            if passed
            else do.Reject(application_id=application.id, reason="documents")
        )
        return self.ask(command, self.officer(step.by), "approve" if passed else "reject")

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

    def sign_in(
        self, identity_id: RecordId, *, pin: str | None = None, passcode: str | None = None
    ) -> Result:
        """Sign in on the paired phone with the PIN of the mail, or with the passcode."""
        identity = self.service.get(identity_id, "identity", actor=self.resident)
        command = living.SignIn(
            identity_id=identity_id,
            pin=pin,
            passcode=passcode,
            proof=self.proof(identity_id, "sign_in", identity.transcript),
        )
        return self.ask(command, self.resident, f"sign-in/{identity.version}")

    def set_passcode(self, identity_id: RecordId, passcode: str) -> Result:
        """Set the passcode that the resident chose."""
        identity = self.service.get(identity_id, "identity", actor=self.resident)
        proof = self.proof(identity_id, "set_passcode", identity.transcript)
        chosen = living.SetPasscode(identity_id=identity_id, passcode=passcode, proof=proof)
        return self.ask(chosen, self.resident, f"set-passcode/{identity.version}")

    def _report(self, application: Application, step: Step, *, passed: bool) -> Result:
        report = do.ReportStep(application_id=application.id, step=step.name, passed=passed)
        return self.ask(report, Actor.registry(), f"report/{step.name}")

    def _biometric(self, application: Application) -> None:
        method = self.method
        kind = method.kind if method else "face"
        command = do.SubmitBiometric(
            application_id=application.id,
            method=kind,
            moving=bool(method and method.moving),
            sample=self.walker.samples[kind],
            proof=self.proof(application.id, "submit_biometric", application.transcript),
        )
        self.ask(command, self.resident, f"biometric/{application.version}")

    def _visit(self, application: Application) -> Visit:
        device = self.walker.device
        if self.office.presence.direction.value == "office_reads_resident":
            token = device.pairing_token(application.id, self.now())
            self.ask(do.ScanPairing(token=token), self.operator, f"scan/{application.version}")
            return Visit(token=token, check_code=device.check_code(token))
        token = self.service.station_token(self.office.id, self.station)
        answer = do.AnswerPairing(
            application_id=application.id,
            token=token,
            proof=self.proof(application.id, "answer_pairing", transcript_of(token)),
        )
        self.ask(answer, self.resident, f"answer/{application.version}")
        visit = Visit(token=token, check_code=device.check_code(token))
        confirm = do.ConfirmPresence(application_id=application.id, check_code=visit.check_code)
        self.ask(confirm, self.operator, f"confirm/{application.version}")
        return visit

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


def asked_of(office: Office) -> set[str]:
    """Return what the office's fields or requirements ask a resident for, by its name.

    Where the text states no field it is what the media of its messages need.
    """
    kinds = (*office.pin.media_kinds, *office.rejection.media_kinds)
    needed = {FIELD_OF[kind] for kind in kinds if kind in FIELD_OF}
    fields = {rule.name for rule in office.registration.fields} or needed
    conditions = [item for _, item in grounded(office.requirements or ())]
    return fields | {
        item.fact for item in conditions if isinstance(item, Condition) and item.fact is not None
    }
