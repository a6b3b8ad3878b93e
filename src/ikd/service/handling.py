"""Handling one command: load, prepare, decide, commit; again while something newer is met."""

from __future__ import annotations

from datetime import datetime

import attrs

from ikd.core.decide import decide
from ikd.core.errors import (
    ConflictError,
    IkdError,
    PortError,
    RefusedError,
    StoreError,
    TokenError,
)
from ikd.core.ids import ENTROPY_BYTES, RecordId, draw_id
from ikd.core.ports import Look, OutboxItem, Refusal, Remembered, Settled
from ikd.core.records.actor import Actor
from ikd.core.records.decision import Decision
from ikd.core.records.declaration import Command
from ikd.core.records.event import Event
from ikd.core.records.journal import read_entry
from ikd.core.records.permission import check_role
from ikd.core.records.record import Record
from ikd.service.committing import Ask, commit_of
from ikd.service.load import Loaded, Loader
from ikd.service.looks import AT_SLIP, look_of
from ikd.service.owed import Born, owed_by
from ikd.service.parts import Parts
from ikd.service.prepare import Preparer
from ikd.service.requests import by_of, check_asked, fingerprint_of, scopes_of

TRIES = 400  # of a commit; each lost one means that somebody else's succeeded

KEPT = frozenset(
    {
        "actor.not_permitted",
        "actor.other_office",
        "actor.own_case",
        "complaint.receipt",
        "device.taken",
        "key.reused",
        "limit.reached",
        "presence.check_code",
        "proof.invalid",
        "record.unknown",
        "token.used",
    }
)
"""Refusals for security that have no record to live in: kept in a table of their own."""


