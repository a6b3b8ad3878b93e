"""A verifier's policy as data: every name and word of it, and nothing else."""

from datetime import timedelta

import pytest

from ikd.core.errors import InputError
from ikd.core.tokens.policy import Policy


def test_data_make_the_policy_they_describe():
    found = Policy.of({"static": "refuse", "keyring_grace": "36 h", "foreign": "warn"})
    assert found == Policy(static="refuse", keyring_grace=timedelta(hours=36), foreign="warn")
    assert Policy.of({}) == Policy()


def test_an_unknown_name_is_told():
    with pytest.raises(InputError, match=r"policy\.unknown.*statik"):
        Policy.of({"statik": "warn", "static": "warn"})


@pytest.mark.parametrize(
    "given",
    [
        {"status_stale": "accept"},  # what can't be known is never plainly accepted
        {"status_missing": "accept"},
        {"keyring_stale": "accept"},
        {"foreign": "accept"},
        {"static": "maybe"},
        {"static": True},
        {"replay_unchecked": ["warn"]},
        {"replay_unchecked": None},
    ],
)
def test_a_word_that_is_none_of_its_words_is_refused(given):
    (name,) = given
    with pytest.raises(InputError, match=rf"policy\.value: {name}: .*warn, refuse"):
        Policy.of(given)


@pytest.mark.parametrize("grace", ["soon", 7, timedelta(days=7), None])
def test_a_grace_is_written_as_a_length(grace):
    with pytest.raises(InputError, match=r"duration\.form: keyring_grace: .*7 d"):
        Policy.of({"keyring_grace": grace})


def test_a_grace_is_no_negative_length():
    with pytest.raises(InputError, match=r"policy\.grace"):
        Policy(keyring_grace=timedelta(days=-1))
