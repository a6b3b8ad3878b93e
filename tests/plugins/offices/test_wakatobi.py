"""The published standard of Kabupaten Wakatobi, clause by clause."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ikd import commands as do
from ikd.core.errors import InputError
from ikd.core.resident.device import Device
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.deadlines import Pause
from ikd.core.standard.office import Office, deadlines
from model import acts
from model.cases import Case, refusal_of


def found(office: Office, **facts: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    ready = {
        "device": Device(kind="smartphone", platform="android", os_version="13", online=True),
        "ktp_el": "issued",
        "email": True,
        "phone": True,
    }
    return [
        (f.outcome, f.requirement, f.clauses) for f in office.check(Candidate(**{**ready, **facts}))
    ]


def device(kind: str, platform: str = "other", version: str | None = None) -> Device:
    return Device(kind=kind, platform=platform, os_version=version, online=True)


def test_w1_w2_and_w35_title_decree_and_product(wakatobi: Office) -> None:
    assert wakatobi.service_name == "Identitas Kependudukan Digital (IKD)"
    assert wakatobi.words.service.clause == "W1"
    assert wakatobi.product == "Identitas Kependudukan Digital (IKD)"
    assert wakatobi.words.product.clause == "W35"
    assert wakatobi.decree.number.value == "04 TAHUN 2024"


@pytest.mark.parametrize(
    ("ktp_el", "recorded", "outcome"),
    [
        ("issued", None, []),
        ("never", True, []),
        ("lost", True, []),
        ("lost", None, []),
        (None, True, []),
        ("never", False, [("refuse", "card", ("W3",))]),
        ("never", None, [("ask", "card", ("W3",))]),
        (None, None, [("ask", "card", ("W3",))]),
    ],
)
def test_w3_a_card_or_a_recording(
    wakatobi: Office, ktp_el: Any, recorded: Any, outcome: list[Any]
) -> None:
    assert found(wakatobi, ktp_el=ktp_el, recorded=recorded) == outcome


def test_w4_email_and_phone_are_both_required_and_both_told(wakatobi: Office) -> None:
    assert found(wakatobi, email=False, phone=False) == [
        ("refuse", "email", ("W4",)),
        ("refuse", "phone", ("W4",)),
    ]
    assert [f[0] for f in found(wakatobi, email=None, phone=None)] == ["ask", "ask"]


@pytest.mark.parametrize(
    ("shown", "outcome", "clauses"),
    [
        (device("smartphone", "android", "7.1.2"), ["refuse"], ("W6",)),
        (device("smartphone", "android", "8"), [], None),
        (device("smartphone", "android", "8.0.0"), [], None),
        (device("smartphone", "android", "8.1"), [], None),
        (device("smartphone", "android", "9"), [], None),
        (device("smartphone", "android", "15"), [], None),
        (device("smartphone", "android", ""), ["human"], ()),
        (device("smartphone", "android", "Oreo"), ["human"], ()),
        (device("smartphone", "ios", "8"), ["refuse"], ("W7",)),
        (device("smartphone", "ios", "10.3.4"), ["refuse"], ("W7",)),
        (device("smartphone", "ios", "11"), [], None),
        (device("smartphone", "ios", "11.0.1"), [], None),
        (device("smartphone", "ios", "17"), [], None),
        (device("smartphone", "other", "12"), ["human"], ()),
        (device("tablet", "android", "13"), ["human"], ()),
        (device("tablet", "android", "7"), ["refuse"], ("W6",)),
        (device("none"), ["refuse"], ("W5",)),
    ],
)
def test_w5_to_w7_a_smartphone_with_its_own_least_version(
    wakatobi: Office, shown: Device, outcome: list[str], clauses: tuple[str, ...] | None
) -> None:
    result = found(wakatobi, device=shown)
    assert [f[0] for f in result] == outcome
    assert not outcome or result[0][2] == clauses


def test_w8_internet_is_required_and_asked_for_never_assumed(wakatobi: Office) -> None:
    offline = Device(kind="smartphone", platform="android", os_version="13", online=False)
    silent = Device(kind="smartphone", platform="android", os_version="13")
    assert found(wakatobi, device=offline) == [("refuse", "online", ("W8",))]
    assert found(wakatobi, device=silent) == [("ask", "online", ("W8",))]


def test_w9_the_misspelling_stays_in_the_source(wakatobi: Office) -> None:
    assert wakatobi.procedure[0].text.startswith("Pemohon mengunduh aplikasi Identitas")
    assert "Identital" in wakatobi.procedure[0].quote
    assert wakatobi.person == "Pemohon"


def test_w10_two_stores_are_named(wakatobi: Office) -> None:
    assert [s.value for s in wakatobi.words.stores] == ["Google Play Store", "Apple App Store"]


def test_w11_to_w13_an_open_list_of_three_fields_and_a_button(wakatobi: Office) -> None:
    rules = wakatobi.registration
    assert rules.required == {"nik", "email", "phone"}
    assert (rules.open.value, rules.open.clause) == (True, "W11")
    assert (rules.button.value, rules.button.clause) == ("verifikasi data", "W13")


def test_w14_only_the_face_and_liveness_is_ours(wakatobi: Office) -> None:
    biometric = wakatobi.biometric
    assert [(m.kind, m.moving, m.clause) for m in biometric.methods] == [("face", None, "W14")]
    assert (biometric.match.clause, biometric.liveness.source) == ("W14", "default")


def test_w15_the_applicant_reads_and_nobody_says_where(wakatobi: Office) -> None:
    presence = wakatobi.presence
    assert (presence.direction.value, presence.direction.clause) == ("resident_reads_office", "W15")
    assert (presence.shown_on, presence.places) == (None, ())
    assert presence.check_code.source == presence.confirm_within.source == "default"
    assert wakatobi.step("presence").by == "resident"


def test_w16_to_w18_a_code_from_siak_by_email_only(wakatobi: Office) -> None:
    pin = wakatobi.pin
    assert (pin.word.value, pin.sender.value) == ("kode aktivasi", "SIAK")
    assert (pin.media_kinds, pin.media[0].clause) == (("email",), "W18")


def test_w19_to_w25_digits_captcha_and_the_buttons_word_for_word(wakatobi: Office) -> None:
    pin = wakatobi.pin
    assert (pin.digits.value, pin.digits.clause) == (6, "W20")
    assert (pin.captcha.value, pin.captcha.clause) == (True, "W22")
    assert {role: (b.label, b.clause, b.if_asked) for role, b in pin.buttons.items()} == {
        "mail": ("Aktivasi", "W19", False),
        "activate": ("Aktifkan", "W23", False),
        "confirm": ("Ya", "W24", False),
        "close": ("Tutup", "W25", True),
    }


def test_w26_to_w28_the_code_signs_in_once_more(wakatobi: Office) -> None:
    sign_in = wakatobi.sign_in
    assert (sign_in.clause, sign_in.secret.clause) == ("W27", "W28")
    assert (sign_in.window.value, sign_in.window.source) == (timedelta(hours=24), "default")
    assert [item.number for item in wakatobi.procedure] == list(range(1, 10))


def test_w26_nobody_signs_in_before_the_activation(wakatobi: Office) -> None:
    case = Case(office=wakatobi)
    application = acts.brought_to(case, "PIN_SENT")
    early = do.SignIn(identity_id=application.id, pin="012345", proof=b"p")
    assert refusal_of(case, early, acts.RESIDENT) == "record.unknown"
    assert case.all("identity") == []


def test_review_approval_and_rejection_cite_no_clause(wakatobi: Office) -> None:
    assert [wakatobi.step(n).source for n in ("ministry_review", "decision")] == ["default"] * 2
    assert (wakatobi.review.by, wakatobi.decision.by) == ("registry", "operator")
    assert wakatobi.rejection.media[0].source == "default"
    assert wakatobi.rejection.sender is None


START = "2026-12-23T15:00"


def left(office: Office, hours: float, *pauses: Pause) -> tuple[Any, ...]:
    start = datetime.fromisoformat(START).replace(tzinfo=office.tz)
    return deadlines(office, start, start + timedelta(hours=hours), pauses)


def test_w29_to_w32_three_times_in_order_and_only_the_longest_binds(wakatobi: Office) -> None:
    rows = left(wakatobi, 23)
    assert [(row.text, row.source) for row in rows] == [
        ("10 menit", "W30"),
        ("30 menit", "W31"),
        ("1 x 24 jam", "W32"),
    ]
    assert [row.binding for row in rows] == [False, False, True]
    start = datetime(2026, 12, 23, 15, tzinfo=wakatobi.tz)
    minutes = [(row.due_at - start) // timedelta(minutes=1) for row in rows]
    assert minutes == [10, 30, 24 * 60]
    assert not any(row.breached for row in rows)
    # the 24th is joint leave: hours of the wall clock don't care
    assert rows[2].due_at == datetime(2026, 12, 24, 15, tzinfo=wakatobi.tz)
    assert left(wakatobi, 24.1)[2].breached


@pytest.mark.parametrize(
    ("registered", "due"),
    [
        ("2026-11-28T22:00+08:00", "2026-11-29T22:00+08:00"),  # a weekend doesn't matter
        ("2026-12-31T23:59:59+08:00", "2027-01-01T23:59:59+08:00"),
        ("2026-11-24T00:30+09:00", "2026-11-24T23:30+08:00"),  # registered in Papua
        ("2026-11-23T16:00+00:00", "2026-11-25T00:00+08:00"),
        ("2028-02-28T12:00+08:00", "2028-02-29T12:00+08:00"),
    ],
)
def test_w32_once_24_hours_is_hours_of_the_wall_clock(
    wakatobi: Office, registered: str, due: str
) -> None:
    start, end = datetime.fromisoformat(registered), datetime.fromisoformat(due)
    assert deadlines(wakatobi, start, end)[2].due_at == end
    assert not deadlines(wakatobi, start, end)[2].breached
    assert deadlines(wakatobi, start, end + timedelta(microseconds=1))[2].breached
    assert not any(row.breached for row in deadlines(wakatobi, start, end)[:2])


def test_w33_only_the_systems_network_moves_the_longest_limit(wakatobi: Office) -> None:
    start = datetime.fromisoformat(START).replace(tzinfo=wakatobi.tz)
    span = {"began": start + timedelta(hours=1), "ended": start + timedelta(hours=3)}
    system = left(wakatobi, 25, Pause(reason="system_network", **span))
    assert [row.paused for row in system] == [timedelta(0), timedelta(0), timedelta(hours=2)]
    assert not system[2].breached
    assert "W33" in system[2].label
    assert "tafsiran" in system[2].label
    with pytest.raises(InputError) as caught:
        left(wakatobi, 25, Pause(reason="resident_offline", **span))
    assert caught.value.code == "pauses.reason"


def test_w34_there_is_no_fee(wakatobi: Office) -> None:
    assert (wakatobi.fee.amount.value, wakatobi.fee.amount.clause) == (0, "W34")


def test_w36_to_w44_eight_channels_and_handles_as_published(wakatobi: Office) -> None:
    complaints = wakatobi.complaints
    assert [kind.name for kind in complaints.kinds] == ["aduan", "saran", "masukan"]
    own = [channel for channel in complaints.channels if not channel.external]
    assert [channel.label for channel in own] == list("12345678")
    assert [channel.handle for channel in own[3:]] == [
        "0852-1994-1449",
        "Disdukcapil Wakatobi",
        "@disdukcapil_kab.wakatobi",
        "@Capil_Wakatobi",
        "dukcapilwakatobi7407@gmail.com",
    ]
    assert complaints.channel("sms") == complaints.channel("whatsapp")
    assert complaints.channel("phone") is None
    assert complaints.check("complaint_box", "aduan") == ()


def test_w38_w39_what_is_put_into_the_other_box_is_taken_with_a_note(wakatobi: Office) -> None:
    complaints = wakatobi.complaints
    own = (("complaint_box", "aduan"), ("suggestion_box", "saran"), ("suggestion_box", "masukan"))
    assert [complaints.check(*one) for one in own] == [(), (), ()]
    for other in (("complaint_box", "saran"), ("suggestion_box", "aduan")):
        (note,) = complaints.check(*other)
        assert (note.outcome, note.clause) == ("note", None)


def test_w45_to_w49_four_steps_and_a_clock_for_complaints_alone(wakatobi: Office) -> None:
    complaints = wakatobi.complaints
    assert [(s.name, s.optional) for s in complaints.steps] == [
        ("verify", False),
        ("follow_up", False),
        ("coordinate", False),
        ("sanction", True),
    ]
    (clock,) = complaints.clocks
    assert clock.kinds == ("aduan",)  # suggestions and comments have no clock
    assert (clock.limit, clock.about, clock.tolerance.source) == (
        timedelta(hours=24),
        True,
        "default",
    )


@pytest.mark.parametrize(
    ("hours", "left", "breached"),
    [(0, 24, False), (24, 0, False), (24.02, -0.02, False), (26, -2, False), (26.01, -2.01, True)],
)
def test_w47_about_24_hours_run_through_the_weekend_and_are_about(
    wakatobi: Office, hours: float, left: float, breached: bool
) -> None:
    saturday = datetime(2026, 11, 28, 22, tzinfo=wakatobi.tz)
    now = saturday + timedelta(hours=hours)
    (told,) = wakatobi.complaint_deadlines("aduan", saturday, now)
    assert told.due_at == datetime(2026, 11, 29, 22, tzinfo=wakatobi.tz)
    assert (told.remaining, told.breached) == (timedelta(hours=left), breached)
    assert (told.text, told.source) == ("kurang lebih 1x24 jam", "W47")
    assert told.label == (
        "kurang lebih, toleransi 2 jam (default); sejak diterima (default); "
        "sampai Pengaduan ditindaklanjuti"
    )


@pytest.mark.parametrize("kind", ["saran", "masukan", "aspirasi"])
def test_w47_no_other_kind_has_a_clock(wakatobi: Office, kind: str) -> None:
    saturday = datetime(2026, 11, 28, 22, tzinfo=wakatobi.tz)
    assert wakatobi.complaint_deadlines(kind, saturday, saturday) == ()


def test_w50_to_w56_team_facilities_and_unit(wakatobi: Office) -> None:
    complaints = wakatobi.complaints
    assert complaints.team.value == "Tim Penanganan Pengaduan"
    assert [item.value for item in complaints.facilities] == [
        "Ruang Pengaduan",
        "Kotak Pengaduan",
        "Kotak Saran",
        "Media Sosial",
    ]
    assert complaints.unit.value == "Semua Bidang"


def test_w57_to_w60_lapor_takes_kinds_of_its_own_by_three_routes(wakatobi: Office) -> None:
    complaints = wakatobi.complaints
    lapor = complaints.channel("lapor")
    assert complaints.accepted(lapor) == ("pengaduan", "aspirasi", "permintaan_informasi")
    assert (lapor.external, len(lapor.routes)) == (True, 3)
    assert complaints.check("lapor", "aspirasi") == ()
    (note,) = complaints.check("facebook", "aspirasi")
    assert (note.outcome, note.clause) == ("note", None)


def test_w61_what_the_text_never_says_is_unstated(wakatobi: Office) -> None:
    about = wakatobi.about
    assert (about.address, about.postcode, about.phone, about.website) == (None,) * 4
    assert {about.region.source, about.zone.source, about.full_name.source} == {"default"}