@attrs.frozen(kw_only=True)
class Handled:
    """What a command led to.

    Attributes:
        record: The record addressed, as it is now.
        events: Its events of this write.
        owed: What this write owes: born leased where this process delivers it itself.
        handed: The notice that it handed over by an officer; never of a repeat.
    """

    record: Record
    events: tuple[Event, ...]
    owed: tuple[OutboxItem, ...] = ()
    handed: OutboxItem | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Handler:
    """Handles commands for one service; *born* leases what this process will deliver."""

    parts: Parts
    born: Born

    def handle(
        self, command: Command, actor: Actor, key: str, settles: tuple[Settled, ...] = ()
    ) -> Handled:
        """Return what *command* leads to, once it is durable.

        Args:
            command: What is asked.
            actor: Who asks.
            key: What the caller calls this write.
            settles: Leases that end with the answer to it, in the same commit.

        Raises:
            InputError: Malformed; nothing changed.
            RefusedError: Not allowed; nothing changed but what time itself did.
            PortError: Something outside failed; whether it was committed, a repeat with the
                same key tells.
        """
        check_asked(command, actor, key)
        try:
            check_role(actor, command)  # before anything is looked up: it tells nobody what exists
            ask = self._ask(command, actor, key, settles)
            return self._repeat(ask) or self._decided(ask, actor)
        except (RefusedError, TokenError) as refusal:
            self.keep(refusal, actor, self._addressed(command))
            raise

    def _ask(self, command: Command, actor: Actor, key: str, settles: tuple[Settled, ...]) -> Ask:
        keys, prints = self.parts.keys, self.parts.keys.secrets("fingerprint")
        subject = self.parts.kinds.asked(command).addressed(command) or ""
        return Ask(
            command=command,
            by=by_of(actor, keys.secrets("pseudonym")[0]),
            scopes=scopes_of(actor, command, subject, prints),
            key=key,
            fingerprint=fingerprint_of(command, prints[0]),
            settles=settles,
        )

    def _decided(self, ask: Ask, actor: Actor) -> Handled:
        """Load, prepare, decide and commit; again while something newer is met."""
        kind = self.parts.kinds.asked(ask.command)
        entropy = self.parts.entropy(ENTROPY_BYTES)
        preparer = Preparer(self.parts, ask.command, actor, entropy)
        for _ in range(TRIES):
            try:
                loaded = Loader(self.parts).load(ask.command)
                now = self._effective_now(ask.command, loaded)
                context = preparer.context(loaded, now)
                decision = decide(kind, loaded.around, ask.command, context)
                owed = owed_by(decision, now, self.born)
                handed = [self.parts.store.item(pin_id) for pin_id in decision.hands]
                looks = [self._slip(decision, actor) for _ in handed]
                self.parts.store.commit(
                    commit_of(
                        decision,
                        ask,
                        loaded,
                        now,
                        codec=self.parts.codec,
                        rules=self.parts.rules,
                        owed=owed,
                        looks=tuple(looks),
                    )
                )
            except ConflictError as conflict:
                if conflict.clash == "limit":
                    told = "too many in a short time; wait, or come to the office"
                    raise RefusedError("limit.reached", told) from None
                repeated = self._repeat(ask) if conflict.clash == "key" else None
                if repeated is not None:
                    return repeated
                continue
            self.parts.observer.recorded(decision)
            if decision.refusal is not None:
                raise decision.refusal
            addressed = decision.changes[0]
            return Handled(
                record=addressed.record,
                events=addressed.events,
                owed=owed,
                handed=handed[0] if handed else None,
            )
        raise StoreError("store.busy", "others changed the same records all the time")

    def _slip(self, decision: Decision, actor: Actor) -> Look:
        """Return that the officer is shown the PIN that they hand over."""
        return look_of(self.parts, actor, decision.changes[0].record, AT_SLIP, ("pin",))

    def _effective_now(self, command: Command, loaded: Loaded) -> datetime:
        """Return the time that counts: a clock that steps back revives nothing."""
        now, house = self.parts.clock.now(), self.parts.house
        if command.declared.wall:
            return now
        changed = (read.record.changed_at for read in loaded.read.values())
        return max((now, *filter(house.is_believed, changed)))

    def _repeat(self, ask: Ask) -> Handled | None:
        """Return the answer to a write that was made before under this key."""
        asked = (self.parts.store.remembered(scope, ask.key) for scope in ask.scopes)
        remembered = next((one for one in asked if one is not None), None)
        if remembered is None:
            return None
        known = (
            fingerprint_of(ask.command, key, remembered.form)
            for key in self.parts.keys.secrets("fingerprint")
        )
        if remembered.fingerprint not in known:
            raise RefusedError("key.reused", "this key was used for something else")
        for settled in ask.settles:
            self.parts.store.settle(settled)
        return self._recall(remembered)

    def _recall(self, remembered: Remembered) -> Handled:
        loader = Loader(self.parts)
        record = loader.named(remembered.kind, remembered.id)
        if record is None:
            raise StoreError("store.damaged", "a write is remembered and its record is gone")
        written = loader.journal(record)[remembered.first - 1 : remembered.last]
        events = (read_entry(stored, self.parts.kinds.events).event for stored in written)
        return Handled(record=record, events=tuple(events))

    def keep(self, refusal: IkdError, actor: Actor, record_id: RecordId | None) -> None:
        """Keep a security refusal; failing to must not hide the refusal itself."""
        if refusal.code not in KEPT and not isinstance(refusal, TokenError):
            return
        try:
            self.parts.store.refuse(self._kept(refusal.code, actor, record_id))
        except PortError as lost:
            refusal.add_note(f"and the refusal could not be kept: {lost.code}")

    def _kept(self, code: str, actor: Actor, record_id: RecordId | None) -> Refusal:
        return Refusal(
            id=draw_id(self.parts.entropy(ENTROPY_BYTES), "refusal"),
            at=self.parts.clock.now(),
            code=code,
            actor=by_of(actor, self.parts.keys.secrets("pseudonym")[0]).id,
            office=actor.office,
            record_id=record_id,
        )

    def _addressed(self, command: Command) -> RecordId | None:
        try:
            return self.parts.kinds.asked(command).addressed(command)
        except (IkdError, TokenError):
            return None  # a QR that can't be read names nothing
