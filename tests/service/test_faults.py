"""The fault loop: every single call of the store fails once, and nothing is lost or doubled.

Whoever asked repeats the very same write under the very same key until it is answered.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

import ikd
from ikd.core.errors import StoreError
from ikd.core.ports import Done
from ikd.testing import FaultyStore
from ikd.testing.mailbox import Mailbox

_T0 = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
_A_LEASE = timedelta(seconds=181)
_STEP = {"nightly": 1, "ci": 5}.get(os.environ.get("IKD_PROFILE", "dev"), 17)
"""Every call at night; else every fifth or 17th, each mode beginning at another one."""

MODES = [("before", False), ("after", False), ("before", True)]


class Stubborn:
    """Repeats what a store's failure left unanswered; in between the store is mended.

    Reading is repeated as well, and so is everything else that a front end may do.
    """

    def __init__(self, service, faulty):
        self._service = service
        self._faulty = faulty

    def __getattr__(self, name):
        call = getattr(self._service, name)
        return lambda *given, **named: self._until_answered(lambda: call(*given, **named))

    def _until_answered(self, call):
        for _ in range(3):
            try:
                return call()
            except StoreError as error:
                if error.code != "store.failed":
                    raise
            self._faulty._lasting = False
        raise AssertionError("still no answer")


def journey(world, office, fail_at, mode, *, lasting=False):
    """Walk a whole journey with a wrong PIN while the *fail_at*-th call of the store fails."""
    service = world.open()
    faulty = FaultyStore(service._parts.store, fail_at=fail_at, mode=mode, lasting=lasting)
    object.__setattr__(service._parts, "store", faulty)
    walk = world.walk(Stubborn(service, faulty), office)
    walk.wait = lambda: world.clock.advance(_A_LEASE)
    application_id = walk.to_pin()
    for _ in range(4):
        if walk.read_pin() is None:  # the mail waits for its next try
            world.clock.advance(_A_LEASE)
            walk.service.deliver_due()
    wrong = f"{(int(walk.read_pin()) + 1) % 10**6:06d}"
    walk.enter_pin(application_id, wrong)
    identity_id = walk.to_passcode()
    object.__setattr__(service._parts, "store", faulty._store)
    return service, walk, faulty, identity_id


def settle(world, service):
    """Let every lease run out and everything be delivered."""
    for _ in range(6):
        world.clock.advance(_A_LEASE)
        service.deliver_due()


def check(service, walk, identity_id, laws):
    laws(service)
    assert service.get(identity_id, "identity", actor=ikd.Actor.system()).passcode_id is not None
    assert (
        len(service.find("application", actor=ikd.Actor.system()))
        == len(service.find("identity", actor=ikd.Actor.system()))
        == 1
    )
    application_id = service.get(identity_id, "identity", actor=ikd.Actor.system()).application_id
    names = Counter(
        type(entry.event).__name__
        for entry in service.history(application_id, actor=ikd.Actor.system())
    )
    assert (names["Registered"], names["PinRefused"], names["Activated"]) == (1, 1, 1)
    assert [count for name, count in names.items() if count > 1 and name not in _OFTEN] == []
    assert (
        service.owed(actor=ikd.Actor.system())
        == service.owed(Done.PARKED, actor=ikd.Actor.system())
        == ()
    )


_OFTEN = {"QuestionAsked"}


@pytest.mark.parametrize(("mode", "lasting"), MODES)
def test_each_call_of_the_store_fails_once_and_the_journey_is_finished_with_one_effect(
    in_memory, office, mode, lasting, laws, tmp_path
):
    fail_at, met = 1 + MODES.index((mode, lasting)), True
    while met:
        in_memory.folder = tmp_path / str(fail_at)
        in_memory.clock.set(_T0)
        in_memory.registry = type(in_memory.registry)()
        service, walk, faulty, identity_id = journey(
            in_memory, office, fail_at, mode, lasting=lasting
        )
        met = faulty.failed
        settle(in_memory, service)
        check(service, walk, identity_id, laws)
        _check_mails(in_memory, walk)
        in_memory.services.pop().close()
        fail_at += _STEP
    assert fail_at > 100


def _check_mails(world, walk):
    """One notice is one mail: a copy goes to the same file under the same Message-ID."""
    mails = Mailbox(world.folder / "mails").messages(walk.walker.email)
    assert len({str(mail["Message-ID"]) for mail in mails}) == len(mails)
    assert sorted(Counter(str(mail["Subject"]) for mail in mails).values()) == [1] * len(mails)
