"""A QR lives 90 seconds, so an app draws it again: the visit's own token is what proofs name."""

from __future__ import annotations

import pytest

import ikd
from ikd import commands as do
from ikd import events
from ikd.core.errors import RefusedError
from ikd.core.ids import RecordId
from ikd.testing import Walk


@pytest.fixture
def walk(in_memory):
    return in_memory.walk(in_memory.open())  # Payakumbuh: the phone shows, the office scans


def proof(walk: Walk, record_id: RecordId, act: str, **named: bytes | None) -> bytes:
    """Return what the app signs, with the phone itself and nobody's help."""
    challenge = walk.service.challenge(record_id, act)
    return walk.walker.device.proof(record_id, act, challenge, walk.now(), **named)


def entered(walk: Walk, application_id: RecordId, key: str, **named: bytes | None) -> object:
    command = do.EnterPin(
        application_id=application_id,
        pin=walk.read_pin(),
        proof=proof(walk, application_id, "enter_pin", **named),
    )
    return walk.ask(command, walk.resident, key).events[0]


def test_a_phone_that_drew_another_qr_after_the_visit_still_enters_its_pin(walk):
    application_id = walk.to_pin()
    walk.walker.device.pairing_token(application_id, walk.now())
    with pytest.raises(RefusedError, match=r"proof\.invalid"):
        entered(walk, application_id, "unnamed")
    scanned = walk.service.get(application_id, actor=ikd.Actor.system()).transcript
    happened = entered(walk, application_id, "named", pairing=scanned)
    assert isinstance(happened, events.Activated)


def test_a_phone_that_drew_its_qr_before_the_face_still_submits_the_face(walk):
    application_id = walk.register().id
    walk.service.deliver_due()
    walk.walker.device.pairing_token(application_id, walk.now())
    waiting = walk.service.get(application_id, actor=ikd.Actor.system()).transcript
    assert waiting is None
    command = do.SubmitBiometric(
        application_id=application_id,
        method="face",
        moving=True,
        sample=walk.walker.samples["face"],
        proof=proof(walk, application_id, "submit_biometric", pairing=waiting),
    )
    assert walk.ask(command, walk.resident, "face").events
