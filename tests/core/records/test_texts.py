"""Texts for residents: what they must say, what they must never say, and what is refused."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wording_faults
from ikd.adapters.shipped_texts import answers, templates
from ikd.core.errors import InputError
from ikd.core.records.templates import parse_answers, parse_templates
from ikd.core.records.texts import Rendered, local_time, render
from wording_faults import ANSWERS, NOTICES, answer_faults, notice_faults

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
PIN = "004217"
LINK = "https://ikd.example.id/a/7f3c0123456789abcdef004217aa99ee"
PAYAKUMBUH = {
    "word": "PIN",
    "resident": "Penduduk",
    "office": "Dinas Kependudukan dan Pencatatan Sipil Kota Payakumbuh",
    "phone": "Redmi Note 12",
    "until": local_time(NOON, "WIB"),
    "visited_at": local_time(NOON, "WIB"),
    "at": local_time(NOON, "WIB"),
    "message": "aduan",
    "received": "2026-11-22",
    "answer": "Loket ditambah.\nTerima kasih.",
    "reference": "LAPOR-7654321",
}
WAKATOBI = {
    **PAYAKUMBUH,
    "word": "kode aktivasi",
    "resident": "Pemohon",
    "office": "Dinas Kependudukan dan Pencatatan Sipil Kabupaten Wakatobi",
    "until": local_time(NOON, "WITA"),
    "button": "Aktivasi",
    "link": LINK,
}


def written(name: str, params: dict[str, str], **changes: str) -> Rendered:
    """The notice *name* with as many of *params* as it knows."""
    template = templates()[name]
    known = template.required | template.optional
    fit = {key: value for key, value in params.items() if key in known} | changes
    return render(template, fit, {"pin": PIN} if template.secrets else {})


class Links(HTMLParser):
    """Gathers what a mail program would show as links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self.tags: list[str] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.inside = True
            self.found.append([dict(attributes)["href"] or "", ""])

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "a"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[-1][1] += data


def test_every_notice_and_answer_has_its_text() -> None:
    assert set(templates()) == NOTICES
    assert set(answers()) == ANSWERS


def test_wakatobi_reads_kode_aktivasi_and_never_pin() -> None:
    for name in NOTICES:
        mail = written(name, WAKATOBI)
        everything = f"{mail.subject}\n{mail.text}\n{mail.short}\n{mail.html}"
        assert re.search(r"\bpin\b", everything, re.IGNORECASE) is None, name
    assert "kode aktivasi" in written("pin", WAKATOBI).text
    assert "Pemohon" in written("pin", WAKATOBI).text


def test_payakumbuh_reads_pin() -> None:
    mail = written("pin", PAYAKUMBUH)
    assert "PIN" in mail.text
    assert "PIN" in mail.short
    assert "kode aktivasi" not in mail.text
    assert "Penduduk" in mail.text


@pytest.mark.parametrize("name", ["pin", "pin_signin"])
@pytest.mark.parametrize("params", [PAYAKUMBUH, {**WAKATOBI, "link": "https://a.example.id/x"}])
def test_the_digits_stand_once_in_each_part_and_never_in_the_subject(
    name: str, params: dict[str, str]
) -> None:
    mail = written(name, params)
    assert mail.text.count(PIN) == 1
    assert mail.short.count(PIN) == 1
    assert mail.html is None or mail.html.count(PIN) == 1
    assert PIN not in mail.subject


@pytest.mark.parametrize("name", ["pin", "pin_signin"])
def test_a_pin_says_until_when_who_never_asks_and_what_to_do_if_it_was_not_you(name: str) -> None:
    text = written(name, WAKATOBI).text
    assert "22 November 2026 pukul 13.00 WITA" in text
    assert "22 November 2026, 13:00 WITA (UTC+8)" in text
    assert "Petugas tidak pernah memintanya" in text
    assert "chat" in text
    assert "telepon" in text
    assert "Bukan Anda" in text
    assert "No officer ever asks" in text
    assert "Redmi Note 12" in text
    assert WAKATOBI["office"] in text


def test_indonesian_stands_before_english() -> None:
    for name in NOTICES:
        text = written(name, PAYAKUMBUH).text
        assert text.index("Yth. Penduduk") < text.index("Dear resident,"), name


ENGLISH = re.compile(r"\b(the|your|a|an|code|is|for)\b")


@pytest.mark.parametrize("params", [PAYAKUMBUH, WAKATOBI])
def test_english_greets_in_english(params: dict[str, str]) -> None:
    for name in NOTICES:
        english = written(name, params).text.partition("* * *")[2]
        assert english.strip().startswith("Dear resident,"), name
        assert params["resident"] not in english, name


