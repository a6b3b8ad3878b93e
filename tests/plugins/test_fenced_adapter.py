"""A plugin's adapter behind its fence: fit ones pass unchanged, unfit ones become port errors."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.adapters.notification.file import FileChannel
from ikd.adapters.registry.simulated_resident import SimulatedResident
from ikd.adapters.registry.simulator import Simulator
from ikd.adapters.storage.memory import memory_store
from ikd.core.errors import (
    ConflictError,
    DeliveryError,
    InputError,
    KeySourceError,
    PortError,
    RegistryUnavailableError,
    StoreError,
)
from ikd.core.ports import CaptchaSource, Channel, Commit, KeySource, Receipt, Registry, Store
from ikd.core.resident.nik import Nik
from ikd.plugins.fenced_adapter import Fenced, FencedChannel
from ikd.plugins.isolation import Limits
from ikd.testing import ChannelContract, KeySourceContract, RegistryContract, StoreContract
from ikd.testing.channel_contract import sample_message
from ikd.testing.entropy import seeded_entropy

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NIK = "1376015708909901"
LIMITS = Limits()
QUICK = Limits(seconds=0.3)
PORTS = {
    Channel: ("deliver", (sample_message("sms"),), DeliveryError),
    Registry: ("ask", (None,), RegistryUnavailableError),
    CaptchaSource: ("puzzle", ("0" * 32,), PortError),
    KeySource: ("keyring", (), KeySourceError),
    Store: ("newest", (), StoreError),
}
PARAMS = pytest.mark.parametrize("port", PORTS, ids=lambda port: port.__name__)


class Adapter:
    """Answers every method with what *act* does."""

    def __init__(self, act) -> None:
        self._act = act

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: self._act()


def raises(error: BaseException):
    def act() -> None:
        raise error

    return act


def failure(port: type[Any], act, limits: Limits = LIMITS) -> Any:
    """Return what the fence makes of an adapter that acts so."""
    method, arguments, family = PORTS[port]
    with pytest.raises(family) as told:
        getattr(Fenced(Adapter(act), port, "ikd-x", limits), method)(*arguments)
    assert type(told.value) is family
    assert (told.value.__cause__, told.value.__context__) == (None, None)
    return told.value


# --- fit adapters keep their contracts behind the fence ---------------------------------------


class TestFencedStore(StoreContract):
    @pytest.fixture
    def store(self):
        return Fenced(memory_store(), Store, "ikd-x", Limits())


class TestFencedKeys(KeySourceContract):
    @pytest.fixture
    def keys(self):
        source = MemoryKeys(seeded_entropy("k"), NOW, stations=[self.place])
        return Fenced(source, KeySource, "ikd-x", Limits())


class TestFencedChannel(ChannelContract):
    @pytest.fixture
    def channel(self, tmp_path):
        inner = FileChannel(tmp_path)
        return FencedChannel(inner, "ikd-x", Limits(), name="x", medium="email", office="contoh")


class TestFencedRegistry(RegistryContract):
    @pytest.fixture
    def registry(self):
        person = SimulatedResident(
            nik=NIK, name="Ayu Lestari", birth_date=date(1990, 8, 17), recorded={"face": b"one"}
        )
        return Fenced(Simulator([person]), Registry, "ikd-x", Limits())

    @pytest.fixture
    def nik(self):
        return Nik.parse(NIK)

    @pytest.fixture
    def sample(self):
        return b"one"


# --- unfit ones ---------------------------------------------------------------------------------


@PARAMS
@pytest.mark.parametrize(
    "error",
    [
        ValueError("1376015708909901"),
        SystemExit("1376015708909901"),
        GeneratorExit("1376015708909901"),
        RecursionError("1376015708909901"),
        InputError("some.code", "1376015708909901"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_it_raises_becomes_its_ports_error_without_its_text(port, error) -> None:
    told = failure(port, raises(error))
    assert f"ikd-x: {PORTS[port][0]} raised {type(error).__name__}" in str(told)
    assert "1376015708909901" not in f"{told} {told!r} {vars(told)}"


@PARAMS
def test_an_interrupt_in_its_thread_is_its_own(port) -> None:
    if port is not Store:  # which runs in the caller's thread
        assert "KeyboardInterrupt" in str(failure(port, raises(KeyboardInterrupt())))


def test_an_interrupt_of_a_store_outside_the_main_thread_is_its_own() -> None:
    told: list[Any] = []
    worker = threading.Thread(
        target=lambda: told.append(failure(Store, raises(KeyboardInterrupt())))
    )
    worker.start()
    worker.join()
    assert "KeyboardInterrupt" in str(told[0])


async def coroutine() -> None: ...


@PARAMS
@pytest.mark.parametrize(
    "value",
    [
        *(True, 1, "ok", b"ok", {}, [], Receipt, object(), NOW.replace(tzinfo=None)),
        *(coroutine, lambda: iter(()), lambda: (_ for _ in ())),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_promised_is_no_answer(port, value) -> None:
    if port is KeySource and value == b"ok":
        return  # its keyring is bytes
    told = failure(port, value if callable(value) and value is not Receipt else lambda: value)
    assert "returned something else than promised" in str(told)


@pytest.mark.parametrize("value", [True, "done", object()])
def test_a_commit_that_answers_anything_is_no_commit(value) -> None:
    store = Fenced(Adapter(lambda: value), Store, "ikd-x", LIMITS)
    with pytest.raises(StoreError):
        store.commit(Commit(at=NOW))


def test_a_commit_that_was_never_awaited_is_no_commit() -> None:
    with pytest.raises(StoreError):
        Fenced(Adapter(coroutine), Store, "ikd-x", LIMITS).commit(Commit(at=NOW))


@pytest.mark.parametrize("port", [port for port in PORTS if port is not Store])
def test_a_hang_is_a_failure_in_time(port) -> None:
    free = threading.Event()
    assert "hangs" in str(failure(port, free.wait, QUICK))
    free.set()


def test_after_three_hangs_it_is_left_alone_and_then_tried_again() -> None:
    calls: list[int] = []
    free = threading.Event()

    def act() -> Receipt:
        calls.append(1)
        free.wait()
        return Receipt()

    at = [0.0]
    channel = Fenced(Adapter(act), Channel, "ikd-x", Limits(seconds=1), clock=lambda: at[0])
    for expected in ("hangs", "hangs", "hangs", "switched off", "switched off"):
        with pytest.raises(DeliveryError, match=expected) as told:
            channel.deliver(sample_message("sms"))
        assert told.value.retryable
    assert len(calls) == 3
    free.set()
    for thread in threading.enumerate():
        if thread.name.startswith("ikd-plugin-ikd-x"):
            thread.join()
    at[0] = LIMITS.rest
    assert channel.deliver(sample_message("sms")) == Receipt()


def test_raising_does_not_switch_off() -> None:
    channel = Fenced(Adapter(raises(ValueError())), Channel, "ikd-x", LIMITS)
    for _ in range(5):
        with pytest.raises(DeliveryError, match="raised"):
            channel.deliver(sample_message("sms"))


def test_a_store_is_given_all_the_time_it_takes() -> None:
    store = Fenced(Adapter(lambda: time.sleep(0.1)), Store, "ikd-x", Limits(seconds=0.01))
    assert store.newest() is None


# --- errors that a port allows --------------------------------------------------------------------


def test_a_refusal_for_good_stays_one_and_keeps_its_code() -> None:
    told = failure(Channel, raises(DeliveryError("sms.barred", "+6281234567890", retryable=False)))
    assert (told.code, told.retryable) == ("sms.barred", False)
    assert "6281234567890" not in str(told)


@pytest.mark.parametrize("code", ["warga@example.id", "sms.+62812", "a" * 80, "", 7])
def test_a_code_that_looks_like_none_is_not_kept(code) -> None:
    error = DeliveryError("x.y", retryable=True)
    error.code = code
    assert failure(Channel, raises(error)).code == "channel.failed"


def test_a_retryable_that_is_no_truth_value_counts_as_retryable() -> None:
    assert failure(Channel, raises(DeliveryError("x.y", retryable=0))).retryable is True


def test_a_conflict_stays_a_conflict() -> None:
    store = Fenced(Adapter(raises(ConflictError("claim"))), Store, "ikd-x", LIMITS)
    with pytest.raises(ConflictError) as told:
        store.commit(Commit(at=NOW))
    assert told.value.clash == "claim"


def test_a_conflict_about_nothing_is_a_failure() -> None:
    assert failure(Store, raises(ConflictError("mood"))).code == "store.conflict"


def test_a_key_sources_code_is_kept() -> None:
    assert failure(KeySource, raises(KeySourceError("keys.unknown"))).code == "keys.unknown"


@PARAMS
def test_it_has_the_methods_of_its_port_and_no_other(port) -> None:
    fence = Fenced(Adapter(lambda: None), port, "ikd-x", LIMITS)
    for name in ("no_such_method", "_secret", "__wrapped__"):
        with pytest.raises(AttributeError):
            getattr(fence, name)


def test_a_method_that_is_a_trap_springs_inside_the_fence() -> None:
    class Trap:
        @property
        def deliver(self) -> None:
            raise SystemExit

    with pytest.raises(DeliveryError, match="SystemExit"):
        Fenced(Trap(), Channel, "ikd-x", LIMITS).deliver(sample_message("sms"))
