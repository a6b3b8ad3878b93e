"""The canary search: no NIK, PIN, e-mail or phone number lies anywhere unsealed."""

from __future__ import annotations

import base64
import logging
import pickle
import re
import traceback
from pathlib import Path

import pytest

from ikd import commands as do
from ikd.core.errors import IkdError


def forms(secret: str) -> set[bytes]:
    """Return *secret* as it is, spaced, in hexadecimal and in base64 at every alignment."""
    plain = secret.encode()
    spaced = {sep.join(secret).encode() for sep in (" ", ".", "-")}
    grouped = {sep.join(re.findall(".{1,4}", secret)).encode() for sep in (" ", ".", "-")}
    encoded = {base64.b64encode(b"\0" * n + plain)[4 if n else 0 : -4] for n in range(3)}
    return {plain, plain.hex().encode(), plain.hex().upper().encode(), *spaced, *grouped, *encoded}


def leaks(places: dict[str, bytes], secrets: dict[str, str]) -> set[tuple[str, str]]:
    """Return which secret lies where."""
    return {
        (name, where)
        for name, secret in secrets.items()
        for form in forms(secret)
        if len(form) >= 5
        for where, data in places.items()
        if form in data
    }


def on_disk(folder: Path) -> dict[str, bytes]:
    """Return every file of the database: rows, freed pages, journal, WAL, locks."""
    return {path.name: path.read_bytes() for path in folder.glob("ikd.db*") if path.is_file()}


@pytest.fixture
def walked(on_disk, office, caplog):
    """A journey with everything that goes wrong in it, and what was said meanwhile."""
    caplog.set_level(logging.DEBUG)
    world = on_disk
    said: list[str] = []
    service = world.open()
    walk = world.walk(service, office)
    application_id = walk.to_pin()
    first = walk.read_pin()
    wrong = f"{(int(first) + 1) % 10**6:06d}"
    results = [walk.enter_pin(application_id, wrong)]
    said += _failures(world, walk, application_id)
    world.clock.advance(walk.office.pin.cooldown.value)
    proof = walk.proof(application_id, "reissue_pin", service.get(application_id).transcript)
    results.append(
        walk.ask(do.ReissuePin(application_id=application_id, proof=proof), walk.resident, "again")
    )
    second = walk.read_pin()
    identity_id = walk.to_passcode()
    said += [repr(r) for r in results] + [str(r.record) for r in results]
    said += [repr(service.get(identity_id, "identity")), repr(walk.walker), repr(service.owed())]
    said += [repr(entry) for entry in service.history(application_id)]
    said += [repr(refusal) for refusal in service.refusals()]
    secrets = {
        "nik": walk.walker.nik,
        "email": walk.walker.email,
        "phone": "+6281234567890",
        "phone-typed": "081234567890",
        "pin-1": first,
        "pin-2": second,
        "pin-wrong": wrong,
        "passcode": "582931",
        "name": "Ayu Lestari",
    }
    return world, "\n".join([*said, caplog.text]).encode(), secrets


def _failures(world, walk, application_id):
    """Return how every failing call reads: message, representation, traceback, chain."""
    service = walk.service
    tries = [
        lambda: do.Register(office="payakumbuh", nik=walk.walker.nik[:-1], device=None),
        lambda: do.Register(
            office="payakumbuh", nik=walk.walker.nik, email="a@b@c.example", device=None
        ),
        lambda: do.EnterPin(application_id=application_id, pin="12345 ", proof=b"x"),
        lambda: walk.ask(do.Approve(application_id=application_id), walk.operator, "x1"),
        lambda: walk.ask(do.Approve(application_id="0" * 32), walk.operator, "x2"),
        lambda: walk.ask(
            do.EnterPin(application_id=application_id, pin="000000", proof=b"no proof"),
            walk.resident,
            "x3",
        ),
        lambda: service.credential(application_id),
        lambda: walk.ask(do.ScanPairing(token=f"IKDR:{walk.walker.nik}"), walk.operator, "x4"),
        lambda: pickle.dumps(do.EnterPin(application_id=application_id, pin="000000", proof=b"x")),
    ]
    said = []
    for attempt in tries:
        try:
            attempt()
        except (IkdError, TypeError) as error:
            said += [str(error), repr(error), *traceback.format_exception(error)]
    assert len(said) >= 3 * len(tries)
    return said


def test_nothing_personal_lies_in_the_database_files(walked):
    world, _, secrets = walked
    assert leaks(on_disk(world.folder), secrets) == set()


def test_nothing_personal_lies_in_the_files_of_a_closed_database(walked):
    world, _, secrets = walked
    world.close()
    assert leaks(on_disk(world.folder), secrets) == set()


def test_nothing_personal_is_said_in_logs_errors_or_representations(walked):
    _, said, secrets = walked
    assert leaks({"said": said}, secrets) == set()


def test_a_planted_canary_is_found_in_every_form():
    secret = "1376015708909901"
    for form in forms(secret):
        assert leaks({"file": b"...." + form + b"...."}, {"nik": secret}) == {("nik", "file")}
