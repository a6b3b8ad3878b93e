"""The ``cwt`` package reads what we sign, and we check what it signs.

It needs cbor2 5; ``nox -s interop`` makes an environment where it installs. Elsewhere it is
skipped by name.
"""

import pytest

from ikd.core.tokens import base45, cose, credential, pairing, presentation
from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.inflate import deflate
from ikd.core.tokens.verifier import Verifier

cwt = pytest.importorskip("cwt", reason="cwt isn't installed: nox -s interop", exc_type=ImportError)

PROFILES = ("masked", "basic", "full", "photo")
PEOPLE = {
    "masked": {"name": "SITI CONTOH", "sex": 2, "nik_tail": "9901", "birth_year": 1990},
    "basic": {
        "name": "SITI CONTOH",
        "sex": 2,
        "nik": "1376015708909901",
        "birth_date": "19900817",
        "nationality": "IDN",
    },
}
PEOPLE["full"] = {**PEOPLE["basic"], "address": "Jl. Contoh 1", "region": "137601", "marital": 2}
PEOPLE["photo"] = {**PEOPLE["basic"], "photo": bytes(range(200)), "photo_format": 1}


def cose_map(public):
    """The COSE_Key (RFC 9052 section 7)."""
    if public.alg == -8:
        return {1: 1, -1: 6, -2: public.raw}
    return {1: 2, -1: 1, -2: public.raw[1:33], -3: public.raw[33:]}


def key_of(public, *, private=b""):
    """Our key as theirs."""
    params = {**cose_map(public), 3: public.alg, 2: public.kid}
    return cwt.COSEKey.new({**params, -4: private} if private else params)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("issuer", ["issuer", "issuer_es256"])
def test_it_reads_every_profile_of_both_issuers(house, profile, issuer):
    key = getattr(house, issuer)
    claims = house.claims(person=Claim169(**PEOPLE[profile]))
    signed = credential.to_cose(credential.write(claims, key))
    found = cwt.decode(signed, key_of(key.public))
    assert found[1] == claims.issuer
    assert found[7] == claims.credential_id
    assert found[8][1][-2] == house.device.public.raw[1:33]
    assert dict(found[169]) == claims.person.to_map()
    assert found[65535]["status_list"] == {"idx": 7, "uri": house.uri}


def test_it_refuses_them_under_another_key(house):
    signed = credential.to_cose(credential.write(house.claims(), house.issuer))
    with pytest.raises(cwt.VerifyError):
        cwt.decode(signed, _renamed(house))


def _renamed(house):
    params = {**cose_map(house.status.public), 3: -8, 2: house.issuer.public.kid}
    return cwt.COSEKey.new(params)


def test_it_reads_presentations_and_pairings_with_their_context(house):
    signed = credential.to_cose(credential.write(house.claims(), house.issuer))
    shown = presentation.write(signed, token_id=bytes(16), now=house.now, device=house.device)
    said = pairing.write_office(
        office="wakatobi", station="loket-1", token_id=bytes(16), now=house.now, key=house.station
    )
    for text, key, aad in (
        (shown, house.device, b"ikd/present/1"),
        (said, house.station, b"ikd/pair-o/1"),
    ):
        data = base45.decode(text[5:])
        reader = cwt.COSE.new(verify_kid=True)
        assert reader.decode(data, key_of(key.public), external_aad=aad) == cose.read(data).payload
        with pytest.raises(cwt.VerifyError):
            reader.decode(data, key_of(key.public), external_aad=b"")


def test_it_reads_status_lists(house):
    data = house.status_list({7: "invalid"}).write(house.status)
    found = cwt.COSE.new().decode(data, key_of(house.status.public))
    assert found == cose.read(data, headers={16: "application/statuslist+cwt"}).payload


@pytest.mark.parametrize("issuer", ["issuer", "issuer_es256"])
def test_we_take_what_it_writes_from_the_same_claims(house, issuer):
    """Its signature over our claims, under our header, is as good as ours."""
    key = getattr(house, issuer)
    payload = house.claims().to_payload()
    data = cwt.COSE.new(alg_auto_inclusion=False, kid_auto_inclusion=False).encode_and_sign(
        payload,
        key_of(key.public, private=b"issuer.." * 4),
        protected={1: key.public.alg, 4: key.public.kid},
        unprotected={},
    )
    verdict = Verifier(house.keyring(), house.status_list()).check(
        base45.encode(deflate(data)), now=house.now
    )
    assert verdict.codes == ("no_holder_proof",)
    assert verdict.claims == house.claims()
