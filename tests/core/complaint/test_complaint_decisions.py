"""What may be done with a complaint, by whom, and in which order."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest

from ikd.core.complaint import commands as do
from ikd.core.complaint.decisions import AroundComplaint
from ikd.core.decide import COMPLAINT, decide
from ikd.core.errors import InputError, RefusedError
from ikd.core.records.declaration import Command
from ikd.core.standard.calendar import no_days_off
from model.complaints import OTHER_ID, Desk, begun

UNKNOWN = "0" * 32


@pytest.fixture
def desk() -> Desk:
    return begun("wakatobi", "by e-mail")


def after(desk: Desk, *asked: Command) -> Desk:
    """Return the world after an officer did what was *asked*."""
    for command in asked:
        desk = desk.after(desk.decided(command, desk.officer))
    return desk


def step(desk: Desk, name: str) -> do.StepComplaint:
    return do.StepComplaint(complaint_id=desk.complaint.id, step=name)


def handled(desk: Desk) -> Desk:
    """Return the world in which the steps of the office's order were done."""
    return after(desk, step(desk, "verify"), step(desk, "follow_up"))


def test_a_complaint_that_is_not_there_is_unknown(desk):
    note = do.NoteComplaint(complaint_id=UNKNOWN, text="x")
    with pytest.raises(RefusedError, match=r"record\.unknown"):
        desk.decided(note, desk.officer)
    around = AroundComplaint(standard=desk.office)
    with pytest.raises(RefusedError, match=r"record\.unknown"):
        decide(COMPLAINT, around, note, desk.context(note, desk.officer))


def test_nobody_handles_a_complaint_about_themselves(desk):
    of_them = attrs.evolve(desk, complaint=attrs.evolve(desk.complaint, concerns=desk.officer.id))
    with pytest.raises(RefusedError, match=r"actor\.own_case"):
        after(of_them, step(desk, "verify"))
    read = {"complaint_id": desk.complaint.id, "category": "supervision"}
    with pytest.raises(RefusedError, match=r"actor\.own_case"):
        after(desk, do.ClassifyComplaint(**read, concerns=desk.officer.id))


def test_a_step_that_the_office_did_not_publish_is_refused_but_for_the_verification(desk):
    published = [one for one in desk.office.complaints.steps if one.name == "follow_up"]
    complaints = attrs.evolve(desk.office.complaints, steps=tuple(published))
    short = attrs.evolve(desk, office=attrs.evolve(desk.office, complaints=complaints))
    with pytest.raises(RefusedError, match=r"complaint\.step"):
        after(short, step(desk, "sanction"))
    assert after(short, step(desk, "verify")).complaint.done == ("verify",)


def test_two_complaints_are_linked_once(desk):
    link = do.LinkComplaints(complaint_id=desk.complaint.id, other_id=OTHER_ID)
    linked = after(desk, link)
    assert linked.complaint.links == (OTHER_ID,)
    with pytest.raises(RefusedError, match=r"complaint\.done"):
        after(linked, link)


def test_only_another_complaint_of_the_office_is_linked(desk):
    for other_id in (UNKNOWN, desk.complaint.id):
        link = do.LinkComplaints(complaint_id=desk.complaint.id, other_id=other_id)
        with pytest.raises(RefusedError, match=r"record\.unknown"):
            after(desk, link)


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"office": "payakumbuh"}, "record.unknown"), ({"concerns": "petugas-1"}, "actor.own_case")],
)
def test_an_officer_links_none_of_another_office_and_none_about_themselves(desk, changed, code):
    other = attrs.evolve(desk.complaint, id=OTHER_ID, **changed)
    link = do.LinkComplaints(complaint_id=desk.complaint.id, other_id=OTHER_ID)
    around = AroundComplaint(standard=desk.office, subject=desk.complaint, other=other)
    with pytest.raises(RefusedError, match=code):
        decide(COMPLAINT, around, link, desk.context(link, desk.officer))


@pytest.mark.parametrize(("medium", "most"), [("email", 4000), ("sms", 600), ("whatsapp", 600)])
def test_an_answer_is_as_long_as_its_medium_carries(desk, medium, most):
    reached = attrs.evolve(desk.complaint, contacts=("email", "phone"), answer_by=medium)
    ready = handled(attrs.evolve(desk, complaint=reached))
    answer = {"complaint_id": desk.complaint.id, "medium": medium}
    assert after(ready, do.AnswerComplaint(**answer, text="x" * most)).owed
    with pytest.raises(InputError, match=rf"command\.text: .*{most} characters"):
        after(ready, do.AnswerComplaint(**answer, text="x" * (most + 1)))


def test_an_answer_by_hand_may_be_as_long_as_any_text():
    ready = handled(begun("wakatobi", "into a box"))
    answer = do.AnswerComplaint(complaint_id=ready.complaint.id, text="x" * 8000)
    assert after(ready, answer).complaint.owed_by_hand


def test_a_complaint_lives_until_it_is_closed_and_its_contact_stays_unproven(desk):
    close = do.CloseComplaint(complaint_id=desk.complaint.id, ending="not_ours", text="x")
    closed = after(desk, close)
    assert (desk.complaint.is_live, closed.complaint.is_live) == (True, False)
    assert not desk.complaint.was_present


def test_a_limit_that_still_runs_is_told_and_one_that_was_kept_is_told_no_more(desk):
    def left(at: Desk) -> list[str]:
        found = COMPLAINT.limits(at.complaint, at.office, at.now, (), no_days_off)
        return [limit.source for limit in found]

    assert left(desk) == ["W47"]
    later = attrs.evolve(desk, now=desk.now + timedelta(hours=1))
    assert left(handled(later)) == []
