"""Plugins that misbehave in every way, and a journey that loses nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from datetime import timedelta
from pathlib import Path

import pytest

import ikd
from ikd.adapters.registry.simulator import Simulator
from ikd.core.decide import KINDS
from ikd.core.errors import InputError, PortError
from ikd.core.ports import Done

WITNESS = """
seen = []

@hookimpl
def ikd_event_recorded(event, kind, record_id, seq, at):
    seen.append((kind, record_id, seq, event))
"""
REACTIONS = {
    "raises": "raise ValueError",
    "recurses": "return ikd_event_recorded(event)",
    "hangs": "time.sleep(30)",
    "returns a coroutine": "async def later(): ...\n    return later()",
    "returns a truth": "return True",
    "returns a refusal": "import ikd\n    return ikd.errors.RefusedError('x.y')",
    "exits": "raise SystemExit(1)",
    "interrupts": "raise KeyboardInterrupt",
    "is closed": "raise GeneratorExit",
    "exits its thread": "import _thread\n    _thread.exit()",
    "mutates": "options['a'] = 1",
    "mutates itself": "globals().clear()",
    "interrupts everybody": "raise BaseExceptionGroup('all', [KeyboardInterrupt()])",
}
DELIVERIES = {
    "raises": "raise ValueError('402917')",
    "hangs": "time.sleep(30)",
    "returns a coroutine": "async def later(): ...\n        return later()",
    "returns a truth": "return True",
    "exits": "raise SystemExit(1)",
    "interrupts": "raise KeyboardInterrupt",
    "mutates": "object.__setattr__(message, 'to', 'x@example.org')",
}


def patience(body: str) -> dict[str, float]:
    """Return a short deadline where something hangs, else one that no busy machine meets.

    Whatever doesn't hang has to come back within the short one too, so it isn't that short.
    """
    return {"plugin_seconds": 2 if "sleep" in body else 10}


def journals(service, identity_id: str) -> list[tuple[str, str, int, str]]:
    """Return what was recorded, after checking that it replays to the rows."""
    identity = service.get(identity_id, "identity", actor=ikd.Actor.system())
    found = []
    for kind, record_id in (
        ("application", identity.application_id),
        ("identity", identity_id),
        ("resident", identity.resident_id),
    ):
        entries = service.history(record_id, kind, actor=ikd.Actor.system())
        assert KINDS.replay(kind, tuple(entry.event for entry in entries)) == service.get(
            record_id, kind, actor=ikd.Actor.system()
        )
        found += [(kind, record_id, one.seq, type(one.event).__name__) for one in entries]
    return sorted(found)


@pytest.mark.parametrize("body", REACTIONS.values(), ids=REACTIONS)
def test_a_reaction_loses_nothing_and_the_other_plugin_hears_everything(
    install, world, body: str
) -> None:
    source = f"@hookimpl\ndef ikd_event_recorded(event, options):\n    {body}\n"
    install("ikd-bad", source)
    install("ikd-witness", WITNESS)
    service = world.open("ikd-bad", "ikd-witness", settings=patience(body))
    recorded = journals(service, world.walk(service).to_passcode())
    assert (
        service.owed(actor=ikd.Actor.system())
        == service.owed(Done.PARKED, actor=ikd.Actor.system())
        == ()
    )
    service.close()
    assert sorted(sys.modules["ikd_witness"].seen) == recorded


def test_a_repeat_is_not_told_twice(install, world) -> None:
    install("ikd-witness", WITNESS)
    service = world.open("ikd-witness")
    walk = world.walk(service)
    walk.register()
    walk.register()
    service.close()
    seen = sys.modules["ikd_witness"].seen
    assert len(seen) == len(set(seen)) > 0


def test_a_reaction_may_ask_the_service_back(install, world) -> None:
    source = """
    import ikd

    service, found = None, []

    @hookimpl
    def ikd_event_recorded(kind, record_id):
        found.append(service.get(record_id, kind, actor=ikd.Actor.system()).id == record_id)
    """
    install("ikd-asks", source)
    service = world.open("ikd-asks")
    sys.modules["ikd_asks"].service = service
    world.walk(service).to_pin()
    service._parts.observer._lanes[0].close()
    service._parts.observer._lanes[0].join(5)
    found = sys.modules["ikd_asks"].found
    assert found
    assert all(found)


@pytest.mark.parametrize("body", DELIVERIES.values(), ids=DELIVERIES)
def test_a_channel_loses_no_notice(install, world, body: str) -> None:
    """Whatever its first deliveries do, the PIN stays owed until it is really sent."""
    source = f"""
