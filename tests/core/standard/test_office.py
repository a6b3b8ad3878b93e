"""An office file is read whole or every fault of it is told."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import OfficeFileError
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.checks import id_fault
from ikd.core.standard.office import Office, parse_office, parse_office_text
from ikd.core.tokens.keyrecord import is_station

TEXT = """
format = 1
id = "contoh"
[about]
name = { value = "Disdukcapil Contoh", source = "C1", quote = "Disdukcapil" }
region = { value = "94.71", source = "default", why = "contoh" }
zone = { value = "Asia/Jayapura", source = "default", why = "contoh" }
[[evidence]]
prefix = "C"
kind = "office_page"
title = "Contoh"
read = 2026-11-22
[[steps]]
name = "register"
source = "default"
why = "contoh"
by = { value = "resident", source = "default", why = "contoh" }
[[steps]]
name = "presence"
source = "default"
why = "contoh"
by = { value = "operator", source = "default", why = "contoh" }
[[steps]]
name = "decision"
source = "default"
why = "contoh"
by = { value = "ministry", source = "default", why = "contoh" }
[[steps]]
name = "activate"
source = "default"
why = "contoh"
by = { value = "resident", source = "default", why = "contoh" }
[presence]
direction = { value = "office_reads_resident", source = "default", why = "contoh" }
"""


def test_a_toml_text_is_pinned_as_it_stands() -> None:
    office = parse_office_text(TEXT)
    assert office.text == TEXT
    assert office.digest == hashlib.sha256(TEXT.encode()).hexdigest()
    assert parse_office_text(TEXT + "\n").digest != office.digest


def test_plain_names_are_at_hand() -> None:
    office = parse_office_text(TEXT)
    assert (office.id, office.name, office.region) == ("contoh", "Disdukcapil Contoh", "94.71")
    assert (office.zone, office.tz.key) == ("Asia/Jayapura", "Asia/Jayapura")
    assert (office.person, office.decision.by, office.review) == ("Penduduk", "ministry", None)
    assert office.service_name.startswith("Aktivasi")
    assert office.product
    assert repr(office) == f"<Office contoh {office.digest[:8]}>"
    assert office.procedure == ()


def test_a_mapping_is_pinned_by_a_text_that_reads_back_equal(desk: Any) -> None:
    office = desk.office()
    again = parse_office_text(office.text)
    assert again == office
    assert hash(again) == hash(office)
    assert (again.digest, again.about) == (office.digest, office.about)
    assert office != parse_office_text(TEXT)
    assert office != office.text
    assert json.loads(office.text)["id"] == "contoh"


def test_the_order_of_keys_of_a_mapping_does_not_matter(desk: Any) -> None:
    least = desk.least()
    assert parse_office(dict(reversed(least.items()))) == parse_office(least)
    inner = {**least, "about": MappingProxyType(least["about"])}
    assert parse_office(MappingProxyType(inner)) == parse_office(least)


def test_a_mapping_may_hold_dates_and_times_as_toml_does(desk: Any) -> None:
    closed = desk.row(day=date(2026, 12, 17))
    hours = desk.row(days=("mon",), opens=time(7, 30), closes="16:00")
    office = desk.office(calendar={"closures": [closed], "hours": [hours]})
    assert parse_office_text(office.text).calendar == office.calendar
    assert office.calendar.hours[0].opens == time(7, 30)


@pytest.mark.parametrize(
    "value",
    [object(), float("nan"), datetime(2026, 1, 1), {1, 2}, b"x", "\ud800"],  # noqa: DTZ001
)
def test_what_no_file_could_hold_is_a_fault(desk: Any, value: object) -> None:
    assert desk.faults(words=value) == ["file"]


def test_a_mapping_that_holds_itself_is_a_fault(desk: Any) -> None:
    ring: dict[str, Any] = {}
    ring["words"] = ring
    assert desk.faults(words=ring) == ["file"]


@pytest.mark.parametrize(
    "text",
    ["id = ", "\ud800", "{", "{}", "[" * 5000, "a = " + "[" * 5000, "", "x = 1" + "0" * 5000],
)
def test_a_text_that_is_no_office_is_refused_in_words(text: str) -> None:
    with pytest.raises(OfficeFileError) as caught:
        parse_office_text(text)
    assert caught.value.faults


@pytest.mark.parametrize("part", ["id", "about", "steps", "presence"])
def test_a_needed_part_that_is_missing_is_named(desk: Any, part: str) -> None:
    least = desk.least()
    del least[part]
    with pytest.raises(OfficeFileError) as caught:
        parse_office(least)
    assert (part, "wajib ada / must be there") in caught.value.faults


@pytest.mark.parametrize("version", [None, 0, 3, "1", True, 1.0])
def test_only_known_formats_are_read(desk: Any, version: object) -> None:
    assert desk.faults(format=version) == ["format"]


@pytest.mark.parametrize("name", ["", "A", "kota x", "../x", "x" * 33, "x\n"])
def test_an_id_is_a_plain_word(desk: Any, name: str) -> None:
    assert desk.faults(id=name) == ["id"]


def test_an_office_of_the_longest_id_can_still_have_a_counter(desk: Any) -> None:
    longest = next(n for n in range(64, 0, -1) if id_fault("x" * n) is None)
    assert desk.office(id="x" * longest).id == "x" * longest
    assert "32" in str(id_fault("x" * (longest + 1)))
    assert is_station("x" * longest, "loket-01")


def test_every_fault_is_told_at_once(desk: Any) -> None:
    least = desk.least(
        colour="red",
        pin={"digits": desk.said(4), "life": desk.said("soon"), "word": "PIN"},
        fee={"amount": {"value": 0, "source": "X1"}},
        steps=desk.steps("register", "decision", "presence", "activate"),
    )
    del least["presence"]
    with pytest.raises(OfficeFileError) as caught:
        parse_office(least)
    assert [path for path, _ in caught.value.faults] == [
        "steps",
        "presence",
        "pin.word",
        "pin.life.value",
        "fee.amount.quote",
        "colour",
        "fee.amount.source",
    ]


def test_steps_that_are_no_list_of_tables_are_faults(desk: Any) -> None:
    assert desk.faults(steps="register") == ["steps"]
    assert "steps[1]" in desk.faults(steps=["register", 1])
    assert "steps[1].name" in desk.faults(steps=[{"name": ["register"]}])


def test_a_clause_needs_the_text_it_stands_in(desk: Any) -> None:
    fee = {"amount": desk.said(0, "C3")}
    assert desk.faults(fee=fee) == ["fee.amount.source"]
    page = {"prefix": "C", "kind": "office_page", "title": "Contoh"}
    assert desk.office(fee=fee, evidence=[page]).fee.amount.clause == "C3"
    assert desk.faults(fee=fee, evidence=[page, page]) == ["evidence"]
    assert desk.faults(evidence=[{**page, "prefix": "c"}]) == ["evidence[1].prefix"]


def test_a_clause_has_an_effect_or_it_has_none(desk: Any) -> None:
    page = {"prefix": "C", "kind": "office_page", "title": "Contoh"}
    quiet = [{"clause": "C3", "why": "hiasan"}]
    assert desk.office(evidence=[page], informative=quiet).informative[0].clause == "C3"
    both = {"fee": {"amount": desk.said(0, "C3")}, "evidence": [page], "informative": quiet}
    assert desk.faults(**both) == ["fee.amount.source"]
    assert desk.faults(informative=quiet) == ["informative[1].clause"]


def test_a_clause_without_its_text_is_told_even_inside_a_broken_part(desk: Any) -> None:
    pin = {"word": desk.said("PIN", "X4"), "digits": desk.said("six"), "media": []}
    assert desk.faults(pin=pin) == ["pin.digits.value", "pin.word.source"]


def test_what_stands_twice_is_a_fault(desk: Any) -> None:
    page = {"prefix": "C", "kind": "office_page", "title": "Contoh"}
    quiet = {"clause": "C3", "why": "hiasan"}
    assert desk.faults(evidence=[page], informative=[quiet, quiet]) == ["informative"]
    component = desk.row(number=3, title="Waktu")
    assert desk.faults(components=[component, component]) == ["components"]
    email = desk.row(kind="email")
    assert desk.faults(pin={"media": [email, email]}) == ["pin.media"]
    assert desk.faults(rejection={"media": [email, email]}) == ["rejection.media"]
    kind = desk.row(name="aduan")
    assert desk.faults(complaints={"kinds": [kind, kind]}) == ["complaints.kinds"]
    steps = desk.steps("register", "biometric", "presence", "decision", "activate")
    face = desk.row(kind="face")
    assert desk.faults(steps=steps, biometric={"methods": [face, face]}) == ["biometric.methods"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("presense", "presence"),
        ("presnce", "presence"),
        ("fee ", "fee"),
        ("langkah", None),
        ("x", None),
        ("steps" * 100_000, None),
    ],
)
def test_a_mistyped_key_is_told_with_the_one_that_was_meant(
    desk: Any, typed: str, meant: str | None
) -> None:
    with pytest.raises(OfficeFileError) as caught:
        parse_office(desk.least(**{typed: {}}))
    ((path, words),) = caught.value.faults
    assert path == typed
    assert words.partition("did you mean: ")[2] == (f"{meant}?" if meant else "")


def test_a_mistyped_key_inside_a_part_is_told_likewise(desk: Any) -> None:
    with pytest.raises(OfficeFileError) as caught:
        desk.office(pin={"captha": desk.said(value=True)})
    assert caught.value.faults[0][1].endswith("did you mean: captcha?")


def test_a_value_without_its_source_is_told_how_it_is_written(desk: Any) -> None:
    with pytest.raises(OfficeFileError) as caught:
        desk.office(pin={"life": "30 min"})
    assert caught.value.faults == (
        (
            "pin.life",
            (
                "harus berupa tabel: { value = …, source = … } / "
                "must be a table: { value = …, source = … }"
            ),
        ),
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


def _paths(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        found += [p for key, item in value.items() for p in _paths(item, (*path, key))]
    if isinstance(value, list):
        found += [p for n, item in enumerate(value) for p in _paths(item, (*path, n))]
    return found


@given(st.data(), JSON)
def test_any_damage_gives_an_office_or_faults_and_nothing_else(
    desk: Any, data: st.DataObject, junk: object
) -> None:
    whole = json.loads(parse_office(desk.least()).text)
    path = data.draw(st.sampled_from(_paths(whole)))
    place = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = junk
    try:
        office = parse_office(whole)
    except OfficeFileError:
        return
    assert isinstance(office, Office)
    office.check(Candidate())


@given(st.text(max_size=40))
def test_any_text_gives_an_office_or_faults(text: str) -> None:
    with pytest.raises(OfficeFileError):
        parse_office_text(text)


@pytest.mark.parametrize(
    ("region", "zone", "path", "word"),
    [
        ("52.72", "Asia/Jakarta", "about.zone.value", "WITA"),
        ("13.76", "Asia/Jayapura", "about.zone.value", "WIB"),
        ("99.20", "Asia/Jakarta", "about.region.value", "provinsi 99"),
    ],
)
def test_a_clock_that_the_province_does_not_keep_is_a_fault(region, zone, path, word):
    text = TEXT.replace('"94.71"', f'"{region}"').replace("Asia/Jayapura", zone)
    with pytest.raises(OfficeFileError) as caught:
        parse_office_text(text)
    assert [(where, word in why) for where, why in caught.value.faults] == [(path, True)]


def test_consent_to_nothing_is_a_fault_and_so_is_a_field_twice(desk: Any) -> None:
    fields = [desk.row(name="nik", required=True)] * 2
    assert desk.faults(registration={"consent": desk.said(True)}) == ["registration.consent.value"]
    assert desk.faults(registration={"fields": fields}) == ["registration.fields"]


@pytest.mark.parametrize("sender", ["", "   ", "a\nb", "x" * 300, "lihat https://a.id", "A, B"])
def test_a_sender_that_no_mail_could_name_is_a_fault(desk: Any, sender: str) -> None:
    assert desk.faults(pin={"sender": desk.said(sender)}) == ["pin.sender.value"]


def test_a_fault_of_meaning_has_its_line_in_the_text(tmp_path) -> None:
    text = """\
