"""Complaints are taken as the office published it, and nothing else is cited for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ikd.core.errors import InputError
from ikd.core.standard.channels import Complaints
from ikd.core.standard.national import NATIONAL_CLOCKS


@pytest.fixture
def complaints(desk: Any) -> Complaints:
    box = desk.row(
        id="box",
        kind="box",
        text="Kotak",
        demands=[desk.row(name=name) for name in ("text", "name", "address")],
    )
    phone = desk.row(id="chat", kind="whatsapp", also=["sms"], text="WA/SMS", handle="0812")
    lapor = desk.row(
        id="lapor", kind="lapor", text="LAPOR!", external=True, accepts=[desk.row(name="aspirasi")]
    )
    clock = desk.row(text="1 hari", kinds=["aduan"], limit="24 h", about=True)
    made = desk.office(
        complaints={
            "kinds": [desk.row(name="aduan"), desk.row(name="saran")],
            "channels": [box, phone, lapor],
            "clocks": [clock],
        }
    ).complaints
    assert made is not None
    return made


def test_every_missing_demand_is_told_at_once(complaints: Complaints) -> None:
    found = complaints.check("box", "aduan")
    assert [(f.outcome, f.requirement) for f in found] == [
        ("refuse", "text"),
        ("refuse", "name"),
        ("refuse", "address"),
    ]


@pytest.mark.parametrize(
    ("address", "missing"),
    [
        ("Jl. Contoh 1", 0),
        ("  ", 1),
        ("ayu@example.id", 1),
        ("u.p. ayu@example.id Jl. Contoh", 0),
        ("-", 1),
        ("…, .", 1),
    ],
)
def test_an_email_or_a_dash_is_no_address(
    complaints: Complaints, address: str, missing: int
) -> None:
    assert len(complaints.check("box", "aduan", text="a", name="b", address=address)) == missing


def test_one_handle_serves_two_media(complaints: Complaints) -> None:
    assert complaints.channel("sms") == complaints.channel("whatsapp") == complaints.channel("chat")
    assert complaints.check("sms", "saran") == ()


def test_an_unpublished_channel_or_kind_is_noted_without_a_clause(complaints: Complaints) -> None:
    for medium, kind in (("radio", "aduan"), ("whatsapp", "aspirasi"), ("lapor", "aduan")):
        (found,) = complaints.check(medium, kind)
        assert (found.outcome, found.clause, found.source) == ("note", None, "default")


def test_a_kind_that_nobody_takes_is_told_with_those_that_are_taken(
    complaints: Complaints,
) -> None:
    (elsewhere,), (nowhere,) = (complaints.check("chat", kind) for kind in ("aspirasi", "banana"))
    assert "untuk saluran ini" in elsewhere.message_id
    assert "aduan, saran, aspirasi" in nowhere.message_id
    assert [one.requirement for one in complaints.check("radio", "banana")] == ["channel", "kind"]


@pytest.mark.parametrize("field", ["medium", "kind", "text", "name", "address"])
def test_what_is_no_text_is_malformed(complaints: Complaints, field: str) -> None:
    told = {"medium": "box", "kind": "aduan", field: None}
    with pytest.raises(InputError, match=r"complaint\.form"):
        complaints.check(**told)


def test_the_limits_of_a_kind_that_nobody_takes_are_no_silence(desk: Any) -> None:
    office = desk.office(complaints={"kinds": [desk.row(name="aduan")]})
    noon = datetime(2026, 11, 27, 12, tzinfo=office.tz)
    assert office.complaint_deadlines("aduan", noon, noon) == ()
    with pytest.raises(InputError, match=r"complaint\.kind: here: aduan"):
        office.complaint_deadlines("banana", noon, noon)


def test_a_channel_with_kinds_of_its_own_takes_those(complaints: Complaints) -> None:
    lapor, box = complaints.channel("lapor"), complaints.channel("box")
    assert lapor is not None
    assert box is not None
    assert complaints.accepted(lapor) == ("aspirasi",)
    assert complaints.accepted(box) == ("aduan", "saran")


def test_one_id_is_one_channel_and_clocks_are_for_known_kinds(desk: Any) -> None:
    twice = [desk.row(id="x", kind="x", text="X")] * 2
    clock = desk.row(text="1 hari", kinds=["aduan", "lain"], limit="24 h")
    parts = {"kinds": [desk.row(name="aduan")], "channels": twice, "clocks": [clock]}
    assert desk.faults(complaints=parts) == ["complaints.channels", "complaints.clocks"]


def test_each_limit_for_a_kind_runs_from_its_own_start(desk: Any) -> None:
    first = desk.row(text="1 hari", kinds=["aduan"], limit="24 h", step="verify")
    then = desk.row(text="3 hari", kinds=["aduan"], limit="72 h", start=desk.said("verified"))
    kinds = [desk.row(name="aduan"), desk.row(name="saran")]
    office = desk.office(complaints={"kinds": kinds, "clocks": [first, then]})
    noon = datetime(2026, 11, 27, 12, tzinfo=office.tz)
    day = timedelta(days=1)
    open_ones = office.complaint_deadlines("aduan", noon, noon + 2 * day)
    assert [(row.text, row.due_at, row.breached) for row in open_ones] == [
        ("1 hari", noon + day, True)
    ]
    both = office.complaint_deadlines("aduan", noon, noon + 2 * day, verified_at=noon + day)
    assert [(row.text, row.remaining) for row in both] == [("1 hari", -day), ("3 hari", 2 * day)]
    assert office.complaint_deadlines("saran", noon, noon) == ()


def test_an_office_silent_about_complaints_has_no_limit_on_them(desk: Any) -> None:
    office = desk.office()
    noon = datetime(2026, 11, 27, 12, tzinfo=office.tz)
    assert office.complaint_deadlines("aduan", noon, noon) == ()


def test_the_time_a_complaint_came_names_its_zone(desk: Any) -> None:
    clock = desk.row(text="1 hari", kinds=["aduan"], limit="24 h")
    kinds = [desk.row(name="aduan"), desk.row(name="saran")]
    office = desk.office(complaints={"kinds": kinds, "clocks": [clock]})
    noon = datetime(2026, 11, 27, 12, tzinfo=office.tz)
    naive = noon.replace(tzinfo=None)
    for kind in ("aduan", "saran"):
        for times in ((naive, noon, None), (noon, naive, None), (noon, noon, naive)):
            received, now, verified = times
            with pytest.raises(InputError, match=r"time\.naive"):
                office.complaint_deadlines(kind, received, now, verified_at=verified)


def test_national_clocks_carry_their_own_law() -> None:
    days = {clock.name: clock.working_days for clock in NATIONAL_CLOCKS}
    assert days == {"routing": 3, "information": 5, "ordinary": 14, "supervision": 60}
    assert {clock.law for clock in NATIONAL_CLOCKS} == {"PermenPANRB 62/2018"}
