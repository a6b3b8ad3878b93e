"""A text is read by the rules of the format that it says, whatever came later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ikd.cli import main
from ikd.core.errors import OfficeFileError
from ikd.core.resident.device import Device
from ikd.core.standard import checks, formats
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.office import newer_faults, parse_office, parse_office_text


def _named(made: Mapping[str, Any], _data: Mapping[str, Any]) -> Iterator[formats.Fault]:
    if "about" in made and made["about"].full_name is None:
        yield "about.full_name", "wajib ada / must be there"


def _set_rules(monkeypatch: pytest.MonkeyPatch, *rules: formats.Rule) -> None:
    for module in (formats, checks):
        monkeypatch.setattr(module, "RULES", rules)


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second format, with one rule that the first hasn't."""
    _set_rules(monkeypatch, formats.Rule(2, _named))


FAULT = ("about.full_name", "wajib ada / must be there")


def test_a_newer_rule_holds_for_files_of_its_format_only(desk: Any, second: None) -> None:
    first, newer = desk.least(), desk.least(format=2)
    office = parse_office(first)
    with pytest.raises(OfficeFileError) as refused:
        parse_office(newer)
    assert refused.value.faults == (FAULT,)
    assert parse_office_text(office.text) == office
    assert newer_faults(office) == (FAULT,)


def test_check_says_what_the_newer_format_would_say(
    desk: Any, second: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kantor.toml"
    file.write_text(desk.office().text, "utf-8")
    assert main(["office", "check", str(file)]) == 0
    valid, told = capsys.readouterr().out.splitlines()
    assert valid.startswith(f"{file}: sah")
    assert told == "  format 2: about.full_name: wajib ada"


@pytest.mark.parametrize("number", [0, 3, -1, True, "1", 1.0, None])
def test_a_format_that_is_none_is_refused_with_those_that_are(
    desk: Any, second: None, number: object
) -> None:
    with pytest.raises(OfficeFileError) as refused:
        parse_office(desk.least(format=number))
    assert ("format", "harus salah satu dari: 1, 2 / must be one of: 1, 2") in refused.value.faults


def test_without_newer_rules_there_is_one_format(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set_rules(monkeypatch)
    assert newer_faults(parse_office(desk.least())) == ()
    with pytest.raises(OfficeFileError, match="must be one of: 1"):
        parse_office(desk.least(format=2))


PLACE = {"kind": "mpp", "name": "MPP", "source": "default", "why": "contoh"}


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ({"components": [{"number": 15, "title": "Lain"}]}, "components[1].number"),
        ({"decree": {"effective_from": {"value": "2024-02-30"}}}, "decree.effective_from.value"),
        ({"decree": {"dated": {"value": "2023-02-29"}}}, "decree.dated.value"),
        ({"biometric": {"methods": [{"kind": "face", "since": "2024-04-31"}]}}, "methods[1].since"),
        (
            {"decree": {"effective_from": {"value": "2025"}, "effective_until": {"value": "2024"}}},
            "decree.effective_until.value",
        ),
    ],
)
def test_what_the_second_format_refuses_the_first_one_reads(
    desk: Any, part: dict[str, Any], path: str
) -> None:
    parts = _grounded(part)
    if "biometric" in parts:
        parts["steps"] = desk.steps("register", "biometric", "presence", "decision", "activate")
    assert newer_faults(desk.office(**parts))[0][0].endswith(path)
    (found,) = desk.faults(format=2, **parts)
    assert found.endswith(path)


def _grounded(part: Any) -> Any:
    """Give every row and value of *part* a reason."""
    if isinstance(part, list):
        return [{**row, "source": "default", "why": "contoh"} for row in part]
    if isinstance(part, dict) and "value" in part:
        return {**part, "source": "default", "why": "contoh"}
    return {key: _grounded(item) for key, item in part.items()} if isinstance(part, dict) else part


def test_a_medium_needs_its_field_where_fields_are_stated(desk: Any) -> None:
    fields = [desk.row(name=name, required=True) for name in ("nik", "phone")]
    parts = {"registration": {"fields": fields}}
    mail = {"pin": {"media": [desk.row(kind="sms"), desk.row(kind="email")]}}
    told = desk.faults(format=2, **parts, **mail, rejection={"media": [desk.row(kind="officer")]})
    assert told == ["pin.media"]
    assert desk.office(**parts, **mail).pin.media_kinds == ("sms", "email")


def test_what_isnt_said_of_a_place_is_yes_in_the_first_format_and_unstated_in_the_second(
    desk: Any,
) -> None:
    places = {"direction": desk.said("office_reads_resident"), "places": [PLACE]}
    found = [desk.office(format=n, presence=places).presence.places[0] for n in (1, 2)]
    assert [(one.begin, one.finish) for one in found] == [(True, True), (None, None)]


def test_a_platform_needs_no_version_and_any_of_it_will_do(desk: Any) -> None:
    row = desk.row(
        id="os", text="Android", text_en="Android", minimum=[desk.row(platform="android")]
    )
    office = desk.office(requirements=[row])
    for version, found in (("4.4", 0), (None, 0)):
        device = Device(kind="smartphone", platform="android", os_version=version)
        assert len(office.check(Candidate(device=device))) == found
    (human,) = office.check(Candidate(device=Device(kind="smartphone", platform="ios")))
    assert human.outcome == "human"
    bare = desk.row(id="os", text="x", text_en="x", minimum=[desk.row()])
    assert desk.faults(requirements=[bare]) == ["requirements[1].minimum[1]"]


def test_a_biometric_that_isnt_in_force_yet_is_waived_for_who_registers_now(desk: Any) -> None:
    steps = desk.steps("register", "biometric", "presence", "decision", "activate")
    for since, waived in (("2027", ("biometric",)), ("2026-11-23", ()), (None, ())):
        face = desk.row(kind="face", **({"since": since} if since else {}))
        office = desk.office(steps=steps, biometric={"methods": [face]})
        assert office.waived_on(date(2026, 11, 23)) == waived
