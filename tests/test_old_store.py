"""What 0.1.0 left behind goes on: its store, keys and office files (``tests/old/0.1.0``).

Everything about a case that isn't in the store itself stands in ``cases.json``.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

import ikd
from ikd import commands as do
from ikd.adapters.notification.file import FileChannel
from ikd.adapters.registry.simulated_resident import SimulatedResident
from ikd.adapters.registry.simulator import Simulator
from ikd.cli import main
from ikd.core.errors import RefusedError, StoreError
from ikd.core.ports import Done, Solved
from ikd.testing import FixedClock, Mailbox, SoftDevice, Walk, Walker, seeded_entropy

OLD = Path(__file__).resolve().parent / "old" / "0.1.0"
TABLE: Mapping[str, Any] = json.loads((OLD / "cases.json").read_text("utf-8"))
CASES: Mapping[str, Any] = TABLE["cases"]
NOW = datetime.fromisoformat(TABLE["now"])
SAMPLES = {name: sample.encode() for name, sample in TABLE["samples"].items()}
RUNNING = [name for name, case in CASES.items() if case["status"] in ("OPEN", "PIN_SENT")]
ENDED = [name for name in CASES if name not in (*RUNNING, "passcode", "first_sign_in")]
WITH_IDENTITY = [name for name, case in CASES.items() if "identity" in case]
PASSCODE = "739164"


class TypedCaptcha:
    """A puzzle whose answer is the word "ok"; each token counts once, as a real one's does."""

    def puzzle(self, *_: object, **__: object) -> Any:
        raise NotImplementedError

    def check(self, subject: str, token: bytes, text: str, *, now: datetime) -> Solved:
        return Solved(puzzle_id=token, expires_at=now + timedelta(minutes=5), ok=text == "ok")


class Kept:
    """Chance of a phone that was made from a seed once, and draws anew since."""

    def __init__(self, seed: str) -> None:
        self._next = [seeded_entropy(f"{seed}, later"), seeded_entropy(seed)]

    def __call__(self, size: int) -> bytes:
        return (self._next.pop() if len(self._next) > 1 else self._next[0])(size)


@attrs.define
class Left:
    """The folder that 0.1.0 left, and what stands around it."""

    folder: Path
    clock: FixedClock = attrs.field(factory=lambda: FixedClock(NOW))
    registry: Simulator = attrs.field(factory=Simulator)
    captchas: Iterator[int] = attrs.field(factory=lambda: iter(range(10_000)))

    @classmethod
    def copied(cls, folder: Path) -> Left:
        """Return a copy of the folder, to be changed."""
        with closing(sqlite3.connect(folder / "ikd.db")) as database:
            database.executescript((OLD / "store.sql").read_text("utf-8"))
        shutil.copytree(OLD / "keys", folder / "keys")
        for path in (folder / "keys", *(folder / "keys").iterdir()):
            path.chmod(0o700 if path.is_dir() else 0o600)  # which no repository keeps
        left = cls(folder)
        for case in CASES.values():
            if case["known"]:
                left.registry.add(resident_of(case))
        return left

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/ikd.db"

    def dump(self) -> list[str]:
        with closing(sqlite3.connect(self.folder / "ikd.db")) as database:
            return list(database.iterdump())

    def migrate(self) -> int:
        """Do what the release notes ask for."""
        upgraded = main(["keys", "upgrade", str(self.folder / "keys")])
        return upgraded or main(["store", "migrate", self.url])

    def open(self) -> ikd.Service:
        return ikd.open_service(
            offices=["payakumbuh", "wakatobi", OLD / "rekaan-lama.toml"],
            store=self.url,
            keys=self.folder / "keys",
            registry=self.registry,
            channels=[FileChannel(self.folder / "mails")],
            captcha=TypedCaptcha(),
            deliver="worker",
            clock=self.clock,
        )

    def pin(self, mail: str) -> str | None:
        """Return the newest PIN that was delivered here."""
        pins = Mailbox(self.folder / "mails").pins(mail)
        return pins[-1] if pins else None

    def solve(self, record: str) -> do.Captcha:
        return do.Captcha(token=f"{record}/here/{next(self.captchas)}".encode(), text="ok")

    def walk(self, service: ikd.Service, name: str) -> Walk:
        """Return a walk that goes on with a case, on the phone that it began with."""
        case = CASES[name]
        phone = SoftDevice(Kept(case["phone"]))
        for token in case.get("tokens", ()):
            phone.remember(token)
        return Walk(
            service=service,
            office=office_of(case["office"]),
            walker=Walker(
                name=f"{name}.here",
                nik=case["nik"],
                email=case["email"],
                device=phone,
                samples=SAMPLES,
            ),
            read_pin=lambda: self.pin(case["email"]) or case.get("pin"),
            solve=self.solve,
            now=self.clock.now,
        )


