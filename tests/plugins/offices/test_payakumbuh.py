"""The published standard of Kota Payakumbuh, clause by clause."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from ikd.adapters.calendar.holidays import days_off
from ikd.core.errors import InputError
from ikd.core.resident.device import Device
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.deadlines import Pause
from ikd.core.standard.office import Office, deadlines, parse_office_text


def found(office: Office, **facts: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    phone = Device(kind="smartphone", platform="android", os_version="13")
    candidate = Candidate(**{"device": phone, "ktp_el": "issued", **facts})
    return [(f.outcome, f.requirement, f.clauses) for f in office.check(candidate)]


def test_p1_to_p6_the_office_says_who_and_where_it_is(payakumbuh: Office) -> None:
    about = payakumbuh.about
    assert about.name.value == "Dinas Kependudukan dan Pencatatan Sipil"
    assert payakumbuh.name == "Dinas Kependudukan dan Pencatatan Sipil Kota Payakumbuh"
    said = (about.address, about.postcode, about.phone, about.website)
    assert [item.value for item in said if item] == [
        "Jalan Jambu",
        "26213",
        "0752796135",
        "www.disdukcapil.payakumbuhkota.go.id",
    ]
    assert about.government.value == "Pemerintah Kota Payakumbuh"
    assert (payakumbuh.region, about.region.source) == ("13.76", "default")
    assert (payakumbuh.zone, about.zone.source) == ("Asia/Jakarta", "default")


def test_p4_and_p43_spell_one_number_twice(payakumbuh: Office) -> None:
    channel = payakumbuh.complaints.channel("phone")
    assert channel.handle == "0752-796135"
    assert channel.handle_normal.value == payakumbuh.about.phone_normal.value == "+62752796135"


def test_p7_p8_and_p37_service_decree_and_product_are_three_things(payakumbuh: Office) -> None:
    assert payakumbuh.service_name == "Aktivasi Identitas Kependudukan Digital (IKD)"
    assert payakumbuh.product == "Identitas Kependudukan Digital"
    assert payakumbuh.decree.number.value == "400.12.4.2/037/DKPS/2024"
    assert payakumbuh.decree.dated is None


@pytest.mark.parametrize(
    ("device", "outcome"),
    [
        (Device(kind="smartphone", platform="android", os_version="7"), []),
        (Device(kind="smartphone", platform="android", os_version="4.4"), []),
        (Device(kind="smartphone", platform="ios", os_version="10.3"), []),
        (Device(kind="smartphone", platform="other"), []),
        (Device(kind="tablet", online=False), []),
        (Device(kind="none"), [("refuse", "device", ("P11",))]),
        (None, [("ask", "device", ("P11",))]),
    ],
)
def test_p11_any_smart_device_will_do(
    payakumbuh: Office, device: Device | None, outcome: list[Any]
) -> None:
    assert found(payakumbuh, device=device) == outcome


@pytest.mark.parametrize(
    ("ktp_el", "recorded", "outcome"),
    [
        ("issued", None, []),
        ("never", True, []),
        ("never", False, [("refuse", "card", ("P12", "P13"))]),
        ("never", None, [("ask", "card", ("P13",))]),
        (None, True, [("ask", "card", ("P12", "P13"))]),
        (None, None, [("ask", "card", ("P12", "P13"))]),
        ("lost", None, [("human", "card", ())]),
        ("lost", True, [("human", "card", ())]),
    ],
)
def test_p12_and_p13_a_card_or_never_one_but_recorded(
    payakumbuh: Office, ktp_el: Any, recorded: Any, outcome: list[Any]
) -> None:
    assert found(payakumbuh, ktp_el=ktp_el, recorded=recorded) == outcome


def test_no_age_email_phone_or_internet_is_required(payakumbuh: Office) -> None:
    nothing = {"age": 3, "email": False, "phone": False, "online": False, "ever_married": False}
    assert found(payakumbuh, **nothing) == []


def test_p14_the_procedure_has_seven_items_and_two_are_branches(payakumbuh: Office) -> None:
    items = payakumbuh.procedure
    assert [item.number for item in items] == [1, 2, 3, 4, 5, 6, 7]
    assert [item.branch for item in items if item.branch] == ["approved", "rejected"]


def test_p16_to_p18_three_fields_and_a_closed_list(payakumbuh: Office) -> None:
    rules = payakumbuh.registration
    assert rules.required == {"nik", "email", "phone"}
    assert {rule.clause for rule in rules.fields} == {"P17"}
    assert rules.open.value is False
    assert (rules.button, rules.terms) == (None, None)


def test_p19_to_p21_three_ways_and_two_results(payakumbuh: Office) -> None:
    biometric = payakumbuh.biometric
    assert [(m.kind, m.moving, m.clause) for m in biometric.methods] == [
        ("face", True, "P19"),
        ("iris", None, "P20"),
        ("fingerprint", None, "P20"),
    ]
    assert (biometric.match.clause, biometric.liveness.clause) == ("P21", "P21")
    assert biometric.match_threshold.source == "default"


def test_p22_to_p30_steps_in_the_published_order(payakumbuh: Office) -> None:
    assert [(step.name, step.by, step.source) for step in payakumbuh.steps] == [
        ("register", "resident", "P16"),
        ("data_check", "registry", "default"),
        ("biometric", "registry", "P18"),
        ("ministry_review", "ministry", "P22"),
        ("presence", "operator", "P23"),
        ("decision", "ministry", "P24"),
        ("activate", "ministry", "P30"),
    ]


def test_p23_the_office_reads_the_residents_phone(payakumbuh: Office) -> None:
    presence = payakumbuh.presence
    assert (presence.direction.value, presence.direction.clause) == ("office_reads_resident", "P23")
    assert presence.shown_on.value == "phone"
    assert (presence.elsewhere.value, presence.elsewhere.source) == (False, "default")
    assert presence.places == ()


def test_p25_to_p27_a_pin_of_unstated_length_by_email_or_other_media(payakumbuh: Office) -> None:
    pin = payakumbuh.pin
    assert (pin.word.value, pin.sender.value) == ("PIN", "Dirjen Dukcapil Kemendagri RI")
    assert [medium.kind for medium in pin.media] == ["email", "other"]
    assert pin.media_kinds == ("email", "sms")  # what stands for the open word is our default
    assert {medium.clause for medium in pin.media} == {"P26"}
    assert (pin.digits.value, pin.digits.source) == (6, "default")
    assert (pin.captcha.value, pin.captcha.source) == (False, "default")
    assert dict(pin.buttons) == {}
    assert payakumbuh.sign_in is None


def test_p28_and_p29_a_rejection_goes_by_email_or_sms(payakumbuh: Office) -> None:
    rejection = payakumbuh.rejection
    assert rejection.media_kinds == ("email", "sms")
    assert {medium.clause for medium in rejection.media} == {"P29"}
    assert rejection.sender.value == "Dirjen Dukcapil Kemendagri RI"
    assert rejection.informs.value == "informasi"


def test_p31_and_p32_another_qr_is_issued_for_the_ministrys_reader(payakumbuh: Office) -> None:
    assert payakumbuh.credential.issued.clause == "P31"
    assert "Kementerian" in payakumbuh.credential.reader.value


def test_p34_one_day_is_read_as_a_working_day_by_a_default_of_the_file(payakumbuh: Office) -> None:
    friday = datetime(2026, 11, 27, 10, tzinfo=payakumbuh.tz)
    (left,) = deadlines(payakumbuh, friday, friday, days_off=days_off)
    assert (left.text, left.source, left.binding) == ("1 Hari", "P34", True)
    assert left.due_at == datetime(2026, 12, 1, 0, tzinfo=payakumbuh.tz)
    assert "hari kerja (default)" in left.label
    assert "belum ditetapkan" not in left.label
    otherwise = payakumbuh.text.replace('value = "working_day"', 'value = "calendar_day"')
    (left,) = deadlines(parse_office_text(otherwise), friday, friday)
    assert left.due_at.astimezone(payakumbuh.tz).date() == date(2026, 11, 29)


@pytest.mark.parametrize(
    ("registered", "last_day"),
    [
        ("2026-11-23T10:00+07:00", "2026-11-24"),  # a Monday: the day of the start isn't counted
        ("2026-11-23T23:59:59.999999+07:00", "2026-11-24"),
        ("2026-11-24T00:00+07:00", "2026-11-25"),  # a microsecond later it is Tuesday
        ("2026-11-24T00:30+09:00", "2026-11-24"),  # Tuesday in Papua, still Monday here
        ("2026-11-23T17:00+00:00", "2026-11-25"),  # Monday in London, Tuesday here
        ("2026-11-27T10:00+07:00", "2026-11-30"),  # Friday to Monday
        ("2026-11-28T10:00+07:00", "2026-11-30"),  # Saturday to Monday
        ("2026-11-29T23:59+07:00", "2026-11-30"),  # Sunday to Monday
        ("2026-12-23T15:00+07:00", "2026-12-28"),  # joint leave, Christmas, a weekend between
        ("2026-12-31T15:00+07:00", "2027-01-04"),  # New Year's Day, a weekend between
    ],
)
def test_p34_the_working_day_ends_at_midnight_in_payakumbuh(
    payakumbuh: Office, registered: str, last_day: str
) -> None:
    start = datetime.fromisoformat(registered)
    end = datetime.fromisoformat(f"{last_day}T00:00+07:00") + timedelta(days=1)
    (at_the_end,) = deadlines(payakumbuh, start, end, days_off=days_off)
    assert (at_the_end.due_at, at_the_end.remaining) == (end, timedelta(0))
    assert not at_the_end.breached
    (after,) = deadlines(payakumbuh, start, end + timedelta(microseconds=1), days_off=days_off)
    assert after.breached


def test_p34_no_pause_is_published(payakumbuh: Office) -> None:
    monday = datetime(2026, 11, 23, 10, tzinfo=payakumbuh.tz)
    outage = Pause(reason="system_network", began=monday, ended=monday + timedelta(hours=5))
    with pytest.raises(InputError) as caught:
        deadlines(payakumbuh, monday, monday + timedelta(days=1), [outage])
    assert caught.value.code == "pauses.reason"


def test_p36_there_is_no_fee(payakumbuh: Office) -> None:
    assert (payakumbuh.fee.amount.value, payakumbuh.fee.amount.clause) == (0, "P36")


def test_p39_to_p42_one_box_that_demands_text_name_and_address(payakumbuh: Office) -> None:
    complaints = payakumbuh.complaints
    box = complaints.channel("box")
    assert complaints.accepted(box) == ("saran", "pengaduan")
    assert box.addressee.value == "Kepala Dinas Kependudukan dan Pencatatan Sipil"
    assert box.owner.value.endswith("Kota Payakumbuh")
    found = complaints.check("box", "pengaduan", text="x", address="ayu@example.id")
    assert [(f.requirement, f.clause) for f in found] == [("name", "P42"), ("address", "P42")]
    (found_text,) = complaints.check("box", "saran", name="Ayu", address="Jl. Contoh")
    assert found_text.clause == "P41"
    assert complaints.check("phone", "pengaduan") == ()


def test_p43_to_p47_four_channels_with_their_letters_and_no_clock(payakumbuh: Office) -> None:
    complaints = payakumbuh.complaints
    assert [(c.label, c.handle) for c in complaints.channels] == [
        ("a", None),
        ("b", "0752-796135"),
        ("c", "Disdukcapilkotapayakumbuh"),
        ("g", "@lapor1708"),
    ]
    assert complaints.channel("twitter").text == "Twitter"
    assert (complaints.clocks, complaints.steps, complaints.facilities) == ((), (), ())
    assert (complaints.team, complaints.unit) == (None, None)
    for medium in ("email", "whatsapp", "facebook", "visit", "lapor"):
        assert complaints.channel(medium) is None
