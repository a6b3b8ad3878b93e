"""Loading: the records that a command concerns. Each is compared again at the commit."""

from __future__ import annotations

from typing import Any

import attrs

from ikd.core.activation import commands as activation
from ikd.core.activation.application import Application
from ikd.core.activation.turn import NIK_SPACE
from ikd.core.decide import Command, Records
from ikd.core.errors import RefusedError, StoreError
from ikd.core.identity import commands as identity
from ikd.core.identity.identity import Identity
from ikd.core.ids import RecordId
from ikd.core.ports import Row
from ikd.core.records.resident import Resident
from ikd.core.secrets.sealing import blind_index
from ikd.core.standard.office import Office
from ikd.core.tokens.pairing import peek_application_id
from ikd.service.codec import decode_state
from ikd.service.parts import Parts


@attrs.define
class Loaded:
    """What was loaded for one try of a command.

    Attributes:
        records: For ``decide``.
        standard: The standard that rules.
        heads: Hash of each record's last journal entry, by kind and id.
    """

    records: Records
    standard: Office
    heads: dict[tuple[str, str], bytes] = attrs.field(factory=dict)


@attrs.define
class Loader:
    """Reads records and remembers their journal heads."""

    parts: Parts
    heads: dict[tuple[str, str], bytes] = attrs.field(factory=dict)

    def load(self, command: Command) -> Loaded:
        """Return what *command* concerns.

        Raises:
            RefusedError: There is no such record or office (``record.unknown``,
                ``office.unknown``).
        """
        if isinstance(command, activation.Register):
            return self._for_registration(command)
        if isinstance(command, identity.Command):
            return self._for_identity(command.identity_id)
        return self._for_application(application_of(command))

    def _for_registration(self, command: activation.Register) -> Loaded:
        standard = self.parts.office(command.office)
        resident = self._find_resident(command.nik.digits)
        return self._loaded(standard, resident=resident)

    def _find_resident(self, digits: str) -> Resident | None:
        for key in self.parts.keys.secrets("index"):
            owner = self.parts.store.owner(NIK_SPACE, blind_index(key, NIK_SPACE, digits))
            if owner is not None:
                found: Resident | None = self.record("resident", RecordId(owner))
                return found
        return None

    def _for_application(self, application_id: RecordId) -> Loaded:
        application: Application | None = self.record("application", application_id)
        if application is None:
            raise RefusedError("record.unknown", "no such application")
        resident: Resident = self.known("resident", application.resident_id)
        rival = None
        if resident.running not in (None, application.id):
            rival = self.record("application", resident.running)
        active = self.record("identity", resident.identity)
        standard = self.parts.standard(application.standard)
        return self._loaded(
            standard, application=application, resident=resident, rival=rival, identity=active
        )

    def _for_identity(self, identity_id: RecordId) -> Loaded:
        found: Identity | None = self.record("identity", identity_id)
        if found is None:
            raise RefusedError("record.unknown", "no such identity")
        resident = self.known("resident", found.resident_id)
        return self._loaded(self.parts.standard(found.standard), identity=found, resident=resident)

    def _loaded(self, standard: Office, **records: Any) -> Loaded:  # noqa: ANN401
        return Loaded(Records(**records), standard, self.heads)

    def record(self, kind: str, record_id: RecordId | None) -> Any:  # noqa: ANN401
        """Return a record, or ``None``."""
        row = None if record_id is None else self.parts.store.get(kind, record_id)
        return None if row is None else self._read(row)

    def known(self, kind: str, record_id: RecordId) -> Any:  # noqa: ANN401
        """Return a record that another one names.

        Raises:
            StoreError: It is missing (``store.damaged``).
        """
        record = self.record(kind, record_id)
        if record is None:
            raise StoreError("store.damaged", f"a {kind} is missing that another record names")
        return record

    def _read(self, row: Row) -> Any:  # noqa: ANN401 - any kind of record
        self.heads[row.kind, row.id] = row.head
        return decode_state(row.kind, row.state)


def application_of(command: activation.Command) -> RecordId:
    """Return the application that *command* addresses; a scanned QR names its own."""
    if isinstance(command, activation.ScanPairing):
        return RecordId(peek_application_id(command.token).hex())
    assert not isinstance(command, activation.Register)  # noqa: S101 - it has none yet
    return command.application_id
