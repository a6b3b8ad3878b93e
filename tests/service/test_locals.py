"""What a traceback shows with its locals: no frame of ikd holds what somebody typed."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import ikd
from ikd import commands as do
from ikd import wire
from ikd.core.errors import IkdError
from ikd.core.records.person import Person
from ikd.testing import FaultyStore, SoftDevice, seeded_entropy

TYPED = {
    "nik": "1376015708909901",
    "email": "resident.canary@example.org",
    "phone": "081299998888",
    "pin": "918273",
    "name": "Kenari Contohwati",
}


def frames(error: BaseException | None) -> Iterator[Any]:
    """Yield every frame of ikd's own, and what attrs made for it, behind *error*."""
    while error is not None:
        at = error.__traceback__
        while at is not None:
            name = at.tb_frame.f_code.co_filename
            if "attrs generated" in name or "/ikd/" in name.replace("\\", "/"):
                yield at.tb_frame
            at = at.tb_next
        error = error.__cause__ or error.__context__


def told(error: BaseException) -> set[tuple[str, str, str]]:
    """Return where a local tells something: function, local, and what; or its repr fails."""
    found = set()
    for frame in frames(error):
        for name, value in frame.f_locals.items():
            where = (frame.f_code.co_name, name)
            try:
                shown = repr(value)
            except Exception as failure:
                found.add((*where, f"repr: {type(failure).__name__}"))
                continue
            found |= {(*where, what) for what, text in TYPED.items() if text in shown}
    return found


def registering(**changed: Any) -> do.Register:
    key = SoftDevice(seeded_entropy("a phone")).public_key
    given = {
        "office": "payakumbuh",
        "nik": TYPED["nik"],
        "email": TYPED["email"],
        "phone": TYPED["phone"],
        "device": ikd.Device(kind="smartphone", platform="android", os_version="14", key=key),
        "facts": ikd.Candidate(app_installed=True, online=True),
    }
    return do.Register(**{**given, **changed})


def entering(**changed: Any) -> do.EnterPin:
    given = {"application_id": "0" * 32, "pin": TYPED["pin"], "proof": b"proof"}
    return do.EnterPin(**{**given, **changed})


MADE: dict[str, Callable[[], object]] = {
    "email": lambda: registering(email="a@b@c"),
    "email with a line end": lambda: registering(email=TYPED["email"] + "\n"),
    "phone": lambda: registering(phone="12"),
    "nik": lambda: registering(nik=TYPED["nik"] + "0"),
    "office": lambda: registering(office=""),
    "device": lambda: registering(device="a phone"),
    "more": lambda: registering(more={"a": 3}),
    "id": lambda: entering(application_id="x"),
    "pin": lambda: entering(pin=TYPED["pin"] + "1"),
    "proof": lambda: entering(proof=b""),
    "Nik": lambda: ikd.Nik.parse(TYPED["nik"] + "x"),
    "Nik()": lambda: ikd.Nik(TYPED["nik"] + "x"),
    "Email": lambda: ikd.Email.parse(TYPED["email"] + "@"),
    "Email()": lambda: ikd.Email(TYPED["email"] + "@"),
    "Phone": lambda: ikd.Phone.parse(TYPED["phone"] + "x"),
    "Phone()": lambda: ikd.Phone(TYPED["phone"] + "x"),
    "Pin": lambda: ikd.Pin.parse(TYPED["pin"] + "1"),
    "Passcode": lambda: ikd.Passcode.parse(TYPED["pin"] + "\x00"),
    "officer": lambda: ikd.Actor.operator("op", office="x", nik=TYPED["nik"] + "x"),
    "person": lambda: Person(name=TYPED["name"], sex="x", birth_date=None),
    "wire": lambda: wire.read_command(
        {"command": "register", "office": "payakumbuh", "nik": TYPED["nik"], "email": "x"}
    ),
    "wire, a field too many": lambda: wire.read_command(
        {"command": "enter_pin", "application_id": "0" * 32, "pin": TYPED["pin"], "x": 1}
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_what_was_typed_stands_in_no_frame_of_what_could_not_be_made(name: str) -> None:
    with pytest.raises(IkdError) as met:
        MADE[name]()
    assert told(met.value) == set()
    traceback.TracebackException.from_exception(met.value, capture_locals=True)


def _met(service: ikd.Service, key: str) -> IkdError | None:
    try:
        service.handle(registering(), actor=ikd.Actor.resident("me"), key=key)
    except IkdError as error:
        return error
    return None


def test_a_store_that_fails_anywhere_leaves_nothing_typed_in_a_frame(world: Any) -> None:
    service = world.open(deliver="worker")
    store, failed = service._parts.store, 0
    for call in range(1, 60):
        faulty = FaultyStore(store, fail_at=call)
        object.__setattr__(service._parts, "store", faulty)
        met = _met(service, str(call))
        assert met is None or told(met) == set(), call
        failed += met is not None
        if not faulty.failed:
            break
    assert failed >= 3


def test_the_search_would_find_a_frame_that_tells() -> None:
    code = compile("def made(typed):\n    raise error\n", "/x/ikd/made.py", "exec")
    room: dict[str, Any] = {"error": ikd.errors.InputError("nik.form")}
    exec(code, room)
    with pytest.raises(IkdError) as met:
        room["made"](TYPED["nik"])
    assert told(met.value) == {("made", "typed", "nik")}
