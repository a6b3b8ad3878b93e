"""A phone whose clock is wrong is paired all the same, once a proof has told how wrong it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from ikd import commands as do
from ikd.core.errors import IkdError

SECONDS = [-365 * 86_400, -90, -31, 31, 3600, 365 * 86_400]


def at_the_counter(world: Any, off: int) -> tuple[Any, str]:
    """Walk to the counter with a phone whose clock is *off* by so many seconds."""
    walk = world.walk(world.open())
    phone = attrs.evolve(walk, now=lambda: world.clock.now() + timedelta(seconds=off))
    number = phone.register().id
    for _ in range(2):
        phone.next(number)
    return phone, number


@pytest.mark.parametrize("off", SECONDS)
def test_a_phone_that_is_fast_or_slow_is_paired_at_payakumbuh(in_memory: Any, off: int) -> None:
    phone, number = at_the_counter(in_memory, off)
    phone.next(number)
    assert phone.service.get(number, actor=phone.operator).presence_at is not None


def test_its_qr_lives_as_long_as_any_other_by_its_own_clock(in_memory: Any) -> None:
    phone, number = at_the_counter(in_memory, -3600)
    token = phone.walker.device.pairing_token(number, phone.now())
    in_memory.clock.advance(timedelta(seconds=90))
    with pytest.raises(IkdError) as caught:
        phone.ask(do.ScanPairing(token=token), phone.operator, "scan")
    assert caught.value.code == "token.expired"
    assert "jam ponsel" in caught.value.public.id
    assert "spelling" not in caught.value.public.en


def test_a_phone_whose_clock_nobody_knows_yet_is_told_of_its_clock(in_memory: Any) -> None:
    phone, number = at_the_counter(in_memory, 0)
    token = phone.walker.device.pairing_token(number, phone.now() + timedelta(seconds=31))
    with pytest.raises(IkdError) as caught:
        phone.ask(do.ScanPairing(token=token), phone.operator, "scan")
    assert caught.value.code == "token.early"
    assert "the phone's clock" in caught.value.public.en


def test_a_right_phone_is_paired_though_its_proof_was_long_on_its_way(in_memory: Any) -> None:
    phone, number = at_the_counter(in_memory, -60)
    right = attrs.evolve(phone, now=in_memory.clock.now)
    right.next(number)
    assert phone.service.get(number, actor=phone.operator).presence_at is not None


def test_a_qr_of_a_slow_phone_counts_once_however_old_it_looks(
    in_memory: Any, database: Any
) -> None:
    phone, number = at_the_counter(in_memory, -365 * 86_400)
    token = phone.walker.device.pairing_token(number, phone.now())
    phone.ask(do.ScanPairing(token=token), phone.operator, "scan")
    phone.service.deliver_due()
    in_memory.clock.advance(timedelta(hours=2))
    phone.service.deliver_due()  # and what died is dropped every hour
    held = database(phone.service, "SELECT 1 FROM claims WHERE space = 'token:pairing'")
    assert len(held) == 1
