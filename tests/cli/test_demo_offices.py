"""``ikd demo`` for offices that nobody has written a line of Python for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ikd.cli import main


def demo(office: Path, out: Path) -> int:
    return main(["demo", "--office", str(office), "--store", "memory://", "--out", str(out)])


def changed(offices: Path, name: str, folder: Path, *changes: tuple[str, str]) -> Path:
    """An invented office with some of its text replaced."""
    text = offices.joinpath(name).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def steps(out: Path) -> list[dict]:
    return json.loads((out / "timeline.json").read_text("utf-8"))["steps"]


def test_an_office_without_mail_sends_the_pin_by_sms(offices, tmp_path, capsys) -> None:
    assert demo(offices / "sms_only.toml", tmp_path) == 0
    told = capsys.readouterr().out
    messages = [file.read_text("utf-8") for file in (tmp_path / "mails").iterdir()]
    assert {file.suffix for file in (tmp_path / "mails").iterdir()} == {".txt"}
    (pin,) = re.findall(r"PIN Anda ([0-9]{6}),", "".join(messages))
    assert pin not in told
    assert "••••••" in told
    assert "hanya satu kesempatan" in told  # one try a PIN: no wrong one can be shown
    assert "tidak menerbitkan QR" in told
    assert not (tmp_path / "credential.txt").exists()


def test_the_ministry_may_review_after_the_visit(offices, tmp_path) -> None:
    assert demo(offices / "sms_only.toml", tmp_path) == 0
    names = [row["step"] for row in steps(tmp_path)]
    assert names.index("presence") < names.index("ministry_review") < names.index("decision")


def test_steps_done_in_siak_are_reported_by_it(offices, tmp_path, capsys) -> None:
    assert demo(offices / "siak_first.toml", tmp_path) == 0
    told = capsys.readouterr().out
    rows = {row["step"]: row for row in steps(tmp_path)}
    assert rows["biometric"]["events"] == ["StepReported"]
    assert rows["biometric"]["performed_by"] == "siak"
    assert rows["sign_in"]["clause"] == "K11"
    assert "dikerjakan di SIAK" in told
    assert "media lain" in told
    assert "WhatsApp" in told


def test_times_that_nobody_promised_are_not_invented(offices, tmp_path, capsys) -> None:
    assert demo(offices / "sms_only.toml", tmp_path) == 0
    assert "tidak disebut" in capsys.readouterr().out
    assert {tuple(row["clocks"]) for row in steps(tmp_path)} == {()}


def test_what_an_earlier_journey_left_is_not_taken_for_this_ones(offices, tmp_path) -> None:
    (tmp_path / "credential.txt").write_text("old")
    assert demo(offices / "sms_only.toml", tmp_path) == 0
    assert not (tmp_path / "credential.txt").exists()


def test_a_requirement_that_nobody_meets_ends_in_words(offices, tmp_path, capsys) -> None:
    rule = (
        '[[requirements]]\nid = "age"\ntext = "Berumur 130"\ntext_en = "To be 130"\n'
        'source = "S2"\nquote = "130"\nfact = "age"\nat_least = 130\n\n[registration]'
    )
    check = (
        '[[steps]]\nname = "data_check"\nsource = "S3"\nquote = "diperiksa"\n'
        'by = { value = "registry", source = "S3", quote = "register" }\n\n'
        '[[steps]]\nname = "presence"'
    )
    office = changed(
        offices,
        "sms_only.toml",
        tmp_path,
        ("[registration]", rule),
        ('[[steps]]\nname = "presence"', check),
    )
    assert demo(office, tmp_path / "out") == 1
    ended = capsys.readouterr()
    assert "REJECTED" in ended.err
    assert "Traceback" not in ended.err


def test_a_phone_that_the_office_refuses_is_told_with_the_clause(offices, tmp_path, capsys) -> None:
    rule = (
        '[[requirements]]\nid = "device"\ntext = "Tablet"\ntext_en = "A tablet"\n'
        'source = "S2"\nquote = "tablet"\nfact = "device"\namong = ["tablet"]\n\n[registration]'
    )
    office = changed(offices, "sms_only.toml", tmp_path, ("[registration]", rule))
    assert demo(office, tmp_path / "out") == 1
    told = capsys.readouterr().err
    assert told.startswith("ikd: Syarat kantor ini tidak terpenuhi")
    assert " ".join(told.split()).endswith(" (requirements) [device (S2)]")


def test_a_medium_that_reaches_nobody_is_told(offices, tmp_path, capsys) -> None:
    office = changed(offices, "sms_only.toml", tmp_path, ('kind = "sms"', 'kind = "email"'))
    assert demo(office, tmp_path / "out") == 1
    assert "tak satu pun media kantor ini" in capsys.readouterr().err


def test_a_method_that_is_not_in_force_yet_is_waived(offices, tmp_path, capsys) -> None:
    siak = 'performed_by = { value = "siak", source = "K5", quote = "di SIAK" }'
    future = 'methods = [{ kind = "fingerprint", since = "2999", source'
    office = changed(
        offices,
        "siak_first.toml",
        tmp_path,
        (siak, ""),
        ('methods = [{ kind = "fingerprint", source', future),
    )
    assert demo(office, tmp_path / "out") == 0


def test_a_tablet_case_for_an_officer_is_told(offices, tmp_path, capsys) -> None:
    rule = (
        '[[requirements]]\nid = "card"\ntext = "KTP-el"\ntext_en = "A card"\nsource = "K2"\n'
        'quote = "kartu"\nfact = "ktp_el"\namong = ["never"]\n'
        'human = { value = ["issued"], source = "K2", quote = "kartu" }\n\n[registration]'
    )
    siak = 'performed_by = { value = "siak", source = "K4", quote = "di SIAK" }'
    office = changed(offices, "siak_first.toml", tmp_path, ("[registration]", rule), (siak, ""))
    assert demo(office, tmp_path / "out") == 1
    assert "merujuk ke petugas" in capsys.readouterr().err


def test_every_fault_of_an_office_file_is_listed(offices, tmp_path, capsys) -> None:
    office = changed(
        offices,
        "sms_only.toml",
        tmp_path,
        ("format = 1", "format = 7"),
        ('value = "33.74"', 'value = "x"'),
    )
    assert demo(office, tmp_path / "out") == 1
    told = capsys.readouterr().err
    assert re.search(r"  baris [0-9]+, format: ", told)
    assert re.search(r"  baris [0-9]+, about\.region\.value: ", told)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("office", ["nowhere", "nowhere.toml"])
def test_an_office_that_is_not_there_is_told(office, tmp_path, capsys) -> None:
    assert main(["demo", "--office", office, "--out", str(tmp_path), "--store", "memory://"]) == 1
    assert capsys.readouterr().err.startswith(f"ikd: {office}: berkas kantor")


def test_a_folder_that_cannot_be_written_is_told(tmp_path, capsys) -> None:
    (tmp_path / "file").touch()
    words = ["demo", "--office", "payakumbuh", "--store", "memory://"]
    assert main([*words, "--out", str(tmp_path / "file" / "out")]) == 3
    told = capsys.readouterr().err
    assert "bukan folder" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("store", "code"),
    [("postgres://x", 2), ("sqlite:///", 2), ("sqlite:////proc/nothing/ikd.db", 3)],
)
def test_a_store_that_cannot_be_used_is_told(store, code, tmp_path, capsys) -> None:
    words = ["demo", "--office", "payakumbuh", "--out", str(tmp_path)]
    assert main([*words, "--store", store]) == code
    assert capsys.readouterr().err.startswith("ikd: ")


def test_a_missing_library_is_told_by_its_extra(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "segno", None)
    words = ["demo", "--office", "payakumbuh", "--store", "memory://", "--out", str(tmp_path)]
    assert main(words) == 3
    assert "pip install 'ikd[qr]'" in " ".join(capsys.readouterr().err.split())
    assert (tmp_path / "credential.txt").exists()


def test_a_fee_without_words_of_its_own_reads_as_money(offices, tmp_path, capsys) -> None:
    fee = '[fee]\namount = { value = 12500, source = "S2", quote = "12.500" }\n\n[registration]'
    office = changed(offices, "sms_only.toml", tmp_path, ("[registration]", fee))
    assert demo(office, tmp_path / "out") == 0
    assert "Rp 12.500 (S2)" in capsys.readouterr().out
