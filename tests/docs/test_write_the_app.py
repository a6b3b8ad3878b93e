"""The code of "write the app" runs, and ikd takes every token that it writes."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ikd.core.tokens import credential, pairing, presentation, proof
from ikd.core.tokens.checkcode import check_code
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.credential import CredentialClaims
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import ed25519_signer, es256_signer

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "write-the-app.md"
APP = Path(__file__).with_name("app")
PORTAL = ROOT / "examples" / "portal" / "src" / "ikd_portal" / "static" / "tokens.js"
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
RECORD, CHALLENGE = b"application-id-1", bytes(range(40))
STATION = es256_signer(b"station." * 4)
OFFICE = pairing.write_office(
    office="wakatobi", station="loket-1", token_id=bytes(16), now=NOW, key=STATION
)


def blocks(label: str) -> str:
    return "\n".join(re.findall(rf"^```{label}\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S))


def signed() -> bytes:
    """Some credential; the phone carries it and doesn't look inside."""
    claims = CredentialClaims(
        issuer="https://ikd.example.id",
        credential_id=bytes(16),
        issued_at=NOW,
        not_before=NOW,
        expires_at=NOW.replace(month=12),
        device_key=STATION.public,
        status_list="https://ikd.example.id/status/1",
        status_index=7,
        person=Claim169(name="SITI CONTOH", sex=2, nik_tail="9901", birth_year=1990),
    )
    return credential.to_cose(credential.write(claims, ed25519_signer(b"issuer.." * 4)))


def javascript(folder: Path) -> dict[str, object]:
    program = folder / "app.mjs"
    parts = (APP / "before.mjs").read_text("utf-8"), blocks("js"), (APP / "driver.mjs").read_text()
    program.write_text("".join(parts), "utf-8")
    asked = {
        "record": RECORD.hex(),
        "challenge": CHALLENGE.hex(),
        "signed": signed().hex(),
        "office": OFFICE,
        "now": int(NOW.timestamp()),
    }
    return json.loads(run("node", str(program), json.dumps(asked)))


def java(folder: Path) -> dict[str, object]:
    (folder / "PhoneTokens.java").write_text(blocks("java"), "utf-8")
    (folder / "Driver.java").write_text((APP / "Driver.java").read_text("utf-8"), "utf-8")
    sources = [str(folder / name) for name in ("PhoneTokens.java", "Driver.java")]
    # Android 8 has the language and library of Java 8.
    run("javac", "--release", "8", "-Xlint:-options", "-d", str(folder), *sources)
    words = [RECORD.hex(), CHALLENGE.hex(), signed().hex(), OFFICE, str(int(NOW.timestamp()))]
    told = run("java", "-cp", str(folder), "Driver", *words)
    return dict(line.split("=", 1) for line in told.splitlines())


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("written", [javascript, java])
def test_ikd_takes_what_the_page_writes(tmp_path, written):
    made = written(tmp_path)
    key = PublicKey.p256(bytes.fromhex(made["point"]))
    shown = pairing.read_resident(made["shown"], key, now=NOW)
    assert shown.application_id == RECORD
    names = ("before", "after", "answer")
    said = [proof.read(bytes.fromhex(made[name]), key) for name in names]
    assert {(one.record_id, one.challenge, one.at) for one in said} == {(RECORD, CHALLENGE, NOW)}
    assert [one.act for one in said] == ["submit_biometric", "enter_pin", "answer_pairing"]
    office = hashlib.sha256(OFFICE.encode()).digest()
    assert [one.pairing for one in said] == [b"", shown.transcript, office]
    assert made["code"] == check_code(office, key.thumbprint)
    held = presentation.read(made["presented"], key, now=NOW, challenge=CHALLENGE)
    assert held.credential == signed()


def test_the_portals_phone_signs_with_the_code_of_the_page():
    """What the example serves to phones is the page's own code, block by block."""
    served = PORTAL.read_text("utf-8")
    assert [block for block in blocks("js").split("\n\n") if block not in served] == []


def test_the_browsers_key_can_not_be_taken_out(tmp_path):
    assert javascript(tmp_path)["extractable"] is False
