"""Whatever is passed, and to whatever takes it: an answer, or an error of ours."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from typing import Any

import attrs
import pytest

import ikd
from ikd import commands as do
from ikd.core.errors import IkdError
from ikd.core.ports import Done
from ikd.core.records.actor import Actor, Role
from ikd.core.records.person import Person
from ikd.core.records.questions import Answer, KtpEl, RegistryStanding
from ikd.core.resident.device import Device
from ikd.core.resident.nik import Nik, Sex
from ikd.core.standard.candidate import Candidate
from ikd.core.standard.deadlines import Pause
from ikd.service import Service, Settings
from ikd.testing import SoftDevice, seeded_entropy

ID = "0" * 32
PHONE = SoftDevice(seeded_entropy("fuzz"))
DEVICE = Device(kind="smartphone", key=PHONE.public_key)
NAIVE = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-14))


class Text(str):
    """A text that is none exactly."""

    __slots__ = ()


PAUSES = [[Pause(reason=[], began=7)], [Pause(reason="system_network", began=NAIVE)]]
JUNK: list[Any] = [
    *[None, True, False, 0, -1, 7, 2**64, -(10**40), 1.5, float("nan"), float("inf"), 1j],
    *[b"", b"x", b"x" * 5000, bytearray(b"x"), memoryview(b"x")],
    *["", "x", "\n", "x" * 10**6, "\ud800", "a\ud800b", "\x00" * 32, "०" * 32, "é" * 64, "\u202e"],
    *[ID, Text(ID), "payakumbuh", Text("payakumbuh"), "loket-1", "application", "enter_pin"],
    *["1376015708909901", "１３７６０１５７０８９０９９０１", "123456", "a@example.org", "0812"],
    *["IKDR:", "IKDO:", "IKDR:6BF", "IKDO:" + "0" * 500],
    *[[], [7], (), ("a",), {}, {"a": "b"}, {"\ud800": "\ud800"}, {1: 2}, set(), range(3)],
    *[object(), type, lambda *_: 1 / 0, ...],
    *[date(1990, 8, 17), NAIVE],
    *[datetime.min.replace(tzinfo=EAST), datetime.max.replace(tzinfo=WEST)],
    *[timedelta(), timedelta(days=-1), timedelta.max, timedelta.min],
    *[Done.SENT, Role.RESIDENT, RegistryStanding.FOUND, Actor.ministry(), DEVICE, Candidate()],
    *[Nik.parse("1376015708909901"), *PAUSES],
]

GOOD: dict[str, Any] = {
    "application_id": ID,
    "identity_id": ID,
    "record_id": ID,
    "item_id": ID,
    "question_id": ID,
    "pin_id": ID,
    "notice_id": ID,
    "facts": {"married": True},
    "code": "channel.none",
    "proof": b"x",
    "token": "IKDR:X",
    "office": "payakumbuh",
    "station": "loket-1",
    "nik": "1376015708909901",
    "email": "a@example.org",
    "phone": "081234567890",
    "device": DEVICE,
    "pin": "123456",
    "passcode": "582931",
    "method": "face",
    "moving": True,
    "sample": b"x",
    "step": "biometric",
    "reason": "other",
    "purpose": "visit",
    "passed": True,
    "verified": True,
    "validated": True,
    "check_code": "12",
    "kind": "smartphone",
    "text": "x",
    "role": Role.OPERATOR,
    "id": "op",
    "act": "enter_pin",
    "sign": lambda _: bytes(64),
    "name": "Ayu Contoh",
    "sex": Sex.FEMALE,
    "birth_date": date(1990, 8, 17),
    "standing": RegistryStanding.FOUND,
    "ktp_el": KtpEl.ISSUED,
    "answer": Answer(question_id=ID, standing=RegistryStanding.UNKNOWN),
    "actor": Actor.system(),
    "message_id": ID,
    "version": 1,
    "head": bytes(32),
    "until": datetime(2026, 11, 24, tzinfo=UTC),
    "complaint_id": ID,
    "other_id": ID,
    "text_id": ID,
    "named": ID,
    "receipt": "0123-4567-89AB-CDEF-GHJK",
    "channel": "instagram",
    "message": "pengaduan",
    "to": "Bidang Pelayanan",
    "medium": "email",
    "category": "ordinary",
    "ending": "solved",
    "reference": "LAPOR-7654321",
    "rating": 4,
    "size": 9,
    "digest": bytes(32),
}
VALUES = [
    *[one for one in vars(do).values() if inspect.isclass(one) and attrs.has(one)],
    *[Actor, Answer, Candidate, Device, Person, Settings],
]
METHODS = [
    name
    for name, method in inspect.getmembers(Service, inspect.isfunction)
    if not name.startswith("_") and name not in {"close", "handle"}
]


def given(names: list[str], **one: Any) -> dict[str, Any]:
    """Return good arguments for those names, save for *one*."""
    good = {name: GOOD[name] for name in names if name in GOOD}
    if "complaint_id" in good and "step" in good:
        good["step"] = "verify"
    if "proof" in good and "pin" in good:
        good.pop("passcode", None)  # a sign-in takes one of the two
    return {**good, **one}


def attempt(act: Any) -> tuple[Any, IkdError | None]:
    """Return what *act* returns, or the error of ours that it raises; any other passes through."""
    try:
        return act(), None
    except IkdError as error:
        return None, error


def made(kind: type[Any]) -> list[Any]:
    """Return every value of *kind* that can be made with one field being junk."""
    fields = [field.alias for field in attrs.fields(kind) if field.init]
    values = []
    for name in fields:
        for junk in JUNK:
            asked = given(fields, **{name: junk})
            value, error = attempt(lambda asked=asked: kind(**asked))
            values += [] if error else [value]
    return values


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_a_value_is_made_well_or_refused_by_us(kind):
    for value in made(kind):
        assert repr(value)


@pytest.mark.parametrize("kind", [v for v in VALUES if v.__module__.endswith("commands")])
def test_a_command_that_could_be_made_is_answered_or_refused_by_us(in_memory, kind):
    service = in_memory.open()
    opened = in_memory.walk(service).register()
    complaint = do.FileComplaint(
        office="payakumbuh", channel="phone", message="saran", text="Tambah kursi."
    )
    filed = service.handle(complaint, actor=Actor.resident(), key="complaint")
    actors = (Actor.registry(), Actor.operator("op", office="payakumbuh"), Actor.resident())
    for number, asked in enumerate(made(kind)):
        names = attrs.fields_dict(type(asked))
        known = {"application_id": opened.id, "complaint_id": filed.id}
        about = {name: one for name, one in known.items() if name in names}
        command, actor = attrs.evolve(asked, **about), actors[number % 3]
        ask = partial(service.handle, command, actor=actor, key=f"fuzz/{number}")
        result, error = attempt(ask)
        assert (error or result).public.id


@pytest.mark.parametrize("name", METHODS)
def test_a_method_answers_or_refuses_by_an_error_of_ours(in_memory, contents, name):
    service = in_memory.open(deliver="worker")
    opened = in_memory.walk(service).register()
    before = contents(service)
    method = getattr(service, name)
    names = list(inspect.signature(method).parameters)
    known = {n: opened.id for n in ("application_id", "record_id") if n in names}
    for one in names:
        for junk in [*JUNK, opened.id]:
            attempt(partial(method, **{**given(names, **known), one: junk}))
    if name not in {"deliver_due", "retry"}:
        assert contents(service) == before


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: type(junk).__name__)
def test_closing_takes_a_length_of_time_or_refuses(junk):
    service = ikd.open_service(offices=["payakumbuh"], deliver="worker")
    _, error = attempt(lambda: service.close(junk))
    if error is not None:
        assert error.code == "timeout.form"
        assert service.find(actor=Actor.system()) == ()
        service.close()


@pytest.mark.parametrize("option", inspect.signature(ikd.open_service).parameters)
def test_opening_takes_an_option_or_refuses_by_an_error_of_ours(option, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for junk in JUNK[: -len(PAUSES)]:
        if callable(junk) and option in {"entropy", "kdf"}:
            continue  # what a function returns is known only once it is called
        options = {"offices": ["payakumbuh"], "deliver": "worker", option: junk}
        service, _ = attempt(lambda options=options: ikd.open_service(**options))
        if service is not None:
            service.close()


def test_junk_from_the_registry_never_decides(in_memory):
    """Whatever an answer to the open question holds: no answer, no error but ours."""
    service = in_memory.open(deliver="worker")
    opened = in_memory.walk(service).register()
    (question,) = service.get(opened.id, actor=Actor.system()).questions
    for number, person in enumerate(made(Person)):
        answer = Answer(question_id=question.id, standing=RegistryStanding.FOUND, person=person)
        command = do.RecordAnswer(application_id=opened.id, answer=answer)
        ask = partial(service.handle, command, actor=Actor.registry(), key=f"answer/{number}")
        assert attempt(ask)[1].code == "answer.incomplete"
    assert service.get(opened.id, actor=Actor.system()).version == opened.application.version
