"""A standard as lines: each with its clause or the word default, and two side by side."""

from __future__ import annotations

from typing import Any

from ikd.core.standard.sheet import (
    compare,
    own_sheet,
    own_tables,
    sheet,
    tables,
    title_of,
    unstated,
)


def test_every_line_has_a_source_and_a_reason_or_a_quote(desk: Any) -> None:
    lines = sheet(desk.office())
    assert lines
    assert all((line.source == "default") == (line.why is not None) for line in lines)
    assert all((line.source == "default") == (line.quote is None) for line in lines)


def test_lines_stand_in_the_order_of_the_parts(desk: Any) -> None:
    office = desk.office(
        fee={"amount": desk.said(0)},
        components=[desk.row(number=1, title="Persyaratan")],
        laws=[desk.said("UU 24/2013")],
    )
    parts = [line.path.partition(".")[0].partition("[")[0] for line in sheet(office)]
    seen = list(dict.fromkeys(parts))
    assert seen == sorted(seen, key=seen.index)
    assert (seen[0], seen[-1]) == ("about", "laws")
    assert seen.index("steps") < seen.index("presence") < seen.index("pin") < seen.index("fee")


def test_a_line_says_a_value_or_what_its_row_says(desk: Any) -> None:
    lines = {line.path: line.value for line in sheet(desk.office(fee={"amount": desk.said(0)}))}
    assert lines["fee.amount"] == 0
    assert lines["about.region"] == "13.76"
    assert lines["steps[presence]"] == {"name": "presence"}
    assert lines["pin.life"] == "30 min"


def test_two_standards_side_by_side_show_only_what_differs(desk: Any) -> None:
    one = desk.office(fee={"amount": desk.said(0)})
    other = desk.office(pin={"life": desk.said("20 min")})
    rows = {
        path: (left and left.value, right and right.value)
        for path, left, right in compare(one, other)
    }
    assert rows == {"fee.amount": (0, None), "pin.life": ("30 min", "20 min")}
    assert compare(one, one) == ()


def test_the_same_value_published_here_and_default_there_differs(desk: Any) -> None:
    page = [{"prefix": "C", "kind": "decree", "title": "Contoh"}]
    one = desk.office(pin={"digits": desk.said(6, "C1")}, evidence=page)
    ((path, left, right),) = compare(one, desk.office(evidence=page))
    assert (path, left and left.source, right and right.source) == ("pin.digits", "C1", "default")


def test_parts_have_titles_in_both_languages() -> None:
    assert title_of("pin.life") == ("PIN atau kode aktivasi", "PIN or activation code")
    assert title_of("steps[presence].by") == ("Langkah", "Steps")
    assert title_of("unknown") == ("unknown", "unknown")


def test_what_a_file_could_state_and_does_not_is_listed(desk: Any) -> None:
    gaps = unstated(desk.office(sign_in=desk.row(secret=desk.said("pin"))))
    assert {"about.address", "fee", "sla", "requirements", "complaints", "decree"} <= set(gaps)
    assert {"presence.shown_on", "pin.sender", "sign_in.fate", "calendar.hours"} <= set(gaps)
    assert not {"about.name", "pin.life", "sign_in.note", "sign_in.window", "steps"} & set(gaps)
    told = {"complaints": {"kinds": [desk.row(name="aduan")]}, "fee": {"amount": desk.said(0)}}
    assert not {"complaints", "complaints.kinds", "fee"} & set(unstated(desk.office(**told)))


def test_as_tables_it_holds_every_default_and_no_word_of_a_source_that_has_none(desk: Any) -> None:
    made = tables(desk.office(fee={"amount": desk.said(0)}))
    assert made["fee"]["amount"] == {"value": 0, "source": "default", "why": "contoh"}
    assert made["about"]["region"] == {"value": "13.76", "source": "default", "why": "contoh"}
    assert made["pin"]["life"]["value"] == "30 min"
    assert {"format", "digest", "about", "steps"} <= made.keys()
    assert "text" not in made


def test_ikds_own_limits_are_lines_and_tables_of_their_own() -> None:
    assert all(line.path.startswith("ikd.") for line in own_sheet())
    assert isinstance(own_tables(), dict)
