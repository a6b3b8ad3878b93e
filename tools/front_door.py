"""Draws ``docs/reference/api.md`` from the front door's own signatures and docstrings.

    python tools/front_door.py

A test compares: whoever changes a signature or a docstring runs this again.
"""

from __future__ import annotations

import enum
import importlib
import inspect
import re
import typing
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import attrs

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "api.md"
NAMES = ("api", "commands", "events", "errors", "ports", "qr", "testing", "wire")
MODULES = ("ikd", *(f"ikd.{name}" for name in NAMES))
SECTION = re.compile(r"^(Args|Attributes|Raises|Returns|Yields):$", re.MULTILINE)
ATTRIBUTE = re.compile(r"^    ([\w, ]+?): (.*(?:\n {5,}.*)*)", re.MULTILINE)
HEAD = """\
# API

The front door: `import ikd`. Importing it does no work; each name is loaded when it is first
asked for. What isn't on this page is not promised.

This page is drawn by `tools/front_door.py` from signatures and docstrings.

```python
import ikd

nik = ikd.Nik.parse("1376015708909901")
assert str(nik) == "************9901"
assert ikd.load_office("payakumbuh").zone == "Asia/Jakarta"
with ikd.open_service(offices=["payakumbuh"], store="memory://") as service:
    assert service.find(actor=ikd.Actor.system()) == ()
```
"""


def api() -> str:
    """Return the text of the page about the API."""
    parts = [HEAD]
    told: dict[int, str] = {}
    for module in map(importlib.import_module, MODULES):
        parts += [f"## `{module.__name__}`\n", f"{_first(module)}\n"]
        for name in (one for one in module.__all__ if f"{module.__name__}.{one}" not in MODULES):
            thing = getattr(module, name)
            called = f"{module.__name__}.{name}"
            if told.setdefault(id(thing), called) == called:
                parts += _thing(called, name, thing)
            else:
                parts.append(f"### `{called}`\n\nThe same as `{told[id(thing)]}`.\n")
    return "\n".join(parts)


def _thing(called: str, name: str, thing: object) -> Iterator[str]:
    yield f"### `{called}`\n"
    if inspect.isclass(thing):
        yield from _class(name, thing)
    elif inspect.isfunction(thing):
        yield _called(thing, called)
    else:
        yield f"{_about(thing)}\n"


def _about(thing: object) -> str:
    """Say what a name is that is neither class nor function."""
    if isinstance(thing, dict):
        return "One of " + ", ".join(f"`{key}`" for key in thing) + "."
    if hasattr(thing, "__supertype__"):
        return f"A `{thing.__supertype__.__name__}` that names one record."
    if callable(thing) or typing.get_origin(thing) is None:
        return _first(thing) if not isinstance(thing, str) else f"`{thing}`"
    return "`" + str(thing).replace("ikd.core.", "").replace("|", "or") + "`"


def _class(name: str, kind: type) -> Iterator[str]:
    yield _text(re.sub(r"^Attributes:\n(?: {4}.*\n?|\n)*", "", _plain(kind), flags=re.MULTILINE))
    if issubclass(kind, enum.Enum):
        yield "| member | word |\n|---|---|"
        yield from (f"| `{one.name}` | `{one.value}` |" for one in kind)
        yield ""
    meant = meanings(kind)
    if meant:
        yield "| attribute | meaning |\n|---|---|"
        yield from (f"| `{one}` | {words} |" for one, words in meant.items())
        yield ""
    for member, value in vars(kind).items():
        if not member.startswith(("_", "test_")) and member not in meant:
            yield from _member(name, member, value)


def meanings(kind: type) -> dict[str, str]:
    """Return what each attribute of a class means, those of its bases first."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        doc = inspect.cleandoc(vars(base).get("__doc__") or "").replace("``", "`")
        about = re.search(r"^Attributes:\n((?: {4}.*\n?|\n)*)", doc, re.MULTILINE)
        for names, words in ATTRIBUTE.findall(about[1]) if about else ():
            found |= dict.fromkeys(names.split(", "), " ".join(words.split()).replace("|", "\\|"))
    return found


def missing(kind: type) -> list[str]:
    """Return the attributes of an attrs class that its docstring doesn't tell of."""
    named = [one.alias for one in attrs.fields(kind) if not one.name.startswith("_")]
    return [one for one in named if one not in meanings(kind)]


def _member(owner: str, name: str, member: object) -> Iterator[str]:
    function = getattr(member, "__func__", member)
    if isinstance(member, property):
        yield f"#### `{owner}.{name}`\n\n{_first(member.fget)}\n"
    elif inspect.isfunction(function):
        yield f"#### `{owner}.{name}`\n"
        bound = owner if function is not member else owner.lower()
        yield _called(function, f"{bound}.{name}")


def _called(function: Callable[..., object], called: str) -> str:
    forms = typing.get_overloads(function) or [function]
    shown = "\n".join(f"{called}{_signature(form)}" for form in forms)
    return f"```text\n{shown}\n```\n\n{_text(_plain(function))}"


def _signature(function: Callable[..., object]) -> str:
    """Return a signature as it is written, one argument a line where it is long."""
    found = inspect.signature(function)
    parts: list[str] = []
    for name, argument in found.parameters.items():
        if name in ("self", "cls"):
            continue
        if argument.kind is argument.KEYWORD_ONLY and "*" not in parts:
            parts.append("*")
        parts.append(_argument(argument))
    returns = found.return_annotation
    ending = "" if returns is inspect.Signature.empty else f" -> {str(returns).strip(chr(39))}"
    line = f"({', '.join(parts)}){ending}"
    if len(line) < 76:
        return line
    return "".join(["(\n", *(f"    {part},\n" for part in parts), f"){ending}"])


def _argument(argument: inspect.Parameter) -> str:
    text = argument.name
    if argument.annotation is not argument.empty:
        text += f": {str(argument.annotation).strip(chr(39))}"
    return text if argument.default is argument.empty else f"{text} = {_shown(argument.default)}"


def _shown(value: object) -> str:
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, timedelta):
        unit, size = ("days", 86_400) if value.days else ("seconds", 1)
        return f"timedelta({unit}={value.total_seconds() / size:g})"
    if repr(value).endswith("NOTHING"):  # attrs makes it anew for each object
        return "..."
    return value.__name__ if inspect.isfunction(value) else repr(value)


def _first(thing: object) -> str:
    """Return the first sentence of a docstring, on one line."""
    return " ".join(_plain(thing).partition("\n\n")[0].split())


def _plain(thing: object) -> str:
    return (inspect.getdoc(thing) or "").replace("``", "`")


def _text(text: str) -> str:
    """Return a Google docstring as Markdown: its sections as lists."""
    parts = SECTION.split(text)
    lines = [f"{parts[0].strip()}\n"]
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        entries = re.split(r"\n(?=    \S)", f"\n{body.strip(chr(10))}")[1:]
        lines.append(f"{heading}:\n")
        for entry_text in entries:
            words = " ".join(entry_text.split())
            name, colon, rest = words.partition(": ")
            named = bool(colon) and re.fullmatch(r"[\w.]+", name)
            lines.append(f"- `{name}`: {rest}" if named else f"- {words}")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(api(), "utf-8")
