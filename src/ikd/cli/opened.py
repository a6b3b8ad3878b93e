"""A service for the commands that look at a store: it delivers nothing, and believes the clock."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ikd.service import Service


def opened(store: str, keys: Path | None, offices: Sequence[str] = ()) -> Service:
    """Open the service; a store that isn't there is refused."""
    from ikd.adapters.system import WallClock
    from ikd.bootstrap import open_service
    from ikd.cli.store import check_store
    from ikd.plugins.offices import packaged_offices

    check_store(store)
    return open_service(
        offices=offices or packaged_offices(),
        store=store,
        keys=keys,
        clock=WallClock(),
        deliver="worker",
    )
