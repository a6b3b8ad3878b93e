"""A phone in software does what the service and the operator's screen expect of one."""

from datetime import UTC, datetime, timedelta

import pytest

from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.core.errors import TokenError
from ikd.core.ids import RecordId, id_bytes
from ikd.core.tokens import credential, pairing, presentation, proof
from ikd.core.tokens.checkcode import check_code
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import Signer, ed25519_signer
from ikd.testing.entropy import seeded_entropy
from ikd.testing.key_source_contract import KeySourceContract
from ikd.testing.soft_device import SoftDevice, transcript_of

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


def paired_with(phone, **named):
    said = proof.read(phone.proof(RECORD, "enter_pin", b"c", NOW, **named), phone.signer.public)
    return said.pairing


def test_it_signs_over_any_token_that_it_showed_and_over_the_newest_unless_told(phone):
    first = transcript_of(phone.pairing_token(RECORD, NOW))
    newest = transcript_of(phone.pairing_token(RECORD, NOW + timedelta(seconds=60)))
    assert phone.transcripts == [first, newest]
    assert paired_with(phone) == phone.transcript == newest
    assert paired_with(phone, pairing=first) == first


@pytest.mark.parametrize("none", [None, b""])
def test_it_names_no_token_before_the_visit_though_a_qr_was_drawn(phone, none):
    phone.pairing_token(RECORD, NOW)
    assert paired_with(phone, pairing=none) == b""


def test_it_refuses_to_sign_over_a_token_that_it_never_had(phone):
    phone.pairing_token(RECORD, NOW)
    with pytest.raises(TokenError, match=r"token\.pairing"):
        phone.proof(RECORD, "enter_pin", b"c", NOW, pairing=b"x" * 32)


def test_it_remembers_a_token_that_a_server_made_for_it_to_show(phone):
    phone.remember("IKDR:MADE ELSEWHERE")
    assert paired_with(phone) == transcript_of("IKDR:MADE ELSEWHERE")


def test_a_phone_that_was_restarted_is_given_what_it_kept(phone):
    kept = transcript_of(phone.pairing_token(RECORD, NOW))
    again = SoftDevice(seeded_entropy("phone"), transcripts=phone.transcripts)
    assert paired_with(again, pairing=kept) == kept
    assert again.public_key == phone.public_key


def test_it_answers_the_office(phone):
    keys = MemoryKeys(seeded_entropy("keys"), NOW)
    station = keys.signing("station", office="wakatobi", station="loket-1")
    token = pairing.write_office(
        office="wakatobi",
        station="loket-1",
        token_id=b"t" * 16,
        now=NOW,
        key=Signer(
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
        person=Claim169(name="SITI CONTOH", sex=2, nik_tail="9901", birth_year=1970),
    )
    text = credential.write(claims, ed25519_signer(bytes(32)))
    shown = phone.present(text, NOW, challenge=b"challenge", by=by)
    read = presentation.read(shown, key, now=NOW, challenge=b"challenge")
    assert read.credential_hash == presentation.credential_hash(credential.to_cose(text))
    assert (read.credential is None) == (by == "hash")
    assert phone.present(text, NOW) != phone.present(text, NOW)
