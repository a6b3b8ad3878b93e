"""The keyring's later life, by rules that whoever holds the private keys can follow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from ikd.core.errors import KeySourceError
from ikd.core.tokens.cwt import SKEW
from ikd.core.tokens.keyrecord import KeyRecord
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.keyring_life import keyring_renewed, keyring_revoking, keyring_succeeded
from ikd.core.tokens.signing import ed25519_signer

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
WEEK, DAY = timedelta(days=7), timedelta(days=1)


def key(number: int):
    return ed25519_signer(bytes([number]) * 32).public


def record(number: int, **changed) -> KeyRecord:
    given = {"role": "credential", "not_before": NOW, "not_after": NOW + WEEK}
    return KeyRecord(key=key(number), **{**given, **changed})


def ring(*records: KeyRecord) -> Keyring:
    return Keyring(version=4, issued_at=NOW, expires_at=NOW + WEEK, records=records)


LATER = NOW + 5 * DAY


def test_a_renewed_keyring_is_the_next_version_and_its_signing_keys_live_as_long():
    old = record(3, state="verify_only", not_after=NOW + DAY)
    longer = record(2, role="status", not_after=NOW + 90 * DAY)
    after = keyring_renewed(ring(record(1), longer, old), now=LATER, life=WEEK)
    assert (after.version, after.issued_at, after.expires_at) == (5, LATER, LATER + WEEK)
    assert [one.not_after for one in after.records] == [LATER + WEEK, NOW + 90 * DAY, NOW + DAY]
    assert after.records[2] == old


def test_a_key_more_stands_behind_the_others():
    after = keyring_renewed(ring(record(1)), now=LATER, life=WEEK, more=[record(2, role="status")])
    assert [one.kid for one in after.records] == [key(1).kid, key(2).kid]


def test_a_successor_signs_from_now_on_and_what_the_old_key_signed_still_counts():
    before = ring(record(1), record(2, role="status"))
    after = keyring_succeeded(before, key(1).kid, key(9), now=LATER, life=WEEK)
    old, beside, new = after.records
    assert (old.kid, old.state, old.not_after) == (key(1).kid, "verify_only", LATER + SKEW)
    assert beside.kid == key(2).kid
    assert (new.kid, new.state, new.role) == (key(9).kid, "active", "credential")
    assert (new.not_before, new.not_after) == (NOW, LATER + WEEK)


def test_a_key_that_ended_already_ends_no_later_by_its_successor():
    after = keyring_succeeded(ring(record(1)), key(1).kid, key(9), now=NOW + 60 * DAY, life=WEEK)
    assert after.records[0].not_after == NOW + WEEK


def test_a_rotation_that_broke_off_is_taken_up_again():
    once = keyring_succeeded(ring(record(1)), key(1).kid, key(8), now=LATER, life=WEEK)
    twice = keyring_succeeded(once, key(1).kid, key(9), now=LATER, life=WEEK)
    assert [one.state for one in twice.records] == ["verify_only", "active", "active"]


def test_a_station_s_successor_stands_at_the_same_counter():
    at = {"role": "station", "office": "payakumbuh", "station": "loket-1"}
    after = keyring_succeeded(ring(record(1, **at)), key(1).kid, key(9), now=LATER, life=WEEK)
    assert (after.records[1].office, after.records[1].station) == ("payakumbuh", "loket-1")


def test_a_stolen_key_is_revoked_and_stays_so():
    before = ring(record(1), record(2))
    after = keyring_revoking(before, key(1).kid, signing={key(2).kid}, now=LATER, life=WEEK)
    assert [one.state for one in after.records] == ["revoked", "active"]
    assert (after.version, after.expires_at) == (5, LATER + WEEK)
    again = keyring_renewed(after, now=LATER, life=WEEK)
    assert again.records[0].state == "revoked"


def test_what_signs_now_is_not_revoked_and_what_is_not_there_is_told():
    before = ring(record(1), attrs.evolve(record(2), state="revoked"))
    for kid, code in ((key(1).kid, "keys.current"), (key(7).kid, "keys.unknown")):
        with pytest.raises(KeySourceError) as met:
            keyring_revoking(before, kid, signing=[key(1).kid], now=LATER, life=WEEK)
        assert met.value.code == code
    for number in (2, 7):
        with pytest.raises(KeySourceError, match=r"keys\.unknown"):
            keyring_succeeded(before, key(number).kid, key(9), now=LATER, life=WEEK)
