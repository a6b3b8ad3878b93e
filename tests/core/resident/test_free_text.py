"""What people write freely is made fit at the door, and no NIK stays in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikd.core.errors import InputError
from ikd.core.resident.free_text import fit_text, without_niks

NIK = "1376015708909901"
SIGNS = st.sampled_from(["", " ", ".", "-", "/", "\u00a0", "\u200b", "\u2011"])


@given(before=st.text(max_size=20), after=st.text(max_size=20), between=SIGNS)
def test_however_it_is_typed_its_digits_are_gone_but_for_the_last_four(before, after, between):
    typed = between.join(NIK)
    left = without_niks(f"{before}|{typed}|{after}")
    assert NIK not in "".join(sign for sign in left if sign.isdigit()) or NIK in before + after
    assert "************" in left
    assert typed not in left


@pytest.mark.parametrize("text", ["0752-796135", "081234567890", "28-11-2026 10:00", "Rp 100.000"])
def test_shorter_numbers_stay(text):
    assert without_niks(text) == text


def test_letters_are_composed_lines_are_one_kind_and_blanks_around_go():
    assert fit_text("text", "  Cafe\u0301\r\nbaru \n", 100, lines=True) == "Caf\u00e9\nbaru"


@pytest.mark.parametrize("bad", ["x" * 11, "a\nb", "bel\x07l", "\u202eabc", 7, None, "\ud800"])
def test_what_is_too_long_or_does_not_show_is_malformed(bad):
    with pytest.raises(InputError, match=r"command\.name"):
        fit_text("name", bad, 10)
