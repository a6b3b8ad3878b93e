"""Draws ``docs/reference/api.md`` and ``docs/reference/cli.md`` from the code itself.

    python tools/reference.py

A test compares: whoever changes a signature, a docstring or a command line runs this again.
"""

from __future__ import annotations

import contextlib
import enum
import inspect
import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import ikd
import ikd.testing
from ikd.cli import main
from ikd.cli.app import COMMANDS
from ikd.cli.failures import Exit
from ikd.cli.language import speak, text
from ikd.service import Result, Service, Settings

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
SECTION = re.compile(r"^(Args|Attributes|Raises|Returns|Yields):$", re.MULTILINE)
API_HEAD = """\
# API

The front door: `import ikd`. Importing it does no work; each name is loaded when it is first
asked for. What isn't on this page or in [commands](commands.md), [events](events.md) and
[errors](errors.md) is not promised, but for the ports in `ikd.core.ports`, which adapters keep.

This page is drawn by `tools/reference.py` from signatures and docstrings.

```python
import ikd

nik = ikd.Nik.parse("1376015708909901")
assert str(nik) == "************9901"
assert ikd.load_office("payakumbuh").zone == "Asia/Jakarta"
with ikd.open_service(offices=["payakumbuh"], store="memory://") as service:
    assert service.find() == ()
```
"""
CLI_HEAD = """\
# Command line

`ikd`, or `python -m ikd`; it comes with `pip install 'ikd[cli]'`. `ikd` alone is its help. It
speaks one language at a time: that of `--lang id` or `--lang en`, which may stand anywhere, else
of the variable `IKD_LANG`, else of the machine's locale (Indonesian where it names none). What a
script reads is the exit code, and `--json` where a command has it. Colour appears only where a
person looks, and never with `NO_COLOR` set; a terminal without UTF-8 gets plainer signs, and a
QR in `##`. `ikd completion bash`, `zsh` or `fish` prints what completes commands in your shell.

This page is drawn by `tools/reference.py` from the help of each command.
"""


def api() -> str:
    """Return the text of the page about the API."""
    parts = [API_HEAD, _door()]
    parts += ["## `open_service`\n", _called(ikd.open_service, "ikd.open_service")]
    parts += [_class(Service, "What `open_service` returns."), _class(Result), _class(Settings)]
    parts += ["## `open_verifier`\n", _called(ikd.open_verifier, "ikd.open_verifier")]
    for kind in (ikd.Actor, ikd.Nik, ikd.Device, ikd.Candidate, ikd.Office, ikd.Verifier):
        parts.append(_class(kind))
    for name in ("find_region", "load_office"):
        parts += [f"## `{name}`\n", _called(getattr(ikd, name), f"ikd.{name}")]
    return "\n".join([*parts, _testing()])


def _door() -> str:
    rows = ["## Names\n", "| name | is |", "|---|---|"]
    rows += [f"| `ikd.{name}` | {_first(getattr(ikd, name))} |" for name in ikd.__all__]
    return "\n".join([*rows, ""])


def _testing() -> str:
    rows = ["## `ikd.testing`\n", "For tests of embedders and plugin authors; see"]
    rows[1] += " [testing your front end](../how-to/test-your-front-end.md).\n"
    rows += ["| name | is |", "|---|---|"]
    for name in ikd.testing.__all__:
        rows.append(f"| `{name}` | {_first(getattr(ikd.testing, name))} |")
    return "\n".join([*rows, ""])


def _class(kind: type[Any], words: str = "") -> str:
    text = _plain(inspect.getdoc(kind) or "")
    parts = [f"## `{kind.__name__}`\n", f"{words}\n" if words else None, _text(text)]
    if kind in (Settings, ikd.Verifier):
        parts.insert(1, f"```text\nikd.{kind.__name__}{_signature(kind)}\n```\n")
    for name, member in vars(kind).items():
        if not name.startswith("_"):
            parts += _member(kind, name, member)
    return "\n".join(part for part in parts if part is not None)


def _member(kind: type[Any], name: str, member: object) -> Iterator[str]:
    if isinstance(member, property):
        yield f"### `{kind.__name__}.{name}`\n\n{_first(member.fget)}\n"
    elif isinstance(member, classmethod | staticmethod):
        yield f"### `{kind.__name__}.{name}`\n"
        yield _called(member.__func__, f"{kind.__name__}.{name}")
    elif inspect.isfunction(member):
        yield f"### `{kind.__name__}.{name}`\n"
        yield _called(member, f"{kind.__name__.lower()}.{name}")


def _called(function: Callable[..., object], called: str) -> str:
    text = _text(_plain(inspect.getdoc(function) or ""))
    return f"```text\n{called}{_signature(function)}\n```\n\n{text}"


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
    text = _plain(inspect.getdoc(thing) or "").partition("\n\n")[0]
    return " ".join(text.split())


def _plain(text: str) -> str:
    return text.replace("``", "`")


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


# --- the command line ----------------------------------------------------------------------


def cli() -> str:
    """Return the text of the page about the command line."""
    parts = [CLI_HEAD]
    for name in COMMANDS:
        parts += [f"## `ikd {name}`\n", f"```text\n{_help(name)}\n```\n"]
    codes = ["## Exit codes\n", "| code | name | means |", "|---|---|---|"]
    speak(["--lang", "en"], {})
    meanings = {code: text(f"app.exit_{code.value}") for code in Exit}
    codes += [f"| {code.value} | `{code.name}` | {told} |" for code, told in meanings.items()]
    return "\n".join([*parts, *codes, ""])


def _help(name: str) -> str:
    """Return the help of a command, in English, as it is printed into a pipe."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main([*name.split(), "--help", "--lang", "en"])
    return printed.getvalue().partition("\nExit codes:\n")[0].rstrip()


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    FOLDER.joinpath("api.md").write_text(api(), "utf-8")
    FOLDER.joinpath("cli.md").write_text(cli(), "utf-8")
