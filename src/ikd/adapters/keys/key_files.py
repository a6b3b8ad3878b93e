"""How a set of keys lies in files: names and contents, both ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from ikd.adapters.keys.key_set import KeyPlace, Material, checked
from ikd.adapters.keys.pair import KeyPair, read_pems, read_public_pem
from ikd.core.errors import KeySourceError, TokenError
from ikd.core.ports import KEY_ROLES, PURPOSES
from ikd.core.secrets.sealing import SecretKey
from ikd.core.tokens.keyrecord import KeyRole

T = TypeVar("T")
KEYRING, ROOT, ROOT_PUBLIC, ISSUER_PUBLIC, NUMBER, BOUND = (
    "keyring.cbor",
    "root.pem",
    "root.pub.pem",
    "issuer.pub.pem",
    "set",
    "bound",
)
ROW = "row"  # the purpose of the keys that bind rows
_LINE = re.compile(r"([0-9a-f]{16}) ([0-9a-f]{64})", re.ASCII)
_STATION = re.compile(r"station\.([0-9a-z_-]+)\.([0-9a-z_-]+)\.pem", re.ASCII)


def station_file(place: KeyPlace) -> str:
    """Return the name of the file of a station's keys; an id has no dot."""
    return f"station.{place[0]}.{place[1]}.pem"


def to_files(material: Material) -> dict[str, bytes]:
    """Return the files that hold *material*, by name."""
    made = {f"{purpose}.keys": _lines(keys) for purpose, keys in material.secrets.items()}
    made |= {f"{role}.pem": _pems(pairs) for role, pairs in material.roles.items()}
    made |= {station_file(place): _pems(pairs) for place, pairs in material.stations.items()}
    made |= {ROOT: _pems([material.root])} if material.root is not None else {}
    made[ROOT_PUBLIC] = material.root_public.to_pem()
    made[ISSUER_PUBLIC] = material.roles["credential"][0].public.to_pem()
    if material.number > 1:  # a folder without that file is of 0.1.0, and its number is 1
        made[NUMBER] = f"{material.number}\n".encode()
    made |= {BOUND: b""} if material.bound else {}  # that it stands there is all it says
    return made | {KEYRING: material.keyring}


def from_files(names: Iterable[str], read: Callable[[str], bytes]) -> Material:
    """Return the keys of a folder that holds files of those *names*.

    What came after its number may be missing: the folder is older, and nothing of it is lost.

    Raises:
        KeySourceError: A file isn't what it should be, or the keys don't belong together
            (``keys.corrupt``, naming the file); and whatever *read* raises.
    """
    held = frozenset(names)

    def parsed(name: str, parse: Callable[[bytes], T]) -> T:
        data = read(name)
        try:
            return parse(data)
        except (KeySourceError, TokenError):
            pass  # raised below, so that nothing of the content hangs on the error
        raise _corrupt(name)

    number = parsed(NUMBER, _read_number) if NUMBER in held else 1
    material = Material(
        number=number,
        bound=BOUND in held and parsed(BOUND, lambda _: True),
        secrets={
            purpose: parsed(f"{purpose}.keys", _read_lines)
            for purpose, since in PURPOSES.items()
            if since <= number or f"{purpose}.keys" in held
        },
        roles={
            role: parsed(f"{role}.pem", _pairs_of(role))
            for role, since in KEY_ROLES.items()
            if since <= number or f"{role}.pem" in held
        },
        stations={
            (found[1], found[2]): parsed(name, _pairs_of("station"))
            for name in sorted(held)
            if (found := _STATION.fullmatch(name))
        },
        root=parsed(ROOT, _pairs_of("root"))[0] if ROOT in held else None,
        root_public=parsed(ROOT_PUBLIC, read_public_pem),
        keyring=read(KEYRING),
    )
    _check(material)
    return material


def _check(material: Material) -> None:
    if material.root is not None and material.root.public != material.root_public:
        raise _corrupt(ROOT_PUBLIC)
    try:
        ring = material.read_keyring()
        for role, since in KEY_ROLES.items():
            if since <= material.number:
                ring.find(role, material.roles[role][0].kid)
        for place, pairs in material.stations.items():
            record = ring.find("station", pairs[0].kid)
            if (record.office, record.station) != place:
                raise _corrupt(station_file(place))
    except TokenError:
        pass
    else:
        return
    raise _corrupt(KEYRING)


def _corrupt(name: str) -> KeySourceError:
    return KeySourceError("keys.corrupt", f"{name}: not what it should be")


def _lines(keys: Iterable[SecretKey]) -> bytes:
    return "".join(f"{key.kid.hex()} {key.key.hex()}\n" for key in keys).encode()


def _read_lines(data: bytes) -> tuple[SecretKey, ...]:
    *lines, rest = data.decode("ascii", "replace").split("\n")
    found = [_LINE.fullmatch(line) for line in lines]
    keys = [SecretKey(kid=bytes.fromhex(one[1]), key=bytes.fromhex(one[2])) for one in found if one]
    if rest or not keys or len({key.kid for key in keys}) != len(lines):
        raise KeySourceError("keys.corrupt")
    return tuple(keys)


def _read_number(data: bytes) -> int:
    if re.fullmatch(rb"[1-9][0-9]{0,3}\n", data) is None:
        raise KeySourceError("keys.corrupt")
    return int(data)


def _pems(pairs: Iterable[KeyPair]) -> bytes:
    return b"".join(pair.to_pem() for pair in pairs)


def _pairs_of(role: KeyRole | str) -> Callable[[bytes], tuple[KeyPair, ...]]:
    def read(data: bytes) -> tuple[KeyPair, ...]:
        pairs = read_pems(data)
        for pair in pairs:
            checked(role, pair.alg)
        return pairs

    return read