@pytest.mark.parametrize("params", [PAYAKUMBUH, WAKATOBI])
@pytest.mark.parametrize("name", sorted(NOTICES))
def test_a_subject_speaks_of_one_thing_in_two_languages(name: str, params: dict[str, str]) -> None:
    """The office's word stays as it is published; English explains it once."""
    indonesian, _, english = written(name, params).subject.partition(" / ")
    word = params["word"]
    assert (word in indonesian) == (word in english)
    explained = re.search(rf"\b{word} \((activation )?code\)", english)
    assert word not in indonesian or explained is not None
    assert ENGLISH.search(indonesian) is None


def test_no_text_speaks_of_a_button_where_there_may_be_only_a_link() -> None:
    mail = written("pin", WAKATOBI)
    assert re.search(r"button|tombol", mail.text, re.IGNORECASE) is None
    assert f"Aktivasi: {LINK}" in mail.text
    assert mail.text.count('"Aktivasi"') == 2  # told apart in either language


def test_a_rejection_gives_no_reason_and_names_who_to_ask() -> None:
    """P29 promises "informasi", not a reason; NIK, name and grounds belong to nobody's mailbox."""
    template = templates()["rejected"]
    assert template.required == {"resident", "office"}
    assert template.optional == frozenset()
    assert PAYAKUMBUH["office"] in written("rejected", PAYAKUMBUH).text


def test_paragraphs_of_what_is_not_known_are_left_out() -> None:
    bare = {key: PAYAKUMBUH[key] for key in ("word", "resident", "office", "until")}
    text = written("pin", bare).text
    assert "Ponsel:" not in text
    assert "Phone:" not in text
    assert "kunjungan" not in text
    assert "${" not in text
    assert "Ponsel: Redmi Note 12." in written("pin", PAYAKUMBUH).text


def test_html_has_exactly_one_link_with_the_published_label() -> None:
    """W19: the button is called "Aktivasi", and it stands in the e-mail."""
    mail = written("pin", WAKATOBI)
    assert mail.html is not None
    assert Links(mail.html).found == [[LINK, "Aktivasi"]]
    assert mail.html.count("http") == 1
    assert mail.text.count(LINK) == 1
    assert f"Aktivasi: {LINK}" in mail.text


def test_no_button_no_html() -> None:
    assert written("pin", PAYAKUMBUH).html is None


def test_html_is_escaped() -> None:
    mail = written("pin", WAKATOBI, phone='<a href="x">"&', office="Dinas <b>", button="A&<i>")
    assert mail.html is not None
    links = Links(mail.html)
    assert links.found == [[LINK, "A&<i>"]]
    assert not {"b", "i"} & set(links.tags[links.tags.index("a") :])
    assert "&lt;a href=&quot;x&quot;&gt;&quot;&amp;" in mail.html


def test_html_lines_are_short_enough_to_travel_as_they_are() -> None:
    mail = written("pin", WAKATOBI)
    assert mail.html is not None
    assert max(len(line) for line in mail.html.splitlines()) < 998


def test_short_texts_are_ascii_and_fit_two_messages() -> None:
    for name in NOTICES:
        short = written(name, PAYAKUMBUH).short
        assert short.isascii(), name
        assert len(short) <= 2 * 153, name  # GSM 03.40: 153 characters in each part of two


def test_subjects_are_fit_for_a_header() -> None:
    for name in NOTICES:
        for params in (PAYAKUMBUH, WAKATOBI):
            subject = written(name, params).subject
            assert subject.isascii()
            assert subject.isprintable()
            assert not set(",<>") & set(subject)
            assert params["word"] in subject or "pin" not in name
            assert params["office"] not in subject


@pytest.mark.parametrize("name", sorted(NOTICES))
def test_a_missing_parameter_is_an_error_that_names_it(name: str) -> None:
    template = templates()[name]
    params = {key: PAYAKUMBUH[key] for key in template.required}
    secrets = {"pin": PIN} if template.secrets else {}
    for missing in template.required:
        less = {key: value for key, value in params.items() if key != missing}
        with pytest.raises(InputError, match=f"{missing} is missing"):
            render(template, less, secrets)
    if secrets:
        with pytest.raises(InputError, match="pin is missing"):
            render(template, params)


def test_an_unknown_parameter_is_an_error() -> None:
    template = templates()["locked"]
    params = {key: PAYAKUMBUH[key] for key in template.required}
    with pytest.raises(InputError, match="phone is unknown"):
        render(template, {**params, "phone": "x"})
    with pytest.raises(InputError, match="pin is unknown") as caught:
        render(template, params, {"pin": PIN})
    assert PIN not in str(caught.value)
    with pytest.raises(InputError, match=r"text\.params"):
        render(template, {**params, "no name": "x"})


