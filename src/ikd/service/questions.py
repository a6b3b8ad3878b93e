"""Asking the registry what is owed to it; its answer comes back as a command of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from ikd.core.activation import commands as activation
from ikd.core.activation.application import Application
from ikd.core.decide import Command
from ikd.core.errors import InputError, PortError, RefusedError, RegistryUnavailableError
from ikd.core.records.actor import Actor
from ikd.core.records.questions import Answer, Asked, Question, Standing
from ikd.core.resident.nik import Nik
from ikd.service.fence import fenced
from ikd.service.load import Loader
from ikd.service.outcome import SENT, VOID, Outcome
from ikd.service.parts import Parts
from ikd.service.vault import Vault

Handle = Callable[[Command, Actor, str], Any]


@attrs.frozen
class Asker:
    """Asks for one service; *handle* takes the answers."""

    parts: Parts
    handle: Handle

    def ask(self, question: Question) -> Outcome:
        """Ask *question* unless it was answered or its case ended.

        Raises:
            PortError: No answer now, or none that answers; the question stays owed.
        """
        application: Application = Loader(self.parts).known("application", question.application_id)
        if question.id not in [asked.id for asked in application.questions]:
            return VOID
        answer = self._answer(self._opened(question, application))
        if answer.standing is Standing.NOT_SYNCHRONISED:
            raise PortError("registry.not_synchronised", "ask again later", port="registry")
        return self._record(application, answer)

    def _opened(self, question: Question, application: Application) -> Asked:
        vault = Vault(self.parts)
        sample = None
        if question.sample_id is not None:
            stored = self.parts.store.secret(question.sample_id)
            sample = vault.open_sample(application, stored.value) if stored else None
        return Asked(
            question_id=question.id,
            kind=question.kind,
            office=application.office,
            nik=Nik.parse(vault.open_field(application, "nik") or ""),
            method=question.method,
            sample=sample,
        )

    def _answer(self, asked: Asked) -> Answer:
        answer = fenced(lambda: self.parts.registry.ask(asked), Answer, RegistryUnavailableError)
        if answer.question_id != asked.question_id:
            raise RegistryUnavailableError("the answer is to another question")
        return answer

    def _record(self, application: Application, answer: Answer) -> Outcome:
        command = activation.RecordAnswer(application_id=application.id, answer=answer)
        try:
            self.handle(command, Actor.registry(), f"answer/{answer.question_id}")
        except InputError as fault:  # it answers something else: never a yes or a no
            raise PortError(fault.code, "no answer to what was asked", port="registry") from fault
        except RefusedError as refusal:
            if refusal.code != "key.reused":
                raise
            return VOID  # another worker asked too and its answer, a different one, came first
        return SENT
