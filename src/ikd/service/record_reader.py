"""Reading: what is shown of a record, and to whom; checked like commands.

The system and the ministry are shown everything; an operator what belongs to their office, or
comes to it for the visit, and never their own case; a resident the one record that the front end
has them authenticated for; the registry nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs

from ikd.core.errors import IkdError, InputError, RefusedError
from ikd.core.ids import RecordId, parse_id
from ikd.core.ports import Found, found_of
from ikd.core.records.actor import Actor, Role
from ikd.core.records.journal import Entry, read_entry
from ikd.core.records.kind import HOUSE, AnyKind
from ikd.core.records.permission import check_desk, check_reader
from ikd.core.records.phone_record import PhoneRecord
from ikd.core.records.record import Record
from ikd.service.load import Loader, is_own
from ikd.service.parts import Parts
from ikd.service.requests import check_actor, check_limit, check_word


@attrs.frozen
class Reader:
    """Shows records to actors; *keep* keeps a refusal for security."""

    parts: Parts
    keep: Callable[[IkdError, Actor, RecordId | None], None]

    def record(self, record_id: str, word: str, actor: Actor) -> Record:
        """Return a record of the kind called *word*.

        Raises:
            InputError: Malformed.
            RefusedError: There is none, or it isn't shown to *actor*.
        """
        return self._loaded(Loader(self.parts), record_id, word, actor)

    def _loaded(self, loader: Loader, record_id: str, word: str, actor: Actor) -> Record:
        kind, wanted = self.parts.kinds.named(word), parse_id(record_id)
        try:
            check_reader(check_actor(actor), kind.readers)
            return self._shown(loader, kind, wanted, actor)
        except RefusedError as refusal:
            self.keep(refusal, actor, wanted)
            raise

    def _shown(self, loader: Loader, kind: AnyKind, wanted: RecordId, actor: Actor) -> Record:
        record = loader.named(kind.word, wanted)
        if record is None:
            raise RefusedError("record.unknown", f"no such {kind.word}")
        whose = isinstance(record, PhoneRecord) and is_own(self.parts, actor, record.resident_id)
        own = whose or record.concerns == actor.id
        check_desk(actor, record.desks, own_case=own)
        return record

    def history(self, record_id: str, word: str, actor: Actor) -> tuple[Entry, ...]:
        """Return the journal of a record, its hash chain checked; raises what ``record`` does."""
        loader, events = Loader(self.parts), self.parts.kinds.events
        stored = loader.journal(self._loaded(loader, record_id, word, actor))
        return tuple(read_entry(entry, events) for entry in stored)

    def find(
        self,
        word: str,
        actor: Actor,
        *,
        office: str | None,
        status: str | None,
        limit: int,
        after: str | None,
    ) -> tuple[Found, ...]:
        """Return records in order of id; an operator's are those of their own office."""
        kind = self.parts.kinds.named(word)
        asked = None if office is None else check_word("office", office)
        own = actor.office if check_actor(actor).role is Role.OPERATOR else None
        try:
            check_reader(actor, kind.readers - {Role.RESIDENT})
            check_desk(actor, {asked or own})
        except RefusedError as refusal:
            self.keep(refusal, actor, None)
            raise
        if asked is not None:
            self.parts.office(asked)
        if status is not None and status not in kind.statuses:
            raise InputError("record.status", f"one of {', '.join(kind.statuses)}")
        rows = self.parts.store.find(
            kind.word,
            office=asked or own,
            status=status,
            limit=check_limit(limit),
            after=None if after is None else parse_id(after),
        )
        return tuple(map(found_of, rows))

    def check_house(self, actor: Actor) -> None:
        """Check that *actor* is shown what the house owes and refused, over all offices.

        Raises:
            InputError: No actor (``actor.unknown``).
            RefusedError: It isn't (``actor.not_permitted``).
        """
        try:
            check_reader(check_actor(actor), HOUSE)
        except RefusedError as refusal:
            self.keep(refusal, actor, None)
            raise
