"""The table is the law: what isn't in it can't happen, whatever anybody wrote."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from ikd.core.activation import events as e
from ikd.core.activation.application import LIVE, ApplicationStatus
from ikd.core.activation.lifecycle import LAW, TRANSITIONS
from ikd.core.errors import StoreError
from ikd.core.records.questions import QuestionKind
from ikd.core.records.resident import ResidentOpened
from model import acts
from model.cases import Case
from model.flaws import NOBODY

EVENTS = e.EVENTS
STATUSES: tuple[ApplicationStatus | None, ...] = (None, *ApplicationStatus)


def made(kind: type[Any], case: Case) -> Any:
    """An event of *kind* with values of the right shape."""
    application = case.application
    known = {
        **attrs.asdict(application, recurse=False),
        "at": case.now,
        "application_id": application.id,
        "question_id": "0" * 32,
        "question": QuestionKind.REVIEW,
        "sample_id": "1" * 32,
        "pin_id": "2" * 32,
        "identity_id": "3" * 32,
        "until": case.now,
        "attempts_left": 1,
        "tries_left": 1,
        "number": 1,
        "match": 1,
        "live": 1,
        "clauses": (),
        "findings": (),
        "which": (),
        "facts": b"f",
        "ktp_el": "issued",
        "person": b"p",
        "transcript": b"t",
    }
    names = [field.name for field in attrs.fields(kind)]
    return kind(**{name: known.get(name, "text") for name in names})


@pytest.fixture
def drafted(payakumbuh: Case) -> Case:
    acts.brought_to(payakumbuh, "PIN_SENT")
    return payakumbuh


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("kind", EVENTS)
def test_every_pair_leads_where_the_table_says_or_is_refused(
    drafted: Case, status: ApplicationStatus | None, kind: type[Any]
):
    before = None if status is None else attrs.evolve(drafted.application, status=status)
    after = TRANSITIONS.get((status, kind))
    if after is None:
        with pytest.raises(StoreError) as caught:
            LAW.evolve(before, made(kind, drafted))
        assert caught.value.code == "journal.transition"
    else:
        assert LAW.evolve(before, made(kind, drafted)).status is after


def test_final_statuses_have_no_way_out():
    left = {status for status, _ in TRANSITIONS if status is not None}
    assert left == LIVE == {ApplicationStatus.OPEN, ApplicationStatus.PIN_SENT}


def test_the_table_is_the_one_of_the_published_procedure():
    leaving = {
        (status and status.value, kind.__name__, after.value)
        for (status, kind), after in TRANSITIONS.items()
        if status is not after
    }
    assert leaving == {
        (None, "Registered", "OPEN"),
        ("OPEN", "PinIssued", "PIN_SENT"),
        ("OPEN", "Rejected", "REJECTED"),
        ("OPEN", "Withdrawn", "WITHDRAWN"),
        ("OPEN", "Expired", "EXPIRED"),
        ("PIN_SENT", "PinLocked", "LOCKED"),
        ("PIN_SENT", "Activated", "ACTIVATED"),
        ("PIN_SENT", "Rejected", "REJECTED"),  # no text names it: see checking.reject
        ("PIN_SENT", "Withdrawn", "WITHDRAWN"),
        ("PIN_SENT", "Expired", "EXPIRED"),
    }


def test_every_event_but_the_first_has_its_effect_written_down():
    assert {kind for _, kind in TRANSITIONS} == set(EVENTS)
    assert set(LAW.changes) == set(EVENTS) - {e.Registered}


def test_a_version_counts_events_and_the_time_is_the_last_ones(drafted: Case):
    journal = drafted.events["application", drafted.application.id]
    assert drafted.application.version == len(journal)
    assert drafted.application.changed_at == journal[-1].at


def test_a_replay_of_the_journal_is_the_record_and_of_nothing_is_none(drafted: Case):
    assert LAW.replay(drafted.events["application", drafted.application.id]) == drafted.application
    assert LAW.replay(()) is None


def test_an_event_of_something_else_is_refused(drafted: Case):
    with pytest.raises(StoreError):
        LAW.evolve(drafted.application, ResidentOpened(at=drafted.now, resident_id=NOBODY))


def test_nothing_secret_or_sealed_shows_in_a_record_or_event(drafted: Case):
    application = drafted.application
    shown = repr((application, drafted.events["application", application.id]))
    for value in (
        application.device_key,
        application.thumbprint,
        application.sealed.nik,
        application.person,
    ):
        assert repr(value) not in shown


def test_a_pin_refused_without_a_live_pin_still_counts(drafted: Case):
    dead = attrs.evolve(drafted.application, pin=None)
    after = LAW.evolve(dead, e.PinRefused(at=drafted.now, attempts_left=1, tries_left=1))
    assert (after.pin, after.pin_tries) == (None, 1)


def test_clearing_what_was_not_referred_clears_nothing(payakumbuh: Case):
    application = acts.opened(payakumbuh)
    after = LAW.evolve(application, e.ReferralCleared(at=payakumbuh.now))
    assert (after.referred, after.cleared) == (None, ())
