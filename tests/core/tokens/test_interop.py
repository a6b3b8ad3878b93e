"""Claim 169 as others read and write it: the ``claim169`` package, and public vectors."""

import io
import json
from datetime import UTC, datetime, timedelta

import claim169
import pytest
from PIL import Image

from ikd.adapters.qrimage import png, read_picture
from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.tokens import base45, cose, credential, foreign
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.foreignkeys import ForeignKey
from ikd.core.tokens.policy import Policy
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.verifier import Verifier

FULL = {
    "name": "SITI CONTOH",
    "sex": 2,
    "nik": "1376015708909901",
    "birth_date": "19890817",
    "nationality": "IDN",
    "address": "Jl. Contoh 1\nRT 01 RW 02",
    "region": "1376010001",
    "marital": 2,
}
PHOTO = {"photo": b"\xff\xd8photo", "photo_format": 1}


def point(key: PublicKey) -> bytes:
    return key.raw


def test_claim169_reads_our_ed25519_credential(house):
    text = credential.write(house.claims(person=Claim169(**FULL)), house.issuer)
    read = claim169.decode_with_ed25519(text, house.issuer.public.raw, validate_timestamps=False)
    found = read.claim169
    assert read.is_verified()
    assert (found.id, found.full_name, found.gender) == (FULL["nik"], FULL["name"], 2)
    assert (found.nationality, found.address) == ("IDN", FULL["address"])
    assert (found.location_code, found.marital_status) == ("1376010001", 2)
    assert read.cwt_meta.issuer == "https://ikd.example.id"
    assert read.cwt_meta.issued_at == int(house.now.timestamp())


BASIC = {name: FULL[name] for name in ("name", "sex", "nik", "birth_date", "nationality")}
EACH = {
    "masked": {"name": "SITI CONTOH", "sex": 2, "nik_tail": "9901", "birth_year": 1989},
    "basic": BASIC,
    "full": FULL,
    "photo": {**BASIC, **PHOTO},
}


@pytest.mark.parametrize("profile", EACH)
@pytest.mark.parametrize("issuer", ["issuer", "issuer_es256"])
def test_claim169_reads_every_profile_of_both_issuers(house, profile, issuer):
    key, person = getattr(house, issuer), Claim169(**EACH[profile])
    assert person.profile == profile
    text = credential.write(house.claims(person=person), key)
    decode = {"issuer": claim169.decode_with_ed25519}.get(issuer, claim169.decode_with_ecdsa_p256)
    read = decode(text, point(key.public), validate_timestamps=False)
    assert read.is_verified()
    found = read.claim169
    assert (found.full_name, found.gender) == (person.name, person.sex)
    assert (found.id, found.date_of_birth) == (person.nik, person.birth_date)
    assert (found.address, found.location_code) == (person.address, person.region)
    assert (bytes(found.photo) if found.photo else None) == person.photo
    assert found.photo_format == person.photo_format


@pytest.mark.parametrize("profile", EACH)
@pytest.mark.parametrize("issuer", ["issuer", "issuer_es256"])
def test_zxing_reads_the_symbol_of_every_profile(house, profile, issuer):
    """Drawn and photographed: turned a little, and as a camera of today packs it."""
    text = credential.write(house.claims(person=Claim169(**EACH[profile])), getattr(house, issuer))
    with Image.open(io.BytesIO(png(text, error="l"))) as picture:
        turned = picture.convert("L").rotate(5, expand=True, fillcolor=255)
    photo = io.BytesIO()
    turned.save(photo, "JPEG", quality=80)
    assert read_picture(photo.getvalue()) == (text,)


def test_claim169_refuses_our_credential_under_another_key(house):
    text = credential.write(house.claims(), house.issuer)
    with pytest.raises(claim169.SignatureError):
        claim169.decode_with_ed25519(text, house.status.public.raw)


def test_we_inflate_what_claim169_writes_and_check_its_signature(house):
    """Its header has no kid, so our reader refuses; every layer below agrees."""
    person = claim169.Claim169Input(id="1376015708909901", full_name="SITI CONTOH")
    meta = claim169.CwtMetaInput(issuer="https://ikd.example.id", expires_at=1_900_000_000)
    text = claim169.encode_with_ed25519(person, meta, b"issuer.." * 4)
    signed = credential.to_cose(text)
    protected, _, payload, signature = cbor.decode(signed[1:])
    assert house.issuer.public.holds(signature, cose.signing_input(protected, payload))
    found = cbor.decode(payload)
    assert found[169][1] == "1376015708909901"
    with pytest.raises(TokenError) as caught:
        credential.read(text, house.keyring(), now=house.now)
    assert caught.value.fault == "cose"


