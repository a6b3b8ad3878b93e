"""``ikd audit``: what a store held is kept outside, and compared."""

from __future__ import annotations

import sys
from pathlib import Path

from ikd.adapters.system import SystemClock
from ikd.bootstrap import open_service
from ikd.bootstrap.store_checking import audit_store
from ikd.cli.failures import CannotError, Exit, at, at_store
from ikd.cli.language import text
from ikd.cli.output import put
from ikd.cli.screen import Screen
from ikd.cli.store import check_store, folder_of
from ikd.plugins.offices import packaged_offices
from ikd.service import Service


def checkpoint(*, store: str, out: Path, keys: Path | None = None) -> int:
    """Write a signed checkpoint into a folder that is kept elsewhere."""
    check_store(store)
    with (
        at_store(store, keys),
        open_service(
            offices=packaged_offices(), store=store, keys=keys, deliver="worker"
        ) as service,
    ):
        print(keep_checkpoint(service, out))
    return Exit.OK


def keep_checkpoint(service: Service, folder: Path) -> Path:
    """Write a checkpoint of *service* into *folder*, named by its time; return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"checkpoint-{service.now():%Y%m%dT%H%M%S}.ikd"
    put(place, service.checkpoint())
    return place


def verify(
    *,
    store: str,
    keys: Path | None = None,
    checkpoint: Path | None = None,
    still: bool = False,
) -> int:
    """Check every row and chain of a store, and compare it with a checkpoint."""
    check_store(store)
    if still and checkpoint is None:
        raise CannotError(f"--still: {text('audit.no_checkpoint')}", Exit.USAGE)
    if checkpoint is not None and not checkpoint.is_file():
        raise CannotError(f"{checkpoint}: {text('audit.no_file')}", Exit.USAGE)
    folder = keys or folder_of(store)
    with at_store(store, folder), at(checkpoint or store):
        found = audit_store(
            store, folder, now=SystemClock().now(), checkpoint=checkpoint, still=still
        )
    screen = Screen(sys.stdout)
    for fault in found.faults:
        screen.line(f"{fault.table} {fault.row}: {text(f'audit.{fault.kind}')}")
    print(text("audit.done", rows=found.rows, faults=len(found.faults)))
    if found.since is None:
        print(text("audit.alone"))
    return Exit.REFUSED if found.faults else Exit.OK
