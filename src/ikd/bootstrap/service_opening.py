"""The only place that joins everything: offices, store, keys, channels, registry, captcha."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ikd.adapters.calendar.holidays import days_off
from ikd.adapters.captcha.picture_captcha import PictureCaptcha
from ikd.adapters.keys.key_source import KeySet
from ikd.adapters.keys.keys_in_folder import FileKeys
from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.adapters.notification import channel_from_url
from ikd.adapters.qrimage import fit_photo
from ikd.adapters.registry.no_registry import AbsentRegistry
from ikd.adapters.shipped_texts import answers, templates, waits
from ikd.adapters.storage.memory import memory_store
from ikd.adapters.storage.sqlite import sqlite_path, sqlite_store
from ikd.adapters.system import SystemClock, system_entropy
from ikd.bootstrap.database_keys import keys_beside
from ikd.core.decide import KINDS
from ikd.core.errors import NO_PATH, IkdError, InputError, StoreError, shown_path
from ikd.core.house.house import House
from ikd.core.records.kind import Kind
from ikd.core.records.templates import PublicText
from ikd.core.secrets.pin import argon2id, check_budget
from ikd.core.standard.office import Office
from ikd.core.standard.versions import in_order
from ikd.data.words import public_words
from ikd.plugins.fenced_adapter import Fenced
from ikd.plugins.isolation import Limits
from ikd.plugins.manager import Plugins
from ikd.plugins.offices import load_office, packaged_offices
from ikd.service import Deliver, Parts, Service, Settings
from ikd.service.bound_store import BoundStore
from ikd.service.channel_findings import check_reach
from ikd.service.parts import house_of
from ikd.service.record_codec import Codec
from ikd.service.result import public_text
from ikd.service.row_binder import Binder

if TYPE_CHECKING:
    from ikd.core.ports import CaptchaSource, Channel, Clock, Entropy, KeySource, Registry, Store
    from ikd.core.records.kind import AnyKind
    from ikd.core.secrets.pin import Kdf

__all__ = ["Settings", "open_service"]

QUIET = timedelta(days=1)  # without any change, before a start
CALM = timedelta(minutes=10)  # for somebody to see that the clock is wrong

OfficeLike = Office | str | Path | Mapping[str, object]


@contextmanager
def _answering() -> Iterator[None]:
    """Give what goes wrong its public text: there is no service yet that could be asked."""
    try:
        yield
    except IkdError as error:
        error.public = public_text(error, _answers())
        raise


def _answers() -> Mapping[str, PublicText]:
    """Return the public answers: those of results, and those of codes that have their own."""
    own = {code: PublicText(**text) for code, text in public_words().items()}
    return {**answers(), **own}


@_answering()
def open_service(  # noqa: PLR0913 - each part can be brought along
    *,
    offices: Iterable[OfficeLike] = (),
    store: Store | str | None = None,
    keys: KeySource | str | Path | None = None,
    registry: Registry | None = None,
    channels: Sequence[Channel | str] = (),
    captcha: CaptchaSource | None = None,
    kinds: Iterable[AnyKind] = (),
    plugins: Iterable[str] | Mapping[str, Mapping[str, object]] = (),
    settings: Settings | Mapping[str, object] | None = None,
    deliver: Deliver = "thread",
    clock: Clock | None = None,
    entropy: Entropy = system_entropy,
    kdf: Kdf = argon2id,
) -> Service:
    """Open a service for one or more offices.

    Args:
        offices: Ids of packaged offices, paths of TOML files, mappings or offices; those that
            plugins provide are served besides. Two of one id are versions of its standard, each
            served from its own ``decree.effective_from`` on.
        store: A store, or ``memory://``, ``sqlite:///relative.db``, ``sqlite:////absolute.db``,
            ``postgresql://role:password@host/database``; a plugin's or ``memory://`` if not
            given.
        keys: A key source or the folder of one; beside an SQLite database
            (``<database>.keys/``) if not given, made there at the first start, and in
            memory for ``memory://``. Any other store needs them.
        registry: The registry; without one, questions stay owed.
        channels: Channels or their URLs; a notice without a channel is parked, and shown.
        captcha: Puzzles for offices that publish one; pictures if not given.
        kinds: Further kinds of record beside ikd's own.
        plugins: Names of installed plugins to load, or a mapping from each name to the options
            that it gets. None is loaded that isn't named. What is passed here in other
            arguments wins over what plugins provide.
        settings: See ``Settings``.
        deliver: ``thread`` (in the background), ``inline`` (before ``handle`` returns) or
            ``worker`` (another process does).
        clock: What tells the time; the system's if not given.
        entropy: What gives random bytes; the system's if not given.
        kdf: What slows guessing at PINs; Argon2id if not given.

    Raises:
        InputError: Something given can't be used.
        PluginError: A named plugin can't be used, or two provide one thing.
        PortError: Store, keys or clock can't be used.
    """
    chosen = Settings.of(settings)
    patience = min(chosen.plugin_seconds, chosen.lease_seconds / 2)
    joined = Plugins.load(plugins, Limits(seconds=patience))
    served, passed = _offices(offices, joined.offices()), _channels(channels)
    _check_ports(registry=registry, captcha=captcha, clock=clock)
    _check_port("entropy", entropy)
    _check_port("kdf", kdf)
    store = store if store is not None else joined.store() or "memory://"
    opened = _store(store)
    try:
        codec = Codec(KINDS.and_further(_kinds(kinds)))
        newest = opened.newest(outside=house_of(opened, codec).ahead)  # checked below, with keys
        told = clock or SystemClock(floor=newest)
        given = joined.keys() if keys is None else keys
        _check_production(given, chosen)
        source = _keys(given, store, opened, entropy, told.now())
        provided = joined.channels(served, [channel.medium for channel in passed])
        bound = BoundStore(opened, Binder(source))
        house = house_of(bound, codec)
        parts = Parts(
            store=bound,
            keys=source,
            offices=served,
            channels=(*passed, *provided),
            registry=registry or joined.registry() or AbsentRegistry(),
            captcha=captcha or joined.captcha() or PictureCaptcha(source.secrets("captcha")),
            clock=told,
            entropy=entropy,
            kdf=kdf,
            fit_photo=fit_photo,
            templates=templates(),
            answers=_answers(),
            waits=waits(),
            settings=chosen,
            observer=joined.reactions(),
            days_off=days_off,
            house=house,
            calm_until=_calm_until(newest, told.now(), house),
            codec=codec,
            signs_here=isinstance(source, KeySet),
        )
        if deliver != "worker":  # what another process delivers, its own channels carry
            check_reach(parts)
        return Service(parts, deliver)
    except BaseException:
        opened.close()
        raise


def _offices(
    given: Iterable[OfficeLike], provided: Mapping[str, Office]
) -> dict[str, tuple[Office, ...]]:
    if isinstance(given, str | Path | Mapping | Office) or not isinstance(given, Iterable):
        raise InputError("offices.form", "offices is a list, even for one office")
    passed: dict[str, list[Office]] = {}
    for one in given:
        if isinstance(one, str) and one in provided and one not in packaged_offices():
            continue  # served below; an id that comes with ikd wins over a plugin's
        if not isinstance(one, str | Path | Mapping | Office):
            raise InputError("offices.form", "an id, a path, a mapping or an office")
        office = one if isinstance(one, Office) else load_office(one)
        passed.setdefault(office.id, []).append(office)
    served: dict[str, tuple[Office, ...]] = {name: (office,) for name, office in provided.items()}
    served |= {name: in_order(versions) for name, versions in passed.items()}
    for office in (version for versions in served.values() for version in versions):
        check_budget(office.pin.tries_per_application.value, office.pin.digits.value)
    if not served:
        raise InputError("offices.none", "a service serves at least one office")
    return served


def _calm_until(newest: datetime | None, now: datetime, house: House) -> datetime | None:
    """Return when the sweep may begin, where the clock says that a day or more was missed.

    What a process before this one noted of it holds, unless its clock was wrong.
    """
    if house.calm_until is not None and house.calm_until - CALM <= now < house.calm_until:
        return house.calm_until
    return None if newest is None or now < newest + QUIET else now + CALM


def _kinds(given: Iterable[AnyKind]) -> tuple[AnyKind, ...]:
    kinds = tuple(given) if isinstance(given, list | tuple) else None
    if kinds is None or not all(isinstance(kind, Kind) for kind in kinds):
        raise InputError("kinds.form", "kinds is a list of kinds of record")
    return kinds


_PARTS = {
    "store": ("get", "commit", "lease", "settle", "close"),
    "keys": ("secrets", "bound", "signing", "sign", "keyring", "roots"),
    "registry": ("ask",),
    "captcha": ("puzzle", "check"),
    "clock": ("now",),
    "entropy": ("__call__",),
    "kdf": ("__call__",),
    "channel": ("deliver", "medium", "name"),
}


def _check_ports(**given: object) -> None:
    for port, part in given.items():
        if part is not None:
            _check_port(port, part)


def _check_port(port: str, part: object) -> None:
    """Refuse early what can't be this port: a class instead of its object, a text, a number."""
    if isinstance(part, type):
        raise InputError(f"{port}.form", f"the class {part.__name__}; pass an object of it")
    missing = [name for name in _PARTS[port] if not hasattr(part, name)]
    if missing:
        lacks = f"{type(part).__name__} lacks {', '.join(missing)}"
        raise InputError(f"{port}.form", f"no {port}: {lacks}; see ikd.core.ports")


