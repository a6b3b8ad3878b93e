"""What the office demands is there before a complaint is filed, and how it is answered is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from ikd.core.complaint import commands as do
from ikd.core.errors import InputError, RefusedError
from ikd.core.records.actor import Actor
from ikd.core.records.decision import Decision
from ikd.core.standard.grounds import Sourced
from ikd.plugins.offices import load_office
from model.complaints import RESIDENT, START, Desk

HOUR = timedelta(hours=1)


@pytest.fixture
def desk() -> Desk:
    return Desk(load_office("wakatobi"))


def filed(desk: Desk, actor: Actor = RESIDENT, **said: Any) -> Decision:
    known = {"office": desk.office.id, "channel": "email", "message": "aduan", "text": "Antre."}
    return desk.decided(do.FileComplaint(**{**known, **said}), actor)


def answered_by(desk: Desk, **said: Any) -> str:
    return filed(desk, **said).changes[0].record.answer_by


def test_all_that_the_channel_demands_is_told_at_once_with_the_clause():
    payakumbuh = Desk(load_office("payakumbuh"))
    with pytest.raises(RefusedError, match=r"complaint\.demanded") as caught:
        filed(payakumbuh, channel="box", message="pengaduan")
    (name, address) = caught.value.findings
    assert (name.requirement, address.requirement) == ("name", "address")
    assert caught.value.clause == name.clause is not None


@pytest.mark.parametrize("text", ["", "...", "-"])
def test_a_complaint_without_words_is_refused(desk, text):
    with pytest.raises(RefusedError, match=r"complaint\.demanded: there must be words"):
        filed(desk, text=text)


@pytest.mark.parametrize(("allowed", "refused"), [(True, False), (False, True), (None, False)])
def test_an_anonymous_complaint_is_refused_only_where_the_text_says_so(desk, allowed, refused):
    stated = None if allowed is None else Sourced(value=allowed, source="W36", quote="tanpa nama")
    complaints = attrs.evolve(desk.office.complaints, anonymous=stated)
    strict = attrs.evolve(desk, office=attrs.evolve(desk.office, complaints=complaints))
    if not refused:
        assert filed(strict, naming="anonymous").changes
        return
    with pytest.raises(RefusedError, match=r"complaint\.demanded") as caught:
        filed(strict, naming="anonymous")
    assert caught.value.clause == "W36"


def test_an_officer_takes_no_complaint_about_themselves(desk):
    with pytest.raises(RefusedError, match=r"actor\.own_case"):
        filed(desk, desk.officer, concerns=desk.officer.id)
    assert filed(desk, desk.officer, concerns="petugas-9").changes


def test_an_earlier_receipt_is_entered_by_an_officer_and_lies_never_ahead(desk):
    earlier = {"received_at": START - HOUR, "reason": "Lama di kotak."}
    for actor, at in ((RESIDENT, START - HOUR), (desk.officer, START + HOUR)):
        with pytest.raises(InputError, match=r"command\.received_at"):
            filed(desk, actor, **{**earlier, "received_at": at})
    assert filed(desk, desk.officer, **earlier).changes[0].record.began_at == START - HOUR


def test_an_answer_by_a_contact_needs_that_contact(desk):
    assert answered_by(desk, answer_by="sms", phone="081234567890") == "sms"
    with pytest.raises(RefusedError, match=r"complaint\.contact: an answer by sms needs phone"):
        filed(desk, answer_by="sms", email="ayu@example.org")


def test_it_is_answered_as_asked_then_by_the_channel_then_by_a_contact(desk):
    both = {"email": "ayu@example.org", "phone": "081234567890"}
    assert answered_by(desk, channel="sms", **both, answer_by="letter") == "letter"
    assert answered_by(desk, channel="sms", **both) == "sms"
    assert answered_by(desk, channel="facebook", **both) == "email"
    assert answered_by(desk, channel="facebook") == "facebook"
    assert answered_by(desk, channel="email", address="Jalan Anggrek 5") == "letter"


def test_what_comes_past_the_counter_is_counted_and_what_an_officer_takes_is_not(desk):
    spaces = [count.space for count in filed(desk).counts]
    assert spaces == ["complaint/email", "complaint/office"]
    assert filed(desk, desk.officer).counts == ()
