"""What a file says otherwise once it is of a newer format, key by key."""

from __future__ import annotations

from collections.abc import Iterator

from ikd.core.standard.checked import Fault
from ikd.core.standard.file_text import read_text
from ikd.core.standard.office import Office


def changes(before: Office, after: Office) -> Iterator[Fault]:
    """Yield each key whose meaning the newer format of *after* changed, and how."""
    if after.begins != before.begins:
        told = (
            f"berlaku mulai {after.begins}; sebelumnya pendaftaran ditolak",
            f"served from {after.begins} on; before it nobody registers",
        )
        yield "decree.effective_from", " / ".join(told)
    places = read_text(before.text).get("presence", {}).get("places", ())
    for number, row in enumerate(places, start=1):
        for end in ("begin", "finish"):
            if end not in row:
                words = "tadinya true, kini tidak dinyatakan / was read as true, now unstated"
                yield f"presence.places[{number}].{end}", words