@pytest.mark.parametrize("name", ["ed25519-signed", "ecdsa-p256-signed"])
def test_the_signed_vectors_agree_layer_by_layer(house, vectors, name):
    vector = json.loads((vectors / "claim169" / "valid" / f"{name}.json").read_text())
    signed = credential.to_cose(vector["qr_data"])
    protected, _, payload, signature = cbor.decode(signed[1:])
    raw = bytes.fromhex(vector["signing_key"]["public_key_hex"])
    key = PublicKey.p256(raw) if len(raw) == 65 else PublicKey.ed25519(raw)
    assert key.holds(signature, cose.signing_input(protected, payload))
    found = cbor.decode(payload)
    assert found[1] == vector["expected_cwt_meta"]["issuer"]
    assert found[169][4] == vector["expected_claim169"]["fullName"]
    with pytest.raises(TokenError):
        credential.read(vector["qr_data"], house.keyring(), now=house.now)


@pytest.mark.parametrize("name", ["ed25519-signed", "ecdsa-p256-signed"])
def test_the_signed_vectors_are_read_as_foreign_under_their_own_key(house, vectors, name):
    vector = json.loads((vectors / "claim169" / "valid" / f"{name}.json").read_text())
    raw, meta = bytes.fromhex(vector["signing_key"]["public_key_hex"]), vector["expected_cwt_meta"]
    key = PublicKey.p256(raw) if len(raw) == 65 else PublicKey.ed25519(raw)
    issued = datetime.fromtimestamp(meta["issuedAt"], UTC)
    own = ForeignKey(kid=b"", key=key, issuer=meta["issuer"], name="Negeri Contoh")
    ring = house.keyring(issued_at=issued)
    checks = Verifier(ring, None, Policy(foreign="warn"), foreign_keys=[own])
    verdict = checks.check(vector["qr_data"], now=issued)
    assert (verdict.outcome, verdict.kind) == ("warn", "foreign")
    assert verdict.name == vector["expected_claim169"]["fullName"]
    assert verdict.issuer == "Negeri Contoh"


@pytest.mark.parametrize("issuer", ["other", "other_es256"])
@pytest.mark.parametrize(
    "fields",
    [
        {"id": "1376015708909901", "full_name": "SITI CONTOH"},
        {"full_name": "SITI", "date_of_birth": "1990-08-17", "gender": 2},
        {"full_name": "SITI", "email": "siti@example.org", "phone": "+62 812 3456 7890"},
        {"full_name": "SITI", "photo": bytes(range(256)), "photo_format": 1},
        {"first_name": "SITI", "last_name": "CONTOH", "language": "ind", "marital_status": 3},
        {},
    ],
)
def test_whatever_claim169_writes_is_read_as_foreign_and_not_as_ours(house, issuer, fields):
    person = claim169.Claim169Input(**{name: fields.get(name) for name in ("id", "full_name")})
    for name, value in fields.items():
        setattr(person, name, value)
    now = int(house.now.timestamp())
    meta = claim169.CwtMetaInput(issuer="https://other.example.org", expires_at=now + 60)
    write = {"other": claim169.encode_with_ed25519}.get(issuer, claim169.encode_with_ecdsa_p256)
    text = write(person, meta, b"another." * 4)
    found = foreign.read(base45.decode(text))
    assert found.issuer == "https://other.example.org"
    for label, name in ((1, "id"), (4, "full_name"), (8, "date_of_birth"), (11, "email")):
        assert found.attributes.get(label) == fields.get(name)
    keys = house.foreign_keys()
    for policy, outcome in ((Policy(foreign="warn"), "warn"), (Policy(), "refuse")):
        verdict = Verifier(house.keyring(), None, policy, foreign_keys=keys).check(
            text, now=house.now
        )
        assert (verdict.kind, verdict.outcome, verdict.claims) == ("foreign", outcome, None)


def test_no_vector_of_another_dialect_is_plainly_accepted(house, vectors):
    files = sorted((vectors / "claim169" / "valid").glob("*.json"))
    assert len(files) == 11
    for file in files:
        text = json.loads(file.read_text())["qr_data"]
        with pytest.raises(TokenError):
            credential.read(text, house.keyring(), now=datetime(2026, 11, 22, tzinfo=UTC))


def test_claim169_minds_the_same_times(house):
    past = house.now - timedelta(days=300)
    claims = house.claims(issued_at=past, not_before=past, expires_at=past + timedelta(days=1))
    with pytest.raises(claim169.Claim169Exception):
        claim169.decode_with_ed25519(
            credential.write(claims, house.issuer), house.issuer.public.raw
        )
