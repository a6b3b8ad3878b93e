"""Writes ``docs/reference/wire.schema.json``, the schema of what ``ikd.wire`` reads and writes.

    python tools/wire_schema.py

A test compares: whoever changes a command, an event or a record runs this again.
"""

from __future__ import annotations

import json
from pathlib import Path

from ikd import wire

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "wire.schema.json"


def text() -> str:
    """Return the text of the file."""
    return json.dumps(wire.schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