def office_of(name: str) -> ikd.Office:
    own = OLD / f"{name}.toml"
    return ikd.load_office(own if own.exists() else name)


def resident_of(case: Mapping[str, Any]) -> SimulatedResident:
    told = TABLE["resident"]
    born = date.fromisoformat(told["birth_date"])
    return SimulatedResident(nik=case["nik"], name=told["name"], birth_date=born, recorded=SAMPLES)


KINDS = {"Actor": ikd.Actor, "Device": ikd.Device} | {n: getattr(do, n) for n in do.__all__}


def read(value: Any) -> Any:
    """Return what ``make.py`` wrote down."""
    match value:
        case {"hex": text}:
            return bytes.fromhex(text)
        case {"is": kind, **fields}:
            given = {name: read(one) for name, one in fields.items()}
            make = getattr(ikd.Actor, given.pop("role")) if kind == "Actor" else KINDS[kind]
            return make(**given)
        case _:
            return value


@pytest.fixture
def left(tmp_path: Path) -> Left:
    """What 0.1.0 left."""
    return Left.copied(tmp_path)


@pytest.fixture
def service(left: Left) -> Iterator[ikd.Service]:
    """A service of this version over what 0.1.0 left."""
    assert left.migrate() == 0
    with left.open() as opened:
        yield opened


# --- before it goes on --------------------------------------------------------------------


def test_an_old_store_is_refused_until_it_was_migrated_and_not_touched(left):
    before = left.dump()
    with pytest.raises(StoreError, match="ikd store migrate") as refused:
        left.open()
    assert refused.value.code == "store.older"
    assert left.dump() == before


def test_migrating_again_changes_nothing(left):
    assert left.migrate() == 0
    once = left.dump()
    assert left.migrate() == 0
    assert left.dump() == once


# --- what is there ------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_a_case_stands_where_it_stood(service, name):
    case, application = (
        CASES[name],
        service.get(CASES[name]["application"], actor=ikd.Actor.system()),
    )
    assert application.status.value == case["status"]
    assert list(application.done) == case["done"]
    assert application.referred == case["referred"]
    assert application.office == case["office"]
    owed = [
        item for item in service.owed(actor=ikd.Actor.system()) if item.record_id == application.id
    ]
    assert len(owed) == len(case["owes"])


@pytest.mark.parametrize("name", CASES)
def test_the_history_of_a_case_is_whole_and_its_hash_chain_the_same(service, name):
    case = CASES[name]
    history = service.history(case["application"], actor=ikd.Actor.system())
    assert [type(entry.event).__name__ for entry in history] == case["history"]
    row = service._parts.store.get("application", case["application"])
    assert row.head.hex() == case["head"]


@pytest.mark.parametrize("name", WITH_IDENTITY)
def test_the_history_of_an_identity_is_whole(service, name):
    case = CASES[name]
    history = service.history(case["identity"], "identity", actor=ikd.Actor.system())
    assert [type(entry.event).__name__ for entry in history] == case["identity_history"]
    assert (
        service.get(case["identity"], "identity", actor=ikd.Actor.system()).status.value
        == case["identity_status"]
    )


def test_refusals_of_then_are_still_listed(service):
    assert [one.code for one in service.refusals(actor=ikd.Actor.system())] == TABLE["refusals"]


@pytest.mark.parametrize("name", ["payakumbuh", "wakatobi", "rekaan-lama"])
def test_the_standard_that_a_case_pinned_is_read_from_the_store(service, name):
    case = next(one for one in CASES.values() if one["office"] == name)
    pinned = service._parts.standard(
        service.get(case["application"], actor=ikd.Actor.system()).standard
    )
    assert pinned.id == name
    assert pinned.digest == service.get(case["application"], actor=ikd.Actor.system()).standard
    assert [step.name for step in pinned.steps] == [step.name for step in office_of(name).steps]


