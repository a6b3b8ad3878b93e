"""What an office sends by, compared with the channels that there are."""

from __future__ import annotations

from typing import Any

from ikd.core.standard.reached import channel_findings, unused
from ikd.plugins.offices import load_office

WAKATOBI, PAYAKUMBUH = load_office("wakatobi"), load_office("payakumbuh")


def found(office: Any, *carried: str) -> set[tuple[str, str | None, str]]:
    return {(one.code, one.act, one.medium) for one in channel_findings(office, carried)}


def test_a_pin_whose_only_medium_nothing_carries_reaches_nobody():
    (pin,) = (one for one in channel_findings(WAKATOBI, ["sms"]) if one.act == "pin")
    assert (pin.code, pin.office, pin.medium) == ("channel.unreached", "wakatobi", "email")
    assert "wakatobi" in pin.message_id
    assert "email" in pin.message_en
    assert pin.clause is not None


def test_what_another_medium_of_the_act_carries_is_only_missing():
    assert ("channel.missing", "rejection", "sms") in found(PAYAKUMBUH, "email")
    assert not any(code == "channel.unreached" for code, *_ in found(PAYAKUMBUH, "email"))


def test_an_open_word_for_which_nothing_stands_is_told_only_where_nothing_else_is_carried():
    assert ("channel.missing", "pin", "other") not in found(PAYAKUMBUH, "email")


def test_a_channel_of_a_medium_that_no_office_names_is_told_once():
    (one,) = unused([WAKATOBI], ["email", "pigeon", "pigeon"])
    assert (one.code, one.medium, one.office) == ("channel.unused", "pigeon", None)
    assert unused_media("email", "sms") == []


def unused_media(*carried: str) -> list[str]:
    return [one.medium for one in unused([WAKATOBI, PAYAKUMBUH], carried)]


def test_an_office_all_of_whose_media_are_carried_has_no_finding():
    assert found(WAKATOBI, "email", "sms", "whatsapp") == set()
