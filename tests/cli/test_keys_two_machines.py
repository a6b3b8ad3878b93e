"""Two machines: one holds keys and issues, the other checks with what was handed to it.

Nothing passes between them but the folder that ``ikd keys publish`` and ``ikd status publish``
fill, and the codes that people show.
"""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import attrs
import pytest

import ikd
from ikd.adapters.keys.keys_in_folder import FileKeys, new_keys
from ikd.adapters.keys.pair import read_pems
from ikd.adapters.system import SystemClock, system_entropy
from ikd.cli import main
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.credential import CredentialClaims, write
from ikd.core.tokens.statuslist import StatusList
from ikd.service.signers import signing_key
from ikd.testing.soft_device import SoftDevice

LIST = "https://ikd.example.id/status/1"
DEVICE = SoftDevice(system_entropy)
DAY = timedelta(days=1)


def claims_of(made: datetime, index: int = 7) -> CredentialClaims:
    return CredentialClaims(
        issuer="https://ikd.example.id",
        credential_id=b"credential-id-01",
        issued_at=made,
        not_before=made,
        expires_at=made + 180 * DAY,
        device_key=DEVICE.signer.public,
        status_list=LIST,
        status_index=index,
        person=Claim169(name="SITI CONTOH", sex=2, nik_tail="9901", birth_year=1989),
    )


@attrs.frozen
class Machines:
    """The issuer's folder, the verifier's, and what travels."""

    issuer: Path
    verifier: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def keys(self) -> Path:
        return self.issuer / "keys"

    def ikd(self, *words: str) -> str:
        assert main([str(word) for word in words]) == 0
        return self.capsys.readouterr().out

    def publish(self, *more: str) -> None:
        out, store = self.issuer / "public", f"sqlite:///{self.issuer}/ikd.db"
        self.ikd("keys", "publish", self.keys, "--out", out, *more)
        self.ikd("status", "publish", "--store", store, "--keys", self.keys,
                 "--out", out / "status.cwt")  # fmt: skip

    def hand_over(self) -> None:
        """Carry what is public; the verifier pinned the root on the first day."""
        for path in (self.issuer / "public").iterdir():
            shutil.copy(path, self.verifier / path.name)

    def verify(self, text: str, *more: str, public: Path | None = None) -> tuple[int, list[str]]:
        folder = public or self.verifier
        words = ["qr", "verify", text, "--keyring", folder / "keyring.cbor", "--json"]
        words += ["--root", self.verifier / "root.pem.pinned", "--status", folder / "status.cwt"]
        words += ["--memory", self.verifier / "memory.json", *more]
        code = main([str(word) for word in words])
        told = self.capsys.readouterr()
        if told.err:
            return code, [told.err.split(":")[0].strip(), " ".join(told.err.split())]
        return code, [reason["code"] for reason in json.loads(told.out)["reasons"]]

    def issue(self, made: datetime | None = None) -> str:
        key = signing_key(FileKeys(self.keys), "credential")
        return write(claims_of(made or SystemClock().now()), key)


@pytest.fixture(params=["eddsa", "es256"])
def machines(request, tmp_path, capsys) -> Machines:
    made = Machines(tmp_path / "issuer", tmp_path / "verifier", capsys)
    made.verifier.mkdir()
    made.ikd("keys", "new", made.keys, "--issuer", request.param)
    with ikd.open_service(
        offices=["payakumbuh"], store=f"sqlite:///{made.issuer}/ikd.db", keys=made.keys
    ):
        pass
    made.publish()
    made.hand_over()
    shutil.copy(made.verifier / "root.pub.pem", made.verifier / "root.pem.pinned")
    return made


def kid_of(machines: Machines, role: str = "credential") -> str:
    return FileKeys(machines.keys).signing(role).kid.hex()


def test_a_code_of_the_first_day_is_read(machines):
    assert machines.verify(machines.issue()) == (0, ["no_holder_proof"])


def test_after_a_rotation_old_codes_hold_and_new_ones_need_the_new_keyring(machines):
    old = machines.issue()
    machines.ikd("keys", "rotate", machines.keys, "--role", "credential")
    new = machines.issue()
    assert machines.verify(old) == (0, ["no_holder_proof"])
    assert machines.verify(new) == (1, ["key"])
    machines.publish()
    machines.hand_over()
    assert machines.verify(old) == machines.verify(new) == (0, ["no_holder_proof"])


