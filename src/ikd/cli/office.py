"""``ikd office``: the standards of offices, shown, compared and begun."""

from __future__ import annotations

import json as json_text
import os
import sys
from pathlib import Path

from ikd.cli import office_diff, office_show
from ikd.cli.failures import CannotError, Exit, at
from ikd.cli.language import text
from ikd.cli.office_new import answers
from ikd.cli.office_questions import Clerk
from ikd.cli.screen import Screen
from ikd.core.errors import shown_path
from ikd.core.standard.office import Office, parse_office_text
from ikd.core.standard.sheet import own_tables, tables, unstated
from ikd.core.standard.tomltext import toml_text
from ikd.data.shipped_files import read_data
from ikd.plugins.offices import load_office, packaged_offices


def offices() -> int:
    """Print a line an office that comes along: id, decree, name."""
    found = [load_office(name) for name in packaged_offices()]
    decrees = [one.decree.number if one.decree else None for one in found]
    Screen(sys.stdout).table(
        ["id", text("office.decree"), text("office.name")],
        [
            (one.id, number.value if number else "-", one.name)
            for one, number in zip(found, decrees, strict=True)
        ],
    )
    return Exit.OK


def show(office: str, /, *, json: bool = False) -> int:
    """Print the standard of an office: an id or a file."""
    found = _loaded(office)
    if json:
        _print({**tables(found), "ikd": own_tables(), "unstated": unstated(found)})
    else:
        office_show.show(Screen(sys.stdout), found)
    return Exit.OK


def diff(one: str, other: str, /, *, json: bool = False) -> int:
    """Print what two offices, ids or files, promise differently."""
    left, right = _loaded(one), _loaded(other)
    if json:
        _print(office_diff.as_data(left, right))
    else:
        names = office_diff.names_of(one, other, left, right)
        office_diff.diff(Screen(sys.stdout), left, right, names)
    return Exit.OK


def new(file: Path, /) -> int:
    """Ask, and write the answers to a file, which must not be there yet."""
    _check_place(file)
    print(text("new.head"))
    kept = file.with_name(f"{file.name}.answers") if sys.stdin.isatty() else None
    written = toml_text(answers(Clerk(kept)))
    parse_office_text(written)
    with file.open("x", encoding="utf-8") as opened:
        opened.write(written)
    if kept is not None:
        kept.unlink(missing_ok=True)
    name = shown_path(file)
    print(f"\n{name}: {text('office.valid')}. {text('new.next')}: ikd office show {name}")
    return Exit.OK


def schema() -> int:
    """Print the JSON Schema of office files."""
    print(read_data("office-file.schema.json"), end="")
    return Exit.OK


def _loaded(which: str) -> Office:
    with at(which):
        return load_office(which)


def _print(told: object) -> None:
    print(json_text.dumps(told, ensure_ascii=False, indent=2))


def _check_place(file: Path) -> None:
    if file.suffix != ".toml":
        raise CannotError(f"{shown_path(file)}: {text('new.toml')}", Exit.USAGE)
    if file.exists():
        raise CannotError(f"{shown_path(file)}: {text('new.there')}", Exit.REFUSED)
    if not os.access(file.parent, os.W_OK | os.X_OK):  # told now, not after all the answers
        raise CannotError(f"{file.parent}: {text('new.no_folder')}", Exit.OUTSIDE)
