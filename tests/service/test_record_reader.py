"""A case is shown to whoever may see it, and to nobody else; who was refused stands in a row."""

from __future__ import annotations

import pytest
from attrs import evolve

from ikd import Actor
from ikd import commands as do
from ikd.core.activation.application import PendingPairing
from ikd.core.errors import InputError, RefusedError
from ikd.testing import SoftDevice, seeded_entropy
from model.appointments import APPOINTMENT

SYSTEM = Actor.system()
HERE = Actor.operator("op-1", office="payakumbuh", station="loket-1")
THERE = Actor.operator("op-2", office="wakatobi", station="loket-1")
SHOWN = [SYSTEM, Actor.ministry(), HERE, Actor.resident("ayu")]


@pytest.fixture
def walk(in_memory):
    return in_memory.walk(in_memory.open())


def reads(service, case):
    """Return every read that shows that case."""
    return {
        "get": lambda actor: service.get(case, actor=actor),
        "history": lambda actor: service.history(case, actor=actor),
        "deadlines": lambda actor: service.deadlines(case, actor=actor),
    }


READS = ("get", "history", "deadlines")


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("actor", SHOWN, ids=lambda actor: actor.role.value)
def test_a_case_is_shown_to_whom_it_concerns(walk, read, actor):
    case = walk.register().id
    assert reads(walk.service, case)[read](actor)
    assert walk.service.refusals(actor=SYSTEM) == ()


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(
    ("actor", "code"),
    [(Actor.registry(), "actor.not_permitted"), (THERE, "actor.other_office")],
    ids=lambda one: one if isinstance(one, str) else one.role.value,
)
def test_nobody_else_is_shown_it_and_the_refusal_is_kept(walk, read, actor, code):
    case = walk.register().id
    with pytest.raises(RefusedError) as refused:
        reads(walk.service, case)[read](actor)
    assert refused.value.code == code
    (kept,) = walk.service.refusals(actor=SYSTEM)
    assert (kept.code, kept.record_id, kept.actor) == (code, case, actor.id)


@pytest.mark.parametrize("read", READS)
def test_an_operator_is_never_shown_their_own_case(walk, read):
    case = walk.register().id
    own = Actor.operator("op-3", office="payakumbuh", nik=walk.walker.nik)
    with pytest.raises(RefusedError, match=r"actor\.own_case"):
        reads(walk.service, case)[read](own)


def test_whoever_reads_says_who_they_are(walk):
    case = walk.register().id
    for actor in (None, "system", object()):
        for read in reads(walk.service, case).values():
            with pytest.raises(InputError, match=r"actor\.unknown"):
                read(actor)
        for read in (walk.service.find, walk.service.owed, walk.service.refusals):
            with pytest.raises(InputError, match=r"actor\.unknown"):
                read(actor=actor)


def test_the_office_whose_qr_the_phone_read_is_shown_the_case_as_the_office_of_the_visit_is(walk):
    """The operator there must see whom they confirm, though the case belongs elsewhere."""
    application = walk.service.get(walk.to_pin(), actor=SYSTEM)
    assert application.desks == {"payakumbuh"}
    waits = PendingPairing(
        office="wakatobi", station="x", transcript=b"", until=application.expires_at
    )
    assert evolve(application, presence_office="wakatobi").desks == {"payakumbuh", "wakatobi"}
    assert evolve(application, pairing=waits).desks == {"payakumbuh", "wakatobi"}


def test_an_operator_finds_the_records_of_their_office_alone(walk):
    case = walk.register().id
    find = walk.service.find
    assert [one.id for one in find(actor=HERE)] == [case]
    assert find(actor=THERE) == ()
    assert [one.id for one in find(actor=HERE, office="payakumbuh")] == [case]
    with pytest.raises(RefusedError, match=r"actor\.other_office"):
        find(actor=THERE, office="payakumbuh")
    for actor in (Actor.resident(), Actor.registry()):
        with pytest.raises(RefusedError, match=r"actor\.not_permitted"):
            find(actor=actor)


def test_the_record_of_a_resident_is_no_case_of_an_office(walk):
    case = walk.service.get(walk.register().id, actor=SYSTEM)
    for actor in (HERE, Actor.resident("ayu")):
        with pytest.raises(RefusedError, match=r"actor\.not_permitted"):
            walk.service.get(case.resident_id, "resident", actor=actor)
    assert walk.service.get(case.resident_id, "resident", actor=Actor.ministry()).running is None


@pytest.mark.parametrize("read", ["owed", "refusals"])
def test_what_the_whole_house_owes_and_refused_is_shown_to_those_over_all_offices(walk, read):
    for actor in (SYSTEM, Actor.ministry()):
        assert getattr(walk.service, read)(actor=actor) == ()
    for actor in (HERE, Actor.resident(), Actor.registry()):
        with pytest.raises(RefusedError, match=r"actor\.not_permitted"):
            getattr(walk.service, read)(actor=actor)
    assert len(walk.service.refusals(actor=SYSTEM)) == 3


def test_a_credential_is_handed_to_whom_its_identity_is_shown(walk):
    identity = walk.to_activation()
    given = {walk.service.credential(identity, actor=actor) for actor in SHOWN}
    assert len(given) == 1
    with pytest.raises(RefusedError, match=r"actor\.other_office"):
        walk.service.credential(identity, actor=THERE)


def test_an_unknown_record_is_refused_alike_whoever_asks_and_kept(walk):
    for actor in SHOWN:
        with pytest.raises(RefusedError, match=r"record\.unknown"):
            walk.service.get("0" * 32, actor=actor)
    assert {one.code for one in walk.service.refusals(actor=SYSTEM)} == {"record.unknown"}


def test_a_pairing_token_is_made_for_a_case_that_is_there(walk):
    phone = SoftDevice(seeded_entropy("nobody's"))
    with pytest.raises(RefusedError, match=r"record\.unknown"):
        walk.service.pairing_token("0" * 32, phone.signer.sign)


def test_two_commands_of_one_word_are_refused(in_memory):
    """On the wire and in a device proof a command is known by its word alone."""

    class Register(do.Withdraw):
        pass

    with pytest.raises(InputError, match=r"kinds\.twice"):
        in_memory.open(kinds=[evolve(APPOINTMENT, commands=(Register,))])


def test_an_office_that_is_not_served_is_told_and_not_empty(walk):
    with pytest.raises(RefusedError, match=r"office\.unknown"):
        walk.service.find(actor=Actor.ministry(), office="payakumbu")


@pytest.mark.parametrize(
    ("kind", "known"), [("application", "PIN_SENT"), ("identity", "ENDED"), ("resident", "KNOWN")]
)
def test_a_status_that_no_record_of_a_kind_has_is_told_with_those_that_are(walk, kind, known):
    assert walk.service.find(kind, actor=Actor.ministry(), status=known) is not None
    with pytest.raises(InputError, match=rf"record\.status: one of .*{known}"):
        walk.service.find(kind, actor=Actor.ministry(), status=known.lower())
