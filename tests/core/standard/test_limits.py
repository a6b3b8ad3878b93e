"""What a file may not change, since it would weaken what protects people of other offices too."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from ikd.core.standard.about import Decree
from ikd.core.standard.biometric import Method
from ikd.core.standard.grounds import default


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("pin", "digits", 4),
        ("pin", "digits", 8),
        ("pin", "life", "4 min"),
        ("pin", "life", "25 h"),
        ("pin", "cooldown", "59 s"),
        ("pin", "cooldown", "2 h"),
        ("pin", "reissues", 4),
        ("pin", "reissues", -1),
        ("pin", "tries_per_pin", 4),
        ("pin", "tries_per_pin", 0),
        ("pin", "tries_per_application", 5),
        ("pin", "tries_per_application", 0),
        ("pin", "own_only", False),
        ("presence", "check_code", False),
        ("presence", "check_code_tries", 0),
        ("presence", "check_code_tries", 6),
        ("presence", "confirm_within", "59 s"),
        ("presence", "confirm_within", "61 min"),
        ("biometric", "match_threshold", 101),
        ("biometric", "live_threshold", -1),
        ("biometric", "tries", 0),
        ("biometric", "tries", 21),
        ("lives", "draft", "23 h"),
        ("lives", "pin_sent", "91 d"),
        ("quotas", "window", "59 min"),
        ("quotas", "window", "8 d"),
        ("quotas", "registrations_a_nik", 0),
        ("quotas", "registrations_a_contact", 101),
        ("quotas", "registrations_a_device", 0),
        ("quotas", "registrations_a_station", 9),
        ("quotas", "messages_an_address", 101),
        ("quotas", "complaints_a_contact", 0),
        ("quotas", "complaints_an_office", 9),
        ("fee", "amount", -1),
    ],
)
def test_a_value_out_of_bounds_is_a_fault(desk: Any, part: str, key: str, value: object) -> None:
    table = {key: desk.said(value)}
    if part == "presence":
        table["direction"] = desk.said("office_reads_resident")
    assert desk.faults(**{part: table}) == [f"{part}.{key}.value"]


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("pin", "life", "5 min"),
        ("pin", "life", "24 h"),
        ("pin", "cooldown", "60 s"),
        ("pin", "reissues", 0),
        ("pin", "tries_per_pin", 1),
        ("pin", "tries_per_application", 1),
        ("biometric", "match_threshold", 0),
        ("biometric", "live_threshold", 100),
        ("biometric", "tries", 1),
        ("biometric", "tries", 20),
        ("lives", "draft", "1 d"),
        ("lives", "pin_sent", "90 d"),
        ("quotas", "window", "1 h"),
        ("quotas", "window", "7 d"),
        ("quotas", "registrations_a_nik", 1),
        ("quotas", "registrations_a_station", 10_000),
        ("quotas", "messages_an_address", 100),
        ("quotas", "complaints_a_contact", 100),
        ("quotas", "complaints_an_office", 10),
        ("fee", "amount", 0),
    ],
)
def test_a_value_at_its_bound_is_taken(desk: Any, part: str, key: str, value: object) -> None:
    office = desk.office(**{part: {key: desk.said(value)}})
    assert getattr(getattr(office, part), key).source == "default"


def test_a_pin_needs_a_medium(desk: Any) -> None:
    assert desk.faults(pin={"media": []}) == ["pin.media"]


def test_a_mailed_code_never_stays_what_one_signs_in_with(desk: Any) -> None:
    part = desk.row(secret=desk.said("pin"), passcode_after=desk.said(value=False))
    assert desk.faults(sign_in=part) == ["sign_in.passcode_after.value"]


@pytest.mark.parametrize("window", ["4 min", "25 h"])
def test_a_mailed_code_opens_the_identity_for_a_day_at_most(desk: Any, window: str) -> None:
    part = desk.row(secret=desk.said("pin"), window=desk.said(window))
    assert desk.faults(sign_in=part) == ["sign_in.window.value"]


def test_a_mailed_code_is_no_passcode(desk: Any) -> None:
    part = desk.row(secret=desk.said("pin"), passcode_after=desk.said(value=False))
    assert desk.faults(sign_in=part) == ["sign_in.passcode_after.value"]


def test_what_no_file_says_is_ours_and_says_why(desk: Any) -> None:
    pin = desk.office().pin
    assert (pin.digits.value, pin.life.value) == (6, timedelta(minutes=30))
    assert (pin.tries_per_pin.value, pin.tries_per_application.value) == (3, 4)
    assert (pin.cooldown.value, pin.reissues.value) == (timedelta(seconds=60), 3)
    assert pin.media_kinds == desk.office().rejection.media_kinds == ("email",)
    assert all(item.why for item in (pin.digits, pin.life, pin.captcha, pin.media[0]))
    assert desk.office().sign_in is None


def test_what_protects_people_holds_where_no_file_says_so(desk: Any) -> None:
    office = desk.office(sign_in=desk.row(secret=desk.said("pin")))
    biometric, presence = office.biometric, office.presence
    assert biometric.match.value is biometric.liveness.value is True
    assert (biometric.match_threshold.value, biometric.live_threshold.value) == (80, 80)
    assert biometric.tries.value == 5
    assert (presence.elsewhere.value, presence.check_code.value) == (False, True)
    assert presence.confirm_within.value == timedelta(minutes=10)
    assert (office.pin.own_only.value, office.pin.captcha.value) == (True, False)
    assert (office.pin.carried.value, office.credential.issued.value) == ("code", True)
    assert office.sign_in.passcode_after.value is True
    assert office.sign_in.window.value == timedelta(hours=24)
    assert (office.lives.draft.value, office.lives.pin_sent.value) == (
        timedelta(days=7),
        timedelta(days=30),
    )


@pytest.mark.parametrize("length", ["1 min", "1 h"])
def test_a_check_code_waits_from_a_minute_to_an_hour(desk: Any, length: str) -> None:
    direction = desk.said("office_reads_resident")
    office = desk.office(presence={"direction": direction, "confirm_within": desk.said(length)})
    assert office.presence.confirm_within.why == "contoh"


@pytest.mark.parametrize(
    ("since", "day", "holds"),
    [
        (None, date(2000, 1, 1), True),
        ("2024", date(2023, 12, 31), False),
        ("2024", date(2024, 1, 1), True),
        ("2024-05", date(2024, 4, 30), False),
        ("2024-05", date(2024, 5, 1), True),
        ("2024-05-31", date(2024, 5, 30), False),
        ("2024-05-31", date(2024, 5, 31), True),
    ],
)
def test_a_method_holds_from_its_year_month_or_day(
    since: str | None, day: date, *, holds: bool
) -> None:
    assert Method(kind="face", since=since, source="default", why="a").in_force(day) is holds


@pytest.mark.parametrize("since", ["24", "2024-13", "2024-5", "2024-05-32", "mei 2024"])
def test_a_beginning_of_another_form_is_a_fault(desk: Any, since: str) -> None:
    steps = desk.steps("register", "biometric", "presence", "decision", "activate")
    methods = [desk.row(kind="face", since=since)]
    found = desk.faults(steps=steps, biometric={"methods": methods})
    assert found == ["biometric.methods[1].since"]
    assert desk.faults(decree={"dated": desk.said(since)}) == ["decree.dated.value"]


@pytest.mark.parametrize(
    ("begins", "ends", "day", "holds"),
    [
        (None, None, date(2026, 1, 1), None),
        ("2024", None, date(2026, 1, 1), True),
        ("2027", None, date(2026, 1, 1), False),
        (None, "2025", date(2026, 1, 1), False),
        ("2024", "2026", date(2026, 12, 31), True),
        (None, "2026", date(2026, 12, 31), None),
    ],
)
def test_a_decree_holds_between_its_dates_as_far_as_they_are_stated(
    begins: str | None,
    ends: str | None,
    day: date,
    holds: bool | None,
) -> None:
    decree = Decree(
        effective_from=None if begins is None else default(begins, "a"),
        effective_until=None if ends is None else default(ends, "a"),
    )
    assert decree.in_force(day) is holds


def test_a_biometric_step_and_its_methods_go_together(desk: Any) -> None:
    methods = {"methods": [desk.row(kind="face")]}
    steps = desk.steps("register", "biometric", "presence", "decision", "activate")
    assert desk.faults(biometric=methods) == ["biometric.methods"]
    assert desk.faults(steps=steps) == ["steps.biometric"]
    office = desk.office(steps=steps, biometric=methods)
    assert office.biometric.method("face") is office.biometric.methods[0]
    assert office.biometric.method("iris") is None


def test_a_field_stands_once_and_has_a_name_for_programmes(desk: Any) -> None:
    rows = [desk.row(name="nik", required=True)] * 2
    assert desk.faults(registration={"fields": rows}) == ["registration.fields"]
    odd = [desk.row(name="Nama Ibu", required=True)]
    assert desk.faults(registration={"fields": odd}) == ["registration.fields[1].name"]


@pytest.mark.parametrize(
    ("key", "value"), [("region", "1376"), ("zone", "Asia/Tokyo"), ("postcode", "2621")]
)
def test_codes_of_another_form_are_faults(desk: Any, key: str, value: str) -> None:
    about = {**desk.least()["about"], key: desk.said(value)}
    assert desk.faults(about=about) == [f"about.{key}.value"]
