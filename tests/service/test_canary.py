"""The canary search: no NIK, PIN, e-mail or phone number lies anywhere unsealed."""

from __future__ import annotations

import base64
import contextlib
import logging
import pickle
import re
import sqlite3
import traceback
from pathlib import Path

import pytest

import ikd
from ikd import commands as do
from ikd.core.errors import IkdError
from ikd.core.ports import Done


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
    proof = walk.proof(
        application_id,
        "reissue_pin",
        service.get(application_id, actor=ikd.Actor.system()).transcript,
    )
    results.append(
        walk.ask(do.ReissuePin(application_id=application_id, proof=proof), walk.resident, "again")
    )
    second = walk.read_pin()
    identity_id = walk.to_passcode()
    said += [repr(r) for r in results] + [str(r.record) for r in results]
    said += [
        repr(service.get(identity_id, "identity", actor=ikd.Actor.system())),
        repr(walk.walker),
        repr(service.owed(actor=ikd.Actor.system())),
    ]
    said += [repr(entry) for entry in service.history(application_id, actor=ikd.Actor.system())]
    said += [repr(refusal) for refusal in service.refusals(actor=ikd.Actor.system())]
    secrets = {
        "nik": walk.walker.nik,
        "email": walk.walker.email,
        "phone": f"+62{walk.walker.phone[1:]}",
        "phone-typed": walk.walker.phone,
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
        lambda: service.credential(application_id, actor=ikd.Actor.system()),
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


# --- is the search itself honest? -----------------------------------------------------------------


def rows(folder: Path, tables: str = "outbox refusals idempotency journal records") -> dict:
    """Return every value of some tables, each as bytes, read by another connection."""
    with contextlib.closing(sqlite3.connect(folder / "ikd.db")) as reading:
        return {
            f"{table}/{number}/{place}": value if isinstance(value, bytes) else str(value).encode()
            for table in tables.split()
            for number, row in enumerate(reading.execute(f"SELECT * FROM {table}"))
            for place, value in enumerate(row)
        }


def test_the_search_reads_the_files_that_hold_the_rows(walked):
    """What surely stands in the database is found by the same search, while it is open."""
    world, _, _ = walked
    held = rows(world.folder)
    assert {name.split("/")[0] for name in held} == {
        "outbox",
        "refusals",
        "idempotency",
        "journal",
        "records",
    }
    code = next(value.decode() for name, value in held.items() if value == b"proof.invalid")
    assert leaks(on_disk(world.folder), {"code": code}) == {("code", "ikd.db")}


@pytest.mark.parametrize("place", ["refusals", "journal"])
def test_a_canary_planted_in_the_database_is_found_even_after_it_was_overwritten(walked, place):
    """Planted as a bug would write it, through a connection that doesn't wipe what it frees."""
    world, _, secrets = walked
    world.close()
    column = {"refusals": "code", "journal": "entry"}[place]
    with contextlib.closing(sqlite3.connect(world.folder / "ikd.db")) as writing:
        writing.execute("PRAGMA secure_delete = OFF")
        columns = [row[1] for row in writing.execute(f"PRAGMA table_info({place})")]
        column = column if column in columns else columns[-1]
        writing.execute(f"UPDATE {place} SET {column} = ?", (f"nik {secrets['nik']}",))
        writing.commit()
    assert ("nik", "ikd.db") in leaks(on_disk(world.folder), secrets)


def test_nothing_personal_stays_in_the_outbox_after_delivery(walked):
    world, _, secrets = walked
    service = world.services[-1]
    assert service.owed(actor=ikd.Actor.system()) == ()
    sent = service.owed(Done.SENT, actor=ikd.Actor.system())
    assert sent
    assert {item.payload for item in sent} == {b""}
    assert leaks(rows(world.folder, "outbox"), secrets) == set()


def test_nothing_personal_stands_among_the_refusals(walked):
    world, _, secrets = walked
    kept = world.services[-1].refusals(actor=ikd.Actor.system())
    assert {"record.unknown", "proof.invalid"} <= {refusal.code for refusal in kept}
    assert leaks(rows(world.folder, "refusals"), secrets) == set()
    names = {refusal.actor for refusal in kept}
    assert "resident-1-1" not in names


def test_a_pin_that_waits_in_the_outbox_is_sealed(on_disk, office):
    """Not delivered yet, so that the payload stands there; its mail is read afterwards."""
    world = on_disk
    walk = world.walk(world.open(deliver="worker"), office)
    walk.to_pin()
    waiting = rows(world.folder, "outbox")
    files = {
        path.name: path.read_bytes() for path in world.folder.glob("ikd.db*") if path.is_file()
    }
    walk.service.deliver_due()
    secrets = {"pin": walk.read_pin(), "email": walk.walker.email, "nik": walk.walker.nik}
    assert leaks({**waiting, **files}, secrets) == set()


def test_the_search_would_find_the_pin_in_the_mail_that_carries_it(walked):
    world, _, secrets = walked
    mails = {path.name: path.read_bytes() for path in (world.folder / "mails").glob("*.eml")}
    found = {name for name, _ in leaks(mails, secrets)}
    assert {"pin-1", "pin-2", "email"} <= found
    assert not found & {"nik", "phone", "phone-typed", "passcode", "pin-wrong"}
