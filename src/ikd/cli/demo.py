"""``ikd demo``: the whole journey of an activation, for one office, some or all of them."""

from __future__ import annotations

import sys
from pathlib import Path

from ikd.cli.failures import Exit, at, at_store
from ikd.cli.journey import demo_store
from ikd.cli.journey.play import play
from ikd.cli.output import check_place
from ikd.cli.screen import Screen
from ikd.plugins.offices import load_office, packaged_offices


def demo(
    *,
    office: list[str] | None = None,
    store: str = "sqlite:///demo/ikd.db",
    out: Path = Path("demo"),
) -> int:
    """Play the journey: one office into DIR, several into DIR/<id>/."""
    names = list(dict.fromkeys(office or packaged_offices()))
    journeys = []
    for name in names:
        folder = out if len(names) == 1 and office else out / Path(name).stem
        with at(name):
            journeys.append((load_office(name), folder))
    if len(journeys) > 1:
        check_place(out / "journeys")
    demo_store.check(store, [folder for _, folder in journeys])  # all, before the first begins
    with at_store(store):
        for one, folder in journeys:
            play(one, store, folder, Screen(sys.stdout))
    return Exit.OK
