"""What people are told of an error: one table, two languages, three audiences."""

from __future__ import annotations

import errno
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import ikd
from ikd.data.words import public_words, system_words, words

TABLE = tomllib.loads(files("ikd").joinpath("data/words.toml").read_text("utf-8"))
SECTIONS = ("input", "refused", "outside")
ROWS = {name: row for section in SECTIONS for name, row in TABLE[section].items()}
FAMILIES = {
    "actor", "after", "answer", "candidate", "channel", "command", "date", "device", "email",
    "entropy", "id", "limit", "owed", "passcode", "pauses", "person", "phone", "role", "salt",
    "settings", "simulator",
}  # fmt: skip
"""What only a program that embeds ikd meets: its whole family has one sentence."""
SAYS_WHO = re.compile(r"terdaftar|registered|meninggal|deceased|\baktif|\bactive", re.IGNORECASE)


def classes(root: Path) -> dict[str, list[str]]:
    """Return the codes of the reference by their class."""
    page = root.joinpath("docs", "reference", "errors.md").read_text("utf-8")
    parts = re.split(r"^##+ `(\w+)`$", page, flags=re.MULTILINE)
    return {
        name: re.findall(r"^\| `([a-z0-9_.]+)` \|", text.partition("\n## ")[0], re.MULTILINE)
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def codes(root: Path) -> list[str]:
    return [code for found in classes(root).values() for code in found]


def test_every_code_of_the_reference_has_words_in_both_languages(root: Path) -> None:
    found = codes(root)
    assert len(found) > 200
    silent = [code for code in found if code not in ROWS and code.partition(".")[0] not in FAMILIES]
    assert silent == []
    for code in found:
        for audience in ("public", "resident", "officer"):
            said = {words(code, audience, language) for language in ("id", "en")}
            assert len(said) == 2, code


def test_every_code_stands_in_the_section_of_its_class(root: Path) -> None:
    """The section decides what the public is told, where a code has no text of its own."""
    for name, found in classes(root).items():
        error = getattr(ikd.errors, name)
        section = "input" if issubclass(error, ikd.errors.InputError) else "outside"
        section = "refused" if issubclass(error, ikd.errors.RefusedError) else section
        for code in found:
            family = code.partition(".")[0]
            assert code in TABLE[section] or family in TABLE[section], (code, section)


def test_no_words_are_for_a_code_that_nothing_raises(root: Path) -> None:
    page = root.joinpath("docs", "reference", "errors.md").read_text("utf-8")
    open_families = tuple(re.findall(r"^\| `([a-z]+\.)<field>` \|", page, re.MULTILINE))
    strange = set(ROWS) - FAMILIES - {"*"} - set(codes(root))
    assert {name for name in strange if not name.startswith(open_families)} == set()


def test_every_name_of_the_system_is_one() -> None:
    names = {name.removeprefix("os.") for name in TABLE["system"]} - {"os"}
    assert names <= set(errno.errorcode.values())
    assert system_words("ENOSPC", "en") != system_words("EOWNERDEAD", "en")


ALL = [(section, name) for section in TABLE for name in TABLE[section]]


@pytest.mark.parametrize(("section", "name"), ALL)
def test_a_sentence_stands_in_both_languages_and_says_what_to_do(section: str, name: str) -> None:
    row = TABLE[section][name]
    assert set(row) <= {"id", "en", "public", "resident"}
    for said in (row, *(row[own] for own in ("public", "resident") if own in row)):
        texts = [said["id"], said["en"]]
        assert texts[0] != texts[1]
        for text in texts:
            assert text[0].isupper() or text.startswith("ikd ")
            assert " / " not in text
            assert len(text) <= 120


@pytest.mark.parametrize("name", sorted(ROWS))
def test_an_officers_sentence_is_one_line_of_a_log(name: str) -> None:
    assert not ROWS[name]["id"].endswith((".", " "))


def test_what_the_public_is_told_hangs_on_what_was_typed_and_on_nobody() -> None:
    """These codes are met whoever is asked about: only they may have a public text."""
    assert set(public_words()) == {
        "api.rate", "api.size", "api.slow_body",
        "biometric.still", "captcha.missing", "captcha.wrong", "command.sample",
        "complaint.demanded", "email.characters", "email.domain", "email.form", "email.length",
        "passcode.form", "passcode.known", "passcode.length", "passcode.weak",
        "phone.characters", "phone.form", "phone.length", "phone.not_mobile", "pin.form",
        "receipt.form", "registration.field", "registration.not_begun",
        "registration.terms",
        "token.early", "token.expired", "token.kind", "token.used",
    }  # fmt: skip
    for text in public_words().values():
        assert SAYS_WHO.search(text["id"] + text["en"]) is None


@pytest.mark.parametrize(
    ("code", "steers", "never"),
    [
        ("captcha.wrong", "gambar", "nanti"),
        ("passcode.known", "Pilih kata sandi lain", "nanti"),
        ("passcode.weak", "Pilih kata sandi lain", "penulisan"),
        ("command.sample", "terlalu besar", "penulisan"),
        ("token.expired", "baru", "tidak dapat dibaca"),
        ("token.early", "jam ponsel", "tidak dapat dibaca"),
        ("phone.not_mobile", "Isi nomor HP", "penulisan"),
        ("email.domain", "huruf biasa", "nanti"),
    ],
)
def test_the_public_is_steered_to_what_helps(code: str, steers: str, never: str) -> None:
    said = words(code, "public")
    assert steers in said
    assert never not in said


def test_a_resident_has_their_own_words_only_where_the_next_act_differs() -> None:
    assert "kirim ulang" in words("pin.dead", "resident")
    assert words("pin.too_soon", "resident") == words("pin.too_soon", "officer")
    assert words("captcha.wrong", "resident") == words("captcha.wrong", "public")
    assert words("store.full", "resident") == words("store.full", "public")  # no disk of theirs
    assert words("store.full", "resident") != words("store.full", "officer")


@pytest.mark.parametrize(
    ("error", "known_by"),
    [
        (ikd.errors.InputError("unheard.of"), ("input", "*")),
        (ikd.errors.RefusedError("unheard.of"), ("refused", "*")),
        (ikd.errors.PortError("unheard.of", port="x"), ("outside", "*")),
        (ikd.errors.InputError("settings.address"), ("input", "settings")),
        (ikd.errors.PluginError("x", "y"), ("outside", "plugin.failed")),
        (ikd.errors.TokenError("signature"), ("input", "token.signature")),
        ("settings.address", ("input", "settings")),
        ("unheard.of", ("outside", "*")),
    ],
)
def test_a_code_that_is_new_has_the_sentence_of_its_family(error, known_by) -> None:
    section, name = known_by
    for language in ("id", "en"):
        assert words(error, language=language) == TABLE[section][name][language]


def test_the_class_tells_two_errors_of_one_code_apart() -> None:
    refused = ikd.errors.RefusedError("captcha.missing")
    failed = ikd.errors.PortError("captcha.missing", port="captcha")
    assert "captcha" in words(refused, language="en")
    assert "ikd[captcha]" in words(failed)
    assert words(refused, "public") != words(failed, "public")


def test_the_words_are_reached_through_the_front_door() -> None:
    assert ikd.errors.words("token.expired", "public", "en").startswith("This QR code is too old")


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (ikd.errors.NikError("length"), ""),
        (ikd.errors.TokenError("expired"), ""),
        (ikd.errors.StoreError(), ""),
        (ikd.errors.StoreError("store.busy", "held"), "held"),
    ],
)
def test_no_message_is_a_bare_code(error, detail) -> None:
    assert error.detail == detail
    assert re.fullmatch(rf"{error.code}: \w.+", str(error))
    assert "``" not in str(error)
