"""Keys in a folder, for development and trials.

::

    keys/                      0700
      pepper.keys index.keys … 0600  one line a key, newest first: its name, a space, the key
      credential.pem …         0600  PKCS #8 blocks, newest first
      station.<office>.<station>.pem
      root.pem                 0600  signs keyrings; move it elsewhere and all else still works
      keyring.cbor root.pub.pem issuer.pub.pem    public
      set                      0600  number of the set; without it 1, that of 0.1.0
      bound                    0600  empty; where it stands, each row of the store is bound

Whoever reads these files can be any office and open everything sealed. A service with real
residents takes its keys from a KMS or HSM by a plugin, and keeps the folder out of the
database's backups in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import attrs

from ikd.adapters.keys import folder as files
from ikd.adapters.keys import rotation
from ikd.adapters.keys.key_files import KEYRING, NUMBER, ROW, from_files, station_file, to_files
from ikd.adapters.keys.key_set import (
    KeyPlace,
    Material,
    completed,
    draw_material,
    lacking,
    with_station,
)
from ikd.adapters.keys.key_source import KeySet
from ikd.adapters.keys.pair import Algorithm, KeyPair
from ikd.core.errors import KeySourceError
from ikd.core.ports import Entropy, SigningKey
from ikd.core.secrets.sealing import SecretKey


class FileKeys(KeySet):
    """A key source over a folder that ``new_keys`` made.

    Keys are read when it is opened, and all of them again when the keyring has changed
    meanwhile, or the keys that bind rows: so a running service knows those of another one.
    """

    def __init__(self, folder: str | Path) -> None:
        """Read every key and check that they belong together.

        Raises:
            KeySourceError: A file is missing (``keys.missing``), open to others
                (``keys.mode``), not what it should be (``keys.corrupt``) or unreadable
                (``keys.failed``), or the folder lacks keys that came later (``keys.older``);
                the message names the file and never what is in it.
        """
        self._folder = files.place(folder)
        material, self._seen = _load(self._folder)
        super().__init__(material)

    def secrets(self, purpose: str) -> Sequence[SecretKey]:
        """Return the 32-byte keys of *purpose*, newest first.

        Raises:
            KeySourceError: No such purpose (``keys.unknown``), or the folder has changed and
                can't be read any more.
        """
        if purpose == ROW:
            self._look_again()
        return super().secrets(purpose)

    def keyring(self) -> bytes:
        """Return the newest keyring, signed by the root.

        Raises:
            KeySourceError: It has changed, and the folder can't be read any more.
        """
        self._look_again()
        return super().keyring()

    def signing(self, role: str, *, office: str = "", station: str = "") -> SigningKey:
        """Return the key that signs now for *role*; a rotated key stops at once.

        Raises:
            KeySourceError: There is none (``keys.unknown``, ``keys.station``), or the folder
                can't be read any more.
        """
        self._look_again()
        return super().signing(role, office=office, station=station)

    def _look_again(self) -> None:
        if _seen(self._folder) != self._seen:
            self._material, self._seen = _load(self._folder)

    def _of_station(self, office: str, station: str) -> Sequence[KeyPair]:
        if (office, station) not in self._material.stations:
            self._material, self._seen = _load(self._folder)
        return super()._of_station(office, station)


def new_keys(
    folder: str | Path,
    *,
    now: datetime,
    entropy: Entropy,
    stations: Iterable[KeyPlace] = (),
    issuer: Algorithm = "EdDSA",
) -> FileKeys:
    """Draw a whole set of keys, write it to *folder* and return it opened.

    The folder appears complete or not at all, whatever happens meanwhile.

    Args:
        folder: Where; nothing may stand there but an empty folder.
        now: From when the keys are good, for 365 days.
        entropy: Where the keys come from.
        stations: Pairs of office and station that get a key of their own.
        issuer: Algorithm of the key that signs credentials: ``EdDSA`` or ``ES256``.

    Raises:
        KeySourceError: Something stands there already (``keys.exist``), an id is none
            (``keys.form``), or the disk failed (``keys.failed``).
    """
    path = files.place(folder)
    files.write_new(path, to_files(draw_material(entropy, now, stations, issuer)))
    return FileKeys(path)


def add_station(
    folder: str | Path, office: str, station: str, *, now: datetime, entropy: Entropy
) -> FileKeys:
    """Give a station a key of its own and return the folder opened anew.

    Raises:
        KeySourceError: It has one (``keys.exist``), an id is none (``keys.form``), the
            root's private key isn't in the folder (``keys.root``), or as ``FileKeys``.
    """
    path, place = files.place(folder), (office, station)
    with files.locked(path):
        more = with_station(_load(path)[0], place, now=now, entropy=entropy)
        # The keyring first: a key that it lists and nobody holds does no harm.
        files.replace(path, KEYRING, more.keyring)
        files.replace(path, station_file(place), to_files(more)[station_file(place)])
        return FileKeys(path)


def rotate_key(
    folder: str | Path,
    role: str,
    place: KeyPlace | None = None,
    *,
    now: datetime,
    entropy: Entropy,
    algorithm: Algorithm | None = None,
) -> FileKeys:
    """Give the key of *role* (of *place*, for a station) a successor; the old one only verifies.

    The successor has the same algorithm unless *algorithm* names another.

    Raises:
        KeySourceError: There is none (``keys.unknown``, ``keys.station``), such keys don't have
            that algorithm (``keys.form``), no root at hand (``keys.root``), or as ``FileKeys``.
    """
    return _change(
        folder,
        lambda held: rotation.rotated(
            held, role, place, now=now, entropy=entropy, algorithm=algorithm
        ),
    )


def revoke_key(folder: str | Path, kid: bytes, *, now: datetime, entropy: Entropy) -> FileKeys:
    """Revoke a key for good; one that signs now gets its successor first.

    Raises:
        KeySourceError: No such key (``keys.unknown``), no root at hand (``keys.root``), or as
            ``FileKeys``.
    """
    signs = rotation.holder(_load(files.place(folder))[0], kid)
    if signs is not None:
        rotate_key(folder, *signs, now=now, entropy=entropy)
    return _change(folder, lambda held: rotation.revoked(held, kid, now=now))


def renew_keyring(folder: str | Path, *, now: datetime) -> FileKeys:
    """Sign the next version of the keyring, good for another year.

    Raises:
        KeySourceError: No root at hand (``keys.root``), or as ``FileKeys``.
    """
    return _change(folder, lambda held: rotation.renewed(held, now=now))


def rotate_secret(folder: str | Path, purpose: str, *, entropy: Entropy) -> FileKeys:
    """Draw a new symmetric key of *purpose*; what older ones sealed still opens.

    Services that are running use it after their next start: start them all anew.

    Raises:
        KeySourceError: No such purpose (``keys.unknown``), or as ``FileKeys``.
    """
    return _change(folder, lambda held: rotation.with_secret(held, purpose, entropy=entropy))


def retire_secrets(folder: str | Path, purpose: str) -> FileKeys:
    """Drop every symmetric key of *purpose* but the newest; nothing may need one any more.

    Raises:
        KeySourceError: As ``rotate_secret``.
    """
    return _change(folder, lambda held: rotation.without_older(held, purpose))


def upgrade_keys(folder: str | Path, *, now: datetime, entropy: Entropy) -> tuple[str, ...]:
    """Draw the keys that came after *folder* was made; return their purposes and roles.

    What stands there stays: a file that is missing though the folder had it is lost, never drawn
    anew. Interrupted, it is taken up again where it stopped.

    Raises:
        KeySourceError: A role is new and no root at hand (``keys.root``), something stands where a
            new key belongs (``keys.exist``), or as ``FileKeys``.
    """
    path = files.place(folder)
    with files.locked(path):
        before = _read(path)[0]
        old, new = to_files(before), to_files(completed(before, now=now, entropy=entropy))
        # The keyring first: a key that it lists and nobody holds does no harm. The number last.
        if new[KEYRING] != old[KEYRING]:
            files.replace(path, KEYRING, new[KEYRING])
        for name in sorted(new.keys() - old.keys() - {NUMBER}):
            files.add(path, name, new[name])
        if new.get(NUMBER) != old.get(NUMBER):
            files.replace(path, NUMBER, new[NUMBER])
        return lacking(before)


def mark_bound(folder: str | Path) -> None:
    """Note that every row of the store is bound: from the next start on, one that isn't is frozen.

    Raises:
        KeySourceError: As ``FileKeys``.
    """
    _change(folder, lambda held: attrs.evolve(held, bound=True))


def _change(folder: str | Path, change: Callable[[Material], Material]) -> FileKeys:
    """Write what *change* made different; readers meet a set that fits at every moment."""
    path = files.place(folder)
    with files.locked(path):
        before = _load(path)[0]
        old, new = to_files(before), to_files(change(before))
        # A reader in between finds the old private key under the new keyring, where it is
        # known still; the keyring comes last again, for that is what readers watch.
        changed = [name for name, data in new.items() if data != old.get(name)]
        others = [name for name in changed if name != KEYRING]
        for name in [KEYRING, *others, KEYRING] if KEYRING in changed else others:
            files.replace(path, name, new[name])
        return FileKeys(path)


def _seen(folder: Path) -> tuple[int, ...]:
    row = folder / f"{ROW}.keys"
    return (*files.stamp(folder / KEYRING), *(files.stamp(row) if row.exists() else ()))


def _load(folder: Path) -> tuple[Material, tuple[int, ...]]:
    material, seen = _read(folder)
    if lacking(material):
        names = ", ".join(lacking(material))
        raise KeySourceError("keys.older", f"no keys for {names}: run ikd keys upgrade")
    return material, seen


def _read(folder: Path) -> tuple[Material, tuple[int, ...]]:
    names = files.names_in(folder)
    seen = _seen(folder)  # before it is read: what comes later is seen later
    return from_files(names, lambda name: files.read_file(folder / name)), seen
