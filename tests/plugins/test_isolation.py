"""A call into foreign code comes back, raises or hangs, and is told apart in time."""

from __future__ import annotations

import threading

import pytest

from ikd.plugins.isolation import Hung, Limits, Raised, Returned, Switch, attempt, here

LIMITS = Limits(failures=3, rest=60, stuck=2)


def raising(error: BaseException):
    def call(*_: object) -> None:
        raise error

    return call


@pytest.mark.parametrize(
    "error",
    [ValueError(), SystemExit(), KeyboardInterrupt(), GeneratorExit(), RecursionError()],
    ids=lambda error: type(error).__name__,
)
def test_whatever_is_raised_in_a_thread_is_caught(error: BaseException) -> None:
    assert attempt(raising(error), 5, "test") == Raised(error)


def test_what_is_returned_comes_back() -> None:
    assert attempt(lambda: 7, 5, "test") == Returned(7)


def test_a_call_that_hangs_is_left_behind() -> None:
    free = threading.Event()
    outcome = attempt(free.wait, 0.05, "test")
    assert isinstance(outcome, Hung)
    assert outcome.thread.daemon
    free.set()
    outcome.thread.join()


def test_a_coroutine_is_closed_so_that_nothing_warns() -> None:
    async def lazy() -> None: ...

    outcome = attempt(lazy, 5, "test")
    assert isinstance(outcome, Returned)
    assert outcome.value.cr_frame is None


def test_no_thread_left_is_a_failure_of_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Thread, "start", raising(RuntimeError("can't start")))
    assert isinstance(attempt(lambda: 7, 5, "test"), Raised)


def test_the_users_own_interrupt_passes_in_the_main_thread() -> None:
    with pytest.raises(KeyboardInterrupt):
        here(raising(KeyboardInterrupt()))


def test_an_exit_is_caught_in_the_main_thread_too() -> None:
    assert isinstance(here(raising(SystemExit())), Raised)


def test_an_outcome_shows_nothing_of_what_it_holds() -> None:
    secret = "402917"
    assert secret not in repr(Returned(secret)) + repr(Raised(ValueError(secret)))


def test_the_third_failure_in_a_row_switches_off_for_a_while() -> None:
    at = [0.0]
    switch = Switch(LIMITS, for_good=False, clock=lambda: at[0])
    assert [switch.failed(), switch.failed(), switch.on, switch.failed(), switch.on] == [
        *(False, False, True, True, False),
    ]
    at[0] = 59.9
    assert not switch.on
    at[0] = 60
    assert switch.on


def test_after_its_rest_one_more_failure_switches_off_again() -> None:
    at = [0.0]
    switch = Switch(LIMITS, for_good=False, clock=lambda: at[0])
    for _ in range(3):
        switch.failed()
    at[0] = 60
    assert switch.failed()
    assert not switch.on


def test_a_success_begins_the_row_anew() -> None:
    switch = Switch(LIMITS, for_good=True)
    for _ in range(5):
        switch.failed()
        switch.failed()
        switch.worked()
    assert switch.on


def test_for_good_is_for_good() -> None:
    at = [0.0]
    switch = Switch(LIMITS, for_good=True, clock=lambda: at[0])
    for _ in range(3):
        switch.failed()
    at[0] = 1e9
    switch.worked()
    assert not switch.on


def test_hanging_calls_are_counted_while_they_hang() -> None:
    free = threading.Event()
    threads = [threading.Thread(target=free.wait, daemon=True) for _ in range(2)]
    switch = Switch(LIMITS, for_good=False)
    for thread in threads:
        thread.start()
        switch.failed(thread)
        switch.worked()
    assert not switch.on
    free.set()
    for thread in threads:
        thread.join()
    assert switch.on
