"""Before a credential is made, its length is known well enough to refuse addresses."""

import segno
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.tokens import credential
from ikd.core.tokens.credentialsize import MAX_MASKED, masked_characters
from ikd.service import Settings

DEFAULT = Settings()


def test_the_capacity_is_that_of_version_13_at_level_m():
    assert segno.make("A" * MAX_MASKED, error="m", boost_error=False).version == 13
    assert segno.make("A" * (MAX_MASKED + 1), error="m", boost_error=False).version == 14


# Letters drawn at random don't compress: the worst that a name of this length can be.
@given(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ' .", min_size=1, max_size=52).map(str.strip).filter(len),
    st.integers(0, 2**20 - 1),
    st.binary(min_size=16, max_size=16),
)
def test_with_the_documented_addresses_every_name_of_52_characters_fits(
    house, name, index, credential_id
):
    claims = house.claims(
        issuer=DEFAULT.issuer,
        status_list=DEFAULT.status_list,
        status_index=index,
        credential_id=credential_id,
        person=house.person(name=name),
    )
    assert len(credential.write(claims, house.issuer)) <= MAX_MASKED


def test_the_estimate_is_close_to_what_is_issued(house):
    claims = house.claims(issuer=DEFAULT.issuer, status_list=DEFAULT.status_list)
    issued = len(credential.write(claims, house.issuer))
    assert 0 < masked_characters(DEFAULT.issuer, DEFAULT.status_list) - issued < 70


def test_addresses_that_repeat_each_other_are_shorter():
    alike = masked_characters("https://ikd.example.id", "https://ikd.example.id/status/1")
    other = masked_characters("https://ikd.example.id", "qtps:/&wvx+zjkmbfgh-uyrnlo_4583")
    assert alike < other
