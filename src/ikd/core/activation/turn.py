"""One turn of an application: the moves that its commands share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from ikd.core.activation import events as e
from ikd.core.activation.application import Application, ApplicationStatus, PendingSample
from ikd.core.activation.lifecycle import LAW
from ikd.core.activation.weighing import AT_REGISTRATION, unsettled, verdicts, weigh
from ikd.core.errors import RefusedError
from ikd.core.records.actor import Role
from ikd.core.records.context import Context
from ikd.core.records.decision import Claim, Effects, Plan
from ikd.core.records.event import Event
from ikd.core.records.kind import Around
from ikd.core.records.phone_record import PhoneRecord
from ikd.core.records.questions import QuestionKind
from ikd.core.records.resident import CaseClosed
from ikd.core.records.turn import DEVICE_SPACE, Turn
from ikd.core.resident.device import model_name
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.findings import Finding
from ikd.core.standard.steps import Step, next_step
from ikd.core.validators import given


@attrs.frozen(kw_only=True)
class Case(Around):
    """The records that one command concerns, as loaded.

    Attributes:
        application: The application addressed; ``None`` before it is registered.
        rival: The resident's other application that holds the claims now, if any.
        active: The resident's active identity, if any.
    """

    application: Application | None = None
    rival: Application | None = None
    active: PhoneRecord | None = None


@attrs.define
class CaseTurn(Turn[Application]):
    """Moves the records of one case."""

    rival: Application | None = None
    active: PhoneRecord | None = None

    @classmethod
    def of(cls, plan: Plan, context: Context, case: Case) -> CaseTurn:
        """Return the turn of a case that is on file, or was registered just now."""
        return cls(
            plan=plan,
            context=context,
            law=LAW,
            record=given(case.application),
            resident=given(case.resident),
            rival=case.rival,
            active=case.active,
        )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        for beside in (self.rival, self.active):
            if beside is not None:
                self.plan.read(beside)

    def in_person(self, act: str, proof: bytes | None) -> bool:
        """Say whether an operator asks, the resident before them; else the phone must prove it."""
        if self.context.actor.role is Role.OPERATOR and proof is None:
            return True
        self.prove(act)
        return False

    def require(self, *statuses: ApplicationStatus) -> None:
        """Refuse unless the application has one of *statuses* (``status.refused``)."""
        if self.record.status not in statuses:
            raise RefusedError("status.refused", f"not while {self.record.status.value}")

    def require_step(self, name: str) -> Step:
        """Return the step *name* if it is the next one in the office's own order.

        Raises:
            RefusedError: Something else comes first (``step.not_next``, with its clause).
        """
        self.require(ApplicationStatus.OPEN)
        step = next_step(self.record.done, self.context.standard.steps)
        if step is None or step.name != name:
            waits = "nothing" if step is None else step.name
            clause = None if step is None else step.clause
            raise RefusedError("step.not_next", f"{waits} comes first", clause=clause)
        if self.record.referred is not None:
            raise RefusedError("step.referred", "an officer must clear the case up first")
        if self.record.asked:
            names = ", ".join(sorted(self.record.asked_facts))
            raise RefusedError(
                "step.unanswered", f"not stated yet: {names}", clause=self.record.asked[0].clause
            )
        return step

    def advance(self) -> None:
        """Ask whatever must be known before the next step: of the resident, or of the registry."""
        record, standard = self.record, self.context.standard
        opened = unsettled(record, standard)  # of a case that began before all was asked
        if opened and self.hold(weigh(standard, Candidate(), record), AT_REGISTRATION):
            return
        step = next_step(record.done, standard.steps)
        asks = {"data_check": QuestionKind.DATA_CHECK, "ministry_review": QuestionKind.REVIEW}
        if opened and record.person is not None:
            self.ask_registry(QuestionKind.DATA_CHECK)
        elif step and step.performed_by == "ikd" and step.by == "registry" and step.name in asks:
            self.ask_registry(asks[step.name])
        elif step and step.name == "decision" and self.record.person is None:
            self.ask_registry(QuestionKind.DATA_CHECK)  # no credential without a name

    def hold(self, found: Iterable[Finding], when: str) -> bool:
        """Hold the case where something is open: the resident is asked first, then an officer."""
        weighed = verdicts(found, self.record, referred=when)
        human = tuple(one for one in weighed if one.verdict == "human")
        if not all(one.is_settled or one in human for one in weighed):
            self.happen(e.FactsAsked(at=self.context.now, verdicts=weighed))
        elif human:
            self.happen(e.DataReferred(at=self.context.now, reason=when, findings=human))
        return any(not one.is_settled for one in weighed)

    def ask_registry(self, kind: QuestionKind, sample: PendingSample | None = None) -> None:
        """Owe the registry a question, which is open from now on."""
        method, sample_id = (sample.method, sample.sample_id) if sample else (None, None)
        asked = self.ask(kind, method, sample_id)
        self.happen(e.QuestionAsked(at=self.context.now, question_id=asked, question=kind))

    def words(self, whose: PhoneRecord) -> Mapping[str, str]:
        """Return the office's words, with the phone's model where it is known."""
        words = super().words(whose)
        model = whose.device_model if isinstance(whose, Application) else None
        known = model and model_name(model)  # what was registered before it was looked at so
        return {**words, "phone": known} if known else words

    def end(self, happened: Event) -> None:
        """Let the application end: its secrets die and the claims it held are released."""
        self._bury(self.record)
        self.happen(happened)
        if self.resident.running == self.record.id:
            if self.active is None or self.record.thumbprint != self.active.thumbprint:
                self.release(self.record)
            self.resident_happens(CaseClosed(at=self.context.now, application_id=self.record.id))

    def tell(self, template: str, about: Application | None = None) -> None:
        """Owe the notice of an end that came after the visit.

        Before it nobody has shown that the contact is theirs, and nobody is written to because
        a stranger typed their address: such a draft says for itself how it ended.
        """
        if "presence" in (about or self.record).done:
            self.notify(template, self.context.standard.rejection, about=about)

    def supersede(self, rival: Application) -> None:
        """Let the older running case end; the newer visit takes the claims over."""
        now = self.context.now
        self._bury(rival)
        if rival.ends_at <= now:  # time passes first: no visit beat a case that was dead
            self.plan.happen(LAW, rival, e.Expired(at=now))
            self.tell("expired", rival)
        else:
            self.plan.happen(LAW, rival, e.Withdrawn(at=now, reason="superseded"))
            self.tell("superseded", rival)
        active = self.active.thumbprint if self.active else None
        if rival.thumbprint not in (self.record.thumbprint, active):
            self.release(rival)

    def _bury(self, application: Application) -> None:
        self.end_pin(application)
        sample = (application.sample.sample_id,) if application.sample else ()
        voids = tuple(question.id for question in application.questions)
        self.plan.add(Effects(deletes=sample, voids=voids))

    def release(self, record: PhoneRecord) -> None:
        """Let the claim on the phone of *record* go."""
        held = Claim(space=DEVICE_SPACE, key=record.thumbprint, owner=record.resident_id)
        self.plan.add(Effects(releases=(held,)))
