"""The JSON Schema that editors check by takes what the reader takes, and refuses what it can."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from ikd.core.errors import OfficeFileError
from ikd.plugins.offices import load_office, packaged_offices
from office_format.forms import FORMS
from office_format.keys import office_keys
from office_format.schema import office_schema, schema_text

DEFAULT = {"source": "default", "why": "contoh"}
CHECK = Draft7Validator(office_schema(), format_checker=Draft7Validator.FORMAT_CHECKER)
INVENTED = sorted(Path(__file__).parents[1].joinpath("plugins/offices/invented").glob("*.toml"))


def faults(data: object) -> list[str]:
    return [".".join(map(str, error.absolute_path)) for error in CHECK.iter_errors(data)]


def with_texts(data: dict[str, Any]) -> Any:
    """Dates as editors show them to a schema: as text."""
    return json.loads(json.dumps(data, default=lambda day: day.isoformat()))


def test_it_is_a_schema_and_the_same_every_time() -> None:
    Draft7Validator.check_schema(office_schema())
    assert schema_text() == schema_text()
    assert json.loads(schema_text()) == office_schema()


@pytest.mark.parametrize("name", packaged_offices())
def test_the_shipped_offices_fit_it_and_name_it_for_editors(name: str, root: Path) -> None:
    file = root / "src" / "ikd" / "plugins" / "offices" / f"{name}.toml"
    assert faults(tomllib.loads(file.read_text("utf-8"))) == []
    first = file.read_text("utf-8").partition("\n")[0]
    named = file.parent / first.removeprefix("#:schema ")
    assert named.resolve() == (root / "src" / "ikd" / "data" / "office-file.schema.json").resolve()


@pytest.mark.parametrize("file", INVENTED, ids=lambda file: file.stem)
def test_the_invented_offices_fit_it(file: Path) -> None:
    assert faults(with_texts(tomllib.loads(file.read_text("utf-8")))) == []


def put(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        *parts, last = path.split(".")
        for part in parts:
            data = data[int(part) if isinstance(data, list) else part]
        data[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (put("pin.life.value", 30), "pin.life.value"),
        (put("pin.life.value", "half an hour"), "pin.life.value"),
        (put("pin.life", {"value": "30 min", "source": "default"}), "pin.life"),
        (put("pin.word.source", "W"), "pin.word.source"),
        (put("pin.word", {"value": "x", "source": "W16"}), "pin.word"),
        (put("pin.word.why", "a reason beside a clause"), "pin.word"),
        (put("pin.colour", 1), "pin"),
        (put("about.zone.value", "Asia/Tokyo"), "about.zone.value"),
        (put("format", 7), "format"),
        (put("pin.buttons.buy", {"label": "x", "source": "W1", "quote": "x"}), "pin.buttons"),
        (put("sla.clauses.0.unit", "day"), "sla.clauses.0"),
        (put("sla.clauses.0.day_is", {"value": "working_day", **DEFAULT}), "sla.clauses.0"),
        (lambda data: data.pop("about"), ""),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(change: Any, path: str) -> None:
    data = tomllib.loads(load_office("wakatobi").text)
    change(data)
    assert path in faults(data)


def test_every_key_of_the_format_is_in_it() -> None:
    schema = office_schema()
    named = {name for shape in schema["definitions"].values() for name in shape["properties"]}
    named |= set(schema["properties"])
    for key in office_keys():
        last = key.path.replace(".<name>", "").removesuffix("[]").rpartition(".")[2]
        assert last in named, key.path


# Where a value of each form stands in Wakatobi's file; lists are counted from nought.
STANDS: dict[str, tuple[str | int, ...]] = {
    "Office.id": ("id",),
    "About.region": ("about", "region", "value"),
    "About.postcode": ("about", "postcode", "value"),
    "Decree.dated": ("decree", "dated", "value"),
    "Decree.effective_from": ("decree", "effective_from", "value"),
    "Decree.effective_until": ("decree", "effective_until", "value"),
    "Fee.amount": ("fee", "amount", "value"),
    "SourceText.prefix": ("evidence", 0, "prefix"),
    "FieldRule.name": ("registration", "fields", 2, "name"),
    "Minimum.version": ("requirements", 3, "all_of", 1, "minimum", 0, "version"),
    "Published.further": ("steps", 0, "published", 0, "further", 0),
    "Method.since": ("biometric", "methods", 0, "since"),
    "Presence.check_code": ("presence", "check_code", "value"),
    "PinTerms.digits": ("pin", "digits", "value"),
    "PinTerms.own_only": ("pin", "own_only", "value"),
    "PinTerms.media": ("pin", "media"),
    "SignInTerms.passcode_after": ("sign_in", "passcode_after", "value"),
    "Biometric.match_threshold": ("biometric", "match_threshold", "value"),
    "Biometric.live_threshold": ("biometric", "live_threshold", "value"),
    "Biometric.tries": ("biometric", "tries", "value"),
    "PinTerms.reissues": ("pin", "reissues", "value"),
    "PinTerms.tries_per_pin": ("pin", "tries_per_pin", "value"),
    "PinTerms.tries_per_application": ("pin", "tries_per_application", "value"),
    "TimeClause.amount": ("sla", "clauses", 0, "amount"),
}
TEXTS = (
    "",
    "x",
    "X",
    "XYZ",
    "a_1",
    "a" * 41,
    "9",
    "8.0.1",
    "1.2.3.4.5",
    "12345",
    "13.76",
    "13.761",
)
DAYS = ("2026", "2026-05", "2026-5", "2026-05-31", "2026-05-32", "2026-13", "W20", "W0", "W1000")
NUMBERS = (-1, 0, 1, 2, 3, 4, 5, 6, 7, 20, 21, 80, 100, 101, 1440, 1441)
SUCH: dict[str, tuple[Any, ...]] = {
    "pattern": (*TEXTS, *DAYS),
    "minimum": NUMBERS,
    "const": (*NUMBERS, True, False),
    "minItems": ([],),
}


def with_every_form() -> dict[str, Any]:
    data = tomllib.loads(load_office("wakatobi").text)
    data["about"]["postcode"] = {"value": "26213", **DEFAULT}
    for name in ("dated", "effective_from", "effective_until"):
        data["decree"][name] = {"value": "2024", **DEFAULT}
    for name, value in (("tries_per_pin", 3), ("tries_per_application", 4)):
        data["pin"][name] = {"value": value, **DEFAULT}
    data["biometric"]["methods"][0]["since"] = "2024"
    return data


def told(data: dict[str, Any], key: str) -> bool:
    """Whether the reader finds a fault in that value itself, whatever else it finds."""
    named = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in STANDS[key])
    path = "".join(named).lstrip(".").replace("further[1]", "further")
    try:
        load_office(data)
    except OfficeFileError as error:
        return path in [fault for fault, _ in error.faults]
    return False


def test_every_form_has_its_place() -> None:
    assert list(STANDS) == list(FORMS)
    assert faults(with_every_form()) == []
    assert load_office(with_every_form())


def of_part(name: str) -> Draft7Validator:
    """The schema of one part alone: the whole file takes ten times as long."""
    schema = office_schema()
    return Draft7Validator(
        {**schema["properties"][name], "definitions": schema["definitions"]},
        format_checker=Draft7Validator.FORMAT_CHECKER,
    )


@pytest.mark.parametrize("key", FORMS)
def test_reader_and_schema_agree_on_what_a_value_must_be_like(key: str) -> None:
    whole, answers = str(STANDS[key][0]), set()
    check = of_part(whole)
    for odd in SUCH[next(iter(FORMS[key]))]:
        data: Any = with_every_form()
        at = data
        for part in STANDS[key][:-1]:
            at = at[part]
        at[STANDS[key][-1]] = odd
        answers.add(refused := not check.is_valid(data[whole]))
        assert refused is told(data, key), odd
    assert True in answers
