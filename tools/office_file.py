"""Draws ``docs/reference/office-file.md`` and the JSON Schema that ikd carries, off the values.

    python tools/office_file.py

A test compares: whoever changes a key, its meaning or its effect runs this again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ikd.core.standard.sheet import title_of
from office_format.keys import Key, office_keys
from office_format.schema import schema_text

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "office-file.md"
SCHEMA = ROOT / "src" / "ikd" / "data" / "office-file.schema.json"
HEAD = """\
# Office file

One TOML file holds the published standard of one office; no Python is needed for a new one
([how to add an office](../how-to/add-an-office.md)). `ikd office check FILE` tells every fault
with its path, `ikd office show FILE` prints the standard, and `ikd office schema` the
[JSON Schema](../../src/ikd/data/office-file.schema.json) that editors complete and check by.
This page is drawn by `tools/office_file.py` from the values themselves.

## Sources

Nothing stands in a file without what it rests on. A key marked *sourced* is a table:

```toml
digits = { value = 6, source = "W20", quote = "6 digit kode aktivasi" }
life = { value = "30 min", source = "default", why = "Masa berlaku kode tidak disebut naskah." }
```

`source` is a clause of a text listed under `evidence`, and then `quote` holds its words; or it
is `"default"`, and then `why` holds the reason and there is no quote. `note` may stand beside
either. Rows of lists carry `source`, `quote`, `why` and `note` themselves. What a text doesn't
state is left out: absent, an empty list and zero are three things.

A text may hold no hidden signs (control characters, direction marks); the words that messages
carry (`about.name`, `about.full_name`, `words.person`, `pin.word`, `pin.sender`,
`rejection.sender`, the `mail` button) are one line of at most 120 characters without `,`, `<`,
`>`, `=?` and links, for no mail could carry them. A file has at most 512 KiB.

## What a value does

Every key **acts** or is **shown**. What acts changes what the service does: what is asked,
refused, counted, sent or due. What is shown is printed by `ikd office show` (and in its JSON)
and does nothing else; the reason stands beside it. A test changes each value of each shipped file
and finds the difference.

A length is written like `"90 s"`, `"30 min"`, `"24 h"`, `"7 d"`; a date like `2024-05-31`; a time
of day like `07:30`. Numbers in paths of faults count rows from one.
"""


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    titled = ""
    for key in office_keys():
        part = key.path.partition(".")[0].partition("[")[0]
        if part != titled:
            titled = part
            parts.append(f"## {_title(part)}\n")
        parts.append("\n".join(_entry(key)))
    return "\n".join(parts)


def _title(part: str) -> str:
    indonesian, english = title_of(part)
    return f"`{part}`" if indonesian == english else f"`{part}`: {indonesian} / {english}"


def _entry(key: Key) -> Iterator[str]:
    yield f"### `{key.path}`\n"
    yield f"{_sentence(key.meaning)}\n"
    needed = "needed" if key.needed else "may be left out"
    sourced = ", sourced" if key.sourced else ""
    yield f"- takes: {key.takes}{sourced}; {needed}"
    if key.shown:
        yield f"- shown: {key.shown}"
    elif key.takes != "table" or key.sourced:
        acts = "acts; " if key.partly and not key.partly.startswith("acts") else ""
        yield f"- {acts}{key.partly or 'acts'}"
    yield ""


def _sentence(text: str) -> str:
    text = text.replace("``", "`")
    return text if text.endswith(".") else f"{text}."


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    SCHEMA.write_text(schema_text(), "utf-8")
