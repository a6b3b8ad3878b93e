"""Addresses in the settings: only such under which a credential can be scanned."""

import pytest

from ikd.core.errors import InputError
from ikd.service import Settings


def test_addresses_that_begin_alike_pass():
    Settings(
        issuer="https://ikd.payakumbuhkota.go.id",
        status_list="https://ikd.payakumbuhkota.go.id/status/1",
    )


@pytest.mark.parametrize(
    ("issuer", "status_list"),
    [
        (
            "https://identitas.kotaxyz.example.go.id",
            "https://qw.rtyu.pasd-fghjkl.zxcv.example.id/s1",
        ),
        ("i" * 50, "l" * 43),
        ("https://ikd.example.id/\u00e9", "https://ikd.example.id/status/1"),
    ],
)
def test_others_are_refused_before_a_service_starts(issuer, status_list):
    with pytest.raises(InputError, match=r"settings\.issuer"):
        Settings(issuer=issuer, status_list=status_list)
