"""The contract every registry keeps, as a test suite for pytest.

    class TestMyRegistry(RegistryContract):
        @pytest.fixture
        def registry(self):
            return MyRegistry(...)

        @pytest.fixture
        def nik(self):
            return Nik.parse("...")  # somebody of the registry's own test data

A fixture that you leave out skips what needs it.
"""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from ikd.core.errors import RegistryUnavailableError
from ikd.core.ids import RecordId
from ikd.core.ports import Registry
from ikd.core.records.person import Person
from ikd.core.records.questions import Answer, Asked, KtpEl, QuestionKind, RegistryStanding
from ikd.core.resident.nik import Nik
from ikd.testing.channel_contract import told

NOBODY = "9471010101709999"  # a serial that nobody was given


class RegistryContract:
    """The promises of ``ports.Registry``.

    A subclass defines the pytest fixtures ``registry``, which answers, and ``nik``, of somebody
    whom it knows, alive and with a KTP-el.
    """

    method = "face"
    """Biometric method that ``sample`` is of."""

    @pytest.fixture
    def silent_registry(self) -> Registry:
        """Give a registry that can't be reached."""
        pytest.skip("no silent registry to test")

    @pytest.fixture
    def sample(self) -> bytes:
        """Give a sample of that person by ``method``."""
        pytest.skip("no sample to ask about")

    def test_knows_a_resident(self, registry: Registry, nik: Nik) -> None:
        """A data check of a known NIK says found, the state of the KTP-el, and who it is."""
        answer = _ask(registry, _asked(nik))
        assert answer.standing is RegistryStanding.FOUND
        assert type(answer.ktp_el) is KtpEl
        assert type(answer.person) is Person

    def test_a_resident_fits_a_credential(self, registry: Registry, nik: Nik) -> None:
        """Name and birth date are ones that a credential holds; others wait for an officer."""
        person = _ask(registry, _asked(nik)).person
        assert person is not None
        assert person.unfit == ()

    def test_tells_nothing_of_an_unknown_nik(self, registry: Registry) -> None:
        """Nobody is answered with "unknown" and nothing else."""
        asked = _asked(Nik.parse(NOBODY))
        unknown = Answer(question_id=asked.question_id, standing=RegistryStanding.UNKNOWN)
        assert _ask(registry, asked) == unknown

    def test_compares_a_sample(self, registry: Registry, nik: Nik, sample: bytes) -> None:
        """A biometric question is answered with a score, never with a yes or a person."""
        asked = _asked(nik, QuestionKind.BIOMETRIC, method=self.method, sample=sample)
        answer = _ask(registry, asked)
        assert type(answer.match) is int
        assert answer.person is None

    def test_reviews_a_registration(self, registry: Registry, nik: Nik) -> None:
        """A review is answered with a plain yes or no."""
        assert type(_ask(registry, _asked(nik, QuestionKind.REVIEW)).verified) is bool

    def test_same_question_same_answer(self, registry: Registry, nik: Nik) -> None:
        """A question asked again, since its answer was lost, is answered as before."""
        assert _ask(registry, _asked(nik)) == _ask(registry, _asked(nik))

    def test_many_threads_share_it(self, registry: Registry, nik: Nik) -> None:
        """Thirty-two questions from eight threads each get the answer to themselves."""
        questions = [_asked(nik, number=number) for number in range(32)]
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda asked: _ask(registry, asked), questions))

    def test_silence_is_unavailable_and_tells_nothing(
        self, silent_registry: Registry, nik: Nik
    ) -> None:
        """No answer is an error that may pass, and its texts hold no NIK."""
        with pytest.raises(RegistryUnavailableError) as caught:
            silent_registry.ask(_asked(nik))
        assert nik.digits not in told(caught.value), "the NIK is told"

    def test_shows_no_nik(self, registry: Registry, nik: Nik) -> None:
        """Its repr holds no NIK, even after it was asked about one."""
        _ask(registry, _asked(nik))
        assert nik.digits not in f"{registry!r}{registry}", "a NIK is shown"


def _ask(registry: Registry, asked: Asked) -> Answer:
    """Return the answer, which must be one and name its question."""
    answer = registry.ask(asked)
    assert type(answer) is Answer
    assert answer.question_id == asked.question_id
    return answer


def _asked(
    nik: Nik,
    kind: QuestionKind = QuestionKind.DATA_CHECK,
    *,
    number: int = 1,
    method: str | None = None,
    sample: bytes | None = None,
) -> Asked:
    return Asked(
        question_id=RecordId(f"{number:032x}"),
        kind=kind,
        office="contoh",
        nik=nik,
        method=method,
        sample=sample,
    )
