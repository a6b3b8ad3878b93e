"""A text is read by the rules of the format that it says, whatever came later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ikd.cli import main
from ikd.core.errors import OfficeFileError
from ikd.core.standard import checks
from ikd.core.standard.office import newer_faults, parse_office, parse_office_text


def _named(made: Mapping[str, Any], _data: Mapping[str, Any]) -> Iterator[checks.Fault]:
    if "about" in made and made["about"].full_name is None:
        yield "about.full_name", "wajib ada / must be there"


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second format, with one rule that the first hasn't."""
    monkeypatch.setattr(checks, "RULES", (checks.Rule(2, _named),))


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
    monkeypatch.setattr(checks, "RULES", ())
    assert newer_faults(parse_office(desk.least())) == ()
    with pytest.raises(OfficeFileError, match="must be one of: 1"):
        parse_office(desk.least(format=2))
