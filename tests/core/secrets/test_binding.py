"""A mac binds every column of a row and nothing else; what is erased takes only its own part."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ikd.core.secrets.binding import bind, is_bound
from ikd.core.secrets.sealing import SecretKey

KEY = SecretKey(kid=b"k" * 8, key=b"1" * 32)
OLDER = SecretKey(kid=b"o" * 8, key=b"2" * 32)
COLUMNS = ("application", 3, b"state", None, datetime(2026, 11, 28, tzinfo=UTC))
PAYLOAD = b"payload"


def test_a_row_holds_under_the_key_that_it_names():
    for key in (KEY, OLDER):
        assert is_bound(key, bind(key, "records", COLUMNS), "records", COLUMNS)


def test_a_row_under_one_key_is_none_under_another():
    assert not is_bound(KEY, bind(OLDER, "records", COLUMNS), "records", COLUMNS)


@pytest.mark.parametrize("place", range(len(COLUMNS)))
@pytest.mark.parametrize("value", ["other", 4, b"other", None, datetime(2026, 11, 29, tzinfo=UTC)])
def test_any_other_value_of_any_column_is_another_row(place, value):
    changed = (*COLUMNS[:place], value, *COLUMNS[place + 1 :])
    same = changed == COLUMNS
    assert is_bound(KEY, bind(KEY, "records", COLUMNS), "records", changed) is same


def test_a_row_of_another_table_is_another_row():
    assert not is_bound(KEY, bind(KEY, "claims", COLUMNS), "records", COLUMNS)


def test_the_types_of_columns_are_bound_too():
    assert not is_bound(KEY, bind(KEY, "records", ("1",)), "records", (1,))
    assert not is_bound(KEY, bind(KEY, "records", (b"a",)), "records", ("a",))


def test_a_payload_is_bound_as_long_as_it_is_there_and_the_row_for_good():
    mac = bind(KEY, "outbox", COLUMNS, PAYLOAD)
    assert is_bound(KEY, mac, "outbox", COLUMNS, PAYLOAD)
    assert is_bound(KEY, mac, "outbox", COLUMNS)
    assert not is_bound(KEY, mac, "outbox", COLUMNS, b"another")
    assert not is_bound(KEY, mac, "outbox", COLUMNS[1:])


def test_a_row_that_never_had_a_payload_gets_none():
    mac = bind(KEY, "outbox", COLUMNS)
    assert not is_bound(KEY, mac, "outbox", COLUMNS, PAYLOAD)


@pytest.mark.parametrize("cut", range(0, 80, 7))
def test_a_mac_that_was_cut_or_grew_binds_nothing(cut):
    mac = bind(KEY, "outbox", COLUMNS, PAYLOAD)
    if cut < len(mac):
        assert not is_bound(KEY, mac[:cut], "outbox", COLUMNS, PAYLOAD)
    assert not is_bound(KEY, mac + b"x", "outbox", COLUMNS, PAYLOAD)
