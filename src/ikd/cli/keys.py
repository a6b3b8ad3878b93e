"""``ikd keys``: a folder of keys for development and trials, from its making to its renewal."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, get_args

from cyclopts import Parameter

from ikd.adapters.keys.keys_in_folder import (
    FileKeys,
    new_keys,
    renew_keyring,
    retire_secrets,
    revoke_key,
    rotate_key,
    rotate_secret,
    upgrade_keys,
)
from ikd.adapters.keys.pair import Algorithm
from ikd.adapters.system import SystemClock, system_entropy
from ikd.cli.failures import CannotError, Exit, at_store
from ikd.cli.language import text
from ikd.cli.output import check_place, put
from ikd.cli.screen import Screen
from ikd.cli.verifier_files import PUBLIC, read_keyring
from ikd.core.errors import shown_path

_Role = Literal["credential", "status", "checkpoint"]
_ALGORITHMS: dict[str, Algorithm] = {"eddsa": "EdDSA", "es256": "ES256"}


def new(
    folder: Path,
    /,
    *,
    station: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    issuer: Literal["eddsa", "es256"] = "eddsa",
) -> int:
    """Write the keys and name what is public of them."""
    with at_store("", folder):
        new_keys(
            folder,
            now=SystemClock().now(),
            entropy=system_entropy,
            stations=[_place(one) for one in station or ()],
            issuer=_ALGORITHMS[issuer],
        )
    print(text("keys.made", folder=shown_path(folder)))
    print(text("keys.public", files=", ".join(PUBLIC)))
    return Exit.OK


def rotate(
    folder: Path,
    /,
    *,
    role: _Role | None = None,
    station: str | None = None,
    secret: str | None = None,
    algorithm: Literal["eddsa", "es256"] | None = None,
) -> int:
    """Give a key its successor; the old one goes on to verify."""
    if [role, station, secret].count(None) != 2:
        raise CannotError(text("keys.one"), Exit.USAGE)
    if secret is not None and algorithm is not None:
        raise CannotError(text("keys.no_algorithm"), Exit.USAGE)
    if secret is not None:
        with at_store("", folder):
            rotate_secret(folder, secret, entropy=system_entropy)
        print(text("keys.restart"))
        return Exit.OK
    with at_store("", folder):
        rotate_key(
            folder,
            role or "station",
            _place(station) if station else None,
            now=SystemClock().now(),
            entropy=system_entropy,
            algorithm=_ALGORITHMS[algorithm] if algorithm else None,
        )
    return _changed(folder)


def retire(folder: Path, /, *, secret: str, store: str) -> int:
    """Drop the older symmetric keys of a purpose, once nothing in the store needs one."""
    from ikd.bootstrap.keys_in_use import keys_in_use
    from ikd.cli.store import check_store

    check_store(store)
    with at_store(store, folder):
        held = FileKeys(folder).secrets(secret)
        drawn = (folder / f"{secret}.keys").stat().st_mtime
        since = datetime.fromtimestamp(drawn, UTC)
        needed = keys_in_use(store, secret, held, since, SystemClock().now())
    if len(held) > 1 and needed:
        raise CannotError(text("keys.needed", count=needed))
    with at_store("", folder):
        retire_secrets(folder, secret)
    print(text("keys.retired", count=len(held) - 1))
    print(text("keys.restart"))
    return Exit.OK


def revoke(folder: Path, kid: str, /) -> int:
    """Revoke a key for good."""
    with at_store("", folder):
        revoke_key(folder, _kid(kid), now=SystemClock().now(), entropy=system_entropy)
    return _changed(folder)


def upgrade(folder: Path, /) -> int:
    """Draw the keys that a folder of an older version lacks."""
    with at_store("", folder):
        drawn = upgrade_keys(folder, now=SystemClock().now(), entropy=system_entropy)
    for name in drawn:
        print(text("keys.drawn", name=name))
    if not drawn:
        print(text("keys.complete"))
    return _changed(folder) if set(drawn) & set(get_args(_Role)) else Exit.OK


def publish(folder: Path, /, *, out: Path, renew: bool = False) -> int:
    """Copy what is public, signed anew where that is asked."""
    for name in PUBLIC:
        check_place(out / name)
    with at_store("", folder):
        if renew:
            renew_keyring(folder, now=SystemClock().now())
        FileKeys(folder)  # nothing is handed out that doesn't belong together
    out.mkdir(parents=True, exist_ok=True)
    for name in PUBLIC:
        put(out / name, (folder / name).read_bytes())
        print(shown_path(out / name))
    return Exit.OK


def show(path: Path, /, *, root: Path | None = None) -> int:
    """Print what a keyring holds."""
    _tell(path / "keyring.cbor" if path.is_dir() else path, root)
    return Exit.OK


def _place(given: str) -> tuple[str, str]:
    office, slash, station = given.partition("/")
    if not (office and slash and station):
        raise CannotError(f"--station {given}: {text('keys.station')}", Exit.USAGE)
    return office, station


def _kid(given: str) -> bytes:
    if re.fullmatch(r"[0-9a-fA-F]{16}", given) is None:
        raise CannotError(f"KID: {text('keys.kid')}", Exit.USAGE)
    return bytes.fromhex(given)


def _changed(folder: Path) -> int:
    _tell(folder / "keyring.cbor", None)
    print(text("keys.hand_over"))
    return Exit.OK


def _tell(path: Path, root: Path | None) -> None:
    # Print a keyring, a line a key; nothing of it is secret.
    now = SystemClock().now()
    ring = read_keyring(path, root, now=now)
    since, until = f"{ring.issued_at:%Y-%m-%d %H:%M}", f"{ring.expires_at:%Y-%m-%d}"
    said = text("keys.ring", version=ring.version, since=since, until=until)
    screen = Screen(sys.stdout)
    screen.line(f"{said}  {text('keys.expired')}" if ring.is_expired(now) else said)
    screen.table(
        [text(f"keys.{name}") for name in ("key", "role", "algorithm", "state", "valid")],
        [
            (
                record.kid.hex(),
                record.role,
                {-8: "EdDSA", -7: "ES256"}[record.key.alg],
                record.state,
                f"{record.not_before:%Y-%m-%d} {record.not_after:%Y-%m-%d}",
            )
            for record in ring.records
        ],
    )
    for record in (one for one in ring.records if one.role == "station"):
        screen.row(record.kid.hex(), f"{record.office}/{record.station}", width=18)
