"""``ikd office check``: every fault of office files, each with its path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ikd.cli.ending import Exit
from ikd.core.errors import OfficeFileError


def check(files: Sequence[str]) -> int:
    """Print a line for each valid file and every fault of the others; 1 if there are any."""
    from ikd.core.standard.checks import newest_format
    from ikd.core.standard.office import newer_faults
    from ikd.plugins.offices import load_office, packaged_offices

    bad = 0
    for file in files:
        try:
            office = load_office(file if file in packaged_offices() else Path(file))
        except OfficeFileError as error:
            bad += 1
            print(f"{file}: tidak sah / invalid")
            for path, words in error.faults:
                print(f"  {path}: {words}" if path else f"  {words}")
        else:
            print(f"{file}: sah / valid  {office.id} {office.digest[:12]}")
            for path, words in newer_faults(office):
                print(f"  format {newest_format()}: {path}: {words}")
    return Exit.REFUSED if bad else Exit.OK
