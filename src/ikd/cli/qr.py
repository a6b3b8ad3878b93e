"""``ikd qr``: draw a QR token, and check one offline, from its text or from a photo."""

from __future__ import annotations

import json as json_text
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ikd.adapters import qrimage
from ikd.adapters.system import SystemClock
from ikd.adapters.trust.files import MOST, read_file
from ikd.cli.failures import CannotError, Exit, at
from ikd.cli.language import language, text
from ikd.cli.output import check_place, put
from ikd.cli.screen import Screen
from ikd.cli.verifier_files import read_keyring, read_lists, read_policy
from ikd.core.tokens.credential import CredentialClaims
from ikd.core.tokens.verdict import Verdict
from ikd.core.tokens.verifier import Verifier
from ikd.data.times import moment, span

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"BM", b"GIF8", b"II*\0", b"MM\0*")
_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".txt")
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
    held = _text(token)
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
    memory: Path | None = None,
    challenge: str = "",
    strict: bool = False,
    json: bool = False,
) -> int:
    """Check a QR token offline and print the verdict."""
    if memory:
        check_place(memory)
    asked = _challenge(challenge)
    now = SystemClock().now()
    ring = read_keyring(keyring, root, now=now, memory=memory)
    lists = read_lists(status or (), ring, now=now, memory=memory)
    verifier = Verifier(ring, lists, read_policy(policy))
    verdict = verifier.check(_text(token), now=now, challenge=asked)
    beside = root is None
    (_tell_json if json else _tell)(verdict, beside=beside)
    doubtful = strict and (beside or verdict.outcome == "warn")
    return Exit.REFUSED if verdict.outcome == "refuse" or doubtful else Exit.OK


def _challenge(given: str) -> bytes:
    try:
        return bytes.fromhex(given)
    except ValueError:
        raise CannotError(f"--challenge: {text('qr.hexadecimal')}", Exit.USAGE) from None


def _text(given: str) -> str:
    """Return the token that was meant: itself, or what a file, a photo or stdin holds.

    An address is a text as any other: nothing is fetched on a stranger's word.
    """
    with at(given):
        data = _stdin() if given == "-" else _file(given)
    if data is None:
        return given
    name = "stdin" if given == "-" else given
    if not data.strip():
        raise CannotError(f"{name}: {text('qr.empty')}", Exit.USAGE)
    if data.startswith(_PICTURES):
        return _in_picture(name, data)
    try:
        return data.decode("ascii").strip("\r\n")
    except UnicodeDecodeError as error:
        raise CannotError(f"{name}: {text('qr.neither')}") from error


def _stdin() -> bytes:
    data = sys.stdin.buffer.read(MOST + 1)
    if len(data) > MOST:
        raise CannotError(f"stdin: {text('qr.too_large')}")
    return data


def _file(given: str) -> bytes | None:
    path = Path(given)
    try:
        there, folder = path.is_file(), bool(given) and path.is_dir()
    except (OSError, ValueError):  # too long for a name, or no name at all: a token
        return None
    if folder:
        raise CannotError(f"{given}: {text('qr.folder')}", Exit.USAGE)
    if not there and path.suffix in _SUFFIXES:  # no token has small letters
        raise CannotError(f"{path.name}: {text('qr.not_found')}", Exit.USAGE)
    return read_file(path) if there else None


def _in_picture(name: str, data: bytes) -> str:
    with at(name):
        found = qrimage.read_picture(data)
    if len(found) != 1:
        raise CannotError(f"{name}: {text('qr.not_one', count=len(found))}")
    return found[0]


def _tell(verdict: Verdict, *, beside: bool) -> None:
    """Print the verdict, its reasons and what a person at a counter compares.

    Args:
        verdict: What came of the check.
        beside: Whether the root key was taken from beside the keyring, unnamed.
    """
    screen = Screen(sys.stdout)
    screen.line(text(f"verdict.{verdict.outcome}"))
    for reason in verdict.reasons:
        detail = f" [{reason.detail}]" if reason.detail else ""
        said = reason.text_id if language() == "id" else reason.text_en
        screen.part(f"{text(f'verdict.{reason.weight}')}: {said} ({reason.code}){detail}")
    if verdict.claims is not None:
        _tell_claims(screen, verdict.claims)
    screen.part(f"{text('verdict.keyring_age')}: {span(verdict.keyring_age, language())}")
    if verdict.status_list_age is not None:
        screen.part(f"{text('verdict.list_age')}: {span(verdict.status_list_age, language())}")
    screen.part(text("verdict.root_beside" if beside else "verdict.root_given"))


def _tell_claims(screen: Screen, claims: CredentialClaims) -> None:
    screen.part(f"{text('verdict.issuer')}: {claims.issuer}")
    screen.part(f"{text('verdict.until')}: {moment(claims.expires_at, language())}")
    screen.part(f"{text('verdict.name')}: {claims.person.name}")  # compared at a counter
    if claims.person.nik_tail is not None:
        screen.part(f"NIK: ************{claims.person.nik_tail}")


def _tell_json(verdict: Verdict, *, beside: bool) -> None:
    """Print the verdict; of the person nothing, for output of programs ends up in logs.

    Args:
        verdict: What came of the check.
        beside: Whether the root key was taken from beside the keyring, unnamed.
    """
    claims, age = verdict.claims, verdict.status_list_age
    row = {
        "outcome": verdict.outcome,
        "kind": verdict.kind,
        "reasons": [
            {"code": reason.code, "weight": reason.weight, "detail": reason.detail}
            for reason in verdict.reasons
        ],
        "issuer": claims.issuer if claims else None,
        "expires_at": f"{claims.expires_at:%Y-%m-%dT%H:%M:%SZ}" if claims else None,
        "keyring_age_seconds": int(verdict.keyring_age.total_seconds()),
        "status_list_age_seconds": None if age is None else int(age.total_seconds()),
        "root": "beside" if beside else "given",
    }
    print(json_text.dumps(row))
