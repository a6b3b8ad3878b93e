"""Quotes and clause numbers are held against the text that they come from."""

from __future__ import annotations

from typing import Any

import pytest

from ikd.core.standard.numbered_text import numbered, text_faults, uncited

PLAIN = """\
STANDAR PELAYANAN
M1 Disdukcapil Contoh
M2. Pemohon memindai
    QR Code di loket
M3: 1 hari kerja
A4 bukan butir
"""
PAGE = """\
- **M1** (baris 1): `Disdukcapil Contoh`
  Dipenuhi oleh `ikd office show`
- **M2** (baris 2): `Pemohon memindai QR Code` The applicant scans.
```text
M9 di dalam naskah
```
"""


@pytest.fixture
def office(desk: Any) -> Any:
    def made(source: str, quote: str) -> Any:
        name = {"value": "Disdukcapil Contoh", "source": source, "quote": quote}
        about = {"name": name, "region": desk.said("13.76"), "zone": desk.said("Asia/Jakarta")}
        evidence = [{"prefix": "M", "kind": "decree", "title": "Naskah"}]
        return desk.office(about=about, evidence=evidence)

    return made


@pytest.mark.parametrize("text", [PLAIN, PAGE])
def test_words_that_stand_in_their_clause_are_right(office: Any, text: str) -> None:
    for source, quote in (("M1", "Disdukcapil Contoh"), ("M2", "memindai QR  Code")):
        assert text_faults(office(source, quote), numbered([text], {"M"})) == ()


@pytest.mark.parametrize(
    ("source", "quote", "told"),
    [
        ("M999", "Disdukcapil Contoh", "the text has no clause M999"),
        ("M2", "Disdukcapil Contoh", "those words stand in M1"),
        ("M1", "Disdukcapil Lain", "M1 has no such words"),
        ("M1", "disdukcapil contoh", "M1 has no such words"),
    ],
)
def test_what_is_not_there_is_told_with_its_path(
    office: Any, source: str, quote: str, told: str
) -> None:
    ((path, words),) = text_faults(office(source, quote), numbered([PLAIN], {"M"}))
    assert (path, words.partition(" / ")[2]) == ("about.name", told)


def test_a_page_says_more_below_a_clause_than_the_text(office: Any) -> None:
    text = numbered([PAGE], {"M"})
    assert list(text.clauses) == ["M1", "M2"]
    for quote in ("ikd office show", "The applicant scans"):
        assert len(text_faults(office("M1", quote), text)) == 1


def test_a_number_of_no_source_is_a_word() -> None:
    assert "1 hari kerja A4 bukan butir" in numbered([PLAIN], {"M"}).clauses["M3"][0]


def test_a_text_without_numbers_is_searched_for_its_words(office: Any) -> None:
    bare = numbered(["Disdukcapil\nContoh melayani"], {"M"})
    assert text_faults(office("M5", "Disdukcapil Contoh"), bare) == ()
    assert len(text_faults(office("M5", "lain"), bare)) == 1


def test_clauses_that_the_file_does_not_name_are_told(office: Any) -> None:
    named = office("M1", "Disdukcapil Contoh")
    assert uncited(named, numbered([PLAIN], {"M"})) == ("M2", "M3")


def test_several_texts_are_one(office: Any) -> None:
    text = numbered(["M1 Disdukcapil", "M1 Contoh"], {"M"})
    assert text.says("M1", "Disdukcapil Contoh")
