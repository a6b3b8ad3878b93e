"""A verifier from its files, as a bank opens one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

import ikd
from ikd.adapters.keys.keys_in_folder import FileKeys, new_keys, revoke_key
from ikd.core.errors import InputError, PortError, TokenError
from ikd.core.tokens import credential
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.statuslist import StatusList
from ikd.service.signers import signing_key
from ikd.testing import SoftDevice, seeded_entropy

NOW = datetime.now(UTC).replace(microsecond=0)
LIST = "https://ikd.example.id/status/1"
ENTROPY = seeded_entropy("an issuer")


@attrs.frozen
class Issuer:
    """An issuer's folder, its credential, and the list beside it."""

    folder: Path
    text: str
    phone: SoftDevice

    @property
    def keyring(self) -> Path:
        return self.folder / "keyring.cbor"

    @property
    def root(self) -> Path:
        return self.folder / "root.pub.pem"

    @property
    def status(self) -> Path:
        return self.folder / "status.cwt"


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    keys = new_keys(tmp_path / "keys", now=NOW, entropy=ENTROPY)
    phone = SoftDevice(seeded_entropy("a phone"))
    claims = credential.CredentialClaims(
        issuer="https://ikd.example.id",
        credential_id=b"credential-id-01",
        issued_at=NOW,
        not_before=NOW,
        expires_at=NOW + timedelta(days=90),
        device_key=phone.signer.public,
        status_list=LIST,
        status_index=7,
        person=Claim169(name="SITI CONTOH", sex=2, nik_tail="9901", birth_year=1990),
    )
    made = Issuer(
        tmp_path / "keys", credential.write(claims, signing_key(keys, "credential")), phone
    )
    week = NOW + timedelta(days=7)
    listed = StatusList.of({}, uri=LIST, size=100, issued_at=NOW, expires_at=week)
    made.status.write_bytes(listed.write(signing_key(keys, "status")))
    return made


def opened(issuer: Issuer, **options: object) -> ikd.Verifier:
    chosen = {"root": issuer.root, "status": issuer.status, "now": NOW, **options}
    return ikd.open_verifier(issuer.keyring, **chosen)


def test_three_files_are_enough_to_check_a_credential(issuer):
    verdict = opened(issuer).check(issuer.text, now=NOW)
    assert (verdict.outcome, verdict.codes) == ("warn", ("no_holder_proof",))


def test_what_is_in_a_file_serves_as_well_as_its_path(issuer):
    verifier = ikd.open_verifier(
        issuer.keyring.read_bytes(),
        root=issuer.root.read_bytes(),
        status=[str(issuer.status)],
        now=NOW,
    )
    assert verifier.check(issuer.text, now=NOW).codes == ("no_holder_proof",)


def test_a_presentation_counts_once_though_no_memory_was_given(issuer):
    verifier, now = opened(issuer), datetime.now(UTC)
    shown = issuer.phone.present(issuer.text, now, by="value")
    assert verifier.check(shown, now=now).outcome == "accept"
    assert verifier.check(shown, now=now).codes == ("replayed", "unchallenged")


def test_without_a_list_the_credential_is_in_doubt(issuer):
    assert "status_missing" in opened(issuer, status=()).check(issuer.text, now=NOW).codes


@pytest.mark.parametrize("policy", [{"static": "refuse"}, "policy.toml"])
def test_the_policy_is_a_mapping_or_a_file(issuer, policy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("policy.toml").write_text('static = "refuse"\n')
    assert opened(issuer, policy=policy).check(issuer.text, now=NOW).outcome == "refuse"


def test_the_memory_lets_no_older_keyring_in(issuer, tmp_path):
    memory, old = tmp_path / "trust.json", issuer.keyring.read_bytes()
    kid = FileKeys(issuer.folder).signing("credential").kid
    revoke_key(issuer.folder, kid, now=NOW, entropy=ENTROPY)
    verifier = opened(issuer, memory=memory)
    assert verifier.check(issuer.text, now=NOW).codes == ("revoked_key",)
    issuer.keyring.write_bytes(old)
    with pytest.raises(TokenError) as caught:
        opened(issuer, memory=memory)
    assert caught.value.fault == "rollback"
    assert opened(issuer).check(issuer.text, now=NOW).outcome == "warn"  # why a memory is needed


def test_another_root_opens_nothing(issuer):
    stranger = SoftDevice(seeded_entropy("a stranger"))
    assert stranger.signer.public != PublicKey.ed25519(FileKeys(issuer.folder).roots()[0])
    with pytest.raises(TokenError):
        opened(issuer, root=stranger.signer.public)


@pytest.mark.parametrize("which", ["keyring", "root", "status", "policy"])
@pytest.mark.parametrize("given", ["not there", ".", "\0", b"", b"\xff\xfe junk", 5])
def test_a_file_that_is_none_is_an_error_of_ours(issuer, which, given):
    options = {"keyring": issuer.keyring, "root": issuer.root, "status": [issuer.status]}
    options[which] = [given] if which == "status" else given
    keyring = options.pop("keyring")
    if (which, given) == ("policy", b""):
        assert ikd.open_verifier(keyring, now=NOW, **options)  # an empty file: the usual policy
        return
    with pytest.raises((InputError, PortError, TokenError)):
        ikd.open_verifier(keyring, now=NOW, **options)


def test_the_name_of_a_file_that_is_missing_is_told_but_not_where_it_was_looked_for(issuer):
    with pytest.raises(PortError) as caught:
        opened(issuer, status=issuer.folder / "gone.cwt")
    assert caught.value.code == "trust.file"
    assert "gone.cwt" in str(caught.value)
    assert str(issuer.folder) not in str(caught.value)


def test_status_is_files_not_a_number(issuer):
    with pytest.raises(InputError):
        opened(issuer, status=5)
    with pytest.raises(InputError):
        opened(issuer, now=NOW.replace(tzinfo=None))


class EmptyTrust(dict):
    """A memory that is false while it is empty, as every collection is."""

    def newest_keyring(self):
        return self.get("keyring", 0)

    def newest_list(self, uri):
        return self.get(uri)

    def saw_keyring(self, version):
        self["keyring"] = max(version, self.get("keyring", 0))

    def saw_list(self, uri, issued_at):
        self[uri] = issued_at


class EmptyReplay(dict):
    def first_use(self, token_id, expires_at, *, now):
        return self.setdefault(token_id, expires_at) is expires_at


def test_a_memory_that_is_empty_is_a_memory(issuer):
    memory, replay = EmptyTrust(), EmptyReplay()
    assert opened(issuer, memory=memory, replay=replay).replay is replay
    assert memory.keys() == {"keyring", LIST}
