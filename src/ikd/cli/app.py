"""The command line's commands, and what their help says."""

from __future__ import annotations

import functools
import importlib
import inspect
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal, get_type_hints

from cyclopts import App, Group, Parameter

from ikd.cli.failures import Exit
from ikd.cli.help_page import HelpPage, epilogue
from ikd.cli.language import language, text
from ikd.data.shipped_files import read_data

CommandFunction = Callable[..., int]
COMMANDS: Mapping[str, str] = {
    "demo": "demo.demo",
    "nik check": "nik.check",
    "office list": "office.offices",
    "office show": "office.show",
    "office check": "office_check.check",
    "office upgrade": "office_check.upgrade",
    "office diff": "office.diff",
    "office new": "office.new",
    "office schema": "office.schema",
    "qr show": "qr.show",
    "qr verify": "qr.verify",
    "keys new": "keys.new",
    "keys rotate": "keys.rotate",
    "keys revoke": "keys.revoke",
    "keys upgrade": "keys.upgrade",
    "keys publish": "keys.publish",
    "keys show": "keys.show",
    "status publish": "status.publish",
    "store migrate": "store.migrate",
    "store bind": "store.bind",
    "store mend": "store.mend",
    "audit checkpoint": "audit.checkpoint",
    "audit verify": "audit.verify",
    "worker": "worker.worker",
    "serve": "serve.serve",
    "access new": "access.new",
    "access list": "access.listed",
    "access revoke": "access.revoke",
    "cases": "cases.cases",
    "complaint file": "complaint.file",
    "complaint list": "complaint.listed",
    "complaint show": "complaint.show",
    "complaint step": "complaint.step",
    "complaint answer": "complaint.answer",
    "complaint close": "complaint.close",
    "complaint export": "complaint.export",
    "complaint summary": "complaint.summary",
    "looks": "looks.looks",
    "outbox list": "outbox.owed",
    "outbox retry": "outbox.retry",
    "clock accept": "clock.accept",
    "mail report": "mail.report",
    "plugins list": "plugins.installed",
    "completion": "app.completion",
}
"""Where each command stands, below ``ikd.cli``."""


def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """Print what completes commands in a shell."""
    print(app().generate_completion(prog_name="ikd", shell=shell))
    return Exit.OK


def app(asked: str = "") -> App:
    """Return the command line in the language that is spoken.

    Args:
        asked: The first word of what was typed: of other commands nothing but the name is
            loaded. None of them loads all.
    """
    root = _app("ikd")
    root.command(_version, name="--version", help=text("app.version"))
    groups: dict[str, App] = {"": root}
    for name, where in COMMANDS.items():
        first, _, own = name.partition(" ")
        if own and first not in groups:
            groups[first] = _app(first)
            root.command(groups[first])
        made = _app(own or first, name)
        if asked in ("", first):
            made.default(_asked(command_at(where), name))
        groups[first if own else ""].command(made)
    return root


def command_at(where: str) -> CommandFunction:
    """Return the function of a command."""
    module, _, name = where.partition(".")
    found: CommandFunction = getattr(importlib.import_module(f"ikd.cli.{module}"), name)
    return found


def about(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return what the table of help says of a command or a group of commands."""
    found: Mapping[str, Mapping[str, str]] = _help()[name]
    return found


def examples(name: str) -> Sequence[str]:
    """Return commands that a stranger may copy."""
    found: Sequence[str] = _help()[name].get("examples", ())
    return found


def _app(own: str, name: str = "") -> App:
    made = App(
        name=own,
        help=about(name or own)["about"][language()],
        help_epilogue=epilogue(examples(name or own)),
        version_flags=[],
        default_parameter=Parameter(negative=()),
        group_commands=Group(text("app.commands"), sort_key=0),
        group_arguments=Group(text("app.arguments"), sort_key=1),
        group_parameters=Group(text("app.options"), sort_key=2),
        help_formatter=HelpPage(),
        help_format="plaintext",
        suppress_keyboard_interrupt=False,
    )
    for flag in made.help_flags:
        made[flag].help = text("app.help")
    return made


def _version() -> int:
    from importlib.metadata import version

    print(f"ikd {version('ikd')}")
    return Exit.OK


def _asked(command: CommandFunction, name: str) -> CommandFunction:
    # Return *command* with the words of each of its arguments, and ``--lang`` beside them.
    said = about(name)
    signature = inspect.signature(command)
    hints = get_type_hints(command, include_extras=True)

    @functools.wraps(command)
    def asked(*given: object, lang: str | None = None, **named: object) -> int:  # noqa: ARG001
        return command(*given, **named)

    told = {
        key: Annotated[hint, Parameter(help=said[key][language()])]
        for key, hint in hints.items()
        if key != "return"
    }
    of_language = Annotated[Literal["id", "en"] | None, Parameter(help=text("app.lang"))]
    more = inspect.Parameter("lang", inspect.Parameter.KEYWORD_ONLY, default=None)
    asked.__annotations__ = {**told, "lang": of_language, "return": int}
    parameters = [*signature.parameters.values(), more]
    asked.__dict__["__signature__"] = signature.replace(parameters=parameters)
    return asked


_help = functools.cache(lambda: tomllib.loads(read_data("help.toml")))
