"""The published texts stand in the docs byte for byte, and every citation is found in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clauses import drawn, honours
from ikd import commands, events
from ikd.core.standard.grounds import Sourced, walk
from ikd.core.standard.office import Office
from ikd.plugins.offices import load_office

CLAUSES = {"payakumbuh": ("P", 48), "wakatobi": ("W", 62)}
SILENT = {"P9", "P45", "P47", "P48", "W61", "W62"}  # clauses that are no sentence
_ROW = re.compile(r"- \*\*([PW][0-9]+)\*\*(?: \(baris ([^)]+)\))?: (.*)")


@pytest.fixture(params=sorted(CLAUSES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(root: Path, name: str) -> str:
    return (root / "docs" / "sources" / f"{name}.md").read_bytes().decode()


@pytest.fixture
def office(name: str) -> Office:
    return load_office(name)


def text_of(page: str) -> str:
    return page.partition("```text\n")[2].partition("\n```\n")[0]


def rows_of(page: str) -> dict[str, tuple[str, list[str]]]:
    rows = [match.groups() for line in page.splitlines() if (match := _ROW.fullmatch(line))]
    return {clause: (at or "", re.findall(r"`([^`]+)`", words)) for clause, at, words in rows}


def test_the_page_holds_the_published_text_byte_for_byte(seeds: Path, name: str, page: str) -> None:
    (seed,) = seeds.glob(f"{name}.*.txt")
    assert text_of(page).encode() == seed.read_bytes()


def test_every_clause_has_its_row_in_order(page: str, name: str) -> None:
    letter, last = CLAUSES[name]
    assert list(rows_of(page)) == [f"{letter}{number}" for number in range(1, last + 1)]


def test_the_words_of_a_clause_stand_on_the_lines_it_names(page: str) -> None:
    lines = text_of(page).split("\n")
    for clause, (at, words) in rows_of(page).items():
        if clause in SILENT:
            continue
        numbers = [int(re.sub("[a-z]", "", part)) for part in at.split(", ")]
        assert words, clause
        for word in words:
            assert any(word in lines[number - 1] for number in numbers), clause


def test_every_value_quotes_its_clause_or_says_why_it_is_a_default(
    page: str, office: Office
) -> None:
    rows = rows_of(page)
    for path, item in walk(office):
        if item.clause is None:
            assert item.why, path
        else:
            words = rows[item.clause][1]
            assert any((item.quote or "") in word for word in words), (path, item)


def test_no_default_is_printed_with_a_clause_number(office: Office) -> None:
    for path, item in walk(office):
        said = f"{item.why or ''} {item.note or ''}"
        assert re.search(r"\b[PW][0-9]+\b", said) is None, path


def test_a_published_word_is_found_in_the_words_it_quotes(office: Office) -> None:
    """A value that is itself text to read must be what the clause says, but for letter case."""
    read = ("about.", "decree.", "words.", "fee.words", "complaints.", "pin.word", "pin.sender")
    for path, item in walk(office):
        if path.startswith(read) and isinstance(item, Sourced) and item.clause is not None:
            quote = re.sub(r" +:", ":", item.quote or "").casefold()
            assert str(item.value).casefold() in quote, path


def test_every_clause_is_used_or_listed_with_its_reason(name: str, office: Office) -> None:
    letter, last = CLAUSES[name]
    used = {clause for _, item in walk(office) for clause in item.clauses}
    listed = {row.clause for row in office.informative}
    wanted = {f"{letter}{number}" for number in range(1, last + 1)}
    assert wanted - used == listed
    assert all(row.why for row in office.informative)


def test_what_is_listed_without_effect_quotes_its_clause_too(page: str, office: Office) -> None:
    rows = rows_of(page)
    for row in office.informative:
        assert row.quote is None or row.quote in rows[row.clause][1]


# --- by what each clause is honoured --------------------------------------------------------

HONOURS = honours()


def test_every_clause_says_by_what_it_is_honoured(name: str, page: str) -> None:
    letter, last = CLAUSES[name]
    assert {f"{letter}{number}" for number in range(1, last + 1)} <= HONOURS.keys()
    assert drawn(page) == page


@pytest.mark.parametrize("clause", HONOURS)
def test_what_honours_a_clause_is_there_and_its_rule_can_be_taken_out(
    root: Path, clause: str
) -> None:
    honour = HONOURS[clause]
    assert all(hasattr(commands, word) for word in honour.asks)
    assert all(hasattr(events, word) for word in honour.tells)
    assert honour.asks or honour.prints
    file, _, test = honour.test.partition("::")
    assert f"def {test}(" in root.joinpath(file).read_text("utf-8")
    assert root.joinpath(honour.file).read_text("utf-8").count(honour.stands) == 1, honour.stands


def test_what_has_no_effect_says_what_prints_it(office: Office) -> None:
    listed = [HONOURS[row.clause] for row in office.informative if row.clause in HONOURS]
    assert all(honour.prints for honour in listed)


SPELLED_RIGHT = {"Identital": "Identitas", "surat elektronik/email": "surat elektronik"}


def words_of(text: str) -> list[str]:
    for slip, right in SPELLED_RIGHT.items():
        text = text.replace(slip, right)
    return re.findall(r"\w+", re.sub(r"^[0-9]+\. ", "", text).casefold())


def test_published_items_are_the_words_of_their_clauses_but_for_the_texts_slips(
    page: str, office: Office
) -> None:
    rows = rows_of(page)
    for item in office.procedure:
        told = " ".join(word for clause in item.clauses for word in rows[clause][1])
        assert words_of(item.text) == words_of(told), item.number
        assert not item.text.endswith(";")


@pytest.mark.parametrize(
    ("name", "slips"),
    [
        ("payakumbuh", ["No. SK :", "\n \n", "pembaca/ pemindai", "surat elektronik/email"]),
        ("wakatobi", ["Identital", "aktivasiyang", "system operasi", "Instagram(@", "“Aktifkan”"]),
    ],
)
def test_slips_of_the_source_are_kept_in_the_source(
    root: Path, name: str, slips: list[str]
) -> None:
    page = (root / "docs" / "sources" / f"{name}.md").read_text(encoding="utf-8")
    for slip in slips:
        assert slip in text_of(page)
