"""``ikd qr``: draw a QR token, and check one offline, from its text or from a photo."""

from __future__ import annotations

import json as json_text
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ikd.adapters import qrimage
from ikd.adapters.system import SystemClock
from ikd.cli.failures import AtFileError, CannotError, Exit
from ikd.cli.language import text
from ikd.cli.output import check_place, put
from ikd.cli.qr_input import token_in
from ikd.cli.qr_told import fault_row, tell, verdict_row
from ikd.cli.screen import Screen
from ikd.cli.verifier_files import read_verifier
from ikd.core.errors import IkdError

_Token = Annotated[str, Parameter(allow_leading_hyphen=True)]


def show(
    token: _Token,
    /,
    *,
    svg: Path | None = None,
    png: Path | None = None,
    caption: str | None = None,
    level: Literal["l", "m", "q", "h"] = "m",
) -> int:
    """Draw the symbol of a text and say how large it becomes."""
    for path in filter(None, (svg, png)):
        check_place(path)
    held = token_in(token)
    found = qrimage.report(held)
    if svg:
        put(svg, qrimage.svg(held, caption=caption, error=level).encode())
    if png:
        put(png, qrimage.png(held, caption=caption, error=level))
    screen = Screen(sys.stdout)
    dark = not screen.colour
    screen.paper(qrimage.terminal(held, caption=caption, error=level, dark=dark))
    sizes = (f"{one}: {f'v{size}' if size else '-'}" for one, size in found.versions.items())
    screen.row(text("qr.characters"), str(found.characters))
    screen.row(text("qr.version"), "  ".join(sizes))
    if found.camera_pixels:
        pixels = text("qr.pixels", pixels=found.camera_pixels, modules=found.modules)
        screen.row(text("qr.camera"), pixels)
    return Exit.OK


def verify(  # noqa: PLR0913 - the options of the command
    token: _Token,
    /,
    *,
    keyring: Path,
    root: Path | None = None,
    status: Annotated[list[Path] | None, Parameter(consume_multiple=True)] = None,
    policy: Path | None = None,
    foreign: Path | None = None,
    memory: Path | None = None,
    challenge: str = "",
    strict: bool = False,
    json: bool = False,
) -> int:
    """Check a QR token offline and print the verdict."""
    now, beside = SystemClock().now(), root is None
    try:
        asked = _challenge(challenge)
        verifier = read_verifier(
            keyring,
            root,
            status or (),
            policy=policy,
            foreign=foreign,
            memory=memory,
            now=now,
        )
        verdict = verifier.check(token_in(token), now=now, challenge=asked)
    except (AtFileError, CannotError, IkdError) as error:
        if json:
            print(json_text.dumps(fault_row(error)))
        raise
    if json:
        print(json_text.dumps(verdict_row(verdict, beside=beside)))
    else:
        tell(Screen(sys.stdout), verdict, beside=beside)
    doubtful = strict and (beside or verdict.outcome == "warn")
    return Exit.REFUSED if verdict.outcome == "refuse" or doubtful else Exit.OK


def _challenge(given: str) -> bytes:
    try:
        return bytes.fromhex(given)
    except ValueError:
        raise CannotError(f"--challenge: {text('qr.hexadecimal')}", Exit.USAGE) from None
