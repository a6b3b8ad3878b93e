"""What every registry must do: subclass ``RegistryContract`` in your tests.

    class TestMine(RegistryContract):
        def make_registry(self) -> Registry:
            return MyRegistry(...)

        def known_nik(self) -> Nik:
            return Nik.parse("...")  # somebody of the registry's own test data

pytest runs what begins with ``test_``. A hook that you leave out skips what needs it.
"""

from __future__ import annotations

import unittest
from concurrent.futures import ThreadPoolExecutor

from ikd.core.errors import RegistryUnavailableError
from ikd.core.ids import RecordId
from ikd.core.ports import Registry
from ikd.core.records.questions import Answer, Asked, KtpEl, Person, QuestionKind, Standing
from ikd.core.resident.nik import Nik
from ikd.testing.channel import told

NOBODY = "9471010101709999"  # a serial that nobody was given


class RegistryContract:
    """The promises of ``ports.Registry``."""

    method = "face"
    """Biometric method that ``known_sample`` is of."""

    def make_registry(self) -> Registry:
        """Return a registry that answers."""
        raise NotImplementedError

    def make_silent_registry(self) -> Registry:
        """Return a registry that can't be reached."""
        raise unittest.SkipTest("no silent registry to test")

    def known_nik(self) -> Nik:
        """Return the NIK of somebody whom the registry knows, alive and with a KTP-el."""
        raise NotImplementedError

    def known_sample(self) -> bytes:
        """Return a sample of that person by ``method``."""
        raise unittest.SkipTest("no sample to ask about")

    def test_knows_a_resident(self) -> None:
        """A data check of a known NIK says found, the state of the KTP-el, and who it is."""
        asked = _asked(self.known_nik())
        answer = self.make_registry().ask(asked)
        _expect_typed(answer, asked)
        _expect(answer.standing is Standing.FOUND, "found")
        _expect(type(answer.ktp_el) is KtpEl, "the state of the KTP-el")
        _expect(type(answer.person) is Person, "the person")

    def test_tells_nothing_of_an_unknown_nik(self) -> None:
        """Nobody is answered with "unknown" and nothing else."""
        asked = _asked(Nik.parse(NOBODY))
        answer = self.make_registry().ask(asked)
        _expect_typed(answer, asked)
        unknown = Answer(question_id=asked.question_id, standing=Standing.UNKNOWN)
        _expect(answer == unknown, "unknown, and nothing else")

    def test_compares_a_sample(self) -> None:
        """A biometric question is answered with a score, never with a yes."""
        asked = _asked(
            self.known_nik(), QuestionKind.BIOMETRIC, method=self.method, sample=self.known_sample()
        )
        answer = self.make_registry().ask(asked)
        _expect_typed(answer, asked)
        _expect(type(answer.match) is int, "a score")
        _expect(answer.person is None, "no person where none was asked for")

    def test_reviews_a_registration(self) -> None:
        """A review is answered with a plain yes or no."""
        asked = _asked(self.known_nik(), QuestionKind.REVIEW)
        answer = self.make_registry().ask(asked)
        _expect_typed(answer, asked)
        _expect(type(answer.verified) is bool, "a yes or no")

    def test_same_question_same_answer(self) -> None:
        """A question asked again, since its answer was lost, is answered as before."""
        registry, asked = self.make_registry(), _asked(self.known_nik())
        _expect(registry.ask(asked) == registry.ask(asked), "the same answer")

    def test_many_threads_share_it(self) -> None:
        """Thirty-two questions from eight threads each get the answer to themselves."""
        registry = self.make_registry()
        questions = [_asked(self.known_nik(), number=number) for number in range(32)]
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(registry.ask, questions))
        for asked, answer in zip(questions, answers, strict=True):
            _expect_typed(answer, asked)

    def test_silence_is_unavailable_and_tells_nothing(self) -> None:
        """No answer is an error that may pass, and its texts hold no NIK."""
        nik = self.known_nik()
        error = _silence(self.make_silent_registry(), _asked(nik))
        _expect(nik.digits not in told(error), "the NIK is told")

    def test_shows_no_nik(self) -> None:
        """Its repr holds no NIK, before and after it was asked about one."""
        registry, nik = self.make_registry(), self.known_nik()
        registry.ask(_asked(nik))
        _expect(nik.digits not in f"{registry!r}{registry}", "a NIK is shown")


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


def _silence(registry: Registry, asked: Asked) -> RegistryUnavailableError:
    try:
        registry.ask(asked)
    except RegistryUnavailableError as error:
        return error
    raise AssertionError("a silent registry answered")


def _expect_typed(answer: Answer, asked: Asked) -> None:
    _expect(type(answer) is Answer, "an Answer, nothing that looks like one")
    _expect(answer.question_id == asked.question_id, "it names its question")


def _expect(held: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not held:
        raise AssertionError(what)
