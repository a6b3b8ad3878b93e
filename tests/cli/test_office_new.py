"""``ikd office new`` asks, and writes a valid file with its sources; a script may answer."""

from __future__ import annotations

import io
import os
import pty
import random
import re
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ikd.cli import main
from ikd.core.resident.device import Device
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.grounds import walk
from ikd.plugins.offices import load_office

# question by question; "" takes the answer in brackets, or leaves the thing unstated
WHOLE = """\
magetan
M
office_page
Aktivasi IKD
https://example.id/ikd
MB
news
Berita kantor


Disdukcapil Kabupaten Magetan
M1

35.20
Jalan Contoh 1
M1


www.example.id
M1

470/12/2024
M2

Pemohon
M3

Memiliki KTP-el atau sudah direkam
card
M20


Memiliki email
2
M20


Android minimal 8
system
M21

8


Berumur 17 tahun atau sudah kawin
age
M21

17
ever_married
MB1
sudah kawin

Membawa fotokopi KK
other
M22


nik,email,phone
M4
mengisi NIK, email, nomor HP
M5
mendaftar
face
M6
swafoto
ya
M7
diperiksa Dirjen
2
M8
memindai QR
mpp
Mal Pelayanan Publik
ya
tidak
MB2
di MPP
village
Desa


M25
di desa

ministry
M9
disetujui Dirjen
M10
mengaktifkan aplikasi
Mengunduh aplikasi
register
M23

Mengisi data

M24

Memindai QR
presence
M8


kode aktivasi
M11

email
M12
lewat email
ya
M13
mengisi captcha
email,sms
M14
email atau sms
ya
M15
masuk dengan kode itu
1 hari
1
day
M16

declared_complete
M16
sejak lengkap
0
M17
gratis
aduan, saran
M18
aduan dan saran
whatsapp
WhatsApp
0812-3456-7890
M19


"""
OLD = Device(kind="smartphone", platform="android", os_version="7")
SILENT = "sunyi\n\n\nNaskah\n\n\nDisdukcapil Sunyi\n\n\n35.20\n" + "\n" * 80


