"""One turn of an application: the records at hand and the moves all commands share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from ikd.core.activation import events as e
from ikd.core.activation.application import Application, PendingSample, Status
from ikd.core.activation.lifecycle import evolve
from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId, draw_id
from ikd.core.records.context import Context
from ikd.core.records.decision import Claim
from ikd.core.records.notices import Notice
from ikd.core.records.plan import Plan
from ikd.core.records.questions import Question, QuestionKind
from ikd.core.records.resident import CaseClosed, Resident, evolve_resident
from ikd.core.standard.media import Rejection
from ikd.core.standard.office import Office
from ikd.core.standard.pin import Pin
from ikd.core.standard.steps import Step, next_step


def office_words(standard: Office) -> Mapping[str, str]:
    """Return the words that residents of this office read."""
    return {
        "word": standard.pin.word.value,
        "resident": standard.person,
        "office": standard.name,
    }


DEVICE_SPACE = "device"
NIK_SPACE = "nik"


@attrs.frozen(kw_only=True)
class Case:
    """The records that one command concerns, as loaded.

    Attributes:
        application: The application addressed; ``None`` before it is registered.
        resident: Its resident; ``None`` for a NIK never met.
        rival: The resident's other application that holds the claims now, if any.
        identity_thumbprint: Device of the resident's active identity, if any.
    """

    application: Application | None = None
    resident: Resident | None = None
    rival: Application | None = None
    identity_thumbprint: bytes | None = None


@attrs.define
class Turn:
    """Moves the records of one case; every move goes through an event."""

    plan: Plan
    context: Context
    application: Application
    resident: Resident
    rival: Application | None = None
    identity_thumbprint: bytes | None = None

    @classmethod
    def of(cls, plan: Plan, context: Context, case: Case) -> Turn:
        """Return the turn of a case that is on file; all its records count as read."""
        assert case.application is not None  # noqa: S101 - Register has a door of its own
        assert case.resident is not None  # noqa: S101
        plan.read("application", case.application)
        plan.read("resident", case.resident)
        if case.rival is not None:
            plan.read("application", case.rival)
        return cls(
            plan,
            context,
            case.application,
            case.resident,
            case.rival,
            case.identity_thumbprint,
        )

    def happen(self, happened: e.Event) -> None:
        """Let *happened* happen to the application."""
        self.application = self.plan.happen("application", self.application, happened, evolve)

    def resident_happens(self, happened: Any) -> None:  # noqa: ANN401
        """Let *happened* happen to the resident's record."""
        self.resident = self.plan.happen("resident", self.resident, happened, evolve_resident)

    def require(self, *statuses: Status) -> None:
        """Refuse unless the application has one of *statuses* (``status.refused``)."""
        if self.application.status not in statuses:
            raise RefusedError("status.refused", f"not while {self.application.status.value}")

    def require_step(self, name: str) -> Step:
        """Return the step *name* if it is the next one in the office's own order.

        Raises:
            RefusedError: Something else comes first (``step.not_next``, with its clause).
        """
        self.require(Status.OPEN)
        step = next_step(self.application.done, self.context.standard.steps)
        if step is None or step.name != name:
            waits = "nothing" if step is None else step.name
            clause = None if step is None else step.clause
            raise RefusedError("step.not_next", f"{waits} comes first", clause=clause)
        if self.application.referred is not None:
            raise RefusedError("step.referred", "an officer must clear the case up first")
        return step

    def advance(self) -> None:
        """Ask the registry whatever the next step needs of it."""
        step = next_step(self.application.done, self.context.standard.steps)
        asks = {"data_check": QuestionKind.DATA_CHECK, "ministry_review": QuestionKind.REVIEW}
        if step and step.performed_by == "ikd" and step.by == "registry" and step.name in asks:
            self.ask(asks[step.name])
        elif step and step.name == "decision" and self.application.person is None:
            self.ask(QuestionKind.DATA_CHECK)  # no credential without a name, whatever the file

    def ask(self, kind: QuestionKind, sample: PendingSample | None = None) -> None:
        """Owe the registry a question."""
        question = Question(
            id=draw_id(self.context.entropy, f"question/{kind.value}"),
            kind=kind,
            record_kind="application",
            record_id=self.application.id,
            method=sample.method if sample else None,
            sample_id=sample.sample_id if sample else None,
        )
        self.happen(e.QuestionAsked(at=self.context.now, question_id=question.id, question=kind))
        self.plan.questions.append(question)

    def notify(
        self, template: str, told: Pin | Rejection, *, about: Application | None = None
    ) -> None:
        """Owe a notice without a PIN, by the media and in the name that *told* publishes.

        It goes to the resident of *about*, this application unless told.
        """
        whose = about or self.application
        self.plan.notices.append(
            Notice(
                id=draw_id(self.context.entropy, f"notice/{template}/{whose.id}"),
                template=template,
                kind="application",
                record_id=whose.id,
                media=told.media_kinds,
                sender=self.sender(told),
                params=self.words(whose),
            )
        )

    def notify_activated(self) -> None:
        """Owe the notice that the identity is active."""
        self.notify("activated", self.context.standard.pin)

    def sender(self, told: Pin | Rejection) -> str:
        """Return whom the standard names as sender, or else the office itself."""
        return told.sender.value if told.sender else self.context.standard.name

    def words(self, whose: Application) -> Mapping[str, str]:
        """Return the office's words that every text may need."""
        words = office_words(self.context.standard)
        return {**words, "phone": whose.device_model} if whose.device_model else words

    def end(self, happened: e.Event) -> None:
        """Let the application end: its secrets die and the claims it held are released."""
        self._bury(self.application)
        self.happen(happened)
        if self.resident.running == self.application.id:
            self._release(self.application, keep=self.identity_thumbprint)
            self.resident_happens(
                CaseClosed(at=self.context.now, application_id=self.application.id)
            )

    def supersede(self, rival: Application) -> None:
        """Let the older running case end; the newer visit takes the claims over."""
        now = self.context.now
        self._bury(rival)
        if (
            rival.ends_at <= now
        ):  # time passes first: nobody is told of a visit that beat a dead case
            self.plan.happen("application", rival, e.Expired(at=now), evolve)
        else:
            withdrawn = e.Withdrawn(at=now, reason="superseded")
            self.plan.happen("application", rival, withdrawn, evolve)
            self.notify("superseded", self.context.standard.rejection, about=rival)
        if rival.thumbprint not in (self.application.thumbprint, self.identity_thumbprint):
            self._release(rival, keep=None)

    def _bury(self, application: Application) -> None:
        if application.pin is not None:
            self.forget_pin(application.pin.id)
        if application.sample is not None:
            self.plan.deletes.append(application.sample.sample_id)
        self.plan.voids.extend(question.id for question in application.questions)

    def forget_pin(self, pin_id: RecordId) -> None:
        """Delete a dead PIN's verifier and void its undelivered notices."""
        self.plan.deletes.append(pin_id)
        self.plan.voids.append(pin_id)

    def _release(self, application: Application, *, keep: bytes | None) -> None:
        if application.thumbprint != keep:
            owner = application.resident_id
            self.plan.releases.append(
                Claim(space=DEVICE_SPACE, key=application.thumbprint, owner=owner)
            )
