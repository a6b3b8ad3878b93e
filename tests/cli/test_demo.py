"""``ikd demo`` as a user runs it: both offices on SQLite, and one of them again."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import attrs
import claim169
import pytest
import zxingcpp
from PIL import Image

from ikd.adapters.registry import people
from ikd.core.errors import TokenError
from ikd.core.tokens import credential
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.plugins.offices import load_office

OFFICES = ("payakumbuh", "wakatobi")
REGIONS = ("137601", "740701")
RESULTS = {
    "credential.txt", "credential.svg", "credential.png", "issuer.pub.pem", "root.pub.pem",
    "keyring.cbor", "status.cwt", "timeline.json",
}  # fmt: skip
STORE = "sqlite:///kept/ikd.db"


@attrs.frozen
class Journey:
    """What two runs on one store said; the first left its results in ``out``."""

    folder: Path
    first: str
    second: str

    def of(self, office: str) -> Path:
        return self.folder / "out" / office

    def timeline(self, office: str) -> dict:
        return json.loads((self.of(office) / "timeline.json").read_text("utf-8"))

    def mails(self, office: str) -> list[str]:
        files = sorted((self.of(office) / "mails").iterdir())
        mails = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [mail.get_body(("plain",)).get_content() for mail in mails]


@pytest.fixture(scope="module")
def journey(run, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    folder = tmp_path_factory.mktemp("demo")
    first = run("demo", "--store", STORE, "--out", "out", cwd=folder)
    assert (first.returncode, first.stderr) == (0, "")
    again = ("demo", "--office", "payakumbuh", "--store", STORE, "--out", "again")
    second = run(*again, cwd=folder)
    assert (second.returncode, second.stderr) == (0, "")
    return Journey(folder, first.stdout, second.stdout)


def residents(told: str) -> list[str]:
    return re.findall(r"(?m)^(?:Penduduk|Pemohon) +(.+)", told)


@pytest.mark.parametrize("office", OFFICES)
def test_it_leaves_what_it_promises(journey: Journey, office: str) -> None:
    names = {path.name for path in journey.of(office).iterdir()}
    captcha = {"captcha.png"} if load_office(office).pin.captcha.value else set()
    assert names == RESULTS | captcha | {"mails"}


@pytest.mark.parametrize("office", OFFICES)
def test_another_implementation_reads_the_credential(journey: Journey, office: str) -> None:
    text = (journey.of(office) / "credential.txt").read_text("ascii")
    pem = (journey.of(office) / "issuer.pub.pem").read_text("ascii")
    read = claim169.decode(text, verify_with_ed25519_pem=pem)
    assert read.claim169.full_name in residents(journey.first)[2 * OFFICES.index(office)]


@pytest.mark.parametrize("office", OFFICES)
def test_a_scanner_reads_the_picture_and_the_screen(journey: Journey, office: str) -> None:
    text = (journey.of(office) / "credential.txt").read_text("ascii")
    with Image.open(journey.of(office) / "credential.png") as picture:
        assert zxingcpp.read_barcodes(picture)[0].text == text
    told = journey.first.split("ikd demo ·")[1 + OFFICES.index(office)]
    assert zxingcpp.read_barcodes(_drawn(told))[0].text == text


def _drawn(told: str) -> Image.Image:
    lines = [line for line in told.splitlines() if re.fullmatch("[ ▀▄█]{60,}", line)]
    halves = {" ": (0, 0), "▀": (255, 0), "▄": (0, 255), "█": (255, 255)}
    width = max(map(len, lines))
    picture = Image.new("L", (width, 2 * len(lines)), 0)
    for y, line in enumerate(lines):
        for x, sign in enumerate(line):
            for half in range(2):
                picture.putpixel((x, 2 * y + half), halves[sign][half])
    return picture.resize((4 * width, 8 * len(lines)), Image.Resampling.NEAREST)


def test_the_credential_holds_offline_and_not_under_another_root(journey: Journey) -> None:
    left = journey.of("payakumbuh")
    text, data = (left / "credential.txt").read_text("ascii"), (left / "keyring.cbor").read_bytes()
    now = datetime.fromisoformat(journey.timeline("payakumbuh")["steps"][-1]["at"])
    root = _public(left / "root.pub.pem")
    keyring = Keyring.read(data, [root], now=now)
    assert credential.read(text, keyring, now=now).person.name in journey.first
    with pytest.raises(TokenError):
        Keyring.read(data, [_public(left / "issuer.pub.pem")], now=now)


def _public(file: Path) -> PublicKey:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    return PublicKey.ed25519(load_pem_public_key(file.read_bytes()).public_bytes_raw())


@pytest.mark.parametrize("office", OFFICES)
def test_a_threshold_of_ours_is_never_told_with_a_clause(journey: Journey, office: str) -> None:
    """P21 and W14 speak of a match; from which score it counts is our default."""
    told = " ".join(journey.first.split("ikd demo ·")[1 + OFFICES.index(office)].split())
    biometric = load_office(office).biometric
    for threshold in (biometric.match_threshold, biometric.live_threshold):
        assert threshold.source == "default"
    assert len(re.findall(r"≥ 80 \(default\)", told)) == told.count("≥ 80") == 2


@pytest.mark.parametrize("office", OFFICES)
def test_no_pin_is_on_the_screen_or_in_the_timeline(journey: Journey, office: str) -> None:
    mails = "".join(journey.mails(office))
    (pin,) = re.findall(r"^([0-9]{6})\r?$", mails, re.MULTILINE)
    timeline = (journey.of(office) / "timeline.json").read_text("utf-8")
    for text in (journey.first, timeline):
        assert re.search(rf"(?<![0-9a-f]){pin}(?![0-9a-f])", text) is None


def test_nothing_personal_is_on_the_screen_in_the_timeline_or_plain_in_the_store(
    journey: Journey,
) -> None:
    niks = [one.nik.digits for region in REGIONS for one in people(0, 20, region)]
    timelines = "".join(json.dumps(journey.timeline(office)) for office in OFFICES)
    database = (journey.folder / "kept" / "ikd.db").read_bytes()
    for text in (journey.first, journey.second, timelines, database.decode("latin-1")):
        assert not any(nik in text for nik in niks)
        assert "@example.id" not in text
        assert "+62812" not in text
    names = {one.name for region in REGIONS for one in people(0, 20, region)}
    assert not any(name in timelines for name in names)


def test_the_mail_is_readable_by_its_owner_alone(journey: Journey) -> None:
    for office in OFFICES:
        folder = journey.of(office) / "mails"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_a_second_run_on_the_same_store_meets_new_residents(journey: Journey) -> None:
    first, second = residents(journey.first), residents(journey.second)
    assert (len(first), len(second)) == (4, 2)
    assert not set(first) & set(second)


@pytest.mark.parametrize("office", OFFICES)
def test_the_timeline_has_every_step_in_the_offices_own_order(
    journey: Journey, office: str
) -> None:
    standard = load_office(office)
    found = journey.timeline(office)
    rows = found["steps"]
    assert [row["step"] for row in rows] == [*(step.name for step in standard.steps), "sign_in"]
    for row, step in zip(rows, standard.steps, strict=False):
        assert row["clause"] == (step.clause or "default")
        assert (row["by"], row["performed_by"]) == (step.by, step.performed_by)
        assert row["events"]
        assert [clock["clause"] for clock in row["clocks"]] == [
            clause.source for clause in standard.sla.clauses
        ]
    assert found["office"]["digest"] == standard.digest
    assert found["office"]["decree"] == standard.decree.number.value


@pytest.mark.parametrize("office", OFFICES)
def test_the_timeline_shows_every_published_item_once(journey: Journey, office: str) -> None:
    rows = journey.timeline(office)["steps"]
    items = [(item["number"], item["text"]) for row in rows for item in row["published"]]
    approved = [one for one in load_office(office).procedure if one.branch != "rejected"]
    assert items == [(one.number, one.text) for one in approved]


def test_the_timeline_of_a_rejection_lists_what_was_rejected(journey: Journey) -> None:
    found = journey.timeline("payakumbuh")
    told = {
        name: [item["number"] for row in found[name] for item in row["published"]]
        for name in ("steps", "rejection")
    }
    assert told == {"steps": [1, 2, 3, 4, 5, 7], "rejection": [1, 2, 3, 4, 6]}


@pytest.mark.parametrize("office", OFFICES)
def test_each_text_of_the_timeline_has_all_its_clauses(journey: Journey, office: str) -> None:
    clauses = {one.number: list(one.clauses) for one in load_office(office).procedure}
    rows = [*journey.timeline(office)["steps"], *journey.timeline(office)["rejection"]]
    for item in (item for row in rows for item in row["published"]):
        assert item["clauses"] == clauses[item["number"]]


@pytest.mark.parametrize("office", OFFICES)
def test_the_picture_has_the_words_of_the_drawing_below_it(journey: Journey, office: str) -> None:
    product = load_office(office).product
    assert product in (journey.of(office) / "credential.svg").read_text("utf-8")
    with Image.open(journey.of(office) / "credential.png") as picture:
        assert picture.height > picture.width  # a symbol is square; the words stand below


def test_the_last_item_of_wakatobi_is_the_sign_in(journey: Journey) -> None:
    activate, sign_in = journey.timeline("wakatobi")["steps"][-2:]
    assert [item["number"] for item in activate["published"]] == [6, 7, 8]
    assert [item["number"] for item in sign_in["published"]] == [9]
    assert sign_in["events"] == ["SignedIn", "PasscodeSet", "SignedIn"]


@pytest.mark.parametrize("office", OFFICES)
def test_times_are_in_the_offices_zone_and_run_forward(journey: Journey, office: str) -> None:
    rows = journey.timeline(office)["steps"]
    times = [datetime.fromisoformat(row["at"]) for row in rows]
    assert times == sorted(times)
    assert {at.utcoffset() for at in times} == {datetime.now(load_office(office).tz).utcoffset()}
    left = [row["clocks"][0]["remaining_seconds"] for row in rows]
    assert left == sorted(left, reverse=True)


@pytest.mark.parametrize("office", OFFICES)
def test_a_wrong_pin_and_a_rejection_are_part_of_it(journey: Journey, office: str) -> None:
    found = journey.timeline(office)
    events = [event for row in found["steps"] for event in row["events"]]
    assert events.index("PinRefused") < events.index("Activated")
    assert found["rejection"][-1]["events"][-1] == "Rejected"
    told = journey.first.split("ikd demo ·")[1 + OFFICES.index(office)]
    assert "salah, sisa 2 kali" in told
    assert "tidak dapat dilanjutkan" in " ".join(told.split())


def test_the_screen_keeps_to_eighty_columns_without_colours(journey: Journey) -> None:
    assert max(map(len, journey.first.splitlines())) <= 80
    assert "\033" not in journey.first


def test_every_published_clause_of_the_steps_is_on_the_screen(journey: Journey) -> None:
    for number, office in enumerate(OFFICES, start=1):
        told = journey.first.split("ikd demo ·")[number]
        for item in load_office(office).procedure:
            assert re.search(rf"^ +{item.number}   ", told, re.M)
            assert item.source in told


@pytest.mark.slow
def test_two_at_once_on_one_store_both_arrive(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ikd", "demo", "--office", "payakumbuh", "--store", STORE]
    both = [
        subprocess.Popen(
            [*command, "--out", name],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        for name in ("a", "b")
    ]
    told = [one.communicate(timeout=120)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert len({*residents(told[0]), *residents(told[1])}) == 4


@pytest.mark.slow
def test_one_that_was_killed_does_not_stop_the_next(run, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ikd", "demo", "--office", "wakatobi", "--store", STORE]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, encoding="utf-8") as one:
        for line in one.stdout:
            if "━━ Kunjungan" in line:
                break
        one.kill()
    ended = run("demo", "--office", "wakatobi", "--store", STORE, "--out", "next", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("office", OFFICES)
def test_it_is_told_in_english_alone(run, tmp_path: Path, office: str) -> None:
    """But for what the office itself published, and its reasons."""
    words = ("--lang", "en", "demo", "--office", office, "--store", "memory://", "--out", "out")
    ended = run(*words, cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    told = ended.stdout
    assert max(map(len, told.splitlines())) <= 80
    own = re.compile("oleh |antrean|sisa |berlaku|ponsel|petugas|disetujui|karakter|detik|Hasil")
    ours = [line for line in told.splitlines() if re.match(r" +(?:→|✗|✓|◔) ", line)]
    assert len(ours) > 20
    assert [line for line in ours if own.search(line) and "“" not in line] == []
    assert "Dear resident," in told
    assert "Yth." not in told


def test_two_offices_may_be_named(run, tmp_path: Path) -> None:
    words = ("demo", "--office", "payakumbuh", "--office", "wakatobi", "--store", "memory://")
    ended = run(*words, "--out", "out", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    for office in OFFICES:
        assert (tmp_path / "out" / office / "timeline.json").exists()