# --- the columns --------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_an_old_row_shows_who_moves_next_once_the_store_was_migrated(service, name):
    told = service.where(CASES[name]["application"], actor=ikd.Actor.system())
    row = service._parts.store.get("application", told.id)
    live = told.status in ("OPEN", "PIN_SENT")
    assert (row.waits is not None, row.since is not None) == (live, live)
    assert row.desk == (told.office if live else None)
    if told.waits.role not in (None, ikd.Role.SYSTEM):  # the outbox is no part of a row
        listed = service.worklist(actor=ikd.Actor.system(), role=told.waits.role, limit=1000)
        assert told.id in {entry.id for entry in listed}


# --- repeats ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("which", ["first", "last"])
def test_a_repeat_of_an_old_write_gives_the_same_answer(service, name, which):
    asked = CASES[name]["asked"][0 if which == "first" else -1]
    before = len(service.history(CASES[name]["application"], actor=ikd.Actor.system()))
    result = service.handle(read(asked["command"]), actor=read(asked["actor"]), key=asked["key"])
    assert result.id in (CASES[name]["application"], CASES[name].get("identity"))
    assert [type(event).__name__ for event in result.events] == asked["events"]
    assert len(service.history(CASES[name]["application"], actor=ikd.Actor.system())) == before


def test_an_old_key_with_another_body_is_refused(service):
    asked = CASES["asked"]["asked"][0]
    other = attrs.evolve(read(asked["command"]), phone="081234567891")
    with pytest.raises(RefusedError, match=r"key\.reused"):
        service.handle(other, actor=read(asked["actor"]), key=asked["key"])


# --- what goes on -------------------------------------------------------------------------


def before_the_walk(left: Left, walk: Walk, name: str) -> None:
    """Do what this case waits for that isn't its next step."""
    number, case = CASES[name]["application"], CASES[name]
    if name == "referred":
        left.registry.add(resident_of(case))
        walk.ask(do.AskAgain(application_id=number), walk.operator, "again")
    elif name == "paired":
        code = walk.walker.device.check_code(case["tokens"][-1])
        confirm = do.ConfirmPresence(application_id=number, check_code=code)
        walk.ask(confirm, walk.operator, "confirm")
    elif name == "spent":
        left.clock.advance(timedelta(minutes=2))
        transcript = walk.service.get(number, actor=ikd.Actor.system()).transcript
        again = do.ReissuePin(
            application_id=number, proof=walk.proof(number, "reissue_pin", transcript)
        )
        walk.ask(again, walk.resident, "reissue")


def to_passcode(walk: Walk, identity_id: str) -> None:
    """Sign in where that is published, set a passcode and sign in with it."""
    identity = walk.service.get(identity_id, "identity", actor=ikd.Actor.system())
    if not identity.passcode_open:
        sign_in(walk, identity, "sign-in", pin=walk.read_pin())
    proof = walk.proof(identity.id, "set_passcode", identity.transcript)
    chosen = do.SetPasscode(identity_id=identity.id, passcode=PASSCODE, proof=proof)
    walk.ask(chosen, walk.resident, "set-passcode")
    sign_in(walk, identity, "signed-in", passcode=PASSCODE)


def sign_in(walk: Walk, identity: Any, key: str, **secret: Any) -> None:
    proof = walk.proof(identity.id, "sign_in", identity.transcript)
    asked = do.SignIn(identity_id=identity.id, proof=proof, **secret)
    result = walk.ask(asked, walk.resident, key)
    assert [type(event).__name__ for event in result.events] == ["SignedIn"]


def deliver(service: ikd.Service) -> None:
    while service.deliver_due().moved:
        pass


@pytest.mark.parametrize("name", RUNNING)
def test_a_case_that_ran_there_is_finished_here(left, service, name):
    walk, number = left.walk(service, name), CASES[name]["application"]
    before_the_walk(left, walk, name)
    for _ in range(20):
        if service.get(number, actor=ikd.Actor.system()).status.value != "OPEN":
            break
        walk.next(number)
    deliver(service)
    entered = walk.enter_pin(number)
    assert "Activated" in [type(event).__name__ for event in entered.events]
    to_passcode(walk, service.get(number, actor=ikd.Actor.system()).identity_id)
    assert [e.seq for e in service.history(number, actor=ikd.Actor.system())] == list(
        range(1, service.get(number, actor=ikd.Actor.system()).version + 1)
    )


