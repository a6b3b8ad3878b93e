"""``ikd office``: the standards of offices, shown, checked, compared and begun."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ikd.cli.ending import Exit

if TYPE_CHECKING:
    from ikd.core.standard.office import Office

_WHICH = "id kantor atau berkas .toml / an id or a .toml file"
_JSON = "untuk program / for programmes"


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("office", help="kantor dan standarnya / offices and standards")
    actions = parser.add_subparsers(required=True, metavar="TINDAKAN / ACTION")
    listing = actions.add_parser("list", help="kantor yang disertakan / offices that come along")
    listing.set_defaults(run=run)
    _add_reading(actions)
    _add_writing(actions)


def _add_reading(actions: Any) -> None:  # noqa: ANN401 - as above
    show = actions.add_parser("show", help="standar sebuah kantor / the standard of an office")
    show.add_argument("office", metavar="ID|FILE", help=_WHICH)
    show.add_argument("--json", action="store_true", help=_JSON)
    show.set_defaults(run=_show)
    check = actions.add_parser("check", help="sah 0, ada yang salah 1 / 0 all valid, 1 some not")
    check.add_argument("files", metavar="FILE", nargs="+", help=_WHICH)
    check.set_defaults(run=_check)
    diff = actions.add_parser("diff", help="dua standar bersisian / two standards side by side")
    diff.add_argument("one", metavar="A", help=_WHICH)
    diff.add_argument("other", metavar="B", help=_WHICH)
    diff.add_argument("--json", action="store_true", help=_JSON)
    diff.set_defaults(run=_diff)


def _add_writing(actions: Any) -> None:  # noqa: ANN401 - as above
    new = actions.add_parser(
        "new",
        help="tulis berkas kantor baru / write the file of a new office",
        description="Bertanya satu per satu, lalu menulis berkas yang sah. / Asks one by one, then "
        "writes a valid file. Jawaban boleh dari stdin, sebaris satu. / Answers may come from "
        "stdin, one a line.",
    )
    new.add_argument("file", metavar="FILE", type=Path, help="berkas yang ditulis / file to write")
    new.set_defaults(run=_new)
    schema = actions.add_parser("schema", help="JSON Schema dari berkas kantor / of office files")
    schema.set_defaults(run=_schema)


def run(_asked: argparse.Namespace) -> int:
    """Print a line an office: id, decree, name."""
    from ikd.plugins.offices import load_office, packaged_offices

    offices = [load_office(name) for name in packaged_offices()]
    width = max(len(office.id) for office in offices)
    for office in offices:
        print(f"{office.id:{width}}  {_decree(office)}  {office.name}")
    return Exit.OK


def _decree(office: Office) -> str:
    number = office.decree.number if office.decree else None
    return number.value if number else "-"


def _show(asked: argparse.Namespace) -> int:
    from ikd.cli.office_show import show

    return show(asked.office, as_json=asked.json)


def _check(asked: argparse.Namespace) -> int:
    from ikd.cli.office_check import check

    return check(asked.files)


def _diff(asked: argparse.Namespace) -> int:
    from ikd.cli.office_diff import diff

    return diff(asked.one, asked.other, as_json=asked.json)


def _new(asked: argparse.Namespace) -> int:
    from ikd.cli.office_new import new

    return new(asked.file)


def _schema(_asked: argparse.Namespace) -> int:
    from importlib.resources import files

    print(files("ikd.data").joinpath("office-file.schema.json").read_text("utf-8"), end="")
    return Exit.OK
