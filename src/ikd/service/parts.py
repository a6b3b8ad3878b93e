"""What a service is joined from, and its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import attrs

from ikd.core.decide import KINDS
from ikd.core.errors import InputError, RefusedError, StoreError, TokenError, shown_path
from ikd.core.house.house import HOUSE_ID, House
from ikd.core.ports import (
    CaptchaSource,
    Channel,
    Clock,
    Entropy,
    KeySource,
    PhotoFitter,
    Registry,
    Store,
)
from ikd.core.records.decision import Decision
from ikd.core.records.kind import Kinds, Rulebook
from ikd.core.records.templates import PublicText, Template
from ikd.core.secrets.pin import Kdf
from ikd.core.standard.calendar import DaysOff, no_days_off
from ikd.core.standard.office import Office, parse_office_text
from ikd.core.standard.versions import served_at
from ikd.core.tokens.credential import MAX_ADDRESSES
from ikd.core.tokens.credentialsize import MAX_MASKED, masked_characters
from ikd.core.typos import meant
from ikd.core.validators import is_line, valid, whole
from ikd.service.bound_store import BoundStore
from ikd.service.record_codec import Codec

_address = valid(
    "settings", "an address in one word", lambda value: is_line(value, 2000) and " " not in value
)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def _is_safe(link: object) -> bool:
    """Say whether the page behind a mail's button can't be read or changed on the way to it."""
    if not isinstance(link, str) or not is_line(link, 2000) or " " in link:
        return False
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    fetched = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    return bool(host) and fetched and parts.username is None


_link = valid("settings", "an address of https, in one word", _is_safe)
_days = whole("settings", 1, 36_500)  # a century: no date overflows


@attrs.frozen(kw_only=True)
class Settings:
    """What the front end decides; everything has a default fit for trying out.

    Attributes:
        issuer: Who vouches for credentials; together with *status_list* at most 92 characters,
            and so alike that a masked credential stays within QR version 13-M.
        status_list: Address of the status list that credentials name.
        activation_link: Address that the mail's button opens, where the standard publishes
            one; an opaque handle is put behind it. Of ``https``, save on this machine itself. It
            must open the app or a page that waits
            for the app's proof, and a GET of it must change nothing.
        lease_seconds: After how long another worker may try what a crashed one was delivering,
            in seconds; while a delivery runs, its lease is renewed.
        keep_answers_days: How long a repeat with the same key gets the first answer, in days;
            after that it is a write of its own.
        keep_refusals_days: How long security refusals are kept, in days.
        keep_looks_days: How long is kept who was shown what of a person, in days: five years, so
            that whoever asks late is still told.
        keep_sent_days: How long the outbox shows what was sent or void, in days; by then no
            slow worker can still be sending a copy. What waits or is parked stays for good.
        plugin_seconds: Deadline of one call into a plugin, in seconds; half of *lease_seconds*
            if that is less, so that a lease outlasts it.
        production: Whether real residents are served: keys in files or in memory are refused.
        accept_file_keys: Whether production takes keys in files all the same.
    """

    issuer: str = attrs.field(default="https://ikd.example.id", validator=_address)
    status_list: str = attrs.field(default="https://ikd.example.id/status/1", validator=_address)
    activation_link: str = attrs.field(default="https://ikd.example.id/a/", validator=_link)
    lease_seconds: int = 60
    keep_answers_days: int = attrs.field(default=30, validator=_days)
    keep_refusals_days: int = attrs.field(default=365, validator=_days)
    keep_looks_days: int = attrs.field(default=1826, validator=_days)
    keep_sent_days: int = attrs.field(default=90, validator=_days)
    plugin_seconds: float = 30.0
    production: bool = False
    accept_file_keys: bool = False

    def __attrs_post_init__(self) -> None:
        self._check_symbol()
        if not isinstance(self.production, bool) or not isinstance(self.accept_file_keys, bool):
            raise InputError("settings.form", "production and accept_file_keys are true or false")
        if type(self.lease_seconds) is not int or not 5 <= self.lease_seconds <= 3600:
            raise InputError("settings.delivery", "5 to 3600 seconds")
        if type(self.plugin_seconds) not in (int, float) or not self.plugin_seconds > 0:
            raise InputError("settings.plugin_seconds", "more than 0 seconds")

    def _check_symbol(self) -> None:
        """Refuse addresses under which a credential would need more than QR version 13-M."""
        if len(self.issuer) + len(self.status_list) > MAX_ADDRESSES:
            raise InputError("settings.issuer", "issuer and status list exceed 92 characters")
        try:
            characters = masked_characters(self.issuer, self.status_list)
        except TokenError as error:
            raise InputError("settings.issuer", "not an address that credentials hold") from error
        if characters > MAX_MASKED:
            raise InputError("settings.issuer", "shorten both, or let them begin alike: QR 13-M")

    @classmethod
    def of(cls, given: Settings | Mapping[str, object] | None) -> Settings:
        """Return settings from a mapping, refusing names that aren't known."""
        if isinstance(given, Settings):
            return given
        if given is not None and not isinstance(given, Mapping):
            raise InputError("settings.form", "Settings, or a mapping of their names")
        chosen: dict[str, object] = dict(given or {})
        names = {field.name for field in attrs.fields(cls)}
        unknown = sorted(shown_path(name) for name in chosen if name not in names)
        if unknown:
            near = {name: meant(name, names) for name in unknown}
            told = (f"{name} (did you mean {one}?)" if one else name for name, one in near.items())
            raise InputError("settings.unknown", ", ".join(told))
        return cls(**chosen)  # type: ignore[arg-type]


