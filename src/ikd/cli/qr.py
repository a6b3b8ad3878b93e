"""``ikd qr``: draw a QR token, and check one offline, from its text or from a photo."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ikd.cli.ending import Exit


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
        help="periksa luring; terima dan ragu 0, tolak 1, berkas pemeriksa 3, gambar 4 / "
        "offline; 0 unless refused (1), 3 for the verifier's own files, 4 for the picture",
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
        "--foreign", metavar="FILE", type=Path, help="kunci penerbit lain / keys of other issuers"
    )
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
    from ikd.cli.qr_input import token_in
    from ikd.cli.screen import Screen
    from ikd.cli.writing import check_place, put

    for path in filter(None, (asked.svg, asked.png)):
        check_place(path)
    text = token_in(asked.text)
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
    from ikd.cli.qr_told import fault_row, print_row, tell, verdict_row
    from ikd.cli.qr_verify import FAULTS, VerifierFiles, verify

    files = VerifierFiles(
        keyring=asked.keyring,
        root=asked.root,
        status=asked.status,
        policy=asked.policy,
        foreign=asked.foreign,
        memory=asked.memory,
    )
    try:
        checked = verify(asked.text, files, challenge=asked.challenge, strict=asked.strict)
    except FAULTS as error:
        if asked.json:
            print_row(fault_row(error))
        raise
    if asked.json:
        print_row(verdict_row(checked))
    else:
        tell(checked)
    return checked.code