def test_an_issuer_moves_from_one_algorithm_to_the_other(machines):
    for algorithm, name in (("es256", "ES256"), ("eddsa", "EdDSA")):
        told = machines.ikd(
            "keys", "rotate", machines.keys, "--role", "credential", "--algorithm", algorithm
        )
        assert f"{kid_of(machines)} credential {name}" in " ".join(told.split())
        machines.publish()
        machines.hand_over()
        assert machines.verify(machines.issue()) == (0, ["no_holder_proof"])


def test_a_stolen_key_takes_everything_with_it_whatever_its_date(machines):
    """Also what the thief signs afterwards, dated before the theft."""
    thief = read_pems((machines.keys / "credential.pem").read_bytes())[0].signer
    honest, now = machines.issue(), SystemClock().now()
    before = shutil.copytree(machines.issuer / "public", machines.issuer / "before")
    machines.ikd("keys", "revoke", machines.keys, kid_of(machines))
    machines.publish()
    machines.hand_over()
    for text in (honest, write(claims_of(now), thief), write(claims_of(now - DAY), thief)):
        assert machines.verify(text) == (1, ["revoked_key"])
    assert machines.verify(machines.issue()) == (0, ["no_holder_proof"])
    code, said = machines.verify(honest, public=before)
    assert code == 3
    assert "token.rollback" in said[1]


def test_a_list_signed_with_a_revoked_key_is_refused(machines):
    text, stolen = machines.issue(), kid_of(machines, "status")
    list_before = (machines.verifier / "status.cwt").read_bytes()
    machines.ikd("keys", "revoke", machines.keys, stolen)
    machines.publish()
    machines.hand_over()
    assert machines.verify(text) == (0, ["no_holder_proof"])
    (machines.verifier / "status.cwt").write_bytes(list_before)
    code, said = machines.verify(text)
    assert code == 3
    assert "token.revoked" in said[1]


def test_an_older_list_is_refused_once_a_newer_one_was_seen(machines):
    text, now = machines.issue(), SystemClock().now()
    key, listed = signing_key(FileKeys(machines.keys), "status"), machines.verifier / "status.cwt"
    times = {"older": now, "newer": now + timedelta(seconds=20)}  # a clock may be 30 s behind
    made = {
        name: StatusList.of(
            {7: "suspended"} if name == "newer" else {},
            uri=LIST,
            size=100,
            issued_at=at,
            expires_at=at + 7 * DAY,
        ).write(key)
        for name, at in times.items()
    }
    for name, found in (
        ("older", (0, ["no_holder_proof"])),
        ("newer", (1, ["suspended", "no_holder_proof"])),
    ):
        listed.write_bytes(made[name])
        assert machines.verify(text) == found
    listed.write_bytes(made["older"])
    code, said = machines.verify(text)
    assert code == 3
    assert "token.rollback" in said[1]


@pytest.mark.parametrize(
    ("age", "outcome"),
    [(364, (0, [])), (366, (0, ["keyring_stale"])), (373, (1, ["keyring_expired"]))],
)
def test_a_keyring_grows_old_and_a_renewed_one_is_good_again(tmp_path, capsys, age, outcome):
    machines = Machines(tmp_path / "issuer", tmp_path / "verifier", capsys)
    machines.verifier.mkdir()
    made = SystemClock().now() - age * DAY
    new_keys(machines.keys, now=made, entropy=system_entropy)
    text = machines.issue(made + 200 * DAY)
    for name in ("keyring.cbor", "root.pub.pem"):
        shutil.copy(machines.keys / name, machines.verifier / name)
    words = ["qr", "verify", text, "--keyring", str(machines.verifier / "keyring.cbor"), "--json"]

    def codes() -> tuple[int, list[str]]:
        code = main(words)
        reasons = json.loads(capsys.readouterr().out)["reasons"]
        return code, [
            one["code"]
            for one in reasons
            if one["code"] not in ("no_holder_proof", "status_missing")
        ]

    assert codes() == outcome
    machines.ikd("keys", "publish", machines.keys, "--renew", "--out", machines.verifier)
    assert codes() == (0, [])
    text = words[2] = machines.issue()
    assert codes() == (0, [])
