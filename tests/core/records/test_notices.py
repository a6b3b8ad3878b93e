"""What a notice says of itself: for what it is sent, and nothing that is secret."""

from __future__ import annotations

import pytest

from ikd.core.ids import RecordId
from ikd.core.records.notices import Notice

PIN, TEXT = RecordId("b" * 32), RecordId("c" * 32)


def notice(**other: RecordId | bytes) -> Notice:
    plain = {
        "id": RecordId("a" * 32),
        "template": "pin",
        "kind": "application",
        "record_id": RecordId("d" * 32),
        "media": ("email",),
        "sender": "Contoh",
    }
    return Notice(**{**plain, **other})


@pytest.mark.parametrize(
    ("carried", "subject"),
    [({"pin_id": PIN}, PIN), ({"text_id": TEXT}, TEXT), ({}, None)],
)
def test_a_notice_is_sent_for_the_pin_or_the_words_that_it_carries(
    carried: dict[str, RecordId], subject: RecordId | None
):
    assert notice(**carried).subject == subject


def test_a_notice_never_shows_the_pin_that_it_carries():
    assert "sealed_pin" not in repr(notice(pin_id=PIN, sealed_pin=b"sealed"))
