"""Complaints as both offices publish them, through a service, clause by clause."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ikd import Actor, events
from ikd import commands as do
from ikd.core.errors import InputError, RefusedError
from ikd.core.ports import Done
from tests.complaint_desk import ADDRESS, AYU, MAIL, NIK, SYSTEM, Desk, officer

WIB = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def desk(in_memory) -> Desk:
    return Desk(in_memory)


def refused(code, clause=None):
    return _Refused(code, clause)


class _Refused:
    """Expects a refusal of that code and clause."""

    def __init__(self, code, clause) -> None:
        self.wanted, self.raises = (code, clause), pytest.raises(RefusedError)

    def __enter__(self):
        self.found = self.raises.__enter__()
        return self.found

    def __exit__(self, *error):
        done = self.raises.__exit__(*error)
        assert (self.found.value.code, self.found.value.clause) == self.wanted
        return done


# --- Payakumbuh ----------------------------------------------------------------------------


def test_p39_the_box_takes_suggestions_and_complaints(desk):
    for message in ("saran", "pengaduan"):
        said = {"channel": "box", "name": "Ayu", "address": ADDRESS, "email": None}
        filed = desk.file("payakumbuh", message=message, **said)
        assert filed.record.unpublished == ()
        assert desk.view(filed).addressee == "Kepala Dinas Kependudukan dan Pencatatan Sipil"


@pytest.mark.parametrize("text", ["", " - "])
def test_p41_the_box_takes_no_complaint_without_a_written_text(desk, text):
    with refused("complaint.demanded", "P41"):
        desk.file("payakumbuh", channel="box", message="pengaduan", text=text, name="Ayu",
                  address=ADDRESS)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"name": "Ayu"}, ["address"]),
        ({"address": ADDRESS}, ["name"]),
        ({}, ["name", "address"]),
        ({"name": "Ayu", "address": "ayu@example.org"}, ["address"]),
    ],
)
def test_p42_the_box_takes_none_without_name_and_postal_address(desk, said, missing):
    with refused("complaint.demanded", "P42") as refusal:
        desk.file("payakumbuh", channel="box", message="pengaduan", **said)
    assert [found.requirement for found in refusal.value.findings] == missing


def test_p42_the_box_takes_no_anonymous_one(desk):
    said = {"channel": "box", "message": "pengaduan", "email": None, "naming": "anonymous"}
    with refused("complaint.demanded", "P42"):
        desk.file("payakumbuh", **said)


@pytest.mark.parametrize("channel", ["phone", "instagram", "twitter"])
def test_p43_p44_p46_the_other_channels_demand_nothing(desk, channel):
    filed = desk.file("payakumbuh", channel=channel, message="pengaduan", email=None)
    assert filed.record.unpublished == ()
    assert (filed.record.answer_by, desk.waits(filed).missing) == (channel, "complaint_answer")


@pytest.mark.parametrize("channel", ["email", "whatsapp", "lapor"])
def test_p45_what_is_not_published_is_taken_with_a_note_and_no_clause(desk, channel):
    filed = desk.file("payakumbuh", channel=channel, message="pengaduan")
    assert filed.record.unpublished == ("channel",)


def test_p47_the_clock_is_the_nations_with_its_own_law_and_no_clause(desk):
    filed = desk.file("payakumbuh", channel="phone", message="pengaduan")
    limits = desk.service.deadlines(filed.id, "complaint", actor=SYSTEM)
    assert [(one.text, one.source) for one in limits] == [("3 hari kerja", "PermenPANRB 62/2018")]
    assert "1x24" not in str(limits)
    assert desk.waits(filed).items == ()


# --- Wakatobi ------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["aduan", "saran", "masukan"])
def test_w36_three_kinds_are_taken_by_every_channel_but_the_boxes(desk, message):
    for channel in ("visit", "whatsapp", "sms", "facebook", "instagram", "x", "email"):
        filed = desk.file(channel=channel, message=message, phone="081234567890")
        assert filed.record.unpublished == ()


def test_w37_whoever_comes_in_person_is_taken_by_an_officer(desk):
    filed = desk.file(channel="visit", actor=officer("wakatobi"), email=None)
    assert filed.events[0].officer == "petugas-1"
    assert (filed.record.answer_by, filed.record.unpublished) == ("visit", ())


def test_w38_w39_two_boxes_and_what_lies_in_the_wrong_one_is_taken_with_a_note(desk):
    assert desk.file(channel="complaint_box", message="aduan").record.unpublished == ()
    assert desk.file(channel="suggestion_box", message="saran").record.unpublished == ()
    assert desk.file(channel="suggestion_box", message="aduan").record.unpublished == ("kind",)


def test_w40_whatsapp_and_sms_are_published_and_voice_is_not(desk):
    given = {"email": None, "phone": "081234567890"}
    assert desk.file(channel="sms", **given).record.answer_by == "sms"
    assert desk.file(channel="whatsapp", **given).record.answer_by == "whatsapp"
    assert desk.file(channel="phone", **given).record.unpublished == ("channel",)


@pytest.mark.parametrize("channel", ["facebook", "instagram", "x"])
def test_w41_w42_w43_an_answer_in_a_social_network_waits_for_an_officer(desk, channel):
    filed = desk.file(channel=channel, email=None, handle="@ayu")
    assert filed.record.unpublished == ()
    desk.handled(filed)
    desk.answered(filed)
    assert (desk.waits(filed).role.value, desk.waits(filed).missing) == (
        "operator", "complaint_by_hand"
    )  # fmt: skip
    assert desk.service.owed(actor=SYSTEM) == ()
    done = desk.act(do.HandOverAnswer, filed, medium=channel)
    assert isinstance(done.events[0], events.AnswerHandedOver)
    assert desk.waits(filed).missing == "complaint_reply"


def test_w44_a_complaint_by_e_mail_is_answered_by_e_mail(desk):
    filed = desk.file()
    assert filed.record.unpublished == ()
    desk.handled(filed)
    desk.answered(filed, "Loket ditambah.\nTerima kasih.")
    (mail,) = desk.mails()
    assert "Loket ditambah.\nTerima kasih." in mail.get_body().get_content().replace("\r\n", "\n")
    assert desk.waits(filed).missing == "complaint_reply"


def test_w46_nothing_is_followed_up_or_answered_before_it_is_verified(desk):
    filed = desk.file()
    assert desk.waits(filed).missing == "complaint_verification"
    assert [(one.number, one.clause) for one in desk.waits(filed).items] == [(1, "W46")]
    with refused("complaint.order", "W46"):
        desk.act(do.StepComplaint, filed, step="follow_up")
    with refused("complaint.order", "W46"):
        desk.answered(filed)
    desk.act(do.StepComplaint, filed, step="verify")
    with refused("complaint.order", "W47"):
        desk.answered(filed)


def test_w47_about_a_day_is_broken_only_when_the_tolerance_is_over_too(desk):
    filed = desk.file()
    (limit,) = desk.service.deadlines(filed.id, "complaint", actor=SYSTEM)
    assert (limit.source, limit.due_at) == ("W47", filed.record.received_at + timedelta(hours=24))
    assert "kurang lebih" in limit.label
    desk.world.clock.advance(timedelta(hours=24, minutes=1))
    (limit,) = desk.service.deadlines(filed.id, "complaint", actor=SYSTEM)
    assert not limit.breached
    desk.world.clock.advance(timedelta(hours=2))
    (limit,) = desk.service.deadlines(filed.id, "complaint", actor=SYSTEM)
    assert limit.breached
    assert "overdue" in desk.service.worklist(actor=officer("wakatobi"))[0].why


def test_w47_the_follow_up_ends_the_clock(desk):
    filed = desk.file()
    desk.handled(filed)
    desk.world.clock.advance(timedelta(days=3))
    (limit,) = desk.service.deadlines(filed.id, "complaint", actor=SYSTEM)
    assert not limit.breached
    assert desk.service.where(filed.id, "complaint", actor=SYSTEM).limits == ()


@pytest.mark.parametrize("message", ["saran", "masukan"])
def test_w47_a_suggestion_has_no_clock(desk, message):
    filed = desk.file(message=message)
    assert desk.service.deadlines(filed.id, "complaint", actor=SYSTEM) == ()


def test_w48_w49_coordination_and_sanction_need_not_occur_and_have_no_order(desk):
    filed = desk.file()
    desk.handled(filed)
    desk.act(do.StepComplaint, filed, step="sanction")
    desk.act(do.StepComplaint, filed, step="coordinate")
    assert desk.service.get(filed.id, "complaint", actor=SYSTEM).done[-1] == "coordinate"
    other = desk.file()
    desk.handled(other)
    desk.answered(other)
    closed = desk.act(do.CloseComplaint, other, ending="solved", text="Selesai.")
    assert closed.status == "CLOSED"


def test_w50_w51_a_new_complaint_is_the_teams(desk):
    filed = desk.file()
    assert filed.record.assigned == "Tim Penanganan Pengaduan"
    assert desk.view(filed).team == "Tim Penanganan Pengaduan"


def test_w56_it_can_be_given_to_any_division(desk):
    filed = desk.file()
    given = desk.act(do.AssignComplaint, filed, to="Bidang Pelayanan Pendaftaran Penduduk")
    assert given.record.assigned == "Bidang Pelayanan Pendaftaran Penduduk"


@pytest.mark.parametrize("message", ["pengaduan", "aspirasi", "permintaan_informasi"])
def test_w57_lapor_takes_three_kinds_of_its_own(desk, message):
    assert desk.file(channel="lapor", message=message).record.unpublished == ()
    by_facebook = desk.file(channel="facebook", message=message)
    assert by_facebook.record.unpublished == ("kind",)


def test_w57_what_comes_by_lapor_has_the_nations_limit_or_none(desk):
    asked = desk.file(channel="lapor", message="permintaan_informasi")
    desk.act(do.ClassifyComplaint, asked, category="information")
    limits = desk.service.deadlines(asked.id, "complaint", actor=SYSTEM)
    assert [one.text for one in limits] == ["3 hari kerja", "5 hari kerja"]
    wish = desk.file(channel="lapor", message="aspirasi")
    assert desk.service.deadlines(wish.id, "complaint", actor=SYSTEM) == ()


def test_w58_w59_it_is_handed_over_with_its_number_and_comes_back(desk):
    filed = desk.file()
    over = desk.act(do.HandOverComplaint, filed, reference="LAPOR-7654321")
    assert (over.status, over.record.reference) == ("HANDED_OVER", "LAPOR-7654321")
    (mail,) = desk.mails()
    assert "LAPOR-7654321" in mail.get_body().get_content()
    assert desk.waits(filed).missing == "complaint_handed_over"
    with refused("status.refused"):
        desk.act(do.HandOverComplaint, filed, reference="LAPOR-7654321")
    back = desk.act(do.ReturnComplaint, filed, reason="bukan untuk kementerian")
    assert (back.status, desk.waits(filed).missing) == ("OPEN", "complaint_verification")


# --- the receipt ---------------------------------------------------------------------------


def test_a_receipt_names_office_kind_and_day_and_alone_shows_how_it_stands(desk):
    filed = desk.file()
    receipt = filed.receipt
    assert (receipt.office, receipt.message) == (
        "Dinas Kependudukan dan Pencatatan Sipil Kabupaten Wakatobi", "aduan"
    )  # fmt: skip
    assert receipt.received_at == filed.record.received_at
    assert receipt.answerable
    assert desk.view(filed).status == "OPEN"
    typed = receipt.receipt.lower().replace("-", " ")
    assert desk.service.complaint(typed, actor=AYU).id == filed.id
    for read in (desk.service.get, desk.service.where, desk.service.history):
        with refused("actor.not_permitted"):
            read(filed.id, "complaint", actor=AYU)


def test_another_receipt_shows_nothing_and_is_kept_as_a_refusal(desk):
    desk.file()
    with refused("complaint.receipt"):
        desk.service.complaint("0000-0000-0000-0000-0000", actor=AYU)
    assert "complaint.receipt" in [one.code for one in desk.service.refusals(actor=SYSTEM)]
    with pytest.raises(InputError, match=r"receipt\.form"):
        desk.service.complaint("0000", actor=AYU)


def test_a_double_click_files_one_complaint_and_gives_the_same_receipt(desk):
    command = do.FileComplaint(
        office="wakatobi", channel="email", message="aduan", text="Antre.", email=MAIL
    )
    first = desk.service.handle(command, actor=AYU, key="click")
    again = desk.service.handle(command, actor=AYU, key="click")
    assert (again.id, again.receipt) == (first.id, first.receipt)
    assert len(desk.service.find("complaint", actor=SYSTEM)) == 1


def test_one_complaints_receipt_opens_no_other(desk):
    mine, other = desk.file(), desk.file()
    with refused("complaint.receipt"):
        desk.act(do.ReplyComplaint, other, by=AYU, receipt=mine.receipt.receipt, text="Halo")


# --- who may -------------------------------------------------------------------------------


def test_a_paper_is_taken_with_the_day_it_was_received_a_reason_and_an_officer(desk):
    day = datetime(2026, 11, 20, 9, tzinfo=WIB)
    said = {"channel": "complaint_box", "email": None, "received_at": day, "reason": "kotak dibuka"}
    filed = desk.file(actor=officer("wakatobi"), **said)
    assert filed.record.received_at == day
    assert (filed.events[0].reason, filed.events[0].officer) == ("kotak dibuka", "petugas-1")
    (limit,) = desk.service.deadlines(filed.id, "complaint", actor=SYSTEM)
    assert limit.due_at == day + timedelta(hours=24)


@pytest.mark.parametrize("actor", [AYU, officer("wakatobi")])
def test_a_receipt_that_lies_ahead_or_that_a_resident_enters_is_malformed(desk, actor):
    day = desk.world.clock.now() + timedelta(hours=1 if actor is not AYU else -1)
    with pytest.raises(InputError, match=r"command\.received_at"):
        desk.file(actor=actor, received_at=day, reason="lupa")


def test_nobody_handles_reads_or_takes_a_complaint_about_themselves(desk):
    about = officer("wakatobi", "petugas-9")
    with refused("actor.own_case"):
        desk.file(actor=about, concerns="petugas-9")
    filed = desk.file(concerns="petugas-9")
    with refused("actor.own_case"):
        desk.act(do.StepComplaint, filed, by=about, step="verify")
    for read in (desk.service.get, desk.service.history, desk.service.where):
        with refused("actor.own_case"):
            read(filed.id, "complaint", actor=about)
    with refused("actor.own_case"):
        desk.service.complaint_file(filed.id, actor=about)
    assert desk.service.worklist(actor=about) == ()
    assert len(desk.service.worklist(actor=officer("wakatobi"))) == 1


def test_whom_it_concerns_may_be_seen_only_on_reading(desk):
    filed = desk.file()
    own = officer("wakatobi", "petugas-9")
    with refused("actor.own_case"):
        desk.act(do.ClassifyComplaint, filed, by=own, category="ordinary", concerns="petugas-9")
    desk.act(do.ClassifyComplaint, filed, category="supervision", concerns="petugas-9")
    with refused("actor.own_case"):
        desk.act(do.StepComplaint, filed, by=own, step="verify")


@pytest.mark.parametrize("who", ["resident", "ministry", "elsewhere"])
def test_only_an_officer_of_the_office_handles(desk, who):
    actors = {"resident": AYU, "ministry": Actor.ministry(), "elsewhere": officer("payakumbuh")}
    filed = desk.file()
    with pytest.raises(RefusedError, match=r"actor\."):
        desk.act(do.StepComplaint, filed, by=actors[who], step="verify")


# --- levy, classes -------------------------------------------------------------------------


@pytest.mark.parametrize(("office", "clause"), [("payakumbuh", "P36"), ("wakatobi", "W34")])
def test_a_levy_is_verified_first_and_shows_the_fees_clause(desk, office, clause):
    filed = desk.file(office, channel="instagram", message="pengaduan", levy=True)
    assert filed.receipt.fee.clause == clause
    assert desk.view(filed).fee.clause == clause
    assert desk.waits(filed).missing == "complaint_verification"
    with pytest.raises(RefusedError, match=r"complaint\.order"):
        desk.act(do.StepComplaint, filed, step="follow_up")
    with pytest.raises(RefusedError, match=r"complaint\.order"):
        desk.answered(filed)
    desk.handled(filed)
    desk.answered(filed)


@pytest.mark.parametrize(
    ("category", "days", "due"),
    [
        ("information", 5, datetime(2026, 12, 1, tzinfo=WIB)),
        ("ordinary", 14, datetime(2026, 12, 12, tzinfo=WIB)),
        ("supervision", 60, datetime(2027, 2, 16, tzinfo=WIB)),
    ],
)
def test_the_class_changes_the_limit_and_the_count_starts_at_the_receipt(desk, category, days, due):
    filed = desk.file("payakumbuh", channel="phone", message="pengaduan")
    desk.world.clock.advance(timedelta(days=2))
    desk.act(do.ClassifyComplaint, filed, category=category)
    routing, own = desk.service.deadlines(filed.id, "complaint", actor=SYSTEM)
    assert (routing.breached, own.text) == (False, f"{days} hari kerja")
    assert own.due_at >= due  # later by the nation's holidays, never earlier
    assert [one.text for one in desk.service.where(filed.id, "complaint", actor=SYSTEM).limits] == [
        f"{days} hari kerja"
    ]


def test_a_class_that_the_law_does_not_know_is_malformed(desk):
    filed = desk.file()
    with pytest.raises(InputError, match=r"command\.category"):
        desk.act(do.ClassifyComplaint, filed, category="urgent")


# --- answers, silence, reopening -----------------------------------------------------------


def test_an_anonymous_complaint_has_no_contact_and_no_answer_and_that_is_said(desk):
    with pytest.raises(InputError, match=r"command\.naming"):
        desk.file(naming="anonymous")
    filed = desk.file(naming="anonymous", email=None)
    assert not filed.receipt.answerable
    desk.handled(filed)
    assert desk.waits(filed).missing == "complaint_end"
    with refused("complaint.anonymous"):
        desk.answered(filed)
    closed = desk.act(do.CloseComplaint, filed, ending="solved", text="Loket ditambah.")
    assert (closed.status, closed.record.letters) == ("CLOSED", ())


def test_silence_closes_after_ten_working_days_and_is_not_solved(desk):
    filed = desk.file()
    desk.handled(filed)
    answered = desk.answered(filed)
    until = answered.record.silent_at
    assert until >= datetime(2026, 12, 8, tzinfo=ZoneInfo("Asia/Makassar"))
    desk.world.clock.advance(until - desk.world.clock.now())
    assert desk.service.deliver_due().expired == 1
    closed = desk.service.get(filed.id, "complaint", actor=SYSTEM)
    assert (closed.status.value, closed.ending) == ("CLOSED", "silence")
    assert desk.waits(filed).missing == "complaint_silence"
    assert len(desk.mails()) == 2


def test_a_letter_counts_for_silence_only_once_an_officer_has_posted_it(desk):
    filed = desk.file(channel="complaint_box", email=None, name="Ayu", address=ADDRESS)
    assert filed.record.answer_by == "letter"
    desk.handled(filed)
    assert desk.answered(filed).record.due is None
    posted = desk.act(do.HandOverAnswer, filed, medium="letter")
    assert posted.record.due is not None
    with refused("complaint.done"):
        desk.act(do.HandOverAnswer, filed, medium="letter")


def test_an_answer_goes_by_the_medium_that_was_asked_for(desk):
    filed = desk.file(channel="instagram", answer_by="email")
    desk.handled(filed)
    desk.answered(filed)
    assert len(desk.mails()) == 1
    with refused("complaint.contact"):
        desk.file(answer_by="sms")


def test_an_answer_that_reached_nobody_waits_for_an_officer_and_no_silence_counts(desk):
    filed = desk.file()
    desk.handled(filed)
    desk.answered(filed)
    (sent,) = desk.service.owed(Done.SENT, actor=SYSTEM)
    assert desk.service.bounced(sent.id, "channel.refused")
    assert (desk.waits(filed).missing, desk.waits(filed).until) == ("complaint_by_hand", None)
    desk.act(do.HandOverAnswer, filed, medium="letter")
    assert desk.waits(filed).missing == "complaint_reply"


def test_a_reply_opens_it_again_with_a_clock_of_its_own(desk):
    filed = desk.file()
    desk.handled(filed)
    desk.answered(filed)
    desk.world.clock.advance(timedelta(days=2))
    said = {"receipt": filed.receipt.receipt, "text": "Masih lama."}
    replied = desk.act(do.ReplyComplaint, filed, by=AYU, **said)
    assert (replied.status, replied.record.done) == ("OPEN", ("verify",))
    (limit,) = desk.service.deadlines(filed.id, "complaint", actor=SYSTEM)
    assert limit.due_at == replied.record.began_at + timedelta(hours=24)
    assert [one.about for one in desk.view(filed).told] == ["answer", "reply"]


def test_a_closed_one_is_reopened_within_60_days_and_the_old_period_stays_in_the_record(desk):
    filed = desk.file()
    desk.handled(filed)
    desk.answered(filed)
    desk.act(do.CloseComplaint, filed, ending="solved", text="Selesai.")
    said = {"receipt": filed.receipt.receipt, "text": "Belum."}
    desk.world.clock.advance(timedelta(days=59))
    again = desk.act(do.ReopenComplaint, filed, by=AYU, **said)
    assert (again.status, again.record.reopened, again.record.ending) == ("OPEN", 1, None)
    history = desk.service.history(filed.id, "complaint", actor=SYSTEM)
    assert sum(isinstance(entry.event, events.ComplaintClosed) for entry in history) == 1
    desk.act(do.CloseComplaint, filed, ending="not_ours", text="Kantor pertanahan.")
    desk.world.clock.advance(timedelta(days=60))
    with refused("complaint.too_late"):
        desk.act(do.ReopenComplaint, filed, by=AYU, **said)


def test_a_rating_needs_an_answer_and_reading_rates_nothing(desk):
    filed = desk.file()
    desk.handled(filed)
    receipt = filed.receipt.receipt
    with refused("status.refused"):
        desk.act(do.RateComplaint, filed, by=AYU, receipt=receipt, rating=4)
    desk.answered(filed)
    desk.view(filed)
    assert desk.service.get(filed.id, "complaint", actor=SYSTEM).rating is None
    desk.act(do.RateComplaint, filed, by=AYU, receipt=receipt, rating=2)
    rated = desk.act(do.RateComplaint, filed, by=AYU, receipt=receipt, rating=4)
    assert rated.record.rating == 4


def test_nothing_is_answered_after_closing(desk):
    filed = desk.file()
    desk.handled(filed)
    desk.answered(filed)
    desk.act(do.CloseComplaint, filed, ending="unfounded", text="Tidak terbukti.")
    with refused("status.refused"):
        desk.answered(filed)


def test_it_is_not_closed_as_solved_before_it_was_answered(desk):
    filed = desk.file()
    desk.handled(filed)
    with refused("complaint.unanswered"):
        desk.act(do.CloseComplaint, filed, ending="solved", text="Selesai.")


def test_what_is_not_ours_is_closed_at_once_with_the_right_address(desk):
    filed = desk.file()
    closed = desk.act(do.CloseComplaint, filed, ending="not_ours", text="Kantor Pertanahan.")
    assert closed.record.ending == "not_ours"
    assert "Kantor Pertanahan." in desk.mails()[0].get_body().get_content()
    assert desk.waits(filed).missing == "complaint_not_ours"


# --- what is written -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        *(NIK, "1376.0157.0890.9901", "1376 0157 0890 9901", "NIK:1376-0157-0890-9901"),
        "１３７６０１５７０８９０９９０１",
    ],
)
def test_a_nik_in_a_text_is_masked_before_anything_is_kept(desk, typed):
    filed = desk.file(text=f"NIK saya {typed}, tolong.")
    shown = desk.service.complaint_file(filed.id, actor=officer("wakatobi"))
    assert "************" in shown.text
    assert NIK not in shown.text.replace(".", "").replace(" ", "").replace("-", "")
    assert shown.text.endswith(", tolong.")


@pytest.mark.parametrize("text", ["x" * 8001, "x" * 1_000_000, "bel\x07l"])
def test_a_text_too_long_or_with_signs_that_do_not_show_is_malformed(text):
    with pytest.raises(InputError, match=r"command\.text"):
        do.FileComplaint(office="wakatobi", channel="email", message="aduan", text=text)


def test_notes_are_internal_and_each_look_is_written_down(desk):
    filed = desk.file(name="Ayu", address=ADDRESS)
    desk.act(do.NoteComplaint, filed, text="Tanya petugas loket dua.")
    seen = desk.service.complaint_file(filed.id, actor=officer("wakatobi"))
    assert [note.text for note in seen.notes] == ["Tanya petugas loket dua."]
    assert (seen.name, seen.address, seen.email) == ("Ayu", ADDRESS, MAIL)
    outward = repr(desk.view(filed)) + repr(
        desk.service.complaint_dossier(filed.receipt.receipt, actor=AYU)
    )
    assert "noted" not in outward
    assert all(one.about != "note" for one in desk.view(filed).told)


def test_links_are_noted_on_both_and_shown_to_nobody_outside(desk):
    one, other = desk.file(), desk.file(email="budi@example.org")
    desk.act(do.LinkComplaints, one, other_id=other.id)
    assert desk.service.get(other.id, "complaint", actor=SYSTEM).links == (one.id,)
    with refused("complaint.done"):
        desk.act(do.LinkComplaints, one, other_id=other.id)
    with refused("record.unknown"):
        desk.act(do.LinkComplaints, one, other_id=desk.file("payakumbuh", message="saran").id)
    assert other.id not in repr(desk.view(one))


def test_an_attachment_is_kept_by_reference_size_and_digest_and_another_file_is_refused(desk):
    attached = do.Attachment.of("berkas/1.jpg", b"a picture")
    filed = desk.file(attachments=(attached,))
    (shown,) = desk.service.complaint_file(filed.id, actor=officer("wakatobi")).attachments
    assert (shown.reference, shown.size, shown.digest) == (
        "berkas/1.jpg", 9, hashlib.sha256(b"a picture").digest()
    )  # fmt: skip
    shown.check(b"a picture")
    with pytest.raises(InputError, match=r"complaint\.attachment"):
        shown.check(b"another picture")


def test_the_dossier_tells_dates_answers_limits_and_the_version_of_the_standard(desk):
    filed = desk.file()
    desk.handled(filed)
    desk.answered(filed)
    dossier = desk.service.complaint_dossier(filed.receipt.receipt, actor=AYU)
    assert dossier.standard == filed.record.standard
    assert dossier.decree == "04 TAHUN 2024"
    assert [step.event for step in dossier.steps] == [
        "complaint.filed/1", "complaint.step_done/1", "complaint.step_done/1",
        "complaint.answered/1",
    ]  # fmt: skip
    assert [one.source for one in dossier.limits] == ["W47"]
    assert dossier.complaint.told[0].text == "Loket ditambah."
    assert desk.service.complaint_dossier(filed.id, actor=officer("wakatobi")) == dossier


def test_the_summary_counts_by_kind_and_month_and_names_nobody(desk):
    filed = desk.file()
    desk.file(message="saran")
    desk.act(do.CloseComplaint, filed, ending="not_ours", text="Kantor Pertanahan.")
    counts = desk.service.complaint_summary("wakatobi")
    assert [(one.month, one.message, one.received, one.open) for one in counts] == [
        ("2026-11", "aduan", 1, 0),
        ("2026-11", "saran", 1, 1),
    ]
    assert desk.service.complaint_summary("payakumbuh") == ()
