"""Races: what is compared is committed, and nothing is compared twice or counted never."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

import ikd
from ikd import commands as do
from ikd import events
from ikd.core.errors import IkdError
from ikd.core.secrets.pin import argon2id


def _at_once(acts):
    """Run every act in a thread of its own, all released together; return what each met."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except IkdError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _entering(walk, application_id, pin, number):
    application = walk.service.get(application_id, actor=ikd.Actor.system())
    command = do.EnterPin(
        application_id=application_id,
        pin=pin,
        proof=walk.proof(application_id, "enter_pin", application.transcript),
        captcha=walk.solve(application_id) if walk.office.pin.captcha.value else None,
    )
    return lambda: walk.ask(command, walk.resident, f"race/{number}")


def _refused(met):
    return [
        happened
        for result in met
        if not isinstance(result, IkdError)
        for happened in result.events
        if isinstance(happened, events.PinRefused)
    ]


@pytest.mark.parametrize("round_", range(8))
def test_64_racing_guesses_spend_at_most_one_pin_s_tries(world, office, round_):
    service = world.open()
    walk = world.walk(service, office)
    application_id = walk.to_pin()
    wrong = f"{(int(walk.read_pin()) + 1) % 10**6:06d}"
    met = _at_once([_entering(walk, application_id, wrong, n) for n in range(64)])
    application = service.get(application_id, actor=ikd.Actor.system())
    assert len(_refused(met)) == application.pin_tries == 3
    left = sorted(happened.attempts_left for happened in _refused(met))
    assert left == [0, 1, 2]


def test_racing_guesses_and_reissues_stay_within_the_application_s_budget(world):
    service = world.open()
    walk = world.walk(service)
    application_id = walk.to_pin()
    compared = 0
    for number in range(4):
        pin = walk.read_pin()
        wrong = f"{(int(pin) + 1) % 10**6:06d}"
        met = _at_once([_entering(walk, application_id, wrong, f"{number}/{n}") for n in range(16)])
        compared += len(_refused(met))
        world.clock.advance(walk.office.pin.cooldown.value)
        _reissue(walk, application_id, number)
    assert compared == service.get(application_id, actor=ikd.Actor.system()).pin_tries == 4
    assert service.get(application_id, actor=ikd.Actor.system()).status.value == "LOCKED"


def _reissue(walk, application_id, number):
    application = walk.service.get(application_id, actor=ikd.Actor.system())
    proof = walk.proof(application_id, "reissue_pin", application.transcript)
    command = do.ReissuePin(application_id=application_id, proof=proof)
    return _at_once([lambda: walk.ask(command, walk.resident, f"reissue/{number}")])[0]


@pytest.mark.parametrize("round_", range(8))
def test_racing_right_pins_activate_exactly_once(world, office, round_):
    service = world.open()
    walk = world.walk(service, office)
    application_id = walk.to_pin()
    pin = walk.read_pin()
    met = _at_once([_entering(walk, application_id, pin, n) for n in range(16)])
    activated = [m for m in met if not isinstance(m, IkdError) and m.events]
    assert len(activated) == 1
    assert len(service.find("identity", actor=ikd.Actor.system())) == 1


def test_racing_right_pins_activate_exactly_once_with_argon2id(world):
    service = world.open(kdf=argon2id)
    walk = world.walk(service)
    application_id = walk.to_pin()
    met = _at_once([_entering(walk, application_id, walk.read_pin(), n) for n in range(8)])
    assert len([m for m in met if not isinstance(m, IkdError) and m.events]) == 1


def test_one_scanned_token_counts_once(world):
    service = world.open()
    walk = world.walk(service)
    application_id = walk.register().id
    while service.get(application_id, actor=ikd.Actor.system()).done[-1] != "ministry_review":
        walk.next(application_id)
    token = walk.walker.device.pairing_token(application_id, world.clock.now())
    scan = do.ScanPairing(token=token)
    met = _at_once([lambda n=n: walk.ask(scan, walk.operator, f"scan/{n}") for n in range(16)])
    assert len([m for m in met if not isinstance(m, IkdError)]) == 1


def test_racing_registrations_of_one_nik_share_one_resident(world):
    service = world.open()
    walks = [world.walk(service, phone=n) for n in range(8)]
    met = _at_once([walk.register for walk in walks])
    assert len({result.application.resident_id for result in met}) == 1
    assert len(service.find("application", actor=ikd.Actor.system())) == 8


def test_racing_visits_of_one_nik_leave_one_running_case(world):
    service = world.open()
    walks = [world.walk(service, phone=n) for n in range(4)]
    met = _at_once([walk.to_pin for walk in walks])
    assert not [m for m in met if isinstance(m, IkdError) and m.code not in _LOST]
    running = [
        found.status
        for found in service.find(actor=ikd.Actor.system())
        if found.status in ("OPEN", "PIN_SENT")
    ]
    assert running == ["PIN_SENT"]


_LOST = {"status.refused", "step.not_next"}


def test_racing_activations_of_one_nik_leave_one_active_identity(world):
    service = world.open()
    walks = [world.walk(service, phone=n) for n in range(4)]
    _at_once([walk.to_activation for walk in walks])
    assert len(service.find("identity", status="ACTIVE", actor=ikd.Actor.system())) == 1


def test_one_key_has_one_effect_however_many_send_it_at_once(world):
    service = world.open()
    walk = world.walk(service)
    met = _at_once([walk.register for _ in range(16)])
    assert len({result.id for result in met}) == len(service.find(actor=ikd.Actor.system())) == 1
