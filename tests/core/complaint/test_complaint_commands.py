"""What is asked of a complaint is well formed, and what is sealed of it is all that was said."""

from __future__ import annotations

import hashlib

import pytest

from ikd.core.complaint import commands as do
from ikd.core.errors import InputError
from model.complaints import OTHER_ID, START

PICTURE = do.Attachment.of("berkas/1.jpg", b"a picture")
SAID = {"office": "wakatobi", "channel": "email", "message": "aduan"}


def test_an_attachment_is_known_by_its_size_and_digest():
    assert (PICTURE.size, PICTURE.digest) == (9, hashlib.sha256(b"a picture").digest())
    PICTURE.check(b"a picture")
    with pytest.raises(InputError, match=r"complaint\.attachment"):
        PICTURE.check(b"another picture")


@pytest.mark.parametrize("wrong", [[PICTURE] * 11, ["berkas/1.jpg"], PICTURE, None])
def test_at_most_ten_attachments_come_with_a_complaint_and_nothing_else_does(wrong):
    assert do.FileComplaint(**SAID, attachments=[PICTURE] * 10).attachments == (PICTURE,) * 10
    with pytest.raises(InputError, match=r"command\.attachments"):
        do.FileComplaint(**SAID, attachments=wrong)


@pytest.mark.parametrize(
    "known",
    [
        {"name": "Ayu"},
        {"address": "Jalan Anggrek 5"},
        {"email": "ayu@example.org"},
        {"phone": "081234567890"},
        {"handle": "@ayu"},
        {"answer_by": "letter"},
    ],
)
def test_whoever_is_anonymous_gives_neither_name_nor_contact(known):
    do.FileComplaint(**SAID, naming="anonymous")
    with pytest.raises(InputError, match=r"command\.naming"):
        do.FileComplaint(**SAID, naming="anonymous", **known)


@pytest.mark.parametrize("half", [{"received_at": START}, {"reason": "Lama di kotak."}])
def test_an_earlier_receipt_comes_with_its_reason(half):
    with pytest.raises(InputError, match=r"command\.reason"):
        do.FileComplaint(**SAID, **half)


def test_all_that_was_said_is_sealed_and_nothing_that_was_not():
    assert do.FileComplaint(**SAID, text="Antre lama.").told() == {"text": "Antre lama."}
    told = do.FileComplaint(
        **SAID,
        text="Antre lama.",
        name="Ayu",
        address="Jalan Anggrek 5",
        handle="@ayu",
        email="ayu@example.org",
        phone="081234567890",
        attachments=[PICTURE],
    ).told()
    assert told == {
        "text": "Antre lama.",
        "name": "Ayu",
        "address": "Jalan Anggrek 5",
        "handle": "@ayu",
        "email": "ayu@example.org",
        "phone": "+6281234567890",
        "attachments": [["berkas/1.jpg", 9, PICTURE.digest]],
    }


def test_an_answer_has_words_and_they_are_sealed():
    answer = do.AnswerComplaint(complaint_id=OTHER_ID, text=" Sudah kami tambah loket. ")
    assert answer.told() == {"text": "Sudah kami tambah loket."}
    with pytest.raises(InputError, match=r"command\.text"):
        do.AnswerComplaint(complaint_id=OTHER_ID, text=" ")