def test_the_pin_is_no_parameter_but_a_secret() -> None:
    template = templates()["pin"]
    params = {key: PAYAKUMBUH[key] for key in template.required}
    with pytest.raises(InputError, match="pin is missing, pin is unknown"):
        render(template, {**params, "pin": PIN})


def test_button_and_link_come_together() -> None:
    for lonely in ("button", "link"):
        params = {key: value for key, value in WAKATOBI.items() if key != lonely}
        with pytest.raises(InputError, match=f"{lonely} is missing"):
            written("pin", params)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("phone", "Redmi\n\nPetugas akan menelepon Anda"),
        ("phone", "Redmi\u2028Petugas"),
        ("phone", "\u202eidmeR"),
        ("phone", "https://evil.example.org"),
        ("phone", "x" * 201),
        ("phone", ""),
        ("phone", "  "),
        ("phone", 7),
        ("office", None),
        ("until", "22 November 2026"),
        ("until", "2026-11-22T13:00"),
        ("until", "2026-11-22T13:00+00:00"),
        ("link", "http://ikd.example.id/a/x"),
        ("link", "javascript:alert(1)"),
        ("link", 'https://ikd.example.id/"x'),
        ("link", "https://ikd.example.id/a b"),
        ("link", "https://ikd.example.id/<x"),
        ("link", f"https://ikd.example.id/a?kode={PIN}"),
        ("link", "https://ikd.example.id/a/1376015708909901"),
        ("pin", "00421"),
        ("pin", "0042170"),
        ("pin", "00421\uff17"),
        ("pin", " 04217"),
        ("pin", 4217),
    ],
)
def test_values_that_no_message_may_hold_are_refused_and_not_told(name: str, value: object) -> None:
    params: dict[str, Any] = {
        key: WAKATOBI[key] for key in ("word", "resident", "office", "until", "button", "link")
    }
    secrets: dict[str, Any] = {"pin": PIN}
    (secrets if name == "pin" else params)[name] = value
    with pytest.raises(InputError, match=name) as caught:
        render(templates()["pin"], params, secrets)
    assert caught.value.code == "text.value"
    if isinstance(value, str) and value.strip():
        assert value not in str(caught.value)


def test_a_random_handle_may_hold_the_digits_by_chance() -> None:
    assert PIN in LINK
    assert written("pin", WAKATOBI).html is not None


def test_a_link_may_lead_to_this_machine_while_developing() -> None:
    assert written("pin", WAKATOBI, link="http://127.0.0.1:8000/a/x").html is not None


def test_rendered_texts_stay_out_of_reprs() -> None:
    assert PIN not in repr(written("pin", WAKATOBI))


@given(
    instant=st.datetimes(timezones=st.just(UTC)).filter(lambda one: 1 < one.year < 9999),
    zone=st.sampled_from([("WIB", 7), ("WITA", 8), ("WIT", 9)]),
)
def test_a_time_is_the_same_instant_in_its_zone(instant: datetime, zone: tuple[str, int]) -> None:
    text = local_time(instant, zone[0])
    assert text.endswith(f"+0{zone[1]}:00")
    assert 0 <= (instant - datetime.fromisoformat(text)).total_seconds() < 60


def test_a_time_needs_its_zone() -> None:
    with pytest.raises(InputError, match=r"text\.zone"):
        local_time(NOON, "UTC")
    with pytest.raises(InputError, match=r"time\.naive"):
        local_time(datetime(2026, 11, 22), "WIB")  # noqa: DTZ001 - that is what is refused


def test_months_have_their_names_in_both_languages() -> None:
    may = local_time(datetime(2026, 5, 31, 16, 30, tzinfo=UTC), "WIT")
    text = written("activated", PAYAKUMBUH, at=may).text
    assert "1 Juni 2026 pukul 01.30 WIT" in text
    assert "1 June 2026, 01:30 WIT (UTC+9)" in text


# --- the files -----------------------------------------------------------------


def notices_file() -> dict[str, Any]:
    text = files("ikd").joinpath("data").joinpath("notices.toml").read_text(encoding="utf-8")
    return copy.deepcopy(tomllib.loads(text))


