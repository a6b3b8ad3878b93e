"""Makes what stands beside this file with ikd 0.1.0, and with no other version of it.

    git worktree add /tmp/ikd-0.1.0 b6cfaea
    PYTHONPATH=/tmp/ikd-0.1.0/src python tests/old/0.1.0/make.py tests/old/0.1.0

The clock stands still and chance is seeded, so the same files come out again. Residents, their
NIKs and all keys are invented and nobody's.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from ikd.adapters.keys.files import new_keys
from ikd.adapters.registry.resident import SimulatedResident
from ikd.testing.device import transcript_of

import ikd
from ikd import commands as do
from ikd.adapters.notification.file import FileChannel
from ikd.adapters.registry.simulator import Simulator
from ikd.core.errors import DeliveryError, RefusedError
from ikd.core.ports import Done, Solved
from ikd.core.records.journal import check_chain
from ikd.core.resident.contact import Email, Phone
from ikd.core.resident.device import Device, Version
from ikd.core.secrets.passcode import Passcode
from ikd.core.secrets.pin import Pin
from ikd.core.standard.steps import next_step
from ikd.testing import FixedClock, Mailbox, SoftDevice, Walk, Walker, seeded_entropy

HERE = Path(__file__).resolve().parent
BEGIN = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
REST = timedelta(days=8)  # longer than a draft lives
OWN = "rekaan-lama"
PLACES = (("payakumbuh", "loket-1"), ("wakatobi", "loket-1"), (OWN, "loket-1"))
SAMPLES = {"face": b"face of one", "iris": b"iris of one", "fingerprint": b"finger of one"}
PASSCODE = "582931"


class Typed:
    """A captcha whose answer is the word "ok"; each token counts once."""

    def puzzle(self, *_: object, **__: object) -> Any:
        raise NotImplementedError

    def check(self, subject: str, token: bytes, text: str, *, now: datetime) -> Solved:
        return Solved(puzzle_id=token, expires_at=now + timedelta(minutes=5), ok=text == "ok")


class Post(FileChannel):
    """Mail into files, but for addresses that it refuses for good."""

    def deliver(self, message: Any) -> Any:
        if message.to.startswith("rejected"):
            raise DeliveryError("smtp.550", "no such mailbox", retryable=False)
        return super().deliver(message)


@attrs.define
class Noted(Walk):
    """A walk that keeps what was asked, so that it can be asked again."""

    asked: list[dict[str, Any]] = attrs.field(factory=list)

    def ask(self, command: Any, actor: Any, key: str) -> Any:
        result = super().ask(command, actor, key)
        self.asked.append(
            {
                "key": f"{self.walker.name}/{key}",
                "actor": plain(actor),
                "command": plain(command),
                "events": [type(event).__name__ for event in result.events],
            }
        )
        return result


def plain(value: Any) -> Any:
    """Return *value* as JSON can hold it; what ``tests/test_old_store.py`` reads again."""
    match value:
        case bytes():
            return {"hex": value.hex()}
        case ikd.Nik():
            return value.digits
        case Email():
            return value.address
        case Phone():
            return value.e164
        case Pin() | Passcode():
            return value.reveal()
        case Version():
            return str(value)
        case _ if attrs.has(type(value)):
            fields = {f.name: plain(getattr(value, f.name)) for f in attrs.fields(type(value))}
            given = {name: one for name, one in fields.items() if one not in (None, {}, "")}
            return {"is": type(value).__name__, **given}
        case _ if hasattr(value, "value"):
            return value.value
        case dict():
            return {name: plain(one) for name, one in value.items()}
        case _:
            return value


@attrs.define
class Maker:
    """One folder, one service, one story after the other."""

    folder: Path
    clock: FixedClock = attrs.field(factory=lambda: FixedClock(BEGIN))
    registry: Simulator = attrs.field(factory=Simulator)
    cases: dict[str, dict[str, Any]] = attrs.field(factory=dict)
    walks: dict[str, Noted] = attrs.field(factory=dict)
    captchas: int = 0
    service: Any = None

    def open(self) -> None:
        new_keys(
            self.folder / "keys", now=BEGIN, entropy=seeded_entropy("old keys"), stations=PLACES
        )
        self.service = ikd.open_service(
            offices=["payakumbuh", "wakatobi", HERE / f"{OWN}.toml"],
            store=f"sqlite:///{self.folder}/ikd.db",
            keys=self.folder / "keys",
            registry=self.registry,
            channels=[Post(self.folder / "mails")],
            captcha=Typed(),
            deliver="worker",  # nothing goes out unless it is told to
            clock=self.clock,
            entropy=seeded_entropy("old service"),
        )

    def case(
        self, name: str, office: str = "payakumbuh", *, nik: str = "", known: bool = True
    ) -> Noted:
        """Register somebody new, or another phone of the NIK *nik*; nothing is delivered yet."""
        number = len(self.cases) + 1
        nik = nik or f"13760157089099{number:02d}"
        resident = SimulatedResident(
            nik=nik, name="Ayu Rekaan", birth_date=date(1990, 8, 17), recorded=SAMPLES
        )
        if known:
            self.registry.add(resident)
        mail = f"{name}@example.org"
        walk = Noted(
            service=self.service,
            office=self.service._parts.office(office),
            walker=Walker(
                name=name,
                nik=nik,
                email=mail,
                device=SoftDevice(seeded_entropy(f"old phone/{name}")),
                samples=SAMPLES,
            ),
            read_pin=lambda: (Mailbox(self.folder / "mails").pins(mail) or [None])[-1],
            solve=self.solve,
            now=self.clock.now,
        )
        command = do.Register(
            office=office,
            nik=nik,
            email=mail,
            phone="081234567890" if office != OWN else None,
            device=Device(
                kind="smartphone",
                platform="android",
                os_version="14",
                model="Contoh 5",
                online=True,
                key=walk.walker.device.public_key,
            ),
            more={"nama_ibu": "Ibu Rekaan"} if office == OWN else {},
            accepted_terms=office == OWN,
        )
        application = walk.ask(command, walk.resident, "register").id
        self.walks[name] = walk
        self.cases[name] = {
            "office": office,
            "nik": nik,
            "known": known,
            "email": mail,
            "phone": f"old phone/{name}",
            "application": application,
        }
        return walk

    def solve(self, record: str) -> do.Captcha:
        self.captchas += 1
        return do.Captcha(token=f"{record}/{self.captchas}".encode(), text="ok")

    def number(self, name: str) -> str:
        return str(self.cases[name]["application"])

    def application(self, name: str) -> Any:
        return self.service.get(self.number(name))

    def to(self, name: str, place: str) -> Noted:
        """Let the case come to the step *place*, nothing else owed; or to the status *place*."""
        walk = self.walks[name]
        for _ in range(40):
            self.deliver()
            now = self.application(name)
            step = next_step(now.done, walk.office.steps)
            waits = now.questions or now.referred
            if now.status.value == place or (step and step.name == place and not waits):
                return walk
            walk.next(now.id)
        raise AssertionError(f"{name} never came to {place}")

    def deliver(self) -> None:
        while self.service.deliver_due().moved:
            pass

    def enter(self, name: str, pin: str | None = None) -> None:
        self.walks[name].enter_pin(self.number(name), pin)

    def wrong(self, name: str) -> None:
        right = self.pin(name)
        self.enter(name, f"{(int(right) + 1) % 10**6:06d}")

    def pin(self, name: str) -> str:
        return str(self.walks[name].read_pin())

    def refused(self, act: Callable[[], object], code: str) -> None:
        with pytest.raises(RefusedError, match=code):
            act()


def ended(m: Maker) -> None:
    """Cases that end before the others begin."""
    m.case("expired")
    m.case("withdrawn")
    walk = m.to("withdrawn", "biometric")
    number = m.number("withdrawn")
    withdraw = do.Withdraw(application_id=number, proof=walk.proof(number, "withdraw"))
    walk.ask(withdraw, walk.resident, "withdraw")
    m.case("rejected")
    walk = m.to("rejected", "ministry_review")
    no = do.Review(application_id=m.number("rejected"), verified=True, validated=False)
    walk.ask(no, ikd.Actor.ministry(), "review")
    m.case("locked")
    m.to("locked", "PIN_SENT")
    m.deliver()
    for _ in range(3):
        m.wrong("locked")
    m.clock.advance(timedelta(minutes=2))
    walk, number = m.walks["locked"], m.number("locked")
    again = walk.proof(number, "reissue_pin", m.application("locked").transcript)
    walk.ask(do.ReissuePin(application_id=number, proof=again), walk.resident, "reissue")
    m.deliver()
    m.wrong("locked")
    m.case("replaced")
    m.to("replaced", "PIN_SENT")
    m.deliver()
    m.enter("replaced")
    m.deliver()


def running(m: Maker) -> None:
    """Cases that go on, brought to where everything they owe is delivered; one is superseded."""
    m.case("superseded")
    m.to("superseded", "decision")
    m.case("visited", OWN, nik=m.cases["superseded"]["nik"])
    m.to("visited", "ministry_review")
    m.case("passcode", nik=m.cases["replaced"]["nik"])
    m.to("passcode", "PIN_SENT")
    m.deliver()
    m.enter("passcode")
    walk, identity = m.walks["passcode"], m.application("passcode").identity_id
    transcript = m.service.get(identity, "identity").transcript
    chosen = do.SetPasscode(
        identity_id=identity,
        passcode=PASSCODE,
        proof=walk.proof(identity, "set_passcode", transcript),
    )
    walk.ask(chosen, walk.resident, "set-passcode")
    m.cases["passcode"] |= {"passcode": PASSCODE}
    m.cases["passcode"] |= {"credential": m.service.credential(identity)}
    m.case("referred", known=False)
    m.case("matched")
    m.to("matched", "ministry_review")
    m.case("one_wrong")
    m.case("spent", "wakatobi")
    m.case("first_sign_in", "wakatobi")
    for name in ("one_wrong", "spent", "first_sign_in"):
        m.to(name, "PIN_SENT")
    m.deliver()
    m.wrong("one_wrong")
    for _ in range(3):
        m.wrong("spent")
    m.enter("first_sign_in")
    for name in ("one_wrong", "first_sign_in"):
        m.cases[name] |= {"pin": m.pin(name)}


def refusals(m: Maker) -> None:
    """What was refused and has no record to live in."""
    stranger = ikd.Actor.operator("operator-2", office="wakatobi", station="loket-1")
    walk = m.walks["matched"]
    theirs = do.Withdraw(application_id=m.number("matched"))
    m.refused(lambda: walk.ask(theirs, stranger, "elsewhere"), "actor.other_office")
    nobody = do.Withdraw(application_id=32 * "0")
    m.refused(lambda: walk.ask(nobody, walk.operator, "nobody"), "record.unknown")
    other = attrs.evolve(walk, asked=[])
    other.walker = attrs.evolve(walk.walker, email="other@example.org")
    m.refused(lambda: Walk.register(other), "key.reused")


def owing(m: Maker) -> None:
    """Cases that stop with something undelivered: from here on nothing goes out."""
    m.case("biometric_asked")
    m.case("mail_waits")
    m.case("paired", "wakatobi")
    m.to("biometric_asked", "biometric")
    m.to("mail_waits", "decision")
    m.to("paired", "presence")
    m.deliver()
    m.walks["biometric_asked"]._biometric(m.application("biometric_asked"), "")
    m.walks["mail_waits"]._decision(m.application("mail_waits"), "ministry")
    walk, number = m.walks["paired"], m.number("paired")
    token = m.service.station_token("wakatobi", "loket-1")
    read = do.AnswerPairing(
        application_id=number,
        token=token,
        proof=walk.proof(number, "answer_pairing", transcript_of(token)),
    )
    walk.ask(read, walk.resident, "answer")
    m.cases["paired"] |= {"tokens": [token]}
    m.case("asked")


def told(m: Maker) -> dict[str, Any]:
    """Return what a reader must know of every case."""
    for name, case in m.cases.items():
        application = m.application(name)
        history = m.service.history(application.id)
        case |= {
            "status": application.status.value,
            "done": list(application.done),
            "referred": application.referred,
            "owes": sorted(o.kind.value for o in m.service.owed() if o.record_id == application.id),
            "history": [type(entry.event).__name__ for entry in history],
            "head": m.service._parts.store.get("application", application.id).head.hex(),
            "asked": [m.walks[name].asked[0], m.walks[name].asked[-1]],
        }
        if application.identity_id:
            identity = m.service.get(application.identity_id, "identity")
            happened = m.service.history(identity.id, "identity")
            case |= {
                "identity": identity.id,
                "identity_status": identity.status.value,
                "identity_history": [type(entry.event).__name__ for entry in happened],
            }
    return {
        "now": m.clock.now().isoformat(),
        "samples": {name: sample.decode() for name, sample in SAMPLES.items()},
        "resident": {"name": "Ayu Rekaan", "birth_date": "1990-08-17"},
        "parked": [
            {"record": one.record_id, "failure": one.failure} for one in m.service.owed(Done.PARKED)
        ],
        "refusals": [one.code for one in m.service.refusals()],
        "cases": m.cases,
    }


def main(out: Path) -> None:
    """Write store, keys and the table of cases to *out*."""
    assert ikd.__version__ == "0.1.0", ikd.__version__
    with tempfile.TemporaryDirectory() as name:
        m = Maker(Path(name))
        m.open()
        ended(m)
        m.clock.advance(REST)
        m.deliver()
        running(m)
        refusals(m)
        owing(m)
        for one in ("application", "identity", "resident"):
            for found in m.service.find(one, limit=1000):
                check_chain(m.service._parts.store.entries(one, found.id))
        table = told(m)
        m.service.close()
        with sqlite3.connect(m.folder / "ikd.db") as held:
            text = "\n".join(held.iterdump())
        held.close()
        (out / "store.sql").write_text(text + "\n", "utf-8")
        (out / "cases.json").write_text(json.dumps(table, indent=1) + "\n", "utf-8")
        shutil.rmtree(out / "keys", ignore_errors=True)
        shutil.copytree(m.folder / "keys", out / "keys")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
