"""The simulated registry answers as it was told to, and fails when it was told to."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.adapters.registry import SimulatedResident, Simulator, people
from ikd.adapters.registry.simulated_resident import likeness
from ikd.core.errors import InputError, PortError, RegistryUnavailableError
from ikd.core.ids import RecordId
from ikd.core.records.questions import Answer, Asked, KtpEl, QuestionKind, RegistryStanding
from ikd.core.resident.nik import Nik, Sex
from ikd.testing.registry_contract import RegistryContract

WOMAN = Nik.parse("1376015708909901")
FACE = bytes(range(100))


def resident(**changes: Any) -> SimulatedResident:
    fields: dict[str, Any] = {
        "nik": WOMAN,
        "name": "Sari Contohwati",
        "birth_date": date(1990, 8, 17),
        "recorded": {"face": FACE},
    }
    return SimulatedResident(**(fields | changes))


def asked(kind: QuestionKind = QuestionKind.DATA_CHECK, number: int = 1, **changes: Any) -> Asked:
    fields: dict[str, Any] = {"nik": WOMAN, "office": "payakumbuh"}
    return Asked(question_id=RecordId(f"{number:032x}"), kind=kind, **(fields | changes))


def face(sample: bytes, number: int = 1, method: str = "face") -> Asked:
    return asked(QuestionKind.BIOMETRIC, number, method=method, sample=sample)


class TestSimulatorKeepsTheContract(RegistryContract):
    @pytest.fixture
    def registry(self) -> Simulator:
        return Simulator([resident()])

    @pytest.fixture
    def silent_registry(self) -> Simulator:
        return Simulator([resident()], failures=100)

    @pytest.fixture
    def nik(self) -> Nik:
        return WOMAN

    @pytest.fixture
    def sample(self) -> bytes:
        return FACE


def test_a_data_check_tells_the_card_and_the_person() -> None:
    simulator = Simulator([resident(ktp_el=KtpEl.RECORDED)])
    answer = simulator.ask(asked())
    assert answer.standing is RegistryStanding.FOUND
    assert answer.ktp_el is KtpEl.RECORDED
    assert answer.person is not None
    assert answer.person.name == "Sari Contohwati"
    assert answer.person.sex is Sex.FEMALE
    assert answer.person.birth_date == date(1990, 8, 17)
    assert (answer.match, answer.live, answer.verified) == (None, None, None)


@pytest.mark.parametrize(
    "standing",
    [
        RegistryStanding.UNKNOWN,
        RegistryStanding.DECEASED,
        RegistryStanding.INACTIVE,
        RegistryStanding.SEVERAL,
    ],
)
@pytest.mark.parametrize("kind", list(QuestionKind))
def test_whoever_is_not_plainly_found_is_told_nothing_of(
    standing: RegistryStanding, kind: QuestionKind
) -> None:
    simulator = Simulator([resident(standing=standing)])
    question = asked(kind, method="face", sample=FACE)
    assert simulator.ask(question) == Answer(question_id=question.question_id, standing=standing)


def test_the_recorded_face_matches_and_another_does_not() -> None:
    simulator = Simulator([resident()])
    assert simulator.ask(face(FACE, 1)).match == 97
    assert simulator.ask(face(FACE, 1)).live == 96
    assert simulator.ask(face(bytes(100)[::-1] + b"\x01", 2)).match == 0
    assert simulator.ask(face(FACE[:-1] + b"\x00", 3)).match == 96


def test_a_method_that_was_never_recorded_matches_nothing() -> None:
    assert Simulator([resident()]).ask(face(FACE, method="iris")).match == 0


def test_scores_can_be_told() -> None:
    simulator = Simulator([resident(match={"face": 12}, live={"face": None, "iris": 3})])
    answer = simulator.ask(face(FACE))
    assert (answer.match, answer.live) == (12, None)
    assert simulator.ask(face(b"x", 2, method="iris")).live == 3


@pytest.mark.parametrize(
    "question",
    [
        asked(QuestionKind.BIOMETRIC, sample=FACE),
        asked(QuestionKind.BIOMETRIC, method="gait", sample=FACE),
        asked(QuestionKind.BIOMETRIC, method="face"),
        asked(QuestionKind.BIOMETRIC, method="face", sample=b""),
    ],
)
def test_half_a_biometric_question_gets_no_answer(question: Asked) -> None:
    with pytest.raises(RegistryUnavailableError):
        Simulator([resident()]).ask(question)


def test_a_review_stands_unless_told() -> None:
    assert Simulator([resident()]).ask(asked(QuestionKind.REVIEW)).verified is True
    simulator = Simulator([resident(verified=False)])
    assert simulator.ask(asked(QuestionKind.REVIEW)).verified is False


def test_a_question_asked_again_is_answered_as_before_whatever_changed() -> None:
    simulator = Simulator([resident()])
    before = simulator.ask(asked())
    simulator.change(WOMAN, standing=RegistryStanding.DECEASED)
    assert simulator.ask(asked()) == before
    assert simulator.ask(asked(number=2)).standing is RegistryStanding.DECEASED
    assert simulator.times_asked(asked().question_id) == 2
    assert simulator.times_asked(RecordId("f" * 32)) == 0


def test_one_id_is_one_question() -> None:
    simulator = Simulator([resident()])
    simulator.ask(asked())
    with pytest.raises(PortError, match=r"simulator\.question"):
        simulator.ask(asked(QuestionKind.REVIEW))


def test_the_warehouse_catches_up_after_some_questions() -> None:
    simulator = Simulator([resident(synchronised_after=2)])
    standings = [simulator.ask(asked()).standing for _ in range(3)]
    assert standings == [RegistryStanding.NOT_SYNCHRONISED] * 2 + [RegistryStanding.FOUND]


def test_the_warehouse_catches_up_when_told() -> None:
    simulator = Simulator([resident(synchronised_after=None)])
    assert {simulator.ask(asked()).standing for _ in range(5)} == {
        RegistryStanding.NOT_SYNCHRONISED
    }
    simulator.synchronise(WOMAN)
    assert simulator.ask(asked()).standing is RegistryStanding.FOUND
    simulator.change(WOMAN, synchronised_after=1)
    assert simulator.ask(asked(number=2)).standing is RegistryStanding.NOT_SYNCHRONISED
    simulator.change(WOMAN, name="Sari Rekaan")
    assert simulator.ask(asked(number=2)).standing is RegistryStanding.FOUND


def test_it_fails_as_often_as_told() -> None:
    simulator = Simulator([resident()], failures=1)
    with pytest.raises(RegistryUnavailableError):
        simulator.ask(asked())
    simulator.ask(asked())
    simulator.fail_next(2)
    for _ in range(2):
        with pytest.raises(RegistryUnavailableError):
            simulator.ask(asked())
    assert simulator.ask(asked()).standing is RegistryStanding.FOUND
    assert simulator.times_asked(asked().question_id) == 5


def test_it_fails_where_told() -> None:
    simulator = Simulator([resident()])
    simulator.fail_if(lambda question: question.kind is QuestionKind.REVIEW)
    simulator.ask(asked())
    with pytest.raises(RegistryUnavailableError):
        simulator.ask(asked(QuestionKind.REVIEW, 2))
    simulator.fail_if(None)
    assert simulator.ask(asked(QuestionKind.REVIEW, 2)).verified is True


def test_it_takes_its_time() -> None:
    slept: list[float] = []
    Simulator([resident()], latency=0.25, sleep=slept.append).ask(asked())
    assert slept == [0.25]
    Simulator([resident()], sleep=slept.append).ask(asked())
    assert slept == [0.25]


def test_whoever_is_added_later_replaces_what_was_known() -> None:
    simulator = Simulator()
    assert simulator.ask(asked()).standing is RegistryStanding.UNKNOWN
    simulator.add(resident())
    assert simulator.ask(asked(number=2)).standing is RegistryStanding.FOUND


@pytest.mark.parametrize("act", ["change", "synchronise"])
def test_nobody_cannot_be_changed(act: str) -> None:
    with pytest.raises(PortError, match=r"simulator\.unknown"):
        getattr(Simulator(), act)(WOMAN)


@pytest.mark.parametrize(
    "changes",
    [
        {"recorded": {"gait": b"x"}},
        {"recorded": b"x"},
        {"match": {"face": 101}},
        {"match": {"face": None}},
        {"match": {"face": True}},
        {"match": {"gait": 3}},
        {"live": {"face": -1}},
        {"live": {"face": 9.5}},
        {"live": 3},
        {"nik": "1376015708909"},
    ],
)
def test_a_resident_who_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        resident(**changes)


def test_a_nik_may_be_told_as_text() -> None:
    assert resident(nik=WOMAN.digits) == resident()


def test_it_logs_nothing_and_shows_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    simulator = Simulator([resident()])
    simulator.ask(asked())
    assert caplog.records == []
    shown = f"{simulator!r}{resident()!r}{simulator.ask(asked())!r}"
    for secret in (WOMAN.digits, "Sari", "1990"):
        assert secret not in shown


def test_threads_do_not_lose_count() -> None:
    simulator = Simulator([resident(synchronised_after=40)])
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(simulator.ask, [asked()] * 100))
    late = [answer for answer in answers if answer.standing is RegistryStanding.NOT_SYNCHRONISED]
    assert len(late) == 40
    assert simulator.times_asked(asked().question_id) == 100


@given(first=st.binary(max_size=50), second=st.binary(max_size=50))
def test_likeness_is_symmetric_bounded_and_full_for_equals_only(
    first: bytes, second: bytes
) -> None:
    score = likeness(first, second)
    assert score == likeness(second, first)
    assert 0 <= score <= 97
    assert (score == 97) == (first == second != b"")


# --- invented people -------------------------------------------------------------


@given(seed=st.integers(0, 1_000), count=st.integers(0, 40))
def test_invented_people_are_the_same_for_the_same_seed(seed: int, count: int) -> None:
    some = people(seed, count)
    assert some == people(seed, count)
    assert people(seed, count + 1)[:count] == some
    assert len({one.nik for one in some}) == count


def test_invented_people_have_reserved_serials_and_agree_with_their_nik() -> None:
    crowd = people(7, 500)
    for one in crowd:
        assert 9900 <= int(one.nik.serial) <= 9999
        assert one.nik.region_code == "137601"
        assert one.birth_date in one.nik.birth_dates
        assert one.nik.birth_date(date(2026, 11, 22)) == one.birth_date
        assert one.person.sex is one.nik.sex
    assert {one.nik.sex for one in crowd} == set(Sex)
    assert len({one.name for one in crowd}) > 50
    assert people(8, 5) != crowd[:5]
    assert people(7, 1, "740701")[0].nik.region_code == "740701"


def test_a_number_drawn_twice_is_given_once() -> None:
    """Five thousand draws out of four million meet about three twice."""
    assert len({one.nik for one in people(1, 5_000)}) == 5_000


def test_invented_people_match_themselves_and_nobody_else() -> None:
    one, other = people(7, 2)
    simulator = Simulator([one, other])
    own = attrs.evolve(face(one.recorded["iris"], method="iris"), nik=one.nik)
    foreign = attrs.evolve(face(other.recorded["iris"], 2, method="iris"), nik=one.nik)
    assert simulator.ask(own).match == 97
    assert (simulator.ask(foreign).match or 0) < 15


@pytest.mark.parametrize(("count", "region"), [(-1, "137601"), (100_001, "137601"), (1, "99")])
def test_impossible_crowds_are_refused(count: int, region: str) -> None:
    with pytest.raises(InputError):
        people(1, count, region)