class Observer(Protocol):
    """Is told what was committed; nothing that it does can undo or fail it."""

    def recorded(self, decision: Decision) -> None:
        """Hear of a committed *decision*; returns at once and raises nothing."""

    def kept(self, checkpoint: bytes) -> None:
        """Hear of a checkpoint that was made; returns at once and raises nothing."""

    def close(self, timeout: timedelta) -> None:
        """Finish what was heard, for *timeout* at most."""


class _Nobody:
    """Hears nothing."""

    def recorded(self, decision: Decision) -> None:
        pass

    def kept(self, checkpoint: bytes) -> None:
        pass

    def close(self, timeout: timedelta) -> None:
        pass


NO_HOUSE = House(id=HOUSE_ID, version=0, changed_at=datetime(1970, 1, 1, tzinfo=UTC))
"""Of a store of which nothing was noted."""


@attrs.frozen(kw_only=True)
class Parts:
    """Everything a service works with; joined by ``ikd.open_service``.

    Attributes:
        offices: The versions of each office's standard, by the office's id, in their order.
        house: What was noted of the whole store, as it was at the start.
        calm_until: Nothing is swept before: the clock may be ahead, and somebody may see it.
    """

    store: BoundStore
    keys: KeySource
    offices: Mapping[str, tuple[Office, ...]]
    channels: Sequence[Channel]
    registry: Registry
    captcha: CaptchaSource
    clock: Clock
    entropy: Entropy
    kdf: Kdf
    fit_photo: PhotoFitter
    templates: Mapping[str, Template]
    answers: Mapping[str, PublicText]
    waits: Mapping[str, PublicText]
    settings: Settings
    observer: Observer = attrs.field(factory=_Nobody)
    days_off: DaysOff = no_days_off
    house: House = NO_HOUSE
    calm_until: datetime | None = None
    codec: Codec = attrs.field(factory=lambda: Codec(KINDS))
    pinned: dict[str, Office] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.pinned.update({office.digest: office for office in self.versions})

    @property
    def versions(self) -> tuple[Office, ...]:
        """Every version of every standard that is served."""
        return tuple(version for versions in self.offices.values() for version in versions)

    @property
    def kinds(self) -> Kinds:
        """Every kind of record there is."""
        return self.codec.kinds

    @property
    def rules(self) -> Rulebook:
        """What a row's columns are worked out by."""
        return Rulebook(standard=self.standard, days_off=self.days_off)

    def office(self, office_id: str) -> Office:
        """Return an office as its standard is today, of the versions that are served.

        Raises:
            RefusedError: This service doesn't serve it (``office.unknown``).
        """
        versions = self.offices.get(office_id)
        if versions is None:
            raise RefusedError("office.unknown", "this service doesn't serve that office")
        return served_at(versions, self.clock.now())

    def standard(self, digest: str) -> Office:
        """Return the version of a standard that a case pinned, kept apart from its file."""
        if digest not in self.pinned:
            self.pinned[digest] = pinned_office(self.store, digest)
        return self.pinned[digest]


def pinned_office(store: Store, digest: str) -> Office:
    """Return the version of a standard that *store* keeps under *digest*.

    Raises:
        StoreError: It is missing (``store.standard``).
    """
    text = store.standard(digest)
    if text is None:
        raise StoreError("store.standard", "a pinned standard is missing")
    office = parse_office_text(text)
    if office.digest != digest:
        raise StoreError("store.damaged", "a pinned standard isn't what was pinned")
    return office


def house_of(store: Store, codec: Codec) -> House:
    """Return what was noted of the whole of *store*.

    Raises:
        StoreError: It can't be read (``store.damaged``).
    """
    row = store.get(House.kind, HOUSE_ID)
    found = None if row is None else codec.record_of(row)
    return found if isinstance(found, House) else NO_HOUSE
