"""Loading: the records that a command concerns. Each is compared again at the commit."""

from __future__ import annotations

from typing import TypeVar

import attrs

from ikd.core.errors import IkdError, StoreError
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.records.case_record import CaseRecord
from ikd.core.records.decision import Retold
from ikd.core.records.declaration import Command
from ikd.core.records.journal import StoredEntry, check_chain, read_entry
from ikd.core.records.kind import Around
from ikd.core.records.phone_record import SealedRecord
from ikd.core.records.record import Record
from ikd.core.records.resident import Resident
from ikd.core.records.turn import NIK_SPACE
from ikd.core.resident.nik import Nik
from ikd.core.secrets.sealing import blind_index
from ikd.core.standard.office import Office
from ikd.core.validators import given
from ikd.service.parts import Parts

R = TypeVar("R", bound=Record)


@attrs.frozen(kw_only=True)
class LoadedRecord:
    """A record as it was read, and the hash of its last journal entry."""

    record: Record
    head: bytes = attrs.field(repr=False)


@attrs.define
class Loaded:
    """What was loaded for one try of a command.

    Attributes:
        around: For ``decide``.
        read: Every record that was read, by kind and id.
    """

    around: Around
    read: dict[tuple[str, str], LoadedRecord]


@attrs.define
class Loader:
    """Finds records for kinds to load by, and remembers each as it was read."""

    parts: Parts
    read: dict[tuple[str, str], LoadedRecord] = attrs.field(factory=dict)

    def load(self, command: Command) -> Loaded:
        """Return what *command* concerns.

        Raises:
            RefusedError: There is no such record or office (``record.unknown``,
                ``office.unknown``).
        """
        kind = self.parts.kinds.asked(command)
        return Loaded(given(kind.load)(self, command), self.read)  # it has commands to load for

    def record(self, kind: type[R], record_id: RecordId | None) -> R | None:
        """Return a record, or ``None``.

        Raises:
            StoreError: It isn't what its row says (``store.damaged``).
        """
        found = None if record_id is None else self.named(kind.kind, record_id)
        if found is None or isinstance(found, kind):
            return found
        raise StoreError("store.damaged", f"a {kind.kind} can't be read")

    def named(self, word: str, record_id: RecordId) -> Record | None:
        """Return a record of the kind called *word*, or ``None``."""
        row = self.parts.store.get(word, record_id)
        if row is None:
            return None
        record = self.parts.codec.record_of(row)
        self.read[row.kind, row.id] = LoadedRecord(record=record, head=row.head)
        return record

    def case(self, word: str, record_id: RecordId) -> CaseRecord:
        """Return a case that an owed thing names.

        Raises:
            StoreError: It is missing (``store.damaged``).
        """
        record = self.named(word, record_id)
        if isinstance(record, CaseRecord):
            return record
        raise StoreError("store.damaged", f"a {word} is missing to which something is owed")

    def journal(self, record: Record) -> tuple[StoredEntry, ...]:
        """Return the journal of a record that was loaded, its chain checked up to the row's head.

        Raises:
            StoreError: A link is missing or changed, or it isn't the row's (``journal.broken``).
        """
        stored = self.parts.store.entries(record.kind, record.id)
        check_chain(stored, self.parts.kinds.events)
        head = self.read[record.kind, record.id].head
        if [entry.hash for entry in stored[record.version - 1 : record.version]] != [head]:
            raise StoreError("journal.broken", f"the journal of a {record.kind} is another one")
        return stored

    def sealed(self, word: str, record_id: RecordId) -> SealedRecord:
        """Return a record with personal fields that an owed thing names.

        Raises:
            StoreError: It is missing, or has none (``store.damaged``).
        """
        record = self.named(word, record_id)
        if isinstance(record, SealedRecord):
            return record
        raise StoreError("store.damaged", f"a {word} is missing to which something is owed")

    def known(self, kind: type[R], record_id: RecordId) -> R:
        """Return a record that another one names.

        Raises:
            StoreError: It is missing (``store.damaged``).
        """
        record = self.record(kind, record_id)
        if record is None:
            raise StoreError("store.damaged", f"a {kind.kind} is missing that another names")
        return record

    def resident_of(self, nik: Nik) -> Resident | None:
        """Return the resident of *nik*, found by blind index, if it was met before."""
        owner = owner_of(self.parts, nik)
        return None if owner is None else self.record(Resident, owner)

    def office(self, office_id: str) -> Office:
        """Return an office as its standard is now."""
        return self.parts.office(office_id)

    def standard(self, digest: str) -> Office:
        """Return a pinned version of a standard."""
        return self.parts.standard(digest)


def owner_of(parts: Parts, nik: Nik) -> RecordId | None:
    """Return the id of the resident of *nik*, under whichever index key it is known."""
    for key in parts.keys.secrets("index"):
        claim = parts.store.claim(NIK_SPACE, blind_index(key, NIK_SPACE, nik.digits))
        if claim is not None:
            return RecordId(claim.owner)
    return None


def is_own(parts: Parts, actor: Actor, resident_id: RecordId) -> bool:
    """Say whether the actor's own NIK is that resident's."""
    return actor.nik is not None and owner_of(parts, actor.nik) == resident_id


def retold(parts: Parts, word: str, record_id: RecordId) -> Retold | None:
    """Return a record as its journal tells it, or ``None`` where that isn't whole."""
    kinds = parts.kinds
    stored = parts.store.entries(kinds.named(word).word, record_id)
    try:
        head = check_chain(stored, kinds.events)
        happened = [read_entry(entry, kinds.events).event for entry in stored]
        record = kinds.replay(word, happened)
    except IkdError:
        return None
    return None if record is None else Retold(record=record, head=head)
