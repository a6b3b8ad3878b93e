"""A complaint desk for tests: it files, asks and counts the keys."""

from __future__ import annotations

from ikd import Actor
from ikd import commands as do
from ikd.testing.mailbox import Mailbox

AYU = Actor.resident("ayu")
SYSTEM = Actor.system()
NIK = "1376015708909901"
MAIL = "ayu@example.org"
ADDRESS = "Jalan Anggrek 5, Payakumbuh"


def officer(office: str, name: str = "petugas-1") -> Actor:
    return Actor.operator(name, office=office)


class Desk:
    """A complaint desk: files, asks and counts the keys."""

    def __init__(self, world) -> None:
        self.world, self.service, self.keys = world, world.open(), iter(range(10_000))

    def ask(self, command, actor):
        return self.service.handle(command, actor=actor, key=f"k{next(self.keys)}")

    def file(self, office="wakatobi", actor=AYU, **said):
        given = {"channel": "email", "message": "aduan", "text": "Antre lama.", "email": MAIL}
        given = {name: value for name, value in {**given, **said}.items() if value is not None}
        return self.ask(do.FileComplaint(office=office, **given), actor)

    def act(self, kind, filed, *, by=None, **said):
        office = filed.record.office
        return self.ask(kind(complaint_id=filed.id, **said), by or officer(office))

    def handled(self, filed):
        """Verify and follow up."""
        for step in ("verify", "follow_up"):
            self.act(do.StepComplaint, filed, step=step)

    def answered(self, filed, text="Loket ditambah.", **said):
        return self.act(do.AnswerComplaint, filed, text=text, **said)

    def waits(self, filed):
        return self.service.where(filed.id, "complaint", actor=SYSTEM).waits

    def view(self, filed):
        return self.service.complaint(filed.receipt.receipt, actor=AYU)

    def mails(self, address=MAIL):
        return Mailbox(self.world.folder / "mails").messages(address)
