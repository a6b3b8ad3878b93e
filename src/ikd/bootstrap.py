"""The only place that joins everything: offices, store, keys, channels, registry, captcha."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ikd.adapters.captcha.picture import PictureCaptcha
from ikd.adapters.keys.files import FileKeys, new_keys
from ikd.adapters.keys.memory import MemoryKeys
from ikd.adapters.notification import channel_from_url
from ikd.adapters.registry.absent import AbsentRegistry
from ikd.adapters.storage.memory import MemoryStore
from ikd.adapters.storage.sqlite import SqliteStore, sqlite_path
from ikd.adapters.system import SystemClock, system_entropy
from ikd.adapters.texts import answers, templates
from ikd.core.errors import InputError, KeySourceError
from ikd.core.secrets.pin import argon2id, check_budget
from ikd.core.standard.office import Office
from ikd.plugins.offices import load_office
from ikd.service import Deliver, Parts, Service, Settings

if TYPE_CHECKING:
    from ikd.core.ports import Captcha, Channel, Clock, Entropy, KeySource, Registry, Store
    from ikd.core.secrets.pin import Kdf

__all__ = ["Settings", "open_service"]

OfficeLike = Office | str | Path | Mapping[str, object]


def open_service(  # noqa: PLR0913 - each part can be brought along
    *,
    offices: Iterable[OfficeLike],
    store: Store | str = "memory://",
    keys: KeySource | str | Path | None = None,
    registry: Registry | None = None,
    channels: Sequence[Channel | str] = (),
    captcha: Captcha | None = None,
    settings: Settings | Mapping[str, object] | None = None,
    deliver: Deliver = "thread",
    clock: Clock | None = None,
    entropy: Entropy = system_entropy,
    kdf: Kdf = argon2id,
) -> Service:
    """Open a service for one or more offices.

    Args:
        offices: Ids of packaged offices, paths of TOML files, mappings or offices.
        store: A store, or ``memory://``, ``sqlite:///relative.db``, ``sqlite:////absolute.db``.
        keys: A key source or the folder of one; beside an SQLite database
            (``<database>.keys/``) if not given, made there at the first start, and in
            memory for ``memory://``.
        registry: The registry; without one, questions stay owed.
        channels: Channels or their URLs; a notice without a channel is parked, and shown.
        captcha: Puzzles for offices that publish one; pictures if not given.
        settings: See ``Settings``.
        deliver: ``thread`` (in the background), ``inline`` (before ``handle`` returns) or
            ``worker`` (another process does).
        clock: What tells the time; the system's if not given.
        entropy: What gives random bytes; the system's if not given.
        kdf: What slows guessing at PINs; Argon2id if not given.

    Raises:
        InputError: Something given can't be used.
        PortError: Store, keys or clock can't be used.
    """
    served = _offices(offices)
    opened = _store(store)
    try:
        told = clock or SystemClock(floor=opened.newest())
        source = _keys(keys, store, entropy, told.now())
        parts = Parts(
            store=opened,
            keys=source,
            offices=served,
            channels=tuple(_channel(channel) for channel in channels),
            registry=registry or AbsentRegistry(),
            captcha=captcha or PictureCaptcha(source.secrets("captcha")),
            clock=told,
            entropy=entropy,
            kdf=kdf,
            templates=templates(),
            answers=answers(),
            settings=Settings.of(settings),
        )
        return Service(parts, deliver)
    except BaseException:
        opened.close()
        raise


def _offices(given: Iterable[OfficeLike]) -> dict[str, Office]:
    if isinstance(given, str | Path | Mapping):
        raise InputError("offices.form", "offices is a list, even for one office")
    served: dict[str, Office] = {}
    for one in given:
        office = one if isinstance(one, Office) else load_office(one)
        if office.id in served:
            raise InputError("offices.twice", f"two standards for the office {office.id}")
        check_budget(office.pin.tries_per_application.value, office.pin.digits.value)
        served[office.id] = office
    if not served:
        raise InputError("offices.none", "a service serves at least one office")
    return served


def _store(given: Store | str) -> Store:
    if not isinstance(given, str):
        return given
    if given == "memory://":
        return MemoryStore()
    if given.startswith("sqlite:///"):
        return SqliteStore.open(given)
    raise InputError("store.url", "memory://, sqlite:///relative.db or sqlite:////absolute.db")


def _keys(
    given: KeySource | str | Path | None, store: Store | str, entropy: Entropy, now: datetime
) -> KeySource:
    if given is None and isinstance(store, str) and store.startswith("sqlite:///"):
        path = sqlite_path(store)
        given = path.with_name(f"{path.name}.keys")
        return _own_folder(given, entropy, now)
    if isinstance(given, str | Path):
        return FileKeys(given)
    if given is not None:
        return given
    return MemoryKeys(entropy, now)


def _own_folder(folder: Path, entropy: Entropy, now: datetime) -> KeySource:
    """Return the keys beside a database, made at its first start; two processes make one set."""
    if not folder.exists() or not any(folder.iterdir()):
        try:
            return new_keys(folder, now=now, entropy=entropy)
        except KeySourceError as error:
            if error.code != "keys.exist":
                raise
    return FileKeys(folder)


def _channel(given: Channel | str) -> Channel:
    if not isinstance(given, str):
        return given
    return channel_from_url(given)
