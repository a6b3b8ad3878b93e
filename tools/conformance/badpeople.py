"""Claim 169 that is none of the four profiles, or not written as it must be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import house
from cases import Case

# Text of people is shown to people: nothing invisible, reversing or composed otherwise.
_TEXTS = {
    "empty": "",
    "space_before": " SITI",
    "space_behind": "SITI ",
    "only_a_space": " ",
    "line_feed": "SITI\nCONTOH",
    "tab": "SITI\tCONTOH",
    "nul": "SITI\0",
    "escape": "SITI\x1b[31m",
    "right_to_left_override": "SITI \u202eHOTNOC",
    "left_to_right_mark": "SITI\u200eCONTOH",
    "zero_width_space": "SITI\u200bCONTOH",
    "zero_width_joiner": "SITI\u200dCONTOH",
    "byte_order_mark": "\ufeffSITI",
    "soft_hyphen": "SI\u00adTI",
    "line_separator": "SITI\u2028CONTOH",
    "private_character": "SITI\ue000",
    "unassigned_character": "SITI\u0378",
    "not_composed": "RENE\u0301E",
    "65_characters": "A" * 65,
}


def bad_people() -> Iterator[Case]:
    """Yield every case."""
    for name, text in _TEXTS.items():
        yield _case(f"name_{name}", "masked", {4: text})
    for profile, changes in _CHANGES.items():
        for name, (label, value) in changes.items():
            yield _case(f"{profile}_{name}", profile, {label: value})
    for profile in ("masked", "basic", "full", "photo"):
        for label in house.plain_claims(profile)[169]:
            if profile == "full" and label in (14,):  # marital status may be missing
                continue
            yield from _without(profile, label)
    yield _case("masked_with_the_whole_nik", "masked", {1: "1376015708909901"})
    yield _case("masked_with_the_birth_date", "masked", {8: "19900817"})
    yield _case("basic_with_the_tail", "basic", {75: "9901"})
    yield _case("basic_with_a_phone_number", "basic", {12: "+628123456789"})
    yield _case("basic_with_another_language", "basic", {3: "ind"})
    yield _case("full_with_a_face_template", "full", {62: [{0: b"x", 1: 0}]})
    yield _case("photo_with_the_address", "photo", {10: "Jl. Contoh 1", 21: "1376010001"})
    yield _case("photo_with_marital_status", "photo", {14: 2})
    yield _case("attributes_empty", "masked", None)


_CHANGES: dict[str, dict[str, tuple[int, Any]]] = {
    "masked": {
        "name_as_bytes": (4, b"SITI"),
        "name_as_number": (4, 7),
        "sex_0": (9, 0),
        "sex_3": (9, 3),
        "sex_as_text": (9, "2"),
        "sex_as_true": (9, True),
        "tail_of_3_digits": (75, "990"),
        "tail_of_5_digits": (75, "99011"),
        "tail_as_number": (75, 9901),
        "tail_of_letters": (75, "ABCD"),
        "tail_of_fullwidth_digits": (75, "\uff19\uff19\uff10\uff11"),
        "birth_year_as_text": (76, "1990"),
        "birth_year_1849": (76, 1849),
        "birth_year_2201": (76, 2201),
    },
    "basic": {
        "nik_of_15_digits": (1, "137601570890990"),
        "nik_of_17_digits": (1, "13760157089099011"),
        "nik_with_a_letter": (1, "137601570890990O"),
        "nik_with_dots": (1, "1376.0157.0890.9901"),
        "nik_as_number": (1, 1376015708909901),
        "birth_date_with_dashes": (8, "1990-08-17"),
        "birth_date_that_never_was": (8, "19900230"),
        "birth_date_of_month_13": (8, "19901301"),
        "birth_date_of_zeros": (8, "00000000"),
        "birth_date_as_number": (8, 19900817),
        "nationality_of_2_letters": (13, "ID"),
        "nationality_in_lower_case": (13, "idn"),
        "nationality_in_words": (13, "INDONESIA"),
    },
    "full": {
        "address_empty": (10, ""),
        "address_of_257_characters": (10, "J" * 257),
        "address_with_a_tab": (10, "Jl.\tContoh"),
        "address_with_a_carriage_return": (10, "Jl. Contoh\r\nRT 01"),
        "region_with_dots": (21, "13.76.01"),
        "region_of_4_digits": (21, "1376"),
        "region_of_8_digits": (21, "13760100"),
        "region_as_number": (21, 137601),
        "marital_0": (14, 0),
        "marital_4": (14, 4),
        "marital_as_text": (14, "2"),
    },
    "photo": {
        "photo_empty": (16, b""),
        "photo_as_text": (16, "JPEG"),
        "photo_of_1025_bytes": (16, bytes(1025)),
        "format_0": (17, 0),
        "format_5": (17, 5),
        "format_as_text": (17, "image/jpeg"),
    },
}


def _case(name: str, profile: str, changes: dict[int, Any] | None) -> Case:
    payload = house.plain_claims(profile)
    held = {} if changes is None else {**payload[169], **changes}
    payload[169] = dict(sorted(held.items()))
    return Case(f"person_{name}", house.text(house.sign1(payload)), "rewritten")


def _without(profile: str, label: int) -> Iterator[Case]:
    payload = house.plain_claims(profile)
    payload[169] = {key: value for key, value in payload[169].items() if key != label}
    text = house.text(house.sign1(payload))
    yield Case(f"person_{profile}_without_{label}", text, "rewritten")
