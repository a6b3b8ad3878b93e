"""By which media an office sends, and whom they reach."""

from __future__ import annotations

from typing import Any

from ikd.core.standard.media import kinds_of


def sent_by(desk: Any, *media: dict[str, Any]) -> dict[str, Any]:
    return {"word": desk.said("PIN"), "digits": desk.said(6), "media": list(media)}


def test_an_open_word_is_what_the_file_says_stands_for_it(desk: Any):
    stands = [desk.row(kind="sms"), desk.row(kind="whatsapp")]
    media = (desk.row(kind="email"), desk.row(kind="other", stands=stands))
    pin = desk.office(pin=sent_by(desk, *media)).pin
    assert kinds_of(pin.media) == ("email", "sms", "whatsapp")


def test_an_open_word_for_which_nothing_stands_is_no_medium(desk: Any):
    pin = desk.office(pin=sent_by(desk, desk.row(kind="email"), desk.row(kind="other"))).pin
    assert kinds_of(pin.media) == ("email",)


def test_nothing_stands_for_a_word_that_is_not_open(desk: Any):
    media = desk.row(kind="email", stands=[desk.row(kind="sms")])
    assert desk.faults(pin=sent_by(desk, media)) == ["pin.media[1].stands"]


def test_an_act_whose_media_reach_no_field_that_is_asked_for_is_a_fault(desk: Any):
    fields = [desk.row(name="nik", required=True), desk.row(name="email", required=True)]
    sms = sent_by(desk, desk.row(kind="sms"))
    assert "pin.media" in desk.faults(format=2, registration={"fields": fields}, pin=sms)
