"""Draws ``docs/reference/commands.md`` from the commands and what they declare.

    python tools/commands.py

A test compares: whoever changes a command, its words or its declaration runs this again.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import attrs

from ikd import commands
from ikd.core.decide import KINDS
from ikd.core.records import declaration
from ikd.core.records.declaration import SLOW, Command, Need

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "commands.md"
HEAD = """\
# Commands

A command is a value: `from ikd import commands as do`. It can be built, queued, compared and
handled later; building one that is malformed raises an [`InputError`](errors.md#inputerror) and
changes nothing. `service.handle(command, actor=..., key=...)` handles it.

Each command below says who may ask it, the act that a device proof names, what somebody who isn't
authenticated is told of it, and what it leads to when it is in order. A wrong PIN or passcode is
told as `try_again`, whatever the command. An office's standard may narrow the roles further.
Fields without a default are needed. `identifier` is the 32 hexadecimal characters that ikd gave.

A *device proof* is what the app signs with the key it registered, over the record's id, the act,
a challenge and the pairing token of the visit: see
[the flow](../how-to/embed-in-a-web-app.md#the-phones-word).

This page is drawn by `tools/commands.py` from the commands and what they declare.

```python
from ikd import commands as do

asked = do.Withdraw(application_id="0" * 32)
assert asked == do.Withdraw(application_id="0" * 32)
```
"""
PREPARED = """\
## What is prepared

Before its transaction the service prepares what a command declares to need, in this order, so
that what costs little refuses first. What is slow is done only where the decision, rehearsed with
stand-ins, would come to it.
"""
TYPES = {
    "RecordId": "identifier",
    "str": "text",
    "Nik": "`Nik` or 16 digits",
    "Pin": "`Pin` or six digits",
    "Passcode": "`Passcode` or text",
    "Email": "`Email` or text",
    "Phone": "`Phone` or text",
    "Mapping[str, str]": "mapping of texts",
    "bytes": "bytes",
    "bool": "bool",
}
"""What a field's type is called on the page; any other by its own name."""


def page() -> str:
    """Return the whole page."""
    kinds = [command for kind in KINDS for command in kind.commands]
    where = kinds.index(commands.EnterPin) + 1
    files = kinds.index(commands.FileComplaint) + 1
    parts = [HEAD, *map(_command, kinds[:where]), _section(commands.Captcha)]
    parts += [*map(_command, kinds[where:files]), _section(commands.Attachment)]
    return "\n".join([*parts, *map(_command, kinds[files:]), _prepared(kinds)])


def _command(command: type[Command]) -> str:
    return _section(command, _declared(command))


def _section(kind: type[object], declared: str = "") -> str:
    """Return the section of a command, or of what comes with one."""
    text = (inspect.getdoc(kind) or "").replace("``", "`").replace("*", "`")
    said, _, named = text.partition("\nAttributes:\n")
    meaning, _, leads = said.partition("\nLeads to: ")
    told = [meaning, declared + (f"Leads to: {leads}" if leads else "")]
    lines = [f"## `{kind.__name__}`\n", *(_filled(part) for part in told if part)]
    return "\n".join([*lines, *_fields(kind, named)])


def _filled(text: str) -> str:
    """Return *text* in lines of one length, a blank one between paragraphs."""
    filled = (textwrap.fill(part, 98, break_on_hyphens=False) for part in text.split("\n\n"))
    return "".join(f"{part}\n\n" for part in filled if part).removesuffix("\n")


def _declared(command: type[Command]) -> str:
    declared = command.declared
    roles = ", ".join(sorted(role.value for role in declared.by))
    proof = f"`{command.act()}`" if Need.PROOF in _needs(command) else "none"
    said = f"Asked by: {roles}. Device proof: {proof}. Public answer: `{declared.public}`."
    if declared.decider:
        said += " The office's standard says which of the two."
    if declared.anywhere:
        said += " An operator of another office may, where the standard lets the visit be there."
    return f"{said}\n\n"


def _needs(command: type[Command]) -> frozenset[Need]:
    """Return what *command* needs whatever it says."""
    needs = command.declared.needs
    return frozenset() if callable(needs) else frozenset(needs)


def _fields(kind: type[object], named: str) -> Iterator[str]:
    """Yield the table of the fields, each with the meaning that the class gives it."""
    yield "| field | type | default | meaning |\n|---|---|---|---|"
    found = re.findall(r"^    (\w+): (.+(?:\n        .+)*)", named, re.MULTILINE)
    meanings = {name: " ".join(words.split()).rstrip(".") for name, words in found}
    for field in attrs.fields(kind):
        row = (f"`{field.name}`", _type(field), _default(field), meanings[field.name])
        yield f"| {' | '.join(row)} |".replace("|  |", "| |")
    yield ""


def _type(field: attrs.Attribute[object]) -> str:
    name = str(field.type).removesuffix(" | None")
    return TYPES.get(name, f"`{name}`")


def _default(field: attrs.Attribute[object]) -> str:
    if field.default is attrs.NOTHING:
        return ""
    made = field.default
    return f"`{made.factory() if isinstance(made, attrs.Factory) else made!r}`".replace("'", '"')


def _prepared(kinds: list[type[Command]]) -> str:
    rows = [PREPARED, "| need | for | slow |", "|---|---|---|"]
    for need in Need:
        asking = ", ".join(f"`{one.__name__}`" for one in kinds if need in _needs(one))
        rows.append(f"| {_meaning(need)} | {asking} | {'yes' if need in SLOW else ''} |")
    for command in kinds:
        needs = command.declared.needs
        if callable(needs):
            said = (inspect.getdoc(needs) or "").removeprefix("Return ")
            rows.append(f"\n`{command.__name__}` needs {said}")
    return "\n".join([*rows, ""]).replace("|  |", "| |")


def _meaning(need: Need) -> str:
    found = re.search(rf'{need.name} = \d+\n    """(.+)"""', inspect.getsource(declaration.Need))
    assert found is not None
    return found[1].removesuffix(".").removesuffix(": slow")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
