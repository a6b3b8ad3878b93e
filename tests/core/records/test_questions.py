"""An answer is strictly typed, so that nothing but a yes can be a yes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ikd.core.records.questions import Answer, KtpEl, Person, Standing
from ikd.core.resident.nik import Sex

KNOWN: dict[str, Any] = {"question_id": "a" * 32, "standing": Standing.FOUND}


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
    with pytest.raises((TypeError, ValueError)):
        Answer(**{**KNOWN, **wrong})


@pytest.mark.parametrize("score", [0, 100, None])
def test_scores_go_from_0_to_100(score: int | None):
    made = Answer(**KNOWN, match=score, live=score, ktp_el=KtpEl.RECORDED, verified=False)
    assert (made.match, made.live) == (score, score)


def test_a_person_does_not_show():
    person = Person(name="Ayu Contoh", sex=Sex.FEMALE, birth_date=date(1990, 8, 17))
    assert "Ayu" not in repr(Answer(**KNOWN, person=person))
    assert "1990" not in repr(person)
