"""Handling one command: load, prepare, decide, commit; again while something newer is met."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs

from ikd.core.activation import commands as activation
from ikd.core.decide import Command, decide
from ikd.core.errors import (
    ConflictError,
    IkdError,
    PortError,
    RefusedError,
    StoreError,
    TokenError,
)
from ikd.core.ids import ENTROPY_BYTES, RecordId, draw_id
from ikd.core.ports import OutboxItem, Refusal, Remembered, Settled
from ikd.core.records.actor import Actor
from ikd.core.records.decision import Decision
from ikd.core.records.journal import read_entry
from ikd.service.asking import by_of, check_asked, fingerprint_of, scopes_of
from ikd.service.committing import Ask, commit_of
from ikd.service.load import Loaded, Loader, application_of
from ikd.service.owed import Born
from ikd.service.parts import Parts
from ikd.service.prepare import Preparer

TRIES = 400  # of a commit; each lost one means that somebody else's succeeded

KEPT = frozenset(
    {
        "actor.not_permitted",
        "actor.other_office",
        "actor.own_case",
        "device.taken",
        "key.reused",
        "presence.check_code",
        "proof.invalid",
        "record.unknown",
        "token.used",
    }
)
"""Refusals for security that have no record to live in: kept in a table of their own."""


@attrs.frozen(kw_only=True)
class Handled:
    """What a command led to: the record addressed, and its events of this write."""

    kind: str
    record: Any
    events: tuple[Any, ...]
    owed: tuple[OutboxItem, ...] = ()


@attrs.frozen
class Handler:
    """Handles commands for one service."""

    parts: Parts
    born: Born

    def handle(
        self, command: Command, actor: Actor, key: str, settles: tuple[Settled, ...] = ()
    ) -> Handled:
        """Return what *command* leads to, once it is durable.

        Raises:
            InputError: Malformed; nothing changed.
            RefusedError: Not allowed; nothing changed but what time itself did.
            PortError: Something outside failed; whether it was committed, a repeat with the
                same key tells.
        """
        check_asked(command, actor, key)
        try:
            return self._handle(command, actor, key, settles)
        except (RefusedError, TokenError) as refusal:
            self._keep(refusal, command, actor)
            raise

    def _handle(
        self, command: Command, actor: Actor, key: str, settles: tuple[Settled, ...]
    ) -> Handled:
        ask = self._ask(command, actor, key)
        repeated = self._repeat(ask)
        if repeated is not None:
            for one in settles:
                self.parts.store.settle(one)
            return repeated
        entropy = self.parts.entropy(ENTROPY_BYTES)
        preparer = Preparer(self.parts, command, actor, entropy)
        for _ in range(TRIES):
            try:
                return self._try(ask, preparer, settles)
            except ConflictError as conflict:
                repeated = self._repeat(ask) if conflict.clash == "key" else None
                if repeated is not None:
                    return repeated
        raise StoreError("store.busy", "others changed the same records all the time")

    def _ask(self, command: Command, actor: Actor, key: str) -> Ask:
        keys, prints = self.parts.keys, self.parts.keys.secrets("fingerprint")
        return Ask(
            command=command,
            by=by_of(actor, keys.secrets("pseudonym")[0]),
            scopes=scopes_of(actor, command, _subject(command), prints),
            key=key,
            fingerprint=fingerprint_of(command, prints[0]),
        )

    def _try(self, ask: Ask, preparer: Preparer, settles: tuple[Settled, ...]) -> Handled:
        loaded = Loader(self.parts).load(ask.command)
        now = self._effective_now(loaded)
        decision = decide(loaded.records, ask.command, preparer.context(loaded, now))
        commit = commit_of(decision, ask, loaded, now, self.born, settles)
        self.parts.store.commit(commit)
        self.parts.observer.recorded(decision)
        if decision.refusal is not None:
            raise decision.refusal
        return attrs.evolve(_handled(decision), owed=commit.outbox)

    def _effective_now(self, loaded: Loaded) -> datetime:
        """Return the time that counts: a clock that steps back revives nothing."""
        records = attrs.asdict(loaded.records, recurse=False).values()
        changed: list[datetime] = [one.changed_at for one in records if one is not None]
        return max((self.parts.clock.now(), *changed))

    def _repeat(self, ask: Ask) -> Handled | None:
        """Return the answer to a write that was made before under this key."""
        asked = (self.parts.store.remembered(scope, ask.key) for scope in ask.scopes)
        remembered = next((one for one in asked if one is not None), None)
        if remembered is None:
            return None
        known = (fingerprint_of(ask.command, key) for key in self.parts.keys.secrets("fingerprint"))
        if remembered.fingerprint not in known:
            raise RefusedError("key.reused", "this key was used for something else")
        return self._recall(remembered)

    def _recall(self, remembered: Remembered) -> Handled:
        record = Loader(self.parts).record(remembered.kind, remembered.id)
        journal = self.parts.store.entries(remembered.kind, remembered.id)
        written = journal[remembered.first - 1 : remembered.last]
        events = tuple(read_entry(stored).event for stored in written)
        return Handled(kind=remembered.kind, record=record, events=events)

    def _keep(self, refusal: IkdError, command: Command, actor: Actor) -> None:
        """Keep a security refusal; failing to must not hide the refusal itself."""
        if refusal.code not in KEPT and not isinstance(refusal, TokenError):
            return
        try:
            self.parts.store.refuse(self._kept(refusal.code, command, actor))
        except PortError as lost:
            refusal.add_note(f"and the refusal could not be kept: {lost.code}")

    def _kept(self, code: str, command: Command, actor: Actor) -> Refusal:
        return Refusal(
            id=draw_id(self.parts.entropy(ENTROPY_BYTES), "refusal"),
            at=self.parts.clock.now(),
            code=code,
            actor=by_of(actor, self.parts.keys.secrets("pseudonym")[0]).id,
            office=actor.office,
            record_id=_named(command),
        )


def _handled(decision: Decision) -> Handled:
    addressed = decision.changes[0]
    return Handled(kind=addressed.kind, record=addressed.record, events=addressed.events)


def _named(command: Command) -> RecordId | None:
    named: RecordId | None = getattr(command, "application_id", None)
    return named or getattr(command, "identity_id", None)


def _subject(command: Command) -> str:
    if isinstance(command, activation.ScanPairing):
        return application_of(command)
    return _named(command) or ""
