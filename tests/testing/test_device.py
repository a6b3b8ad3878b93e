"""A phone in software does what the service and the operator's screen expect of one."""

from datetime import UTC, datetime, timedelta

import pytest

from ikd.adapters.keys.memory import MemoryKeys
from ikd.core.errors import TokenError
from ikd.core.ids import RecordId, id_bytes
from ikd.core.tokens import credential, pairing, presentation, proof
from ikd.core.tokens.checkcode import check_code
from ikd.core.tokens.person import Person
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import SigningKey, ed25519_signer
from ikd.testing.device import SoftDevice, transcript_of
from ikd.testing.entropy import seeded_entropy
from ikd.testing.keys import KeySourceContract

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
RECORD = RecordId("0a" * 16)


@pytest.fixture
def phone():
    return SoftDevice(seeded_entropy("phone"))


def test_its_key_is_a_point_of_p_256_and_its_own(phone):
    key = PublicKey.p256(phone.public_key)
    assert len(phone.public_key) == 65
    assert phone.thumbprint == key.thumbprint
    assert phone.signer.public == key
    assert SoftDevice(seeded_entropy("other")).public_key != phone.public_key


def test_it_shows_a_pairing_token_that_its_own_key_signed(phone):
    text = phone.pairing_token(RECORD, NOW)
    read = pairing.read_resident(text, PublicKey.p256(phone.public_key), now=NOW)
    assert text.startswith("IKDR:")
    assert read.application_id == id_bytes(RECORD)
    assert read.transcript == phone.transcript == transcript_of(text)
    assert phone.pairing_token(RECORD, NOW) != text
    with pytest.raises(TokenError, match=r"token\.expired"):
        pairing.read_resident(
            text, PublicKey.p256(phone.public_key), now=NOW + timedelta(seconds=90)
        )


def test_it_proves_an_act_on_a_record(phone):
    key = PublicKey.p256(phone.public_key)
    before = proof.read(phone.proof(RECORD, "register", b"", NOW), key)
    assert (before.pairing, before.challenge) == (b"", b"")
    text = phone.pairing_token(RECORD, NOW)
    said = proof.read(phone.proof(RECORD, "enter_pin", b"challenge", NOW), key)
    assert (said.record_id, said.act) == (id_bytes(RECORD), "enter_pin")
    assert (said.challenge, said.at, said.pairing) == (b"challenge", NOW, transcript_of(text))
    other = proof.read(phone.proof(RECORD, "enter_pin", b"c", NOW, pairing=b"x" * 32), key)
    assert other.pairing == b"x" * 32


def test_it_answers_the_office(phone):
    keys = MemoryKeys(seeded_entropy("keys"), NOW)
    station = keys.signing("station", office="wakatobi", station="loket-1")
    token = pairing.build_office(
        office="wakatobi",
        station="loket-1",
        token_id=b"t" * 16,
        now=NOW,
        key=SigningKey(
            public=PublicKey.p256(station.public),
            sign=lambda message: keys.sign(station.kid, message),
        ),
    )
    shown = pairing.read_office(token, KeySourceContract().ring(keys), now=NOW)
    said = proof.read(
        phone.answer(RECORD, token, b"challenge", NOW), PublicKey.p256(phone.public_key)
    )
    assert (said.act, said.pairing) == ("answer_pairing", shown.transcript)
    assert phone.check_code(token) == check_code(shown.transcript, phone.thumbprint)


@pytest.mark.parametrize("by", ["hash", "value"])
def test_it_presents_its_credential(phone, by):
    key = PublicKey.p256(phone.public_key)
    claims = credential.CredentialClaims(
        issuer="https://ikd.example.id",
        credential_id=b"c" * 16,
        issued_at=NOW,
        not_before=NOW,
        expires_at=NOW + timedelta(days=180),
        device_key=key,
        status_list="https://ikd.example.id/s",
        status_index=7,
        person=Person(name="SITI CONTOH", sex=2, nik_tail="9901", birth_year=1970),
    )
    text = credential.issue(claims, ed25519_signer(bytes(32)))
    shown = phone.present(text, NOW, challenge=b"challenge", by=by)
    read = presentation.read(shown, key, now=NOW, challenge=b"challenge")
    assert read.credential_hash == presentation.credential_hash(credential.to_cose(text))
    assert (read.credential is None) == (by == "hash")
    assert phone.present(text, NOW) != phone.present(text, NOW)
