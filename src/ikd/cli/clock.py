"""``ikd clock accept``: an operator says that the clock is right, while no service starts."""

from __future__ import annotations

from pathlib import Path

from ikd.cli.failures import Exit
from ikd.cli.language import text


def accept(
    *,
    store: str,
    reason: str,
    officer: str,
    office: str | None = None,
    keys: Path | None = None,
) -> int:
    """Note in *store* that *officer* of *office* says that the clock is right."""
    from ikd.bootstrap.clock_acceptance import accept_clock
    from ikd.cli.store import check_store
    from ikd.plugins.offices import packaged_offices

    check_store(store)
    where = office or packaged_offices()[0]
    at = accept_clock(store, office=where, officer=officer, reason=reason, keys=keys)
    print(f"{text('clock.accepted')}: {at:%Y-%m-%dT%H:%M:%SZ}")
    return Exit.OK