format = 1
id = "contoh"

[about]
name = { value = "Disdukcapil", source = "default", why = "contoh" }
region = { value = "33.74", source = "default", why = "contoh" }
zone = { value = "Asia/Tokyo", source = "default", why = "contoh" }

[[steps]]
name = "register"

[[steps]]
name = "presence"
by = { value = "nobody", source = "default" }
"""
    with pytest.raises(OfficeFileError) as caught:
        parse_office_text(text)
    found = dict(zip((path for path, _ in caught.value.faults), caught.value.lines, strict=True))
    assert found["about.zone.value"] == 7
    assert found["steps[2].by.value"] == 14
    assert found["steps[1].source"] == 9  # it isn't there: its row is
    assert found["steps"] == 9


def test_a_fault_of_a_mapping_has_no_line(desk: Any) -> None:
    with pytest.raises(OfficeFileError) as caught:
        desk.office(pin={"life": "30 min"})
    assert caught.value.lines == (None,)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('number = { value = 2024-05-31, source = "A1" }', "tanggal atau jam perlu tanda petik"),
        ('number = { value = 7, source = "A1" }', "angka di sini perlu tanda petik"),
        ('number = { value = 0752796135, source = "A1" }', "angka yang berawal 0"),
        ('number = { value = "7" source = "A1" }', "tanda koma kurang sebelum ini"),
        ('laws = ["a" "b"]', "tanda koma kurang sebelum ini"),
    ],
)
def test_what_officers_write_most_often_is_told_as_what_it_is(written: str, told: str) -> None:
    with pytest.raises(OfficeFileError) as caught:
        parse_office_text(f'format = 1\nid = "contoh"\n[decree]\n{written}\n')
    assert told in " ".join(reason for _, reason in caught.value.faults)
