"""Asking the registry what is owed to it; its answer comes back as a command of its own."""

from __future__ import annotations

import attrs

from ikd.core.errors import InputError, PortError, RefusedError, RegistryUnavailableError
from ikd.core.ports import Done, OutboxItem, Settled
from ikd.core.records.actor import Actor
from ikd.core.records.phone_record import SealedRecord
from ikd.core.records.questions import Answer, Asked, Question, RegistryStanding
from ikd.core.resident.nik import Nik
from ikd.service.adapter_call import fenced
from ikd.service.delivery_outcome import VOID, DeliveryOutcome, Handle
from ikd.service.load import Loader
from ikd.service.owed import read_owed
from ikd.service.parts import Parts
from ikd.service.sealed_fields import Vault


@attrs.frozen
class Asker:
    """Asks for one service; *handle* takes the answers."""

    parts: Parts
    handle: Handle

    def ask(self, item: OutboxItem) -> DeliveryOutcome:
        """Ask a question unless it was answered or its case ended.

        Raises:
            PortError: No answer now, or none that answers; the question stays owed.
        """
        question = read_owed(item.payload, Question)
        record = Loader(self.parts).sealed(question.record_kind, question.record_id)
        if question.id not in [asked.id for asked in record.questions]:
            return VOID
        answer = self._answer(self._opened(question, record))
        if answer.standing is RegistryStanding.NOT_SYNCHRONISED:
            raise PortError("registry.not_synchronised", "ask again later", port="registry")
        return self._record(item, question, answer)

    def _opened(self, question: Question, record: SealedRecord) -> Asked:
        vault = Vault(self.parts)
        sample = None
        if question.sample_id is not None:
            stored = self.parts.store.secret(question.sample_id)
            sample = vault.open_sample(record, stored.value) if stored else None
        return Asked(
            question_id=question.id,
            kind=question.kind,
            office=record.office,
            nik=Nik.parse(vault.open_field(record, "nik") or ""),
            method=question.method,
            sample=sample,
        )

    def _answer(self, asked: Asked) -> Answer:
        registry = self.parts.registry
        answer = fenced(lambda: registry.ask(asked), Answer, RegistryUnavailableError)
        if answer.question_id != asked.question_id:
            raise RegistryUnavailableError("the answer is to another question")
        return answer

    def _record(self, item: OutboxItem, question: Question, answer: Answer) -> DeliveryOutcome:
        """Let the answer's own commit end the lease of its question."""
        answered = self.parts.kinds.named(question.record_kind).answered
        assert answered is not None  # noqa: S101 - a kind that asks takes answers
        ends = Settled(id=item.id, lease=item.lease, done=Done.SENT, at=self.parts.clock.now())
        command, key = answered(question.record_id, answer), f"answer/{answer.question_id}"
        try:
            handled = self.handle(command, Actor.registry(), key, (ends,))
        except InputError as fault:  # it answers something else: never a yes or a no
            raise PortError(fault.code, "no answer to what was asked", port="registry") from fault
        except RefusedError as refusal:
            if refusal.code != "key.reused":
                raise
            return VOID  # another worker asked too and its answer, a different one, came first
        return DeliveryOutcome(done=Done.SENT, settled=True, owed=handled.owed)
