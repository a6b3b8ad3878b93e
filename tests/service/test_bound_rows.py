"""Rows are bound: one that isn't what was written is used by nothing, on every store."""

from __future__ import annotations

from contextlib import suppress

import attrs
import pytest

import ikd
from ikd import commands as do
from ikd.core.errors import IkdError, StoreError
from ikd.core.ports import Commit, Done
from ikd.core.records.decision import Claim
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.statuslist import StatusList
from ikd.service.row_binder import TABLES, Binder

SYSTEM = ikd.Actor.system()


def code_of(act):
    with pytest.raises(IkdError) as met:
        act()
    return met.value.code


@pytest.mark.parametrize("table", [table.name for table in TABLES.values()])
def test_every_row_that_a_journey_writes_is_bound(world, table, database):
    walk = world.walk(world.open(), "wakatobi")
    walk.to_passcode()
    with suppress(IkdError):
        walk.service.get("0" * 32, actor=SYSTEM)
    rows = database(walk.service, f"SELECT mac FROM {table}")
    assert rows or table == "looks"
    assert all(mac for (mac,) in rows)


@pytest.mark.parametrize(
    "change",
    [
        "status = 'PIN_SENT'",
        "office = 'wakatobi'",
        "due = NULL",
        "at = at + 1",
        "waits = 'operator'",
        "limit_at = limit_at + 1",
        "form = form + 1",
        "version = version - 1",
        "mac = NULL",
    ],
)
def test_a_record_whose_row_was_changed_is_used_by_nothing(world, database, change):
    walk = world.walk(world.open())
    number = walk.register().id
    database(walk.service, f"UPDATE records SET {change} WHERE id = ?", number)
    assert code_of(lambda: walk.service.get(number, actor=SYSTEM)) == "store.damaged"
    withdraw = do.Withdraw(application_id=number)
    assert code_of(lambda: walk.ask(withdraw, walk.operator, "w")) == "store.frozen"
    assert walk.service.find(actor=SYSTEM) == ()


def test_two_records_that_were_swapped_are_used_by_nothing(world, database):
    service = world.open()
    one, other = (world.walk(service, number=n).register().id for n in (1, 2))
    swap = "UPDATE records SET id = ? WHERE kind = 'application' AND id = ?"
    for new, old in (("f" * 32, one), (one, other), (other, "f" * 32)):
        database(service, swap, new, old)
    for number in (one, other):
        assert code_of(lambda n=number: service.get(n, actor=SYSTEM)) == "store.damaged"


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM journal WHERE kind = 'application' AND seq = 2",
        "DELETE FROM journal WHERE kind = 'application'",
        "UPDATE journal SET hash = prev WHERE kind = 'application'",
        "UPDATE journal SET seq = seq + 7 WHERE kind = 'application' AND seq > 1",
    ],
)
def test_a_record_whose_journal_is_not_its_own_is_used_by_nothing(world, database, change):
    walk = world.walk(world.open())
    number = walk.register().id
    database(walk.service, change)
    assert code_of(lambda: walk.service.get(number, actor=SYSTEM)) == "store.damaged"


def test_a_journal_rewritten_in_its_middle_answers_no_repeat(world, database):
    """The row and the end of the journal agree; a link before it doesn't."""
    walk = world.walk(world.open())
    walk.register()
    while walk.service.find(actor=SYSTEM)[0].version < 3:
        walk.next(walk.service.find(actor=SYSTEM)[0].id)
    number = walk.service.find(actor=SYSTEM)[0].id
    database(
        walk.service,
        "UPDATE journal SET body = (SELECT j.body FROM journal AS j WHERE j.id = journal.id"
        " AND j.seq = 1) WHERE kind = 'application' AND seq = 2",
    )
    assert code_of(lambda: walk.service.history(number, actor=SYSTEM)) == "journal.broken"


def test_a_claim_turned_to_another_owner_is_used_by_nothing(world, database):
    walk = world.walk(world.open())
    walk.register()
    database(walk.service, "UPDATE claims SET owner = ? WHERE space = 'nik'", "f" * 32)
    again = world.walk(walk.service, phone=2)
    assert code_of(again.register) == "store.damaged"


def test_a_claim_that_clashes_says_that_it_is_damaged(world, database):
    """Not that others change the same all the time."""
    walk = world.walk(world.open())
    walk.to_pin()
    ((key, owner),) = database(walk.service, "SELECT key, owner FROM claims WHERE space = 'device'")
    held = Claim(space="device", key=bytes(key), owner=owner)
    commit = Commit(at=world.clock.now(), takes=(held,))
    walk.service._parts.store.commit(commit)
    database(walk.service, "UPDATE claims SET owner = ? WHERE space = 'device'", "f" * 32)
    assert code_of(lambda: walk.service._parts.store.commit(commit)) == "store.damaged"


