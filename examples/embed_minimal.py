"""The smallest front end: one activation at Payakumbuh, in memory, with an invented resident.

Run it with ``python examples/embed_minimal.py``. A real front end authenticates people and
states who acts; here everybody is played by this file, the phone by ``SoftDevice``.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import ikd
from ikd import commands as do
from ikd import events
from ikd.ports import Message, Receipt
from ikd.testing import SimulatedResident, Simulator, SoftDevice

OFFICE = "payakumbuh"
FACE = b"a face, as far as the simulator can see"
SARI = SimulatedResident(
    nik="1376015708909901",  # serials 9900 to 9999: nobody's
    name="Sari Contohwati",
    birth_date=date(1990, 8, 17),
    recorded={"face": FACE},
)


class Inbox:
    """A channel is anything with a name, a medium and ``deliver``."""

    name = "inbox"
    medium = "email"

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def deliver(self, message: Message) -> Receipt:
        """Take the message."""
        self.messages.append(message)
        return Receipt()


def main() -> str:
    """Activate one identity and return the text of its QR."""
    inbox, phone = Inbox(), SoftDevice(ikd.system_entropy)
    resident = ikd.Actor.resident("session-1")
    operator = ikd.Actor.operator("op-1", office=OFFICE, station="loket-1")
    ministry = ikd.Actor.ministry()
    with ikd.open_service(
        offices=[OFFICE], registry=Simulator([SARI]), channels=[inbox], deliver="inline"
    ) as service:

        def proof(act: str) -> bytes:
            challenge = service.challenge(case, act)
            return phone.proof(case, act, challenge, datetime.now(UTC))

        # 1, 2: the resident registers and shows a moving face; the registry answers by itself
        opened = service.handle(
            do.Register(
                office=OFFICE,
                nik=SARI.nik,
                email="sari@example.id",
                phone="081234567890",
                device=ikd.Device(kind="smartphone", key=phone.public_key),
            ),
            actor=resident,
            key="register-1",  # the same key again has no second effect
        )
        case = opened.id
        print(opened.public.id)
        face = do.SubmitBiometric(
            application_id=case,
            method="face",
            moving=True,
            sample=FACE,
            proof=proof("submit_biometric"),
        )
        service.handle(face, actor=resident, key="face-1")

        # 3, 4, 5: the ministry reviews, the counter scans the phone, the ministry approves
        review = do.Review(application_id=case, verified=True, validated=True)
        service.handle(review, actor=ministry, key="review-1")
        shown = phone.pairing_token(case, datetime.now(UTC))
        service.handle(do.ScanPairing(token=shown), actor=operator, key="scan-1")
        service.handle(do.Approve(application_id=case), actor=ministry, key="approve-1")
        for deadline in service.deadlines(case, actor=ikd.Actor.system()):
            print(f"{deadline.text} ({deadline.source}): {deadline.due_at:%Y-%m-%d %H:%M} UTC")

        # 7: the PIN that was mailed, entered on the phone that was scanned
        mailed = inbox.messages[-1]
        print(f"{mailed.sender}: {mailed.subject}")
        pin = re.findall(r"^[0-9]{6}$", mailed.text, re.MULTILINE)[0]
        entered = do.EnterPin(application_id=case, pin=pin, proof=proof("enter_pin"))
        match service.handle(entered, actor=resident, key="pin-1").events:
            case [events.Activated(identity_id=identity_id), *_]:
                return service.credential(identity_id, actor=ikd.Actor.system())
            case [events.PinRefused(attempts_left=left), *_]:
                raise SystemExit(f"wrong PIN, {left} tries left")
            case other:
                raise SystemExit(f"unexpected: {[type(event).__name__ for event in other]}")


if __name__ == "__main__":
    print(f"QR: {main()}")