def new(monkeypatch: pytest.MonkeyPatch, file: Path, answers: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
    return main(["office", "new", str(file)])


def test_a_script_that_answers_everything_gets_a_valid_file(monkeypatch, tmp_path, capsys) -> None:
    file = tmp_path / "magetan.toml"
    assert new(monkeypatch, file, WHOLE) == 0
    assert "sah. Lanjut" in capsys.readouterr().out
    office = load_office(file)
    assert (office.id, office.zone, office.person) == ("magetan", "Asia/Jakarta", "Pemohon")
    assert [step.name for step in office.steps] == [
        "register",
        "biometric",
        "ministry_review",
        "presence",
        "decision",
        "activate",
    ]
    assert (office.pin.word.value, office.pin.word.clause) == ("kode aktivasi", "M11")
    assert office.rejection.media_kinds == ("email", "sms")
    assert office.sla.clauses[0].day_is.source == "default"
    assert office.complaints.channel("whatsapp").handle == "0812-3456-7890"
    assert main(["office", "check", str(file)]) == 0
    assert [source.prefix for source in office.evidence] == ["M", "MB"]
    places = [(row.kind, row.begin, row.finish) for row in office.presence.places]
    assert places == [("mpp", True, False), ("village", None, None)]
    start = office.sla.clauses[0].start
    assert (start.value, start.clause) == ("declared_complete", "M16")


def test_what_else_would_do_is_an_arm_of_its_own(monkeypatch, tmp_path) -> None:
    file = tmp_path / "magetan.toml"
    assert new(monkeypatch, file, WHOLE) == 0
    row = next(row for row in load_office(file).requirements if row.id.startswith("age"))
    assert [(arm.fact, arm.clause) for arm in row.any_of] == [
        ("age", "M21"),
        ("ever_married", "MB1"),
    ]
    assert row.text_en == "To be at least 17 years old, or to be married, or to have been"


def test_a_message_goes_only_where_a_field_was_asked_for(monkeypatch, tmp_path, capsys) -> None:
    bare = WHOLE.replace("nik,email,phone\n", "nik\n", 1)
    assert new(monkeypatch, tmp_path / "magetan.toml", bare) == 2
    assert "officer, other" in capsys.readouterr().err


def test_the_long_lists_stand_in_the_file_as_the_text_has_them(monkeypatch, tmp_path) -> None:
    file = tmp_path / "magetan.toml"
    assert new(monkeypatch, file, WHOLE) == 0
    office = load_office(file)
    assert (office.about.address.value, office.about.phone) == ("Jalan Contoh 1", None)
    told = office.check(
        Candidate(
            ktp_el="never", recorded=False, email=False, age=16, ever_married=False, device=OLD
        )
    )
    assert [(one.outcome, one.clause) for one in told] == [
        ("refuse", "M20"),
        ("refuse", "M20"),
        ("refuse", "M21"),
        ("refuse", "M21"),
    ]
    (heading,) = office.components
    assert (heading.text, heading.clause) == (None, None)
    assert [(item.value, item.clause, item.quote) for item in heading.items] == [
        ("Membawa fotokopi KK", "M22", "Membawa fotokopi KK")
    ]
    assert [(item.number, item.text, item.clause) for item in office.procedure] == [
        (1, "Mengunduh aplikasi", "M23"),
        (2, "Mengisi data", "M24"),
        (3, "Memindai QR", "M8"),
    ]
    assert [len(step.published) for step in office.steps] == [2, 0, 0, 1, 0, 0]


def test_each_requirement_that_no_fact_can_test_keeps_its_own_source(
    monkeypatch, tmp_path, capsys
) -> None:
    copy = "Membawa fotokopi KK\nother\nM22\n\n"
    more = "Membawa surat pengantar RT\nother\nM23\nsurat dari RT\n"
    silent = "Membawa map\nother\n\nDiminta di loket.\n"
    for number, order in enumerate(((copy, more, silent), (silent, more, copy))):
        file = tmp_path / f"urutan{number}.toml"
        assert copy in WHOLE
        assert new(monkeypatch, file, WHOLE.replace(copy, "".join(order), 1)) == 0
        (heading,) = load_office(file).components
        told = [
            ("Membawa fotokopi KK", "M22", "Membawa fotokopi KK", None),
            ("Membawa surat pengantar RT", "M23", "surat dari RT", None),
            ("Membawa map", "default", None, "Diminta di loket."),
        ]
        found = [(item.value, item.source, item.quote, item.why) for item in heading.items]
        assert found == (told if order[0] == copy else told[::-1])
        capsys.readouterr()
        assert main(["office", "show", str(file)]) == 0
        shown = capsys.readouterr().out
        for value, source, *_ in told:
            assert f"{value} ({source})" in shown


def test_what_is_left_empty_stays_unstated_or_is_a_default_with_a_reason(
    monkeypatch, tmp_path
) -> None:
    file = tmp_path / "sunyi.toml"
    assert new(monkeypatch, file, SILENT) == 0
    office = load_office(file)
    assert (office.decree, office.fee, office.sla, office.complaints) == (None, None, None, None)
    assert office.sign_in is None
    assert office.requirements is None
    for path, item in walk(office):
        assert item.clause is None, path
        assert item.why, path


def test_both_files_run_their_demo(monkeypatch, tmp_path) -> None:
    for name, answers in (("magetan", WHOLE), ("sunyi", SILENT)):
        file = tmp_path / f"{name}.toml"
        assert new(monkeypatch, file, answers) == 0
        words = ["demo", "--office", str(file), "--store", "memory://"]
        assert main([*words, "--out", str(tmp_path / name)]) == 0


def test_a_file_that_is_there_is_never_written_over(monkeypatch, tmp_path, capsys) -> None:
    file = tmp_path / "magetan.toml"
    file.write_text("mine")
    assert new(monkeypatch, file, WHOLE) == 1
    assert file.read_text() == "mine"
    assert "sudah ada" in capsys.readouterr().err


def test_a_name_that_ends_otherwise_is_refused(monkeypatch, tmp_path, capsys) -> None:
    assert new(monkeypatch, tmp_path / "magetan", WHOLE) == 2
    assert ".toml" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_told_before_the_questions(
    monkeypatch, tmp_path, capsys
) -> None:
    assert new(monkeypatch, tmp_path / "no" / "magetan.toml", WHOLE) == 3
    told = capsys.readouterr()
    assert "ditulisi" in told.err
    assert told.out == ""


def test_answers_in_another_encoding_end_in_words(monkeypatch, tmp_path, capsys) -> None:
    latin = io.TextIOWrapper(io.BytesIO(b"magetan\nM\n1\nCaf\xe9\n"), "utf-8")
    monkeypatch.setattr(sys, "stdin", latin)
    assert main(["office", "new", str(tmp_path / "magetan.toml")]) == 2
    assert "UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("lines", [0, 1, 8, 30, 60])
def test_answers_that_end_early_are_told_and_write_nothing(
    monkeypatch, tmp_path, capsys, lines: int
) -> None:
    file = tmp_path / "magetan.toml"
    assert new(monkeypatch, file, "".join(WHOLE.splitlines(keepends=True)[:lines])) == 2
    assert "jawaban sudah habis sebelum pertanyaan" in " ".join(capsys.readouterr().err.split())
    assert not file.exists()


@pytest.mark.parametrize(
    ("old", "odd", "told"),
    [
        ("magetan\nM\n", "Magetan!\nM\n", "huruf kecil"),
        ("magetan\nM\n", "\nM\n", "harus diisi"),
        ("magetan\nM\n", "magetan\nm1\n", "huruf besar"),
        ("office_page\n", "decre\n", "salah satu dari"),
        ("Kabupaten Magetan\n", "Magetan, Jawa Timur\n", "tanpa , < >"),
        ("M1\n", "P1\n", "lalu nomor"),
        ("M1\n", "M\n", "lalu nomor"),
        ("35.20\n", "99.99\n", "kode tidak dikenal"),
        ("35.20\n", "352\n", "kode seperti"),
        ("35.20\n", "email\n", "kode seperti"),
        ("nik,email,phone\n", "nik,fax\n", "fax"),
        ("\nya\nM7", "\nmungkin\nM7", "ya atau tidak"),
        ("1 hari\n1\n", "1 hari\nsatu\n", "angka saja"),
        ("1 hari\n1\n", "1 hari\n2000\n", "1440"),
        ("\n0\nM17", "\ngratis\nM17", "angka saja"),
        ("\n8\n\n\nBerumur", "\nOreo\n\n\nBerumur", "angka seperti"),
        ("\n8\n\n\nBerumur", "\n\n\n\nBerumur", "harus diisi"),
        ("\n17\n", "\ntujuh belas\n", "angka saja"),
        ("\n17\n", "\n00\n", "1 sampai 99"),
        ("\n17\n", "\n0\n", "1 sampai 99"),
        ("\n17\n", "\n100\n", "1 sampai 99"),
        ("presence\n", "visit\n", "salah satu dari"),
        ("email,sms\n", ",\n", "pilih dari"),
        ("Memiliki email\n", "Memiliki\u200b email\n", "tak terlihat"),
        ("Memiliki email\n", "Memiliki\udce9 email\n", "tak terlihat"),
    ],
)
def test_an_answer_that_cannot_be_used_ends_a_script_in_words(
    monkeypatch, tmp_path, capsys, old: str, odd: str, told: str
) -> None:
    assert old in WHOLE
    file = tmp_path / "magetan.toml"
    assert new(monkeypatch, file, WHOLE.replace(old, odd, 1)) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert not file.exists()


class Babbler(io.StringIO):
    """Somebody at a terminal who answers anything, until it fits or nothing is left to say."""

    WORDS = (
        *("", "", "ya", "tidak", "0", "1", "2", "4", "17", "8", "11.0", "M1", "M2", "M999"),
        *("card", "system", "age", "other", "device", "register", "presence", "activate", "day"),
        *("nik", "nik,email", "face,iris", "sms,other,sms", "ministry", "resident_reads_office"),
        *("magetan", "35.20", "9101", 'Kata “dalam” "kutip" \\ # = [x]', "'''", "a, b", "é漢"),
    )

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.chance = random.Random(seed)
        self.said = 0

    def isatty(self) -> bool:
        return True

    def readline(self, *_: object) -> str:
        self.said += 1
        tired = self.said > 400 and self.chance.random() < 0.7
        return "\n" if tired else f"{self.chance.choice(self.WORDS)}\n"


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_answered_at_last_the_file_is_valid(monkeypatch, tmp_path, seed: int) -> None:
    """No answer that was taken is found wrong at the end, when all the others would be lost."""
    monkeypatch.setattr(sys, "stdin", Babbler(seed))
    file = tmp_path / "kantor.toml"
    assert main(["office", "new", str(file)]) == 0
    assert load_office(file).steps


def _hear_interrupts() -> None:
    """Undo what a parent may have handed down: in the background, shells ignore this signal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_person_who_gives_up_leaves_no_file(tmp_path: Path) -> None:
    file = tmp_path / "magetan.toml"
    command = [sys.executable, "-u", "-m", "ikd", "office", "new", str(file)]
    with subprocess.Popen(
        command,
        stdin=-1,
        stdout=-1,
        stderr=-1,
        text=True,
        preexec_fn=_hear_interrupts,  # noqa: PLW1509 - there is no thread here
    ) as asked:
        asked.stdin.write("magetan\n")
        asked.stdin.flush()
        told = ""
        while "depan nomor butir" not in told:  # it waits for the next answer
            told += asked.stdout.read(1)
        asked.send_signal(signal.SIGINT)
        _, errors = asked.communicate()
    assert (asked.returncode, errors) == (130, "ikd: dihentikan\n")
    assert not file.exists()


def test_a_person_is_asked_again(tmp_path: Path) -> None:
    """On a terminal a wrong answer costs a line, not the whole conversation."""
    ours, theirs = pty.openpty()
    file = tmp_path / "magetan.toml"
    command: list[Any] = [sys.executable, "-m", "ikd", "office", "new", str(file)]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, text=True) as asked:
        os.close(theirs)
        for line in ("Magetan!", *WHOLE.splitlines()):
            os.write(ours, f"{line}\n".encode())
            while select.select([ours], [], [], 0)[0] and os.read(ours, 4096):
                pass  # what the terminal echoes
        told, _ = asked.communicate(timeout=60)
        os.close(ours)
    assert "huruf kecil" in told
    assert asked.returncode == 0
    assert load_office(file).id == "magetan"


def talk(file: Path, lines: list[str], *, interrupt: bool = False) -> tuple[int, str]:
    """Type *lines* at a terminal; then perhaps Ctrl-C, once all are answered."""
    ours, theirs = pty.openpty()
    command: list[Any] = [sys.executable, "-u", "-m", "ikd", "office", "new", str(file)]
    with subprocess.Popen(
        command,
        stdin=theirs,
        stdout=-1,
        stderr=-1,
        text=True,
        preexec_fn=_hear_interrupts,  # noqa: PLW1509 - there is no thread here
    ) as asked:
        os.close(theirs)
        for line in lines:
            os.write(ours, f"{line}\n".encode())
            while select.select([ours], [], [], 0)[0] and os.read(ours, 4096):
                pass  # what the terminal echoes
        told = ""
        if interrupt:
            while told.count(": ") < len(lines) + 2:  # every answer was taken
                told += asked.stdout.read(1)
            asked.send_signal(signal.SIGINT)
        more, _ = asked.communicate(timeout=60)
        os.close(ours)
    return asked.returncode, told + more


def test_after_an_interruption_the_same_command_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "magetan.toml"
    lines = WHOLE.splitlines()
    assert talk(file, lines[:30], interrupt=True)[0] == 130
    assert not file.exists()
    kept = tmp_path / "magetan.toml.answers"
    given = len(kept.read_text("utf-8").splitlines())
    assert 10 <= given <= 30
    code, told = talk(file, lines[given:])
    assert code == 0
    assert f"Melanjutkan {given} jawaban" in told
    assert load_office(file).pin.word.value == "kode aktivasi"
    assert not kept.exists()


def test_a_kept_answer_that_fits_no_longer_is_asked_again(tmp_path: Path) -> None:
    file = tmp_path / "magetan.toml"
    (tmp_path / "magetan.toml.answers").write_text("Magetan!\nM\n", "utf-8")
    code, told = talk(file, WHOLE.splitlines())
    assert code == 0
    assert "huruf kecil" in told


@pytest.mark.parametrize("typed", ["35.20", "3520", "35 20"])
def test_a_region_is_typed_as_people_do(monkeypatch, tmp_path, typed: str) -> None:
    file = tmp_path / "magetan.toml"
    assert new(monkeypatch, file, WHOLE.replace("35.20", typed)) == 0
    assert load_office(file).region == "35.20"


def test_the_questions_are_asked_in_english_too(monkeypatch, tmp_path, capsys) -> None:
    file = tmp_path / "magetan.toml"
    monkeypatch.setenv("IKD_LANG", "en")
    assert new(monkeypatch, file, WHOLE) == 0
    told = capsys.readouterr().out
    assert "Name of the office, as written: Disdukcapil" in told
    assert re.search("Alamat kantor|butir untuk|kosong bila|salah satu", told) is None


def test_an_age_is_told_with_its_years(monkeypatch, tmp_path) -> None:
    file = tmp_path / "magetan.toml"
    assert new(monkeypatch, file, WHOLE) == 0
    age = next(row for row in load_office(file).requirements if row.id.startswith("age"))
    assert age.text_en.startswith("To be at least 17 years old")


def test_the_clock_is_that_of_the_province(tmp_path, monkeypatch):
    file = tmp_path / "bima.toml"
    assert new(monkeypatch, file, WHOLE.replace("35.20", "52.72")) == 0
    office = load_office(file)
    assert (office.region, office.zone) == ("52.72", "Asia/Makassar")
    assert "Keppres 41/1987" in office.about.zone.why
