"""``ikd qr``: draw a QR token, and check one offline, from its text or from a photo."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ikd.cli.ending import CannotError, Exit
from ikd.cli.trust import find_root, read_policy

if TYPE_CHECKING:
    from ikd.core.tokens.verdict import Verdict

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"BM", b"GIF8", b"II*\0", b"MM\0*")
_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".txt")
_WORDS = {"accept": "terima / accept", "warn": "ragu / warn", "refuse": "tolak / refuse"}


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
    verify.add_argument("--challenge", type=bytes.fromhex, default=b"", help="heksadesimal / hex")
    verify.add_argument("--strict", action="store_true", help="ragu juga 1 / a doubt ends in 1")
    verify.add_argument("--json", action="store_true", help="satu objek / one object")
    verify.set_defaults(run=_run_verify)


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
    from ikd.adapters.trust import FileTrust
    from ikd.adapters.trust.files import read_keyring, read_lists
    from ikd.cli.writing import check_place
    from ikd.core.tokens.verifier import Verifier

    if asked.memory:
        check_place(asked.memory)
    now = SystemClock().now()
    memory = FileTrust(asked.memory) if asked.memory else None
    ring = read_keyring(asked.keyring, find_root(asked.keyring, asked.root), now=now, memory=memory)
    lists = read_lists(asked.status, ring, now=now, memory=memory)
    verifier = Verifier(ring, lists, read_policy(asked.policy))
    verdict = verifier.check(_text(asked.text), now=now, challenge=asked.challenge)
    (_tell_json if asked.json else _tell)(verdict)
    doubtful = verdict.outcome == "warn" and asked.strict
    return Exit.REFUSED if verdict.outcome == "refuse" or doubtful else Exit.OK


def _text(given: str) -> str:
    """Return the token that was meant: itself, or what a file, a photo or stdin holds.

    An address is a text as any other: nothing is fetched on a stranger's word.
    """
    data = _stdin() if given == "-" else _file(given)
    if data is None:
        return given
    if data.startswith(_PICTURES):
        return _in_picture(data)
    try:
        return data.decode("ascii").strip("\r\n")
    except UnicodeDecodeError as error:
        raise CannotError("bukan teks dan bukan gambar / neither text nor picture") from error


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
        there = path.is_file()
    except (OSError, ValueError):  # too long for a name, or no name at all: a token
        return None
    if not there and path.suffix in _SUFFIXES:  # no token has small letters
        raise CannotError(f"{path.name}: tidak ada / not found", Exit.USAGE)
    return read_file(path) if there else None


def _in_picture(data: bytes) -> str:
    from ikd.adapters.qrimage import read_picture

    found = read_picture(data)
    if len(found) != 1:
        raise CannotError(
            f"{len(found)} kode QR di gambar, seharusnya satu / QR symbols in the picture, not one"
        )
    return found[0]


def _tell(verdict: Verdict) -> None:
    print(_WORDS[verdict.outcome])
    for reason in verdict.reasons:
        detail = f" [{reason.detail}]" if reason.detail else ""
        print(f"  {reason.weight:6}  {reason.code}{detail}: {reason.text_id} / {reason.text_en}")
    if verdict.claims is not None:
        claims = verdict.claims
        print(f"  penerbit / issuer: {claims.issuer}, s.d. / until {_time(claims.expires_at)}")
        print(f"  nama / name: {claims.person.name}")  # a person at a counter compares it
        if claims.person.nik_tail is not None:
            print(f"  NIK: ************{claims.person.nik_tail}")
    print(f"  umur daftar kunci / age of the keyring: {verdict.keyring_age}")
    if verdict.status_list_age is not None:
        print(f"  umur daftar status / age of the status list: {verdict.status_list_age}")


def _tell_json(verdict: Verdict) -> None:
    """Print the verdict; of the person nothing, for output of programs ends up in logs."""
    age = verdict.status_list_age
    row = {
        "outcome": verdict.outcome,
        "kind": verdict.kind,
        "reasons": [
            {"code": reason.code, "weight": reason.weight, "detail": reason.detail}
            for reason in verdict.reasons
        ],
        "issuer": verdict.claims.issuer if verdict.claims else None,
        "expires_at": _time(verdict.claims.expires_at) if verdict.claims else None,
        "keyring_age_seconds": int(verdict.keyring_age.total_seconds()),
        "status_list_age_seconds": None if age is None else int(age.total_seconds()),
    }
    print(json.dumps(row))


def _time(value: datetime) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"
