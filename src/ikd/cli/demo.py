"""``ikd demo``: the whole journey of an activation, for one office, some or all of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from ikd.adapters.system import SystemClock
from ikd.cli.failures import Exit, at, at_store
from ikd.cli.journey import demo_store
from ikd.cli.journey.complaint_story import play_complaint
from ikd.cli.journey.play import play
from ikd.cli.language import text
from ikd.cli.output import check_place
from ikd.cli.screen import Screen
from ikd.core.standard.file_text import read_text
from ikd.core.standard.office import Office, parse_office
from ikd.core.standard.versions import has_begun
from ikd.plugins.offices import load_office, packaged_offices

STORIES = {"activation": play, "complaint": play_complaint}


def _as_if_begun(office: Office) -> Office:
    # Let what isn't served yet be played all the same: its officer wants to see it before.
    if has_begun(office, SystemClock().now().astimezone(office.tz).date()):
        return office
    print(text("demo.not_begun", day=office.begins))
    told = read_text(office.text)
    del told["decree"]["effective_from"]
    return parse_office(told)


def demo(
    *,
    office: list[str] | None = None,
    story: Literal["activation", "complaint"] = "activation",
    store: str = "sqlite:///demo/ikd.db",
    out: Path = Path("demo"),
) -> int:
    """Play a story: one office into DIR, several into DIR/<id>/."""
    names = list(dict.fromkeys(office or packaged_offices()))
    journeys = []
    for name in names:
        folder = out if len(names) == 1 and office else out / Path(name).stem
        with at(name):
            journeys.append((_as_if_begun(load_office(name)), folder))
    if len(journeys) > 1:
        check_place(out / "journeys")
    demo_store.check(store, [folder for _, folder in journeys])  # all, before the first begins
    with at_store(store):
        for one, folder in journeys:
            STORIES[story](one, store, folder, Screen(sys.stdout))
    return Exit.OK