def test_an_identity_that_waited_for_its_first_sign_in_signs_in(left, service):
    to_passcode(left.walk(service, "first_sign_in"), CASES["first_sign_in"]["identity"])


def test_a_passcode_that_was_set_there_opens_here_and_the_credential_is_the_same(left, service):
    walk, case = left.walk(service, "passcode"), CASES["passcode"]
    identity = service.get(case["identity"], "identity", actor=ikd.Actor.system())
    sign_in(walk, identity, "signed-in", passcode=case["passcode"])
    assert service.credential(identity.id, actor=ikd.Actor.system()) == case["credential"]


def test_a_new_phone_ends_the_identity_that_was_opened_there(left, service):
    old = CASES["passcode"]
    walk = left.walk(service, "passcode")
    walk.walker = attrs.evolve(
        walk.walker, email="new@example.org", device=SoftDevice(seeded_entropy("a new phone"))
    )
    walk.read_pin = lambda: left.pin("new@example.org")
    opened = walk.to_activation()
    assert (
        service.get(old["identity"], "identity", actor=ikd.Actor.system()).status.value == "ENDED"
    )
    assert service.get(opened, "identity", actor=ikd.Actor.system()).resident_id == (
        service.get(old["identity"], "identity", actor=ikd.Actor.system()).resident_id
    )


def test_tries_that_were_spent_there_are_spent_here(left, service):
    walk, number = left.walk(service, "one_wrong"), CASES["one_wrong"]["application"]
    right = int(CASES["one_wrong"]["pin"])
    refused = walk.enter_pin(number, f"{(right + 1) % 10**6:06d}")
    assert [event.attempts_left for event in refused.events] == [1]


def test_mail_that_waited_goes_out_and_what_was_parked_once_it_is_asked_for(left, service):
    (parked,) = service.owed(Done.PARKED, actor=ikd.Actor.system())
    assert [{"record": parked.record_id, "failure": parked.failure}] == TABLE["parked"]
    service.retry(parked.id)
    deliver(service)
    assert left.pin(CASES["mail_waits"]["email"]) is not None
    mails = Mailbox(left.folder / "mails")
    assert len(mails.messages(CASES["rejected"]["email"])) == 1
    assert (
        service.owed(actor=ikd.Actor.system()),
        service.owed(Done.PARKED, actor=ikd.Actor.system()),
    ) == ((), ())


@pytest.mark.parametrize("name", ENDED)
def test_a_case_that_ended_there_stays_ended(left, service, name):
    walk, number = left.walk(service, name), CASES[name]["application"]
    with pytest.raises(RefusedError, match=r"status\.refused"):
        walk.ask(do.Withdraw(application_id=number), walk.operator, "withdraw")
    deliver(service)
    assert service.get(number, actor=ikd.Actor.system()).status.value == CASES[name]["status"]


def test_a_complaint_runs_from_its_filing_to_its_end(left, service):
    officer = ikd.Actor.operator("petugas-1", office="wakatobi")
    filed = service.handle(
        do.FileComplaint(
            office="wakatobi",
            channel="email",
            message="aduan",
            text="Antre.",
            email="a@example.org",
        ),
        actor=ikd.Actor.resident("here"),
        key="file",
    )
    for number, command in enumerate(
        [
            do.StepComplaint(complaint_id=filed.id, step="verify"),
            do.StepComplaint(complaint_id=filed.id, step="follow_up"),
            do.AnswerComplaint(complaint_id=filed.id, text="Loket ditambah."),
            do.CloseComplaint(complaint_id=filed.id, ending="solved", text="Selesai."),
        ]
    ):
        service.handle(command, actor=officer, key=str(number))
    deliver(service)
    assert len(Mailbox(left.folder / "mails").messages("a@example.org")) == 2
    shown = service.complaint(filed.receipt.receipt, actor=ikd.Actor.resident("here"))
    assert (shown.status, shown.ending) == ("CLOSED", "solved")
