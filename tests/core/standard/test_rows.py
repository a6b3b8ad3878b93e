"""What other offices have been seen to publish can be said in a file (rows F1 to F23)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from ikd.core.resident.device import Device
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.office import deadlines

SPINE = ("register", "presence", "decision", "activate")


def page(prefix: str, **own: object) -> dict[str, Any]:
    return {"prefix": prefix, "kind": "office_page", "title": "Contoh", **own}


def test_f1_anything_may_be_unstated_and_that_is_not_none_nor_zero(desk: Any) -> None:
    office = desk.office()
    about = office.about
    assert (office.decree, office.fee, office.sla, office.complaints) == (None,) * 4
    assert (office.requirements, about.address, about.phone, about.website) == (None,) * 4
    free = desk.office(fee={"amount": desk.said(0)}, requirements=[])
    assert (free.fee.amount.value, free.requirements) == (0, ())


def test_f2_one_file_rests_on_several_texts_with_their_conflicts(desk: Any) -> None:
    sources = [
        page("A", address="https://example.org/a", read=date(2026, 1, 2)),
        page("B", kind="news", conflict="menyebut dua hari"),
    ]
    fee = {"amount": desk.said(0, "A1"), "words": desk.said("gratis", "B2")}
    office = desk.office(evidence=sources, fee=fee)
    assert [item.kind for item in office.evidence] == ["office_page", "news"]
    assert (office.fee.amount.clause, office.fee.words.clause) == ("A1", "B2")


def test_f3_a_requirement_joins_any_facts(desk: Any) -> None:
    tree = desk.row(
        id="siapa",
        text="17 tahun atau pernah kawin, dengan KK dan aplikasi",
        text_en="17 or ever married, with a family card and the app",
        all_of=[
            desk.row(
                any_of=[
                    desk.row(fact="age", at_least=17),
                    desk.row(fact="ever_married", holds=True),
                ]
            ),
            desk.row(fact="family_card", holds=True),
            desk.row(fact="app_installed", holds=True),
        ],
    )
    office = desk.office(requirements=[tree])
    ready = {"family_card": True, "app_installed": True}
    assert office.check(Candidate(age=16, ever_married=True, **ready)) == ()
    assert [f.outcome for f in office.check(Candidate(age=16, **ready))] == ["ask"]


def test_f4_a_least_version_for_one_system_for_both_or_for_none_named(desk: Any) -> None:
    for rows in (
        [desk.row(platform="android", version="7")],
        [desk.row(platform="android", version="8"), desk.row(platform="ios", version="11.0")],
        [desk.row(version="7")],
    ):
        need = desk.row(id="os", text="Sistem", text_en="System", minimum=rows)
        old = Candidate(device=Device(kind="smartphone", platform="android", os_version="6.0"))
        assert [f.outcome for f in desk.office(requirements=[need]).check(old)] == ["refuse"]


def test_f5_fields_may_be_none_or_seven_and_without_email_and_phone(desk: Any) -> None:
    assert desk.office().registration.required == frozenset()
    names = ["nik", "full_name", "birth_place", "birth_date", "mother_name", "address", "village"]
    rows = [desk.row(name=name, required=name != "village", label=name) for name in names]
    rules = desk.office(registration={"fields": rows, "open": desk.said(False)}).registration
    assert rules.required == frozenset(names) - {"village"}
    assert (rules.rule("email"), rules.rule("nik").label) == (None, "nik")


def test_f6_and_f8_published_items_have_no_effect_and_share_steps(desk: Any) -> None:
    steps = desk.steps(*SPINE)
    steps[0]["published"] = [
        desk.row(number=2, text="Mengisi data dan swafoto"),
        desk.row(number=1, text="Mengambil nomor antrean"),
    ]
    office = desk.office(steps=steps)
    assert [item.number for item in office.procedure] == [1, 2]
    assert [step.name for step in office.steps] == list(SPINE)


def test_f7_terms_may_have_to_be_accepted_first(desk: Any) -> None:
    terms = desk.row(text="Syarat dan ketentuan", accept="Setuju")
    said = {"terms": terms, "consent": desk.said(value=True)}
    rules = desk.office(registration=said).registration
    assert (rules.terms.accept, rules.consent.value) == ("Setuju", True)


def test_f9_biometrics_say_where_from_when_and_what_waits(desk: Any) -> None:
    steps = desk.steps("register", "biometric", "presence", "decision", "activate")
    rule = {
        "methods": [desk.row(kind="face", where="office", since="2024")],
        "pending": desk.said("Menunggu sinkronisasi"),
    }
    biometric = desk.office(steps=steps, biometric=rule).biometric
    assert (biometric.methods[0].where, biometric.methods[0].moving) == ("office", None)
    assert biometric.pending.value == "Menunggu sinkronisasi"
    assert biometric.liveness.source == "default"


def test_f10_f11_and_f12_the_visit_has_places_officers_and_a_screen(desk: Any) -> None:
    place = desk.row(kind="village", name="Desa", condition="yang memiliki layanan", finish=False)
    presence = {
        "direction": desk.said("office_reads_resident"),
        "shown_on": desk.said("operator_computer"),
        "places": [place, desk.row(kind="mobile", name="Mobil keliling")],
        "domicile": desk.said("any"),
        "elsewhere": desk.said(True),
    }
    registrar = desk.row(title="Petugas registrasi", may=["verify", "scan"])
    office = desk.office(presence=presence, officers=[registrar])
    assert [(p.begin, p.finish) for p in office.presence.places] == [(True, False), (True, True)]
    assert (office.presence.elsewhere.value, office.presence.qr) == (True, None)
    assert office.officers[0].may == ("verify", "scan")


def test_f13_and_f16_clocks_have_units_starts_and_provisos(desk: Any) -> None:
    row = desk.row(
        text="15 menit",
        amount=15,
        unit="minutes",
        start=desk.said("declared_complete"),
        proviso=desk.said("sepanjang berkas lengkap"),
    )
    office = desk.office(sla={"clauses": [row, desk.row(text="3 jam", amount=3, unit="hours")]})
    start = datetime(2026, 11, 23, 10, tzinfo=office.tz)
    assert [left.text for left in deadlines(office, start, start)] == ["3 jam"]
    both = deadlines(office, start, start, starts={"declared_complete": start})
    assert [left.due_at - start for left in both] == [timedelta(minutes=15), timedelta(hours=3)]


def test_f14_and_f15_the_secret_has_a_word_a_way_and_a_fate(desk: Any) -> None:
    pin = {
        "word": desk.said("kode verifikasi"),
        "media": [desk.row(kind="officer"), desk.row(kind="other")],
        "carried": desk.said("both"),
        "captcha": desk.said(True),
        "captcha_place": desk.said("web"),
        "buttons": {"activate": desk.row(label="Kirim")},
    }
    sign_in = desk.row(
        secret=desk.said("pin"), fate=desk.said("temporary"), passcode_after=desk.said(True)
    )
    office = desk.office(pin=pin, sign_in=sign_in)
    assert [medium.kind for medium in office.pin.media] == ["officer", "other"]
    assert office.pin.media_kinds == ("officer",)  # nothing is said to stand for the open word
    assert office.pin.buttons["activate"].label == "Kirim"
    assert (office.pin.carried.value, office.sign_in.fate.value) == ("both", "temporary")


def test_f17_product_and_fee_have_the_offices_words(desk: Any) -> None:
    fee = {"amount": desk.said(0), "words": desk.said("GRATIS")}
    office = desk.office(words={"product": desk.said("KTP Digital")}, fee=fee)
    assert (office.product, office.fee.words.value) == ("KTP Digital", "GRATIS")


def test_f18_channels_of_any_kind_keep_handles_verbatim(desk: Any) -> None:
    rows = [
        desk.row(id="radio", kind="radio", text="Radio kota"),
        desk.row(
            id="email",
            kind="email",
            text="Email",
            handle="capil @example.id",
            handle_normal=desk.said("capil@example.id"),
        ),
        desk.row(id="wa", kind="whatsapp", also=["sms"], text="WA/SMS", handle="0852-1994"),
    ]
    complaints = desk.office(complaints={"channels": rows}).complaints
    assert complaints.channel("radio").handle is None
    assert complaints.channel("email").handle == "capil @example.id"
    assert complaints.channel("sms").handle == "0852-1994"


def test_f19_f21_and_f22_components_laws_recovery_and_warnings_are_text(desk: Any) -> None:
    office = desk.office(
        components=[desk.row(number=14, title="Evaluasi", text="Setiap tahun")],
        laws=[desk.said("UU 24/2013")],
        recovery=[desk.row(event="lost_phone", text="Lapor ke kantor")],
        words={"warnings": [desk.said("Tidak pernah melalui WhatsApp")]},
    )
    assert (office.components[0].number, office.laws[0].value) == (14, "UU 24/2013")
    assert office.recovery[0].event == "lost_phone"
    assert len(office.words.warnings) == 1


def test_f20_review_approval_and_rejection_are_stated_each_by_itself(desk: Any) -> None:
    steps = desk.steps("register", "ministry_review", *SPINE[1:])
    sms = {"media": [desk.row(kind="sms")]}
    office = desk.office(steps=steps, rejection=sms)
    assert office.review.by == "ministry"
    assert office.rejection.media_kinds == ("sms",)
    assert desk.office().rejection.media[0].source == "default"


def test_f23_a_new_decree_is_another_text_with_its_own_dates(desk: Any) -> None:
    old = desk.office(decree={"number": desk.said("1/2024"), "effective_until": desk.said("2025")})
    new = desk.office(
        decree={
            "number": desk.said("2/2026"),
            "effective_from": desk.said("2026"),
            "replaces": desk.said("1/2024"),
        }
    )
    assert old.digest != new.digest
    assert (old.decree.in_force(date(2026, 5, 1)), new.decree.in_force(date(2026, 5, 1))) == (
        False,
        True,
    )
