"""A connection that is lost around a commit: the same key tells what became of it."""

from __future__ import annotations

import psycopg
import pytest

import ikd
from ikd.core.errors import StoreError
from tests import postgres
from tests.tcp import Relay

SYSTEM = ikd.Actor.system()

LOST = {
    "before the commit": (b"INSERT INTO journal", "store.unreachable", 0),
    "between the commit and its answer": (b"COMMIT\0", "store.unknown_outcome", 1),
}


@pytest.fixture
def relay(on_postgres):
    place, _, rest = on_postgres.store.rpartition(":")
    port, _, database = rest.partition("/")
    with Relay(int(port)) as relay:
        on_postgres.store = f"{place}:{relay.port}/{database}"
        yield relay
        on_postgres.close()


@pytest.mark.parametrize(("mark", "code", "there"), LOST.values(), ids=LOST)
def test_a_repeat_with_the_same_key_tells_what_was_lost(
    on_postgres, relay, laws, mark, code, there
):
    walk = on_postgres.walk(on_postgres.open())
    asked = _asked(walk)
    relay.lose_answer_to(mark)
    with pytest.raises(StoreError) as met:
        walk.service.handle(**asked)
    assert met.value.code == code
    assert len(walk.service.find("application", actor=SYSTEM)) == there
    told = walk.service.handle(**asked)
    assert walk.service.handle(**asked).events == told.events
    assert [one.id for one in walk.service.find("application", actor=SYSTEM)] == [told.id]
    laws(walk.service)


def test_a_session_that_is_ended_at_the_commit_has_written_nothing(on_postgres, monkeypatch, laws):
    walk = on_postgres.walk(on_postgres.open())
    asked = _asked(walk)
    really = psycopg.Connection.execute

    def ended(self, query, *args, **options):
        if query == "COMMIT":
            end = f"SELECT pg_terminate_backend({self.info.backend_pid}, 5000)"
            with monkeypatch.context() as off:
                off.setattr(psycopg.Connection, "execute", really)
                postgres.execute(on_postgres.store, end)
        return really(self, query, *args, **options)

    with monkeypatch.context() as on:
        on.setattr(psycopg.Connection, "execute", ended)
        with pytest.raises(StoreError, match=r"store\.unknown_outcome"):
            walk.service.handle(**asked)
    assert walk.service.find("application", actor=SYSTEM) == ()
    told = walk.service.handle(**asked)
    assert [one.id for one in walk.service.find("application", actor=SYSTEM)] == [told.id]
    laws(walk.service)


def _asked(walk):
    """Return what a registration asks of the service, without asking it."""
    service, asked = walk.service, []

    class Listening:
        def handle(self, command, **how):
            asked.append({"command": command, **how})

    walk.service = Listening()
    walk.register()
    walk.service = service
    return asked[0]
