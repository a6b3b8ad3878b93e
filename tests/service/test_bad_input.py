"""Bad input: a clear error with a stable code, nothing changed, no foreign exception."""

from __future__ import annotations

import attrs
import pytest

from ikd import commands as do
from ikd.core.errors import (
    ContactError,
    IkdError,
    InputError,
    NikError,
    RefusedError,
    SecretError,
    TokenError,
)
from ikd.core.ports import Done
from ikd.core.records.actor import Actor
from ikd.core.resident.device import Device

ID = "0" * 32
JUNK = [None, 5, 1.5, b"x", [], {}, object(), True]


def registering(**changes):
    given = {
        "office": "payakumbuh",
        "nik": "1376015708909901",
        "email": "a@example.org",
        "phone": "081234567890",
        "device": Device(kind="smartphone", platform="android", os_version="14", online=True),
    }
    return do.Register(**{**given, **changes})


@pytest.mark.parametrize(
    ("make", "error", "code"),
    [
        (lambda: registering(nik=""), NikError, "nik.length"),
        (lambda: registering(nik="137601570890990"), NikError, "nik.length"),
        (lambda: registering(nik="13760157089O9901"), NikError, "nik.digits"),
        (lambda: registering(nik="1376019908909901"), NikError, "nik.date"),
        (lambda: registering(nik="0076015708909901"), NikError, "nik.province"),
        (lambda: registering(nik="1376015708900000"), NikError, "nik.serial"),
        (lambda: registering(email="a@b@example.org"), ContactError, "email.form"),
        (lambda: registering(email="a@example.org\nBcc: b@example.org"), ContactError, None),
        (lambda: registering(phone="12"), ContactError, None),
        (lambda: registering(phone="081234567890;ext=9"), ContactError, None),
        (lambda: registering(office=""), InputError, "command.office"),
        (lambda: registering(office="x" * 65), InputError, "command.office"),
        (lambda: registering(more={"a": "b" * 257}), InputError, "command.more"),
        (lambda: Device(kind="fridge"), InputError, None),
        (
            lambda: Device(kind="smartphone", platform="android", os_version="14", key=b"x"),
            InputError,
            None,
        ),
        (lambda: do.EnterPin(application_id=ID, pin="12345", proof=b"x"), SecretError, "pin.form"),
        (
            lambda: do.EnterPin(application_id=ID, pin="１２３４５６", proof=b"x"),
            SecretError,
            "pin.form",
        ),
        (
            lambda: do.EnterPin(application_id=ID, pin="123456", proof=b""),
            InputError,
            "command.proof",
        ),
        (lambda: do.EnterPin(application_id="x", pin="123456", proof=b"x"), InputError, "id.form"),
        (lambda: do.Approve(application_id=ID.upper() + "\n"), InputError, "id.form"),
        (lambda: do.Reject(application_id=ID, reason="because"), InputError, "command.reason"),
        (
            lambda: do.Review(application_id=ID, verified=1, validated=True),
            InputError,
            "command.verified",
        ),
        (lambda: do.ScanPairing(token="x" * 2001), InputError, "command.token"),
        (lambda: do.SignIn(identity_id=ID, proof=b"x"), InputError, "command.sign_in"),
        (
            lambda: do.SetPasscode(identity_id=ID, passcode="123456", proof=b"x"),
            SecretError,
            "passcode.weak",
        ),
        (lambda: Actor.resident("1376015708909901"), InputError, "actor.id"),
        (lambda: Actor.operator("op", office=""), InputError, "actor.office"),
    ],
)
def test_a_malformed_value_is_refused_where_it_is_made(make, error, code):
    with pytest.raises(error) as met:
        make()
    assert code is None or met.value.code == code


# --- what the service itself is handed --------------------------------------------------------


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: type(junk).__name__)
def test_what_is_no_command_no_actor_or_no_key_is_refused(world, contents, junk):
    service = world.open()
    before = contents(service)
    good = do.Approve(application_id=ID)
    for command, actor, key, code in [
        (junk, Actor.ministry(), "k", "command.unknown"),
        (good, junk, "k", "actor.unknown"),
        (good, Actor.ministry(), junk, "key.form"),
    ]:
        with pytest.raises(InputError) as met:
            service.handle(command, actor=actor, key=key)
        assert met.value.code == code
    assert contents(service) == before
    assert service.refusals(actor=Actor.system()) == ()


@pytest.mark.parametrize("key", ["", "x" * 129, "a\nb", "\x00"])
def test_a_key_is_up_to_128_printable_characters(world, key):
    with pytest.raises(InputError) as met:
        world.open().handle(do.Approve(application_id=ID), actor=Actor.ministry(), key=key)
    assert met.value.code == "key.form"


