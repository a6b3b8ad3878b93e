"""What others wrote is data: it enters mails, logs and tables by an alphabet and a length."""

from __future__ import annotations

import logging

import attrs
import pytest

import ikd
from ikd import commands as do
from ikd import events
from ikd.core.errors import DeliveryError, InputError
from ikd.core.ports import Done, Receipt
from ikd.core.resident.device import model_name

ADDRESS = "resident1.1@example.org"


@pytest.mark.parametrize(
    "model",
    [
        "SM-S928B/DS", "Samsung Galaxy S24 Ultra", "iPhone 15 Pro Max", "Redmi Note 13 Pro+ 5G",
        "Infinix HOT 40i X6528B", "Nothing Phone (2a)", "23129RAA4G", "M2101K6G", "CPH2591",
    ],
)  # fmt: skip
def test_the_names_of_phones_are_kept(model):
    assert ikd.Device(kind="smartphone", platform="android", model=model).model == model


@pytest.mark.parametrize(
    "model",
    [
        "Kirim PIN ke WA 081234567890", "www.evil.id", "evil.id/x", "Hubungi 0812-3456-7890",
        "08 12 34 56 78 90", "Segera balas", "klik-sini", "Gаlaxy", "a@b.id",
        "Anda menang hadiah dari kantor kami hari ini", "https", "PIN", "x" * 60,
    ],
)  # fmt: skip
def test_what_no_maker_writes_counts_as_not_stated(model):
    assert model_name(model) is None
    assert ikd.Device(kind="smartphone", platform="android", model=model).model is None


def test_a_mail_never_says_what_a_stranger_called_their_phone(in_memory):
    """A name that was registered before it was looked at so isn't told either."""
    walk = in_memory.walk(in_memory.open())
    application_id = walk.to_pin()
    texts = "".join(path.read_text() for path in (in_memory.folder / "mails").glob("*"))
    assert "evil" not in texts
    service = walk.service
    application = service.get(application_id, actor=ikd.Actor.system())
    old = attrs.evolve(application, device_model="Kirim PIN ke www.evil.id")
    assert model_name(old.device_model) is None


class Lying:
    """A channel whose own words hold somebody's address."""

    name, medium = f"gateway of {ADDRESS}", "email"

    def __init__(self, failure=None):
        self.failure = failure

    def deliver(self, message):
        if self.failure:
            raise self.failure
        return Receipt(reference=f"sent to {message.to}")


@pytest.mark.parametrize(
    ("failure", "kept"),
    [
        (DeliveryError(f"refused.{ADDRESS}", retryable=True), "unexpected.code"),
        (DeliveryError("081234567890", retryable=True), "unexpected.code"),
        (DeliveryError("gateway.quota", retryable=True), "gateway.quota"),
        (ValueError(ADDRESS), "channel.failed"),
    ],
)
def test_a_channel_s_own_code_is_kept_only_where_it_is_one(in_memory, caplog, failure, kept):
    caplog.set_level(logging.DEBUG)
    service = in_memory.open(channels=[Lying(failure)])
    in_memory.walk(service).to_pin()
    (item,) = [one for one in service.owed(actor=ikd.Actor.system()) if one.kind == "notice"]
    assert item.failure == kept
    assert ADDRESS not in repr(item) + caplog.text


def test_what_a_channel_calls_itself_and_a_message_is_kept_only_where_it_tells_nobody(in_memory):
    service = in_memory.open(channels=[Lying()])
    in_memory.walk(service).to_pin()
    sent = service.owed(Done.SENT, actor=ikd.Actor.system())
    (item,) = [one for one in sent if one.kind == "notice"]
    assert (item.channel, item.reference) == ("", None)


@pytest.mark.parametrize("code", [ADDRESS, "0812345678", "mail rejected", "a.b.c", "", None, 7])
def test_a_bounce_s_code_is_a_word(in_memory, code):
    walk = in_memory.walk(in_memory.open())
    walk.to_pin()
    sent = walk.service.owed(Done.SENT, actor=ikd.Actor.system())
    (item,) = [one for one in sent if one.kind == "notice"]
    with pytest.raises(InputError, match=r"code\.form"):
        walk.service.bounced(item.id, code)
    with pytest.raises(InputError, match=r"command\.code"):
        do.ReportUndelivered(application_id=item.record_id, pin_id=item.id, code=code)


def test_a_word_of_a_bounce_is_told(in_memory):
    walk = in_memory.walk(in_memory.open())
    application_id = walk.to_pin()
    sent = walk.service.owed(Done.SENT, actor=ikd.Actor.system())
    (item,) = [one for one in sent if one.kind == "notice"]
    assert walk.service.bounced(item.id, "mail.address")
    history = walk.service.history(application_id, actor=ikd.Actor.system())
    happened = history[-1].event
    assert isinstance(happened, events.PinUndelivered)
    assert happened.code == "mail.address"
