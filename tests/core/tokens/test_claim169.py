"""What a credential says about a person, profile by profile."""

import pytest

from ikd.core.errors import TokenError
from ikd.core.tokens.claim169 import PROFILES, Claim169, is_attribute, is_plain, optional, required

MASKED = {4: "SITI CONTOH", 9: 2, 75: "9901", 76: 1989}
BASIC = {1: "1376015708909901", 4: "SITI CONTOH", 8: "19890817", 9: 2, 13: "IDN"}
FULL = {**BASIC, 10: "Jl. Contoh 1\nRT 01 RW 02", 21: "1376010001"}
PHOTO = {**BASIC, 16: b"\xff\xd8photo", 17: 1}


def fault(make, *arguments) -> str:
    with pytest.raises(TokenError) as caught:
        make(*arguments)
    return caught.value.fault


@pytest.mark.parametrize(
    ("found", "profile"),
    [
        (MASKED, "masked"),
        (BASIC, "basic"),
        (FULL, "full"),
        ({**FULL, 14: 3}, "full"),
        (PHOTO, "photo"),
    ],
)
def test_the_attributes_make_the_profile(found, profile):
    person = Claim169.from_map(found)
    assert person.profile == profile
    assert person.to_map() == found


def test_masked_holds_nothing_else():
    for label, value in [(1, BASIC[1]), (8, "19890817"), (13, "IDN"), (21, "137601"), (16, b"x")]:
        assert fault(Claim169.from_map, {**MASKED, label: value}) == "claims"


@pytest.mark.parametrize(
    ("found", "more"), [(BASIC, {14: 1}), (PHOTO, FULL), (PHOTO, {14: 1}), (PHOTO, {21: "137601"})]
)
def test_a_profile_shows_nothing_of_a_larger_one(found, more):
    assert fault(Claim169.from_map, {**found, **more}) == "claims"


@pytest.mark.parametrize("found", [MASKED, BASIC, FULL, PHOTO])
def test_a_profile_lacks_none_of_its_attributes(found):
    for label in found:
        rest = {other: value for other, value in found.items() if other != label}
        if found is FULL and label in (10, 21):
            assert fault(Claim169.from_map, rest) == "claims"
        else:
            assert fault(Claim169.from_map, rest) == "claims"


@pytest.mark.parametrize(
    "change",
    [
        {9: 3},
        {9: 0},
        {9: "2"},
        {9: True},
        {4: ""},
        {4: "x" * 65},
        {4: b"SITI"},
        {75: "990"},
        {75: "99011"},
        {75: 9901},
        {75: "９９０１"},
        {75: "9901\n"},
        {76: 1849},
        {76: 2201},
        {76: "1989"},
        {76: 1989.0},
        {2: "1.0"},
        {"name": "x"},
        {62: [{}]},
    ],
)
def test_masked_attributes_written_otherwise_are_refused(change):
    assert fault(Claim169.from_map, {**MASKED, **change}) == "claims"


@pytest.mark.parametrize(
    "change",
    [
        {1: "137601570890990"},
        {1: 1376015708909901},
        {1: "1376015708909901\n"},
        {8: "1989-08-17"},
        {8: "19890230"},
        {8: "00000101"},
        {8: "1989081"},
        {8: 19890817},
        {8: "１９８９０８１７"},
        {13: "ID"},
        {13: "idn"},
        {10: "x" * 257},
        {10: "tab\there"},
        {10: "\r\n"},
        {14: 0},
        {14: 4},
        {21: "13.76.01"},
        {21: "13760100"},
        {21: 137601},
    ],
)
def test_full_attributes_written_otherwise_are_refused(change):
    assert fault(Claim169.from_map, {**FULL, **change}) == "claims"


@pytest.mark.parametrize("change", [{16: b""}, {16: b"x" * 1025}, {16: "x"}, {17: 0}, {17: 5}])
def test_photos_written_otherwise_are_refused(change):
    assert fault(Claim169.from_map, {**PHOTO, **change}) == "claims"


@pytest.mark.parametrize("thing", [None, [], {}, {4: "X"}, {9: 1}, "x"])
def test_other_things_are_no_person(thing):
    assert fault(Claim169.from_map, thing) == "claims"


@pytest.mark.parametrize(
    "text", ["SITI", "I Gusti Ayu Ngurah", "Nūr 'Aīn", "李", "O’Neil", "x" * 64]
)
def test_these_are_names(text):
    assert is_plain(text, longest=64)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " SITI",
        "SITI ",
        "a\nb",
        "a\x00b",
        "a\x7fb",
        "a\u200bb",
        "a\u202eb",
        "a\u2066b",
        "a\u00adb",
        "a\ufeffb",
        "a\u2028b",
        "a\ue000b",
        "a\ud800b",
        "a\u0378b",
        "e\u0301",
        "x" * 65,
        None,
        5,
    ],
)
def test_these_are_not(text):
    assert not is_plain(text, longest=64)


def test_lines_are_for_addresses():
    assert is_plain("é\nb", longest=9, lines=True)
    assert not is_plain("é\nb", longest=9)
    assert not is_plain("a\u2029b", longest=9, lines=True)


def test_no_repr_shows_a_person():
    assert "SITI" not in repr(Claim169.from_map(MASKED))
    shown = repr(Claim169.from_map(FULL)) + repr(Claim169.from_map(PHOTO))
    for secret in ("SITI", "1376015708909901", "Contoh", "19890817", "1376010001"):
        assert secret not in shown


def test_no_refusal_shows_a_person():
    with pytest.raises(TokenError) as caught:
        Claim169.from_map({**BASIC, 1: "1376015708909901x"})
    assert "1376015708909901" not in str(caught.value)


@pytest.mark.parametrize(
    ("found", "change"),
    [
        (PHOTO, {16: b"x" * 1024}),
        (PHOTO, {16: b"x", 17: 4}),
        (FULL, {10: "x" * 256, 14: 3}),
        (FULL, {21: "137601", 14: 1}),
        (MASKED, {4: "x" * 64, 76: 1850}),
        (MASKED, {9: 1, 76: 2200}),
    ],
)
def test_the_last_values_that_are_allowed(found, change):
    assert Claim169.from_map({**found, **change}).to_map() == {**found, **change}


def test_a_profile_tells_what_it_needs_and_what_it_may_have():
    assert required("masked") == {"name", "sex", "nik_tail", "birth_year"}
    assert "marital" in optional("full")
    assert optional("masked") == frozenset()
    for profile in PROFILES:
        assert not required(profile) & optional(profile)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("nationality", "IDN", "idn"),
        ("region", "1376010001", "13.76"),
        ("address", "Jalan Contoh 1\nRT 1", "Jalan\r\n"),
        ("birth_date", "19900817", "1990-08-17"),
    ],
)
def test_one_attribute_is_asked_for_by_its_name(name, good, bad):
    assert is_attribute(name, good)
    assert not is_attribute(name, bad)