READS = {
    "get": lambda service, junk: service.get(junk, actor=Actor.system()),
    "get kind": lambda service, junk: service.get(ID, junk, actor=Actor.system()),
    "find kind": lambda service, junk: service.find(junk, actor=Actor.system()),
    "find office": lambda service, junk: service.find(office=junk or 0, actor=Actor.system()),
    "find status": lambda service, junk: service.find(status=junk or 0, actor=Actor.system()),
    "find limit": lambda service, junk: service.find(
        limit=-1 if junk == 5 else junk, actor=Actor.system()
    ),
    "find after": lambda service, junk: service.find(after=junk or 0, actor=Actor.system()),
    "history": lambda service, junk: service.history(junk, actor=Actor.system()),
    "history kind": lambda service, junk: service.history(ID, junk, actor=Actor.system()),
    "deadlines": lambda service, junk: service.deadlines(junk, actor=Actor.system()),
    "owed": lambda service, junk: service.owed(junk, actor=Actor.system()),
    "owed limit": lambda service, junk: service.owed(
        limit=-1 if junk == 5 else junk, actor=Actor.system()
    ),
    "retry": lambda service, junk: service.retry(junk),
    "refusals": lambda service, junk: service.refusals(
        limit=-1 if junk == 5 else junk, actor=Actor.system()
    ),
    "deliver_due": lambda service, junk: service.deliver_due(limit=-1 if junk == 5 else junk),
    "challenge": lambda service, junk: service.challenge(junk, "enter_pin"),
    "challenge act": lambda service, junk: service.challenge(ID, junk),
    "captcha": lambda service, junk: service.captcha(junk),
    "station_token": lambda service, junk: service.station_token(junk, "loket-1"),
    "station": lambda service, junk: service.station_token("payakumbuh", junk),
    "pairing_token": lambda service, junk: service.pairing_token(junk, lambda m: m),
    "credential": lambda service, junk: service.credential(junk, actor=Actor.system()),
}


@pytest.mark.parametrize("read", READS)
def test_reading_with_the_wrong_types_is_refused(world, contents, read):
    service = world.open()
    before = contents(service)
    for junk in JUNK:
        with pytest.raises(InputError):
            READS[read](service, junk)
    assert contents(service) == before


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (lambda service: service.get(ID, actor=Actor.system()), "record.unknown"),
        (lambda service: service.get(ID, "identity", actor=Actor.system()), "record.unknown"),
        (lambda service: service.history(ID, actor=Actor.system()), "record.unknown"),
        (lambda service: service.deadlines(ID, actor=Actor.system()), "record.unknown"),
        (lambda service: service.credential(ID, actor=Actor.system()), "record.unknown"),
        (lambda service: service.pairing_token(ID, lambda m: m), "record.unknown"),
        (lambda service: service.retry(ID), "store.unknown"),
        (lambda service: service.station_token("nowhere", "loket-1"), "office.unknown"),
    ],
)
def test_what_is_unknown_is_said_to_be_unknown(world, read, code):
    with pytest.raises(IkdError) as met:
        read(world.open())
    assert met.value.code == code


def _all_commands(application_id, identity_id):
    """One of each command, well formed, with proofs and tokens that are none."""
    case, found = {"application_id": application_id}, {"identity_id": identity_id}
    return [
        (do.SubmitBiometric(**case, method="face", sample=b"x", proof=b"x"), "resident"),
        (do.ReportStep(**case, step="biometric", passed=True), "registry"),
        (do.AskAgain(**case), "operator"),
        (do.Review(**case, verified=True, validated=True), "ministry"),
        (do.AnswerPairing(**case, token="IKDO:X", proof=b"x"), "resident"),
        (do.ConfirmPresence(**case, check_code="1234"), "operator"),
        (do.Approve(**case), "operator"),
        (do.Reject(**case), "operator"),
        (do.EnterPin(**case, pin="123456", proof=b"x"), "resident"),
        (do.ReissuePin(**case, proof=b"x"), "resident"),
        (do.Withdraw(**case, proof=b"x"), "resident"),
        (do.SignIn(**found, pin="123456", proof=b"x"), "resident"),
        (do.SetPasscode(**found, passcode="582931", proof=b"x"), "resident"),
        (do.RenewSignIn(**found, proof=b"x"), "resident"),
        (do.ResetSignIn(**found, token="IKDR:X"), "operator"),
    ]


ACTORS = {
    "resident": Actor.resident("resident-1-1"),
    "operator": Actor.operator("operator-1", office="payakumbuh", station="loket-1"),
    "ministry": Actor.ministry(),
    "registry": Actor.registry(),
}


def test_a_command_for_an_unknown_record_changes_nothing(world, contents):
    service = world.open()
    before = contents(service)
    for number, (command, who) in enumerate(_all_commands(ID, ID)):
        with pytest.raises(RefusedError) as met:
            service.handle(command, actor=ACTORS[who], key=f"k{number}")
        assert met.value.code == "record.unknown"
    assert contents(service) == before
    assert {refusal.code for refusal in service.refusals(actor=Actor.system())} == {
        "record.unknown"
    }