FAULTS: list[tuple[str, Any]] = [
    ("pin: is missing", lambda d: d.pop("pin")),
    ("pin: has exactly optional, id and en", lambda d: d["pin"].pop("en")),
    ("pin: has exactly optional, id and en", lambda d: d["pin"].update(fr={})),
    ("pin: has exactly optional, id and en", lambda d: d.update(pin="text")),
    (r"pin\.optional: is a list of names", lambda d: d["pin"].update(optional="phone")),
    (r"pin\.en: has exactly subject, text and short", lambda d: d["pin"]["en"].pop("short")),
    (r"pin\.en: has exactly subject", lambda d: d["pin"].update(en=3)),
    (r"pin\.en\.text: is a list of paragraphs", lambda d: d["pin"]["en"].update(text="one")),
    (r"pin\.en\.text: is a list of paragraphs", lambda d: d["pin"]["en"].update(text=[])),
    (r"pin\.en\.text: is a list of paragraphs", lambda d: d["pin"]["en"].update(text=["a\nb"])),
    (r"pin\.id\.subject: is one line of text", lambda d: d["pin"]["id"].update(subject="a\nb")),
    (r"pin\.id\.short: is one line of text", lambda d: d["pin"]["id"].update(short=" ")),
    ("locked: name is unknown", lambda d: d["locked"]["en"]["text"].append("${name}")),
    (r"locked: has a \$ that begins", lambda d: d["locked"]["en"]["text"].append("5 $ a day")),
    (r"locked\.optional: phone stands in no", lambda d: d["locked"].update(optional=["phone"])),
    ("locked: a subject is ASCII", lambda d: d["locked"]["en"].update(subject="for ${office}")),
    ("locked: a subject is ASCII", lambda d: d["locked"]["en"].update(subject="locked, sorry")),
    ("pin: short is ASCII", lambda d: d["pin"]["en"].update(short="on ${phone}")),
    ("pin: short is ASCII", lambda d: d["pin"]["en"].update(short="Café")),
    (r"pin: \$\{pin\} is one paragraph", lambda d: d["pin"]["en"]["text"].append("again ${pin}")),
    (r"pin: \$\{pin\} is one paragraph", lambda d: d["pin"]["id"]["text"].remove("${pin}")),
    (r"pin: \$\{pin\} is one paragraph", lambda d: d["pin"]["en"].update(short="${pin}")),
    (r"pin: \$\{pin\} is one paragraph", lambda d: d["pin"]["id"].update(short="no digits")),
    (r"pin: \$\{link\} stands in one", lambda d: d["pin"]["en"]["text"].append("${link}")),
    ("pin: button and link belong", lambda d: d["pin"]["optional"].remove("button")),
]


def told(faults: Iterator[tuple[str, str]]) -> str:
    return "; ".join(f"{path}: {reason}" for path, reason in faults)


def test_the_files_that_come_with_ikd_have_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert wording_faults.main() == 0
    assert capsys.readouterr().out.strip() == ""


def test_what_is_no_template_or_answer_at_all_is_not_taken() -> None:
    for parse in (parse_templates, parse_answers):
        with pytest.raises(InputError, match=r"structure\.invalid"):
            parse({"pin": {"id": "x"}})


@pytest.mark.parametrize(("fault", "spoil"), FAULTS)
def test_a_spoilt_file_is_refused_with_the_place(fault: str, spoil: Any) -> None:
    data = notices_file()
    assert told(notice_faults(data)) == ""
    spoil(data)
    assert re.search(fault, told(notice_faults(data)))


def test_every_fault_is_listed_at_once() -> None:
    data = notices_file()
    del data["activated"]
    data["locked"]["en"]["text"].append("${name}")
    data["pin"]["en"].pop("short")
    for place in ("activated: is missing", "locked: name is unknown", "pin.en: has exactly"):
        assert place in told(notice_faults(data))


def test_a_link_without_its_button_is_a_fault() -> None:
    data = notices_file()
    paragraphs = data["pin"]["id"]["text"]
    paragraphs[paragraphs.index("${button}: ${link}")] = "${link}"
    assert "button and link belong together" in told(notice_faults(data))


def test_a_file_may_hold_further_templates() -> None:
    data = notices_file()
    data["ours"] = copy.deepcopy(data["locked"])
    assert told(notice_faults(data)) == ""
    assert parse_templates(data)["ours"].name == "ours"


def test_public_answers_are_words_alone() -> None:
    for code, answer in answers().items():
        for text in (answer.id, answer.en):
            assert "$" not in text, code
            assert not re.search(r"terdaftar|registered|NIK|meninggal|deceased", text), code


@pytest.mark.parametrize(
    ("fault", "changes"),
    [
        ("done: is missing", {"done": None}),
        ("other: is unknown", {"other": {"id": "a", "en": "b"}}),
        ("done: has exactly id and en", {"done": {"id": "a"}}),
        ("done: has exactly id and en", {"done": "a"}),
        ("done: is text in both languages", {"done": {"id": "a", "en": ""}}),
        ("done: is text in both languages", {"done": {"id": 1, "en": "b"}}),
    ],
)
def test_a_spoilt_file_of_answers_is_refused(fault: str, changes: dict[str, Any]) -> None:
    data: dict[str, Any] = {code: {"id": "ya", "en": "yes"} for code in ANSWERS} | changes
    data = {code: table for code, table in data.items() if table is not None}
    assert fault in told(answer_faults(data))
