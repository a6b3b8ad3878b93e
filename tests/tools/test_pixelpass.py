"""MOSIP's PixelPass, from its npm package, reads what ikd issues."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ikd.core.tokens import base45, cose, credential
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.credential import CredentialClaims
from ikd.core.tokens.inflate import deflate
from ikd.core.tokens.signing import ed25519_signer, es256_signer

HERE = Path(__file__).with_name("node")
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
BASIC = {
    "name": "SITI CONTOH",
    "sex": 2,
    "nik": "1376015708909901",
    "birth_date": "19900817",
    "nationality": "IDN",
}
PEOPLE = {
    "masked": {"name": "SITI CONTOH", "sex": 2, "nik_tail": "9901", "birth_year": 1990},
    "basic": BASIC,
    "full": {**BASIC, "address": "Jl. Contoh 1\nRT 01 RW 02", "region": "1376010001", "marital": 2},
    "photo": {**BASIC, "photo_format": 4},
}
ISSUERS = (ed25519_signer(b"issuer.." * 4), es256_signer(b"issuer.." * 4))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package, at the version that its lock names."""
    made = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json", "pixelpass.js"):
        shutil.copy(HERE / name, made / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=made, check=True, capture_output=True)
    return made


def credentials() -> list[bytes]:
    """Five hundred, of every profile and both algorithms; the photos are noise."""
    chance = random.Random(13)
    made = []
    for number in range(500):
        profile = ("masked", "basic", "full", "photo")[number % 4]
        photo = {"photo": chance.randbytes(400)} if profile == "photo" else {}
        claims = CredentialClaims(
            issuer="https://ikd.example.id",
            credential_id=chance.randbytes(16),
            issued_at=NOW,
            not_before=NOW,
            expires_at=NOW + timedelta(days=90),
            device_key=ISSUERS[1].public,
            status_list="https://ikd.example.id/status/1",
            status_index=chance.randrange(2**20),
            person=Claim169(**PEOPLE[profile], **photo),
        )
        made.append(cose.write(claims.to_payload(), ISSUERS[number % 2]))
    return made


def read(folder: Path, texts: list[str]) -> subprocess.CompletedProcess[str]:
    lines = "".join(f"{text}\n" for text in texts)
    command = ["node", "pixelpass.js"]
    return subprocess.run(
        command, cwd=folder, input=lines, capture_output=True, text=True, check=False
    )


def test_it_reads_every_credential(folder: Path):
    signed = credentials()
    done = read(folder, [credential.to_text(one) for one in signed])
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(signed)
    for one, seen in zip(signed, found, strict=True):
        parts = cose.read(one)
        protected, _, payload, signature = (bytes(part.get("data", b"")) for part in seen["value"])
        assert seen["tag"] == 18
        assert (protected, payload, signature) == (
            parts.protected,
            parts.payload,
            parts.signature,
        )


def test_a_stored_block_is_what_it_can_not_read(folder: Path):
    """Else the blocks that are chosen for it would be chosen for nothing."""
    stored = next(one for one in credentials() if deflate(one)[2] >> 1 & 3 == 0)
    assert read(folder, [base45.encode(deflate(stored))]).returncode != 0
