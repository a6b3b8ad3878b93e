"""Auditing a store at its URL, beside what was kept of it outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from ikd.adapters.keys.keys_in_folder import FileKeys
from ikd.adapters.storage.sql_store import SqlStore
from ikd.bootstrap.migration import session_of
from ikd.bootstrap.service_opening import OfficeLike, open_service
from ikd.core.decide import KINDS
from ikd.core.errors import RefusedError
from ikd.core.house.commands import MakeAnew
from ikd.core.house.house import RecordMadeAnew
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor
from ikd.core.tokens.checkpoint import Checkpoint
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.plugins.offices import load_office
from ikd.service.bound_store import BoundStore
from ikd.service.row_binder import Binder
from ikd.service.store_audit import Audit, AuditFault, Listed
from ikd.service.store_scan import sum_of

if TYPE_CHECKING:
    from ikd.core.ports import KeySource
    from ikd.core.records.kind import Kinds


@attrs.frozen(kw_only=True)
class Audited:
    """What an audit found.

    Attributes:
        faults: Every row that isn't what was written, or is missing.
        rows: How many rows were met.
        since: When the checkpoint was made that was compared, if one was.
    """

    faults: tuple[AuditFault, ...]
    rows: int
    since: datetime | None = None


def audit_store(
    url: str,
    keys: KeySource | str | Path,
    *,
    now: datetime,
    checkpoint: Path | None = None,
    still: bool = False,
    kinds: Kinds = KINDS,
) -> Audited:
    """Check every row, every chain, and what was kept outside; work may go on meanwhile.

    Args:
        url: ``sqlite:///…`` or ``postgresql://…``.
        keys: The key source of the store, or its folder.
        now: The present, for the keyring.
        checkpoint: A file that ``Service.checkpoint`` made, kept outside since.
        still: Whether nothing was written since: then every table must be what it was.
        kinds: The kinds of record in it.

    Raises:
        TokenError: The checkpoint isn't signed by these keys, or its list is another one.
        StoreError, KeySourceError: Store or keys can't be used.
    """
    session = session_of(url)
    try:
        store = SqlStore(session)
        source = FileKeys(keys) if isinstance(keys, str | Path) else keys
        told, listed = _read(checkpoint, source, now)
        audit = Audit(store, BoundStore(store, Binder(source)), kinds)
        faults = [*audit.faults(listed), *(_moved(store, told) if told and still else ())]
        return Audited(faults=tuple(faults), rows=audit.met, since=told.at if told else None)
    finally:
        session.close()


def make_anew(
    url: str,
    keys: str | Path,
    *,
    checkpoint: Path,
    record: tuple[str, str],
    office: OfficeLike,
    officer: str,
    reason: str,
) -> bool:
    """Ask that a frozen record be made anew, or do it where another officer asked before.

    Args:
        url: URL of the store.
        keys: Folder of its keys.
        checkpoint: The file that says how the record's journal was.
        record: Its kind and id.
        office: The officer's office.
        officer: Who, as the journal names an operator.
        reason: What was found out, in one line.

    Returns:
        Whether it was made anew, and not only asked for.

    Raises:
        RefusedError: It isn't frozen, its journal differs, or another officer has to agree.
        TokenError: The checkpoint isn't signed by these keys, or its list is another one.
    """
    with open_service(offices=[office], store=url, keys=keys, deliver="worker") as service:
        listed = _read(checkpoint, FileKeys(keys), service.now())[1]
        if record not in listed:
            raise RefusedError("record.journal_differs", "the checkpoint doesn't list it")
        version, head = listed[record]
        served = office if hasattr(office, "id") else load_office(office)
        command = MakeAnew(
            office=served.id,
            kind=record[0],
            record_id=RecordId(record[1]),
            version=version,
            head=head,
            reason=reason,
        )
        operator = Actor.operator(officer, office=served.id)
        key = f"anew/{record[1]}/{officer}/{service.now().isoformat()}"
        events = service.handle(command, actor=operator, key=key).events
        return any(isinstance(one, RecordMadeAnew) for one in events)


def _read(path: Path | None, keys: KeySource, now: datetime) -> tuple[Checkpoint | None, Listed]:
    if path is None:
        return None, {}
    roots = [PublicKey.ed25519(raw) for raw in keys.roots()]
    with path.open("rb") as file:
        made = Checkpoint.read(file.readline(), Keyring.read(keys.keyring(), roots, now=now))
        return made, made.listed(file)


def _moved(store: SqlStore, told: Checkpoint) -> Iterator[AuditFault]:
    for table, then in told.tables.items():
        now = sum_of(store, table)
        if now != then:
            more = f"{now.count - then.count:+d}"
            yield AuditFault(table=table, row=more, kind="moved")
