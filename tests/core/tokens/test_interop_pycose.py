"""The ``pycose`` package reads what we sign, tag, headers and signature.

It needs cbor2 5; ``nox -s interop`` makes an environment where it installs. Elsewhere it is
skipped by name.
"""

import pytest

from ikd.core.tokens import cose, credential, presentation
from ikd.core.tokens.claim169 import Claim169

pycose = pytest.importorskip(
    "pycose", reason="pycose isn't installed: nox -s interop", exc_type=ImportError
)

from pycose.algorithms import EdDSA, Es256  # noqa: E402 - only where it is installed
from pycose.headers import KID, Algorithm  # noqa: E402
from pycose.keys import EC2Key, OKPKey  # noqa: E402
from pycose.messages import CoseMessage, Sign1Message  # noqa: E402

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
    "full": {**BASIC, "address": "Jl. Contoh 1", "region": "137601", "marital": 2},
    "photo": {**BASIC, "photo": bytes(range(200)), "photo_format": 1},
}


def key_of(public):
    """Our key as theirs."""
    if public.alg == -8:
        return OKPKey(crv="ED25519", x=public.raw)
    return EC2Key(crv="P_256", x=public.raw[1:33], y=public.raw[33:])


@pytest.mark.parametrize("profile", PEOPLE)
@pytest.mark.parametrize("issuer", ["issuer", "issuer_es256"])
def test_it_reads_every_profile_of_both_issuers(house, profile, issuer):
    key = getattr(house, issuer)
    claims = house.claims(person=Claim169(**PEOPLE[profile]))
    signed = credential.to_cose(credential.write(claims, key))
    found = CoseMessage.decode(signed)
    assert isinstance(found, Sign1Message)
    assert found.phdr == {Algorithm: EdDSA if key.public.alg == -8 else Es256, KID: key.public.kid}
    assert found.uhdr == {}
    assert found.payload == claims.to_payload()
    found.key = key_of(key.public)
    assert found.verify_signature()
    found.key = key_of(house.other.public if key.public.alg == -8 else house.stranger.public)
    assert not found.verify_signature()


def test_it_reads_presentations_in_their_context(house):
    signed = credential.to_cose(credential.write(house.claims(), house.issuer))
    text = presentation.write(signed, token_id=bytes(16), now=house.now, device=house.device)
    found = CoseMessage.decode(presentation.qrtext.read("IKDP:", text))
    found.key = key_of(house.device.public)
    assert not found.verify_signature()
    found.external_aad = b"ikd/present/1"
    assert found.verify_signature()
    assert cose.read(presentation.qrtext.read("IKDP:", text)).payload == found.payload
