"""A registry without SIAK: for development, trials and tests. It logs nothing."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import attrs

from ikd.adapters.registry.simulated_resident import METHODS, SimulatedResident
from ikd.core.errors import PortError, RegistryUnavailableError
from ikd.core.ids import RecordId
from ikd.core.records.questions import Answer, Asked, QuestionKind, RegistryStanding
from ikd.core.resident.nik import Nik


class Simulator:
    """Answers questions about the residents it was told of; safe to share between threads.

    A question asked again gets the same answer, even if its resident was changed since; only
    "not synchronised" is no answer and is looked up anew.

    Args:
        residents: Whom it knows; anybody else is unknown.
        latency: Seconds each question takes.
        failures: How many questions fail before the first is answered.
        sleep: What lets *latency* pass.
    """

    def __init__(
        self,
        residents: Iterable[SimulatedResident] = (),
        *,
        latency: float = 0.0,
        failures: int = 0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._latency = latency
        self._sleep = sleep
        self._lock = threading.Lock()
        self._residents: dict[Nik, SimulatedResident] = {}
        self._answered: dict[RecordId, tuple[Asked, Answer]] = {}
        self._asked: Counter[RecordId] = Counter()
        self._behind: dict[Nik, int | None] = {}
        self._failures = failures
        self._fails: Callable[[Asked], bool] | None = None
        for resident in residents:
            self.add(resident)

    def __repr__(self) -> str:
        return f"<Simulator of {len(self._residents)} residents>"

    def add(self, resident: SimulatedResident) -> None:
        """Know *resident* from now on, in place of what was known of that NIK."""
        with self._lock:
            self._residents[resident.nik] = resident
            self._behind[resident.nik] = resident.synchronised_after

    def change(self, nik: Nik, **changes: Any) -> None:  # noqa: ANN401 - any field
        """Know something else of a resident: ``change(nik, standing=Standing.DECEASED)``.

        Raises:
            PortError: The NIK is unknown here (``simulator.unknown``).
        """
        with self._lock:
            self._residents[nik] = attrs.evolve(self._known(nik), **changes)
            if "synchronised_after" in changes:
                self._behind[nik] = self._residents[nik].synchronised_after

    def synchronise(self, nik: Nik) -> None:
        """Let the warehouse have caught up with a resident.

        Raises:
            PortError: The NIK is unknown here (``simulator.unknown``).
        """
        with self._lock:
            self._known(nik)
            self._behind[nik] = 0

    def fail_next(self, count: int = 1) -> None:
        """Give no answer to the next *count* questions."""
        with self._lock:
            self._failures = count

    def fail_if(self, predicate: Callable[[Asked], bool] | None) -> None:
        """Give no answer to questions of which *predicate* is true; ``None`` ends that."""
        with self._lock:
            self._fails = predicate

    def times_asked(self, question_id: RecordId) -> int:
        """Return how often that question was asked, failures included."""
        with self._lock:
            return self._asked[question_id]

    def ask(self, asked: Asked) -> Answer:
        """Return the answer.

        Raises:
            RegistryUnavailableError: A failure was ordered, or not enough was asked.
            PortError: The id was used for another question before (``simulator.question``).
        """
        if self._latency:
            self._sleep(self._latency)
        with self._lock:
            self._asked[asked.question_id] += 1
            self._fail_on_demand(asked)
            known = self._answered.get(asked.question_id)
            if known is not None:
                return _again(known, asked)
            answer = self._answer(asked)
            if answer.standing is not RegistryStanding.NOT_SYNCHRONISED:
                # The sample served its purpose; only what tells questions apart is kept.
                self._answered[asked.question_id] = (attrs.evolve(asked, sample=None), answer)
            return answer

    def _known(self, nik: Nik) -> SimulatedResident:
        resident = self._residents.get(nik)
        if resident is None:
            raise PortError("simulator.unknown", "no such resident here", port="registry")
        return resident

    def _fail_on_demand(self, asked: Asked) -> None:
        if self._failures > 0:
            self._failures -= 1
            raise RegistryUnavailableError("a failure was ordered")
        if self._fails is not None and self._fails(asked):
            raise RegistryUnavailableError("a failure was ordered")

    def _answer(self, asked: Asked) -> Answer:
        resident = self._residents.get(asked.nik)
        if resident is None:
            return Answer(question_id=asked.question_id, standing=RegistryStanding.UNKNOWN)
        if self._is_behind(asked.nik):
            return Answer(question_id=asked.question_id, standing=RegistryStanding.NOT_SYNCHRONISED)
        if resident.standing is not RegistryStanding.FOUND:
            return Answer(question_id=asked.question_id, standing=resident.standing)
        return _about(resident, asked)

    def _is_behind(self, nik: Nik) -> bool:
        left = self._behind[nik]
        if left:
            self._behind[nik] = left - 1
        return left is None or left > 0


def _again(known: tuple[Asked, Answer], asked: Asked) -> Answer:
    before, answer = known
    if before != attrs.evolve(asked, sample=None):
        raise PortError("simulator.question", "one id, two questions", port="registry")
    return answer


def _about(resident: SimulatedResident, asked: Asked) -> Answer:
    answer = Answer(question_id=asked.question_id, standing=RegistryStanding.FOUND)
    if asked.kind is QuestionKind.DATA_CHECK:
        return attrs.evolve(answer, ktp_el=resident.ktp_el, person=resident.person)
    if asked.kind is QuestionKind.REVIEW:
        return attrs.evolve(answer, verified=resident.verified)
    if asked.method not in METHODS or not asked.sample:
        raise RegistryUnavailableError("a biometric question has a method and a sample")
    return attrs.evolve(
        answer,
        match=resident.matched(asked.method, asked.sample),
        live=resident.liveness(asked.method),
    )