def _store(given: Store | str) -> Store:
    if not isinstance(given, str):
        _check_port("store", given)
        return given
    if given == "memory://":
        return memory_store()
    if given.startswith("sqlite:///"):
        return sqlite_store(given)
    if given.startswith("postgresql://"):
        return _postgres(given)
    known = "memory://, sqlite:///relative.db, sqlite:////absolute.db or postgresql://…"
    raise InputError("store.url", known)


def _postgres(url: str) -> Store:
    try:
        from ikd.adapters.storage.postgres import postgres_store
    except ImportError:
        raise StoreError("store.missing", "PostgreSQL needs: pip install 'ikd[postgres]'") from None
    return postgres_store(url)


def _check_production(given: KeySource | str | Path | None, settings: Settings) -> None:
    """Refuse keys that whoever reads a disk or a process can take, where residents are real."""
    brought = isinstance(given, Fenced) and given.wraps(KeySet)  # by a plugin, and yet a file
    held_here = given is None or brought or isinstance(given, str | Path | KeySet)
    if settings.production and held_here and not settings.accept_file_keys:
        raise InputError("keys.development", "keys in files or memory are for development")


def _keys(
    given: KeySource | str | Path | None,
    store: Store | str,
    opened: Store,
    entropy: Entropy,
    now: datetime,
) -> KeySource:
    if given is None and isinstance(store, str) and store.startswith("sqlite:///"):
        used = lambda: opened.newest() is not None  # noqa: E731
        return keys_beside(sqlite_path(store), used, now=now, entropy=entropy)
    if isinstance(given, str | Path):
        return FileKeys(_folder(given))
    if given is not None:
        _check_port("keys", given)
        return given
    if isinstance(store, Fenced) or (isinstance(store, str) and store != "memory://"):
        raise InputError("keys.missing", "this store needs keys that last as long: pass keys")
    return MemoryKeys(entropy, now)


def _folder(given: str | Path) -> Path:
    """Return the folder of that name, if any file system can hold one."""
    with suppress(UnicodeEncodeError):
        if b"\0" not in os.fsencode(given) and shown_path(given) != NO_PATH:
            return Path(given)
    raise InputError("keys.path", "no folder can have that name")


def _channels(given: Sequence[Channel | str]) -> tuple[Channel, ...]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InputError("channels.form", "channels is a list, even for one channel")
    return tuple(_channel(channel) for channel in given)


def _channel(given: Channel | str) -> Channel:
    if isinstance(given, str):
        return channel_from_url(given)
    _check_port("channel", given)
    return given
