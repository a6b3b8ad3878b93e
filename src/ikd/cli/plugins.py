"""``ikd plugins list``: the plugins that are installed. None is loaded by being listed."""

from __future__ import annotations

import sys
from collections import Counter

from ikd.cli.failures import Exit
from ikd.cli.language import text
from ikd.cli.screen import Screen
from ikd.plugins.installed import offers


def installed() -> int:
    """Print a line a plugin: name, whose it is, what would be loaded; say which can't be."""
    found = offers()
    if not found:
        print(text("plugins.none"))
        return Exit.OK
    Screen(sys.stdout).table(
        [text(f"plugins.{name}") for name in ("name", "distribution", "loaded")],
        [(one.name, f"{one.distribution} {one.version}".strip(), one.value) for one in found],
    )
    names = Counter(offer.name for offer in found)
    twice = sorted(name for name, count in names.items() if count > 1)
    for name in twice:
        print(f"{name}: {text('plugins.twice')}")
    return Exit.REFUSED if twice else Exit.OK