@pytest.mark.parametrize("state", ["REJECTED", "WITHDRAWN", "EXPIRED", "ACTIVATED"])
def test_a_command_in_the_wrong_state_changes_nothing(world, contents, state):
    """Whatever is asked of a case that has ended, with proofs that would have been good."""
    walk = world.walk(world.open())
    service = walk.service
    application_id, identity_id = _ended(world, walk, state)
    before = contents(service)
    for number, (command, who) in enumerate(_all_commands(application_id, identity_id)):
        asked = _proven(walk, command) if hasattr(command, "proof") else command
        with pytest.raises((RefusedError, TokenError)) as met:
            service.handle(asked, actor=ACTORS[who], key=f"k{number}")
        assert met.value.code
    assert contents(service) == before


_ACTS = {
    do.SubmitBiometric: "submit_biometric",
    do.AnswerPairing: "answer_pairing",
    do.EnterPin: "enter_pin",
    do.ReissuePin: "reissue_pin",
    do.Withdraw: "withdraw",
    do.SignIn: "sign_in",
    do.SetPasscode: "set_passcode",
    do.RenewSignIn: "renew_sign_in",
}


def _proven(walk, command):
    record_id = getattr(command, "application_id", None) or command.identity_id
    kind = "application" if hasattr(command, "application_id") else "identity"
    transcript = (
        walk.service.get(record_id, kind, actor=Actor.system()).transcript
        if record_id != ID
        else b""
    )
    proof = walk.proof(record_id, _ACTS[type(command)], transcript or b"")
    return attrs.evolve(command, proof=proof)


def _ended(world, walk, state):
    """End a case in *state*; return it and the identity, if one came of it."""
    if state == "ACTIVATED":
        walk.to_passcode()
        (found,) = walk.service.find("identity", actor=Actor.system())
        ended = walk.service.get(found.id, "identity", actor=Actor.system())
        return ended.application_id, ID
    application_id = walk.register().id
    if state == "REJECTED":
        decider = walk.officer(walk.office.decision.by)
        walk.ask(do.Reject(application_id=application_id), decider, "end")
    elif state == "WITHDRAWN":
        walk.ask(do.Withdraw(application_id=application_id), walk.operator, "end")
    else:
        world.clock.set(walk.service.get(application_id, actor=Actor.system()).due)
        walk.service.deliver_due()
    assert walk.service.get(application_id, actor=Actor.system()).status.value == state
    return application_id, ID


def test_a_record_that_another_process_moved_is_loaded_and_decided_again(on_disk, office):
    """Two services on one database: neither knows what the other did, and neither overwrites."""
    first, second = on_disk.open(), on_disk.open()
    walk = on_disk.walk(first, office)
    application_id = walk.to_pin()
    here, there = (
        first.get(application_id, actor=Actor.system()),
        second.get(application_id, actor=Actor.system()),
    )
    assert here == there
    wrong = f"{(int(walk.read_pin()) + 1) % 10**6:06d}"
    walk.enter_pin(application_id, wrong)
    walk.service = second
    walk.enter_pin(application_id, wrong)
    walk.service = first
    assert walk.enter_pin(application_id, wrong).events[0].attempts_left == 0
    assert second.get(application_id, actor=Actor.system()).pin_tries == 3


def test_an_office_that_is_not_served_is_refused(world):
    service = world.open(offices=["wakatobi"])
    walk = world.walk(service, "payakumbuh")
    with pytest.raises(RefusedError) as met:
        walk.register()
    assert met.value.code == "office.unknown"


def test_a_closed_service_says_that_it_is_closed(world):
    service = world.open()
    walk = world.walk(service)
    service.close()
    service.close()
    for act in (
        walk.register,
        lambda: service.find(actor=Actor.system()),
        service.deliver_due,
        lambda: service.owed(Done.SENT, actor=Actor.system()),
    ):
        with pytest.raises(IkdError) as met:
            act()
        assert met.value.code == "store.closed"


def test_a_service_closes_at_the_end_of_its_block(world):
    with world.open() as service:
        assert service.find(actor=Actor.system()) == ()
    with pytest.raises(IkdError):
        service.find(actor=Actor.system())


def test_a_result_is_of_one_kind(world):
    walk = world.walk(world.open())
    registered = walk.register()
    assert registered.application is registered.record
    with pytest.raises(AttributeError):
        _ = registered.identity
    identity_id = walk.to_passcode()
    transcript = walk.service.get(identity_id, "identity", actor=Actor.system()).transcript
    proof = walk.proof(identity_id, "sign_in", transcript)
    signed_in = walk.ask(
        do.SignIn(identity_id=identity_id, passcode="582931", proof=proof), walk.resident, "in"
    )
    assert (signed_in.identity, signed_in.kind) == (signed_in.record, "identity")
    with pytest.raises(AttributeError):
        _ = signed_in.application
