"""``ikd qr``: draw a QR token, and check one offline, from its text or from a photo."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ikd.cli.ending import CannotError, Exit
from ikd.cli.trust import read_keyring, read_lists, read_policy

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"BM", b"GIF8", b"II*\0", b"MM\0*")
_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".txt")


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("qr", help="token QR / QR tokens")
    actions = parser.add_subparsers(required=True, metavar="TINDAKAN / ACTION")
    show = actions.add_parser("show", help="gambar dan ukurannya / the symbol and its size")
    show.add_argument("text", metavar="TEXT|FILE|-", help="teks, berkas, stdin / text, file")
    show.add_argument("--svg", metavar="FILE", type=Path, help="simpan SVG / save it")
    show.add_argument("--png", metavar="FILE", type=Path, help="simpan PNG / save it")
    show.add_argument("--caption", help="tulisan di bawahnya / words below it")
    show.add_argument("--level", choices=tuple("lmqh"), default="m", help="koreksi / correction")
    show.set_defaults(run=_run_show)
    _verify(actions)


def _verify(actions: Any) -> None:  # noqa: ANN401 - as above
    verify = actions.add_parser(
        "verify",
        help="periksa luring; terima dan ragu 0, tolak 1 / offline; 0 unless refused",
    )
    verify.add_argument("text", metavar="TEXT|IMAGE|FILE|-", help="teks, foto, berkas / photo")
    verify.add_argument(
        "--keyring", metavar="FILE", type=Path, required=True, help="daftar kunci / of keys"
    )
    verify.add_argument("--root", metavar="FILE", type=Path, help="kunci akar / root key (PEM)")
    verify.add_argument(
        "--status",
        metavar="FILE",
        type=Path,
        action="extend",
        nargs="+",
        default=[],
        help="daftar status / status list",
    )
    verify.add_argument("--policy", metavar="FILE", type=Path, help="kebijakan / policy (TOML)")
    verify.add_argument(
        "--memory", metavar="FILE", type=Path, help="ingat versi terbaru / against rollback"
    )
    verify.add_argument("--challenge", type=_challenge, default=b"", help="heksadesimal / hex")
    verify.add_argument("--strict", action="store_true", help="ragu juga 1 / a doubt ends in 1")
    verify.add_argument("--json", action="store_true", help="satu objek / one object")
    verify.set_defaults(run=_run_verify)


def _challenge(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        words = "heksadesimal, dua angka sebita / hexadecimal, two digits a byte: 0a1b2c"
        raise argparse.ArgumentTypeError(words) from error


def _run_show(asked: argparse.Namespace) -> int:
    from ikd.adapters.qrimage import png, report, svg, terminal
    from ikd.cli.screen import Screen
    from ikd.cli.writing import check_place, put

    for path in filter(None, (asked.svg, asked.png)):
        check_place(path)
    text = _text(asked.text)
    found = report(text)
    if asked.svg:
        put(asked.svg, svg(text, caption=asked.caption, error=asked.level).encode())
    if asked.png:
        put(asked.png, png(text, caption=asked.caption, error=asked.level))
    screen = Screen(sys.stdout)
    screen.paper(terminal(text, caption=asked.caption, error=asked.level, dark=not screen.colour))
    sizes = (
        f"{level}: {f'v{version}' if version else '-'}" for level, version in found.versions.items()
    )
    screen.row("karakter / characters", str(found.characters))
    screen.row("versi / version", "  ".join(sizes))
    if found.camera_pixels:
        screen.row("kamera / camera", f"{found.camera_pixels} px (M, {found.modules} modul)")
    return Exit.OK


def _run_verify(asked: argparse.Namespace) -> int:
    from ikd.adapters.system import SystemClock
    from ikd.cli.qr_told import tell, tell_json
    from ikd.cli.writing import check_place
    from ikd.core.tokens.verifier import Verifier

    if asked.memory:
        check_place(asked.memory)
    now = SystemClock().now()
    ring = read_keyring(asked.keyring, asked.root, now=now, memory=asked.memory)
    lists = read_lists(asked.status, ring, now=now, memory=asked.memory)
    verifier = Verifier(ring, lists, read_policy(asked.policy))
    verdict = verifier.check(_text(asked.text), now=now, challenge=asked.challenge)
    beside = asked.root is None
    (tell_json if asked.json else tell)(verdict, beside=beside)
    doubtful = asked.strict and (beside or verdict.outcome == "warn")
    return Exit.REFUSED if verdict.outcome == "refuse" or doubtful else Exit.OK


def _text(given: str) -> str:
    """Return the token that was meant: itself, or what a file, a photo or stdin holds.

    An address is a text as any other: nothing is fetched on a stranger's word.
    """
    from ikd.cli.faults import at

    with at(given):
        data = _stdin() if given == "-" else _file(given)
    if data is None:
        return given
    name = "stdin" if given == "-" else given
    if not data.strip():
        raise CannotError(f"{name}: kosong / empty", Exit.USAGE)
    if data.startswith(_PICTURES):
        return _in_picture(name, data)
    try:
        return data.decode("ascii").strip("\r\n")
    except UnicodeDecodeError as error:
        words = "bukan teks dan bukan gambar / neither text nor picture"
        raise CannotError(f"{name}: {words}") from error


def _stdin() -> bytes:
    from ikd.adapters.trust.files import MOST

    data = sys.stdin.buffer.read(MOST + 1)
    if len(data) > MOST:
        raise CannotError("stdin: terlalu besar / too large")
    return data


def _file(given: str) -> bytes | None:
    from ikd.adapters.trust.files import read_file

    path = Path(given)
    try:
        there, folder = path.is_file(), bool(given) and path.is_dir()
    except (OSError, ValueError):  # too long for a name, or no name at all: a token
        return None
    if folder:
        raise CannotError(f"{given}: folder, bukan berkas / a folder, not a file", Exit.USAGE)
    if not there and path.suffix in _SUFFIXES:  # no token has small letters
        raise CannotError(f"{path.name}: tidak ada / not found", Exit.USAGE)
    return read_file(path) if there else None


def _in_picture(name: str, data: bytes) -> str:
    from ikd.adapters.qrimage import read_picture
    from ikd.cli.faults import at

    with at(name):
        found = read_picture(data)
    if len(found) != 1:
        words = "kode QR di gambar, seharusnya satu / QR symbols in the picture, not one"
        raise CannotError(f"{name}: {len(found)} {words}")
    return found[0]
