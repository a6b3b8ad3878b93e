"""A machine that does anything in any order: two residents, two phones each, two offices.

Whatever is refused is refused; after every step every law holds.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ikd import commands as do
from ikd.core.errors import InputError, RefusedError
from ikd.core.ports import Done, Receipt
from ikd.core.records.actor import Actor
from ikd.testing.mailbox import _PIN
from ikd.testing.soft_device import transcript_of

SIZES = {"dev": (6, 40), "ci": (15, 50), "nightly": (1000, 60)}
EXAMPLES, STEPS = SIZES.get(os.environ.get("IKD_PROFILE", "dev"), SIZES["dev"])

OFFICES = {1: "payakumbuh", 2: "wakatobi"}
who = st.sampled_from([(number, phone) for number in (1, 2) for phone in (1, 2)])
leaps = st.sampled_from(
    [timedelta(seconds=s) for s in (-86400, -3600, -60, 1, 61, 61, 120, 1900, 86_400)]
    + [timedelta(days=d) for d in (8, 31, 200)]
)


class Watchful:
    """A channel that takes everything, and looks whether what it takes still counts."""

    name, medium = "watchful", "email"

    def __init__(self, machine):
        self.machine = machine
        self.pins = {}

    def deliver(self, message):
        machine = self.machine
        (item,) = [
            i for i in machine.service.owed(limit=1000, actor=Actor.system()) if i.id == message.id
        ]
        found = _PIN.search(message.text)
        if found:
            record = machine.service.get(item.record_id, item.record_kind, actor=Actor.system())
            assert record.pin is not None
            assert record.pin.id == item.subject
            assert machine.world.clock.now() < record.pin.until
            self.pins.setdefault(message.to, []).append(found[0])
        return Receipt()


class Anything(RuleBasedStateMachine):
    """Does anything to anybody."""

    def __init__(self, make_world, laws):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.world = make_world(self.folder)
        self.laws = laws
        self.mail = Watchful(self)
        self.keys = itertools.count()
        self.service = self.world.open(channels=[self.mail])
        self.walks, self.cases = {}, {}
        for number, phone in itertools.product((1, 2), (1, 2)):
            walk = self.world.walk(self.service, OFFICES[phone], number, phone)
            walk.wait = lambda: None
            walk.read_pin = lambda to=walk.walker.email: (self.mail.pins.get(to) or [None])[-1]
            self.walks[number, phone] = walk

    def teardown(self):
        self.world.close()
        shutil.rmtree(self.folder)

    def ask(self, walk, command, actor):
        return walk.ask(command, actor, f"any/{next(self.keys)}")

    def of(self, one):
        """Return the walk and newest application of *one*, or refuse."""
        if one not in self.cases:
            raise RefusedError("record.unknown")
        return self.walks[one], self.service.get(self.cases[one], actor=Actor.system())

    def identity_of(self, one):
        walk, application = self.of(one)
        if application.identity_id is None:
            raise RefusedError("record.unknown")
        return walk, self.service.get(application.identity_id, "identity", actor=Actor.system())

    # --- what people do ---------------------------------------------------------------------

    @rule(one=who)
    def registers(self, one):
        walk = self.walks[one]
        name = f"resident-{one[0]}-{one[1]}-{next(self.keys)}"
        walk.walker = attrs.evolve(walk.walker, name=name)
        self.cases[one] = walk.register().id

    @rule(one=who)
    def goes_on(self, one):
        with allowed():
            walk, application = self.of(one)
            walk.next(application.id)

    @rule(one=who)
    def walks_to_the_pin(self, one):
        if one not in self.cases:
            self.registers(one)
        for _ in range(8):
            self.goes_on(one)

    @rule(one=who, good=st.booleans())
    def hands_in_a_sample(self, one, good):
        with allowed():
            walk, application = self.of(one)
            command = do.SubmitBiometric(
                application_id=application.id,
                method="face",
                moving=True,
                sample=walk.walker.samples["face"] if good else b"another face",
                proof=walk.proof(application.id, "submit_biometric", application.transcript or b""),
            )
            self.ask(walk, command, walk.resident)

    @rule(one=who, passed=st.booleans())
    def is_reviewed(self, one, passed):
        with allowed():
            walk, application = self.of(one)
            command = do.Review(application_id=application.id, verified=True, validated=passed)
            self.ask(walk, command, Actor.ministry())

    @rule(one=who)
    def shows_the_phone(self, one):
        with allowed():
            walk, application = self.of(one)
            token = walk.walker.device.pairing_token(application.id, self.world.clock.now())
            self.ask(walk, do.ScanPairing(token=token), walk.operator)

    @rule(one=who, confirmed=st.booleans())
    def reads_the_office_s_qr(self, one, confirmed):
        with allowed():
            walk, application = self.of(one)
            token = self.service.station_token(walk.office.id, walk.station)
            proof = walk.proof(application.id, "answer_pairing", transcript_of(token))
            answer = do.AnswerPairing(application_id=application.id, token=token, proof=proof)
            self.ask(walk, answer, walk.resident)
            code = walk.walker.device.check_code(token) if confirmed else "none"
            confirm = do.ConfirmPresence(application_id=application.id, check_code=code)
            self.ask(walk, confirm, walk.operator)

    @rule(one=who)
    def is_approved(self, one):
        with allowed():
            walk, application = self.of(one)
            decider = walk.officer(walk.office.decision.by)
            self.ask(walk, do.Approve(application_id=application.id), decider)

    @rule(one=who)
    def is_rejected(self, one):
        with allowed():
            walk, application = self.of(one)
            decider = walk.officer(walk.office.decision.by)
            self.ask(walk, do.Reject(application_id=application.id), decider)

    @rule(one=who, by_phone=st.booleans())
    def withdraws(self, one, by_phone):
        with allowed():
            walk, application = self.of(one)
            transcript = application.transcript or b""
            proof = walk.proof(application.id, "withdraw", transcript) if by_phone else None
            command = do.Withdraw(application_id=application.id, proof=proof)
            self.ask(walk, command, walk.resident if by_phone else walk.operator)

    @rule(one=who, other=who, right=st.booleans())
    def enters_a_pin(self, one, other, right):
        """Their own newest PIN, somebody else's, or a wrong one."""
        with allowed():
            walk, application = self.of(one)
            pin = self.walks[one if right else other].read_pin() or "123456"
            if not right and pin == walk.read_pin():
                pin = f"{(int(pin) + 1) % 10**6:06d}"
            walk.enter_pin(application.id, pin)

    @rule(one=who)
    def asks_for_another_pin(self, one):
        with allowed():
            walk, application = self.of(one)
            proof = walk.proof(application.id, "reissue_pin", application.transcript or b"")
            command = do.ReissuePin(application_id=application.id, proof=proof)
            self.ask(walk, command, walk.resident)

    # --- what residents do with an identity ----------------------------------------------------

    @rule(one=who, right=st.booleans(), by_pin=st.booleans())
    def signs_in(self, one, right, by_pin):
        with allowed():
            walk, identity = self.identity_of(one)
            secret = {"passcode": "582931" if right else "771904"}
            if by_pin:
                pin = walk.read_pin() or "123456"
                secret = {"pin": pin if right else f"{(int(pin) + 1) % 10**6:06d}"}
            proof = walk.proof(identity.id, "sign_in", identity.transcript)
            command = do.SignIn(identity_id=identity.id, proof=proof, **secret)
            self.ask(walk, command, walk.resident)

    @rule(one=who)
    def sets_a_passcode(self, one):
        with allowed():
            walk, identity = self.identity_of(one)
            proof = walk.proof(identity.id, "set_passcode", identity.transcript)
            command = do.SetPasscode(identity_id=identity.id, passcode="582931", proof=proof)
            self.ask(walk, command, walk.resident)

    @rule(one=who)
    def renews_the_sign_in(self, one):
        with allowed():
            walk, identity = self.identity_of(one)
            proof = walk.proof(identity.id, "renew_sign_in", identity.transcript)
            self.ask(walk, do.RenewSignIn(identity_id=identity.id, proof=proof), walk.resident)

    @rule(one=who)
    def has_the_sign_in_reset(self, one):
        with allowed():
            walk, identity = self.identity_of(one)
            token = walk.walker.device.pairing_token(
                identity.application_id, self.world.clock.now()
            )
            self.ask(walk, do.ResetSignIn(identity_id=identity.id, token=token), walk.operator)

    @rule(one=who)
    def asks_for_the_credential(self, one):
        with allowed():
            _, identity = self.identity_of(one)
            assert self.service.credential(
                identity.id, actor=Actor.system()
            ) == self.service.credential(identity.id, actor=Actor.system())

    # --- what nobody does ------------------------------------------------------------------------

    @rule(by=leaps)
    def time_passes(self, by):
        self.world.clock.advance(by)

    @rule()
    def something_is_delivered(self):
        self.service.deliver_due()

    @rule(count=st.integers(1, 3))
    def the_registry_is_away(self, count):
        self.world.registry.fail_next(count)

    @rule()
    def everything_is_killed_and_started_again(self):
        if self.world.store == "memory://":
            return
        self.service.close()  # it stays listed: each one opened draws other ids
        self.service = self.world.open(channels=[self.mail])
        for walk in self.walks.values():
            walk.service = self.service

    @invariant()
    def every_law_holds(self):
        self.laws(self.service)
        for kind in ("application", "identity"):
            for row in self.service.find(kind, limit=1000, actor=Actor.system()):
                record = self.service.get(row.id, kind, actor=Actor.system())
                assert (row.status, row.due) == (record.status.value, record.due)
        failures = {
            item.failure
            for item in self.service.owed(Done.PARKED, limit=1000, actor=Actor.system())
        }
        assert failures <= {"registry.unavailable"}


@contextlib.contextmanager
def allowed():
    """Let a refusal pass: it changed nothing, and the laws say so after the step."""
    with contextlib.suppress(RefusedError, InputError):
        yield


@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_whatever_anybody_does_every_law_holds(make_world, laws, store):
    examples = EXAMPLES if store == "memory" else max(EXAMPLES // 2, 2)  # a disk takes its time
    chosen = settings(max_examples=examples, stateful_step_count=STEPS, deadline=None)
    run_state_machine_as_test(
        lambda: Anything(lambda folder: make_world(folder, store), laws), settings=chosen
    )
