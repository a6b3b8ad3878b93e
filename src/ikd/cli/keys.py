"""``ikd keys``: a folder of keys for development and trials, from its making to its renewal."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ikd.cli.ending import CannotError, Exit
from ikd.cli.trust import PUBLIC, read_keyring

if TYPE_CHECKING:
    from ikd.adapters.keys.pair import Algorithm

_ALGORITHMS: dict[str, Algorithm] = {"eddsa": "EdDSA", "es256": "ES256"}
_ROLES = ("credential", "status", "checkpoint")


def add_to(commands: Any) -> None:  # noqa: ANN401 - argparse names its type with an underscore
    """Add the command to the parser."""
    parser = commands.add_parser("keys", help="kunci / keys")
    actions = parser.add_subparsers(required=True, metavar="TINDAKAN / ACTION")
    _new(actions)
    _rotate(actions)
    revoke = _action(actions, "revoke", "cabut kunci untuk selamanya / revoke a key for good")
    revoke.add_argument("kid", metavar="KID", type=_kid, help="16 heksadesimal / hexadecimal")
    revoke.set_defaults(run=_run_revoke)
    upgrade = _action(actions, "upgrade", "buat kunci yang belum ada / draw what is lacking")
    upgrade.set_defaults(run=_run_upgrade)
    publish = _action(actions, "publish", "salin yang publik / copy what is public")
    publish.add_argument("--out", metavar="DIR", type=Path, required=True, help="ke mana / where")
    publish.add_argument(
        "--renew",
        action="store_true",
        help="tanda tangani versi berikutnya dulu / sign the next version first",
    )
    publish.set_defaults(run=_run_publish)
    show = actions.add_parser("show", help="isi daftar kunci / what a keyring holds")
    show.add_argument("path", metavar="DIR|FILE", type=Path, help="folder, atau / or keyring.cbor")
    show.add_argument("--root", metavar="FILE", type=Path, help="kunci akar / root key (PEM)")
    show.set_defaults(run=_run_show)


def _action(actions: Any, name: str, told: str) -> Any:  # noqa: ANN401 - as above
    parser = actions.add_parser(name, help=told)
    parser.add_argument("folder", metavar="DIR", type=Path, help="folder kunci / of keys")
    return parser


def _new(actions: Any) -> None:  # noqa: ANN401 - as above
    new = _action(actions, "new", "buat satu set kunci / make a whole set of keys")
    new.add_argument(
        "--station",
        metavar="OFFICE/STATION",
        action="extend",
        nargs="+",
        default=[],
        type=_place,
        help="loket yang mendapat kunci sendiri / a counter that gets a key of its own",
    )
    new.add_argument(
        "--issuer",
        choices=tuple(_ALGORITHMS),
        default="eddsa",
        help="algoritma penerbit / of the issuer: %(default)s",
    )
    new.set_defaults(run=run)


def _rotate(actions: Any) -> None:  # noqa: ANN401 - as above
    rotate = _action(actions, "rotate", "ganti kunci; yang lama tetap memverifikasi / successor")
    what = rotate.add_mutually_exclusive_group(required=True)
    what.add_argument("--role", choices=_ROLES, help="kunci penanda tangan / signing key")
    what.add_argument("--station", metavar="OFFICE/STATION", type=_place, help="loket / counter")
    what.add_argument("--secret", metavar="PURPOSE", help="kunci simetris / symmetric key")
    rotate.add_argument(
        "--algorithm",
        choices=tuple(_ALGORITHMS),
        help="jika bukan yang lama / unless the old one's",
    )
    rotate.set_defaults(run=_run_rotate)


def _place(text: str) -> tuple[str, str]:
    office, slash, station = text.partition("/")
    if not (office and slash and station):
        raise argparse.ArgumentTypeError("KANTOR/LOKET, misalnya / e.g. payakumbuh/loket-1")
    return office, station


def _kid(text: str) -> bytes:
    try:
        kid = bytes.fromhex(text)
    except ValueError:
        kid = b""
    if len(kid) != 8:
        raise argparse.ArgumentTypeError(
            "16 angka heksadesimal / hexadecimal digits: ikd keys show"
        )
    return kid


def run(asked: argparse.Namespace) -> int:
    """Write the keys and name what is public of them."""
    from ikd.adapters.keys.files import new_keys
    from ikd.adapters.system import SystemClock, system_entropy

    now = SystemClock().now()
    new_keys(
        asked.folder,
        now=now,
        entropy=system_entropy,
        stations=asked.station,
        issuer=_ALGORITHMS[asked.issuer],
    )
    print(f"Kunci ada di {asked.folder} (0700); pribadi, jangan dibagikan.")
    print(f"Keys are in {asked.folder} (0700); private, not to be shared.")
    print("Publik / public: keyring.cbor, root.pub.pem, issuer.pub.pem")
    return Exit.OK


def _run_rotate(asked: argparse.Namespace) -> int:
    from ikd.adapters.keys.files import rotate_key, rotate_secret
    from ikd.adapters.system import SystemClock, system_entropy

    algorithm = _ALGORITHMS[asked.algorithm] if asked.algorithm else None
    if asked.secret is not None and algorithm is not None:
        raise CannotError("--algorithm: bukan untuk / not for --secret", Exit.USAGE)
    if asked.secret is not None:
        rotate_secret(asked.folder, asked.secret, entropy=system_entropy)
        print("Mulai ulang semua layanan yang memakainya. / Restart every service that uses it.")
        return Exit.OK
    role = asked.role or "station"
    now = SystemClock().now()
    rotate_key(
        asked.folder,
        role,
        asked.station,
        now=now,
        entropy=system_entropy,
        algorithm=algorithm,
    )
    return _changed(asked.folder)


def _run_revoke(asked: argparse.Namespace) -> int:
    from ikd.adapters.keys.files import revoke_key
    from ikd.adapters.system import SystemClock, system_entropy

    revoke_key(asked.folder, asked.kid, now=SystemClock().now(), entropy=system_entropy)
    return _changed(asked.folder)


def _run_upgrade(asked: argparse.Namespace) -> int:
    from ikd.adapters.keys.files import upgrade_keys
    from ikd.adapters.system import SystemClock, system_entropy

    drawn = upgrade_keys(asked.folder, now=SystemClock().now(), entropy=system_entropy)
    for name in drawn:
        print(f"dibuat / drawn: {name}")
    if not drawn:
        print("Lengkap, tidak ada yang dibuat. / Complete, nothing was drawn.")
    return _changed(asked.folder) if set(drawn) & set(_ROLES) else Exit.OK


def _changed(folder: Path) -> int:
    _tell(folder / "keyring.cbor", None)
    print("Bagikan kepada pemeriksa / hand to verifiers: ikd keys publish")
    return Exit.OK


def _run_publish(asked: argparse.Namespace) -> int:
    from ikd.adapters.keys.files import FileKeys, renew_keyring
    from ikd.adapters.system import SystemClock
    from ikd.cli.writing import check_place, put

    for name in PUBLIC:
        check_place(asked.out / name)
    if asked.renew:
        renew_keyring(asked.folder, now=SystemClock().now())
    FileKeys(asked.folder)  # nothing is handed out that doesn't belong together
    asked.out.mkdir(parents=True, exist_ok=True)
    for name in PUBLIC:
        put(asked.out / name, (asked.folder / name).read_bytes())
        print(asked.out / name)
    return Exit.OK


def _run_show(asked: argparse.Namespace) -> int:
    path = asked.path / "keyring.cbor" if asked.path.is_dir() else asked.path
    _tell(path, asked.root)
    return Exit.OK


def _tell(path: Path, root: Path | None) -> None:
    """Print a keyring, a line a key; nothing of it is secret."""
    from ikd.adapters.system import SystemClock

    now = SystemClock().now()
    ring = read_keyring(path, root, now=now)
    old = "  KEDALUWARSA / EXPIRED" if ring.is_expired(now) else ""
    print(f"versi / version {ring.version}, {ring.issued_at:%Y-%m-%d %H:%M} UTC", end="")
    print(f" s.d. / until {ring.expires_at:%Y-%m-%d}{old}")
    names = {-8: "EdDSA", -7: "ES256"}
    for record in ring.records:
        place = f"  {record.office}/{record.station}" if record.role == "station" else ""
        print(
            f"{record.kid.hex()}  {record.role:10}  {names[record.key.alg]}  {record.state:11}  "
            f"{record.not_before:%Y-%m-%d}..{record.not_after:%Y-%m-%d}{place}"
        )
