"""Commands are values that can't be malformed."""

from __future__ import annotations

from typing import Any

import pytest

from ikd.core.activation import commands as do
from ikd.core.errors import IkdError, InputError
from ikd.core.resident.contact import Email, Phone
from ikd.core.resident.nik import Nik
from ikd.core.secrets.pin import Pin
from model import acts
from model.cases import Case
from model.flaws import NOBODY


def fault(kind: type[Any], **fields: Any) -> str:
    with pytest.raises(InputError) as caught:
        kind(**fields)
    return caught.value.code


def test_what_is_typed_is_parsed_and_what_is_parsed_is_kept(payakumbuh: Case):
    typed = acts.register(payakumbuh)
    assert isinstance(typed.nik, Nik)
    assert isinstance(typed.email, Email)
    assert isinstance(typed.phone, Phone)
    again = acts.register(payakumbuh, nik=typed.nik, email=typed.email, phone=typed.phone)
    assert again == typed


def test_a_nik_address_or_number_that_is_none_is_refused_at_once(payakumbuh: Case):
    for wrong in ({"nik": "1376017208909901"}, {"email": "no address"}, {"phone": "12"}):
        with pytest.raises(IkdError):
            acts.register(payakumbuh, **wrong)


@pytest.mark.parametrize("text", ["", "x" * 65, "a\nb", "\ud800", None, 7])
def test_short_texts_are_one_line_of_at_most_64_characters(payakumbuh: Case, text: object):
    with pytest.raises(InputError, match="office"):
        acts.register(payakumbuh, office=text)
    acts.register(payakumbuh, office="x" * 64)


@pytest.mark.parametrize("proof", [b"", b"x" * 1025, "x", bytearray(b"x"), None])
def test_a_proof_is_bytes_of_some_length(proof: object):
    assert fault(do.EnterPin, application_id=NOBODY, pin=acts.PIN, proof=proof) == "command.proof"
    do.EnterPin(application_id=NOBODY, pin=acts.PIN, proof=b"x" * 1024)


@pytest.mark.parametrize("token", ["", "x" * 2001, b"x", None])
def test_a_token_is_text_that_fits_a_qr(token: object):
    assert fault(do.ScanPairing, token=token) == "command.token"
    do.ScanPairing(token="x" * 2000)


def test_a_sample_is_at_most_a_mebibyte():
    known = {"application_id": NOBODY, "method": "face", "proof": b"p"}
    for wrong in (b"", b"x" * (1024 * 1024 + 1), "x"):
        assert fault(do.SubmitBiometric, **known, sample=wrong) == "command.sample"
    do.SubmitBiometric(**known, sample=b"x" * 1024 * 1024)


def test_further_fields_are_few_and_short(payakumbuh: Case):
    for wrong in ({str(n): "" for n in range(17)}, {"a": "x" * 257}, {"a": 1}, {1: "a"}):
        with pytest.raises(InputError, match="more"):
            acts.register(payakumbuh, more=wrong)
    acts.register(payakumbuh, more={str(n): "x" * 256 for n in range(16)})


@pytest.mark.parametrize("flag", [1, 0, None, "yes"])
def test_yes_and_no_are_nothing_but_true_and_false(flag: object):
    known = {"application_id": NOBODY}
    assert fault(do.Review, **known, verified=flag, validated=True) == "command.verified"
    assert fault(do.ReportStep, **known, step="biometric", passed=flag) == "command.passed"
    moving = {"method": "face", "sample": b"s", "proof": b"p", "moving": flag}
    assert fault(do.SubmitBiometric, **known, **moving) == "command.moving"


def test_a_reason_is_one_of_the_words():
    assert fault(do.Reject, application_id=NOBODY, reason="because") == "command.reason"
    assert {do.Reject(application_id=NOBODY, reason=word).reason for word in do.REASONS}


@pytest.mark.parametrize("number", ["", "F" * 32, "f" * 31, "f" * 33, None, 7])
def test_an_id_is_an_id(number: object):
    assert fault(do.Approve, application_id=number) == "id.form"


@pytest.mark.parametrize("pin", ["12345", "0123456", "12345\n", "１２３４５６", 123456, None])
def test_a_malformed_pin_never_becomes_a_command(pin: object):
    assert fault(do.EnterPin, application_id=NOBODY, pin=pin, proof=b"p") == "pin.form"
    kept = do.EnterPin(application_id=NOBODY, pin=Pin.parse("000042"), proof=b"p")
    assert kept.pin.reveal() == "000042"


def test_no_command_shows_what_is_secret_or_personal(payakumbuh: Case):
    application = acts.opened(payakumbuh)
    shown = repr((acts.register(payakumbuh, more={"x": "rahasia"}), acts.enter_pin(application)))
    for secret in (acts.NIK, acts.PIN, "ayu@example.id", "81234567890", "k7w2", "rahasia"):
        assert secret not in shown


@pytest.mark.parametrize("thing", [None, "a phone", {}, 5])
def test_a_device_is_a_device(payakumbuh: Case, thing: Any):
    known = acts.register(payakumbuh)
    with pytest.raises(InputError) as caught:
        do.Register(
            office=known.office, nik=known.nik, email=known.email, phone=known.phone, device=thing
        )
    assert caught.value.code == "command.device"