def test_an_answer_turned_to_another_case_is_no_answer(world, database):
    service = world.open()
    first = world.walk(service).register()
    walk = world.walk(service, number=2)
    command = do.Withdraw(application_id=walk.register().id)
    walk.ask(command, walk.operator, "w")
    database(service, "UPDATE idempotency SET id = ? WHERE key LIKE ?", first.id, "%/w")
    rows = database(service, "SELECT key FROM idempotency WHERE id = ?", first.id)
    assert len(rows) > 1
    assert code_of(lambda: walk.ask(command, walk.operator, "w")) == "store.damaged"


def test_an_edited_mail_never_goes_out_and_is_seen(world, database):
    service = world.open(deliver="worker")
    walk = world.walk(service)
    number = walk.register().id
    decider = walk.officer(walk.office.decision.by)
    walk.ask(do.Reject(application_id=number), decider, "reject")
    (item,) = (one for one in service.owed(actor=SYSTEM) if one.lane == "mail")
    database(service, "UPDATE outbox SET record_id = ? WHERE id = ?", "f" * 32, item.id)
    service.deliver_due()
    (parked,) = service.owed(Done.PARKED, actor=SYSTEM)
    assert (parked.id, parked.failure, parked.payload) == (item.id, "store.damaged", b"")
    assert walk.read_pin() is None


def test_a_refusal_that_was_edited_is_not_shown(world, database):
    service = world.open()
    for _ in range(2):
        with suppress(IkdError):
            service.get("0" * 32, actor=SYSTEM)
    newest = service.refusals(actor=SYSTEM)[0]
    database(service, "UPDATE refusals SET code = 'other' WHERE id = ?", newest.id)
    assert newest.id not in [one.id for one in service.refusals(actor=SYSTEM)]
    assert len(service.refusals(actor=SYSTEM)) == 1


def test_an_edited_standard_rules_no_case(world, database):
    walk = world.walk(world.open())
    number = walk.register().id
    walk.service._parts.pinned.clear()
    database(walk.service, "UPDATE standards SET text = replace(text, '30 min', '24 h')")
    assert code_of(lambda: walk.service.deadlines(number, actor=SYSTEM)) == "store.damaged"


def standing(world, service, place):
    keys, now = service._parts.keys, world.clock.now()
    roots = [PublicKey.ed25519(raw) for raw in keys.roots()]
    ring = Keyring.read(keys.keyring(), roots, now=now)
    return StatusList.read(service.status_list(), ring, now=now).status(place, now=now)


def test_a_deleted_identity_drops_out_of_no_status_list(world, database):
    walk = world.walk(world.open())
    identity = walk.service.get(walk.to_activation(), "identity", actor=SYSTEM)
    place = identity.credential.status_index
    assert standing(world, walk.service, place) == "valid"
    database(walk.service, "DELETE FROM records WHERE kind = 'identity'")
    assert standing(world, walk.service, place) == "suspended"


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM claims WHERE space = 'status'",
        "UPDATE records SET status = 'ACTIVE' WHERE kind = 'identity' AND status = 'ENDED'",
        "UPDATE claims SET owner = 'x' WHERE space = 'status'",
    ],
)
def test_an_ended_credential_is_valid_on_no_status_list(world, database, change):
    walk = world.walk(world.open())
    old = walk.service.get(walk.to_activation(), "identity", actor=SYSTEM)
    world.walk(walk.service, phone=2).to_activation()
    database(walk.service, change)
    assert standing(world, walk.service, old.credential.status_index) != "valid"


@pytest.mark.parametrize("column", ["version", "at", "due", "head", "state", "form", "office"])
def test_a_column_of_another_type_is_damage(on_disk, database, column):
    walk = on_disk.walk(on_disk.open())
    number = walk.register().id
    wrong = "text" if column in ("head", "state") else b"bytes"
    database(walk.service, f"UPDATE records SET {column} = ? WHERE id = ?", wrong, number)
    assert code_of(lambda: walk.service.get(number, actor=SYSTEM)) == "store.damaged"


def test_a_row_under_a_key_that_is_not_at_hand_is_told_apart(world, database):
    walk = world.walk(world.open())
    number = walk.register().id
    strange = b"?" * 40
    database(walk.service, "UPDATE records SET mac = ? WHERE id = ?", strange, number)
    assert code_of(lambda: walk.service.get(number, actor=SYSTEM)) == "store.key"


def test_keys_of_an_older_store_take_rows_without_a_mac(in_memory):
    service = in_memory.open()
    keys, number = service._parts.keys, in_memory.walk(service).register().id
    strict = Binder(keys)
    keys._material = attrs.evolve(keys._material, bound=False)
    lenient = Binder(keys)
    bare = attrs.evolve(service._parts.store.get("application", number), mac=None)
    assert lenient.is_ours(bare)
    assert not strict.is_ours(bare)
    with pytest.raises(StoreError, match=r"store\.key"):
        lenient.is_ours(attrs.evolve(bare, mac=b"!" * 40))