from ikd.core.ports import Receipt
calls, sent = [], []

class Channel:
    name, medium = "bad", "email"

    def act(self, message):
        {body}

    def deliver(self, message):
        calls.append(message.id)
        if len(calls) <= 2:
            return self.act(message)
        sent.append(message)
        return Receipt()

@hookimpl
def ikd_channels(office):
    return [Channel()]
"""
    install("ikd-bad", source)
    service = world.open("ikd-bad", channels=[], settings=patience(body))
    walk = world.walk(service)
    application_id = walk.to_pin()
    bad = sys.modules["ikd_bad"]
    assert [item.record_id for item in service.owed(actor=ikd.Actor.system())] == [application_id]
    while service.owed(actor=ikd.Actor.system()):
        world.clock.advance(timedelta(minutes=2))
        service.deliver_due()
    assert set(bad.calls) == {bad.sent[0].id}
    assert bad.sent[0].to == "warga0@example.org"
    assert service.get(application_id, actor=ikd.Actor.system()).status.value == "PIN_SENT"


def test_a_channel_that_hangs_keeps_the_other_offices_going(install, world, root) -> None:
    """Three tries of one office's gateway hang; then it is left alone, and the rest goes on."""
    path = root / "examples/ikd-contoh/src/ikd_contoh/contoh.toml"
    source = f"""
import ikd
calls = []

class Channel:
    name, medium = "gone", "whatsapp"
    def deliver(self, message):
        calls.append(message.id)
        time.sleep(30)

@hookimpl
def ikd_offices():
    return [ikd.load_office({str(path)!r})]

@hookimpl
def ikd_channels(office):
    return [Channel()] if office == "contoh" else []
"""
    install("ikd-gone", source)
    service = world.open("ikd-gone", deliver="worker", settings=patience("sleep"))
    waits = world.walk(service, "contoh").to_pin()
    for _ in range(6):
        service.deliver_due()
        world.clock.advance(timedelta(minutes=2))
    (item,) = service.owed(actor=ikd.Actor.system())
    assert (item.record_id, item.failure) == (waits, "channel.failed")
    assert len(sys.modules["ikd_gone"].calls) == 3
    goes = world.walk(service, number=1)
    goes.to_pin()
    service.deliver_due()
    goes.to_passcode()
    assert len(sys.modules["ikd_gone"].calls) == 3


def test_a_hanging_channel_holds_up_no_resident(install, world) -> None:
    source = """
from ikd.core.ports import Receipt
called, free, ended = threading.Event(), threading.Event(), threading.Event()

class Channel:
    name, medium = "slow", "email"
    def deliver(self, message):
        called.set()
        free.wait(60)
        ended.set()
        return Receipt()

@hookimpl
def ikd_channels():
    return [Channel()]
"""
    install("ikd-slow", source)
    settings = {"plugin_seconds": 60, "lease_seconds": 120}
    service = world.open("ikd-slow", channels=[], deliver="thread", settings=settings)
    world.walk(service).to_pin()
    slow = sys.modules["ikd_slow"]
    assert slow.called.wait(30)
    assert world.walk(service, number=1).register().status == "OPEN"
    assert not slow.ended.is_set()
    slow.free.set()


REGISTRIES = {
    "approves with a truth": "return True",
    "approves with a text": "return 'verified'",
    "lies about another question": "return answered('0' * 32)",
    "smuggles a truth": "return smuggled(asked.question_id)",
    "raises": "raise RuntimeError(asked.nik.digits)",
    "hangs": "time.sleep(30)",
    "returns a coroutine": "async def later(): ...\n        return later()",
    "exits": "raise SystemExit",
}


