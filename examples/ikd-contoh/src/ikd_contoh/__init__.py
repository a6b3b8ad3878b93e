"""Dinas Dukcapil Kabupaten Contoh, an invented office: its standard and its own channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from ikd import hookimpl

if TYPE_CHECKING:
    from ikd import Office
    from ikd_contoh.gateway import GatewayChannel

OFFICE = "contoh"


@hookimpl
def ikd_offices() -> list[Office]:
    """Return the office, with the standard that lies beside this file."""
    import ikd

    with resources.as_file(resources.files(__name__) / "contoh.toml") as path:
        return [ikd.load_office(path)]


@hookimpl
def ikd_channels(office: str, options: Mapping[str, object]) -> list[GatewayChannel]:
    """Return the gateway, for our own office only."""
    from ikd_contoh.gateway import GatewayChannel

    if office != OFFICE or "gateway" not in options:
        return []
    return [GatewayChannel(str(options["gateway"]), str(options.get("token", "")))]


@hookimpl
def ikd_event_recorded(
    event: str, kind: str, record_id: str, at: datetime, options: Mapping[str, object]
) -> None:
    """Add a line to the tally."""
    if "tally" in options:
        with Path(str(options["tally"])).open("a", encoding="utf-8") as tally:
            tally.write(f"{at.isoformat()}\t{kind}\t{record_id}\t{event}\n")
