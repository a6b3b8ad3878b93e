"""An answer is strictly typed, so that nothing but a yes can be a yes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ikd.core.errors import InputError
from ikd.core.records.person import Person
from ikd.core.records.questions import Answer, KtpEl, RegistryStanding
from ikd.core.resident.nik import Sex

PERSON: dict[str, Any] = {
    "name": "Ayu Contoh",
    "sex": Sex.FEMALE,
    "birth_date": date(1990, 8, 17),
}
KNOWN: dict[str, Any] = {"question_id": "a" * 32, "standing": RegistryStanding.FOUND}


@pytest.mark.parametrize(
    "wrong",
    [
        {"standing": "found"},
        {"standing": None},
        {"ktp_el": "issued"},
        {"person": {"name": "Ayu"}},
        {"match": True},
        {"match": 80.0},
        {"match": "80"},
        {"match": -1},
        {"match": 101},
        {"live": 101},
        {"live": False},
        {"verified": 1},
        {"verified": "yes"},
    ],
)
def test_what_is_no_answer_is_refused(wrong: dict[str, Any]):
    with pytest.raises(InputError) as caught:
        Answer(**{**KNOWN, **wrong})
    assert caught.value.code == f"answer.{next(iter(wrong))}"


@pytest.mark.parametrize("junk", [None, 7, "A" * 32, "a" * 31])
def test_an_answer_names_a_question(junk: Any):
    with pytest.raises(InputError) as caught:
        Answer(question_id=junk, standing=RegistryStanding.FOUND)
    assert caught.value.code == "id.form"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": None},
        {"name": "\ud800"},
        {"name": "x" * 257},
        {"sex": "female"},
        {"sex": None},
        {"birth_date": "1990-08-17"},
        {"birth_date": datetime(1990, 8, 17, tzinfo=UTC)},
    ],
)
def test_what_describes_no_person_is_refused(wrong: dict[str, Any]):
    with pytest.raises(InputError) as caught:
        Person(**{**PERSON, **wrong})
    assert caught.value.code == f"person.{next(iter(wrong))}"


@pytest.mark.parametrize("score", [0, 100, None])
def test_scores_go_from_0_to_100(score: int | None):
    made = Answer(**KNOWN, match=score, live=score, ktp_el=KtpEl.RECORDED, verified=False)
    assert (made.match, made.live) == (score, score)


def test_a_person_does_not_show():
    person = Person(**PERSON)
    assert "Ayu" not in repr(Answer(**KNOWN, person=person))
    assert "1990" not in repr(person)