@pytest.mark.parametrize("body", REGISTRIES.values(), ids=REGISTRIES)
def test_a_registry_that_misbehaves_never_approves(install, world, resident, body: str) -> None:
    """The question stays open; when the registry comes to its senses the journey goes on."""
    source = f"""
from ikd.core.records.questions import Answer, RegistryStanding
good = None

def answered(question_id):
    return Answer(question_id=question_id, standing=RegistryStanding.FOUND, verified=True)

def smuggled(question_id):
    answer = answered(question_id)
    object.__setattr__(answer, "standing", "found")
    object.__setattr__(answer, "match", True)
    return answer

class Registry:
    def ask(self, asked):
        if good is not None:
            return good.ask(asked)
        {body}

@hookimpl
def ikd_registry():
    return Registry()
"""
    install("ikd-bad", source)
    service = world.open("ikd-bad", registry=None, settings=patience(body))
    walk = world.walk(service)
    application_id = walk.register().id
    application = service.get(application_id, actor=ikd.Actor.system())
    assert application.status.value == "OPEN"
    assert len(application.questions) == 1
    assert "data_check" not in application.done
    (item,) = service.owed(actor=ikd.Actor.system())
    assert item.failure == "registry.unavailable"
    sys.modules["ikd_bad"].good = Simulator([resident])
    world.clock.advance(timedelta(minutes=2))
    walk.to_activation()


def test_a_captcha_that_misbehaves_never_lets_anybody_pass(install, world) -> None:
    source = """
class Captcha:
    def puzzle(self, subject, *, now, entropy): return None
    def check(self, subject, token, text, *, now): return True

@hookimpl
def ikd_captcha():
    return Captcha()
"""
    install("ikd-bad", source)
    service = world.open("ikd-bad")
    with pytest.raises(PortError):
        service._parts.captcha.check("0" * 32, b"", "ok", now=world.clock.now())
    with pytest.raises(PortError):
        service.captcha(world.walk(service).register().id)


def test_an_offices_own_channel_carries_no_other_offices_messages(install, world) -> None:
    source = """
from ikd.core.ports import Receipt
sent = []
class Channel:
    name, medium = "own", "email"
    def deliver(self, message):
        sent.append(message)
        return Receipt()

@hookimpl
def ikd_channels(office):
    return [Channel()] if office == "wakatobi" else []
"""
    install("ikd-own", source)
    offices = ["payakumbuh", "wakatobi"]
    with pytest.raises(InputError, match=r"channels\.unreached.*: payakumbuh$"):
        world.open("ikd-own", channels=[], offices=offices)
    service = world.open("ikd-own", channels=[], offices=offices, deliver="worker")
    walk = world.walk(service)
    walk.wait = service.deliver_due
    walk.to_pin()
    service.deliver_due()
    assert sys.modules["ikd_own"].sent == []
    assert [item.failure for item in service.owed(Done.UNDELIVERED, actor=ikd.Actor.system())] == [
        "channel.none"
    ]


def test_a_plugin_that_ends_the_process_loses_nothing_that_was_recorded(
    install, world, tmp_path: Path
) -> None:
    """``os._exit`` stops everything at once; what was committed before stands and goes on."""
    site = tmp_path / "site" / "ikd-exits"
    install("ikd-exits", "@hookimpl\ndef ikd_event_recorded():\n    import os\n    os._exit(7)\n")
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        sys.path[:0] = sys.argv[2:]
        from conftest import World
        world = World(Path(sys.argv[1]))
        service = world.open("ikd-exits", store=f"sqlite:///{sys.argv[1]}/ikd.db")
        world.walk(service).to_passcode()
        service.close()
        """
    )
    here = str(Path(__file__).parent)
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), str(site), here],
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stderr) == (7, "")
    service = world.open(store=f"sqlite:///{tmp_path}/ikd.db")
    assert len(service.find(actor=ikd.Actor.system())) == 1
    world.clock.advance(timedelta(minutes=4))  # the dead process's leases run out
    journals(service, world.walk(service).to_passcode())


def test_nothing_keeps_running_when_a_service_is_closed(install, world) -> None:
    install("ikd-witness", WITNESS)
    service = world.open("ikd-witness")
    world.walk(service).register()
    service.close()
    ours = {"ikd-lane-ikd-witness", "ikd-plugin-ikd-witness", "ikd-deliver"}
    assert ours.isdisjoint(thread.name for thread in threading.enumerate())
