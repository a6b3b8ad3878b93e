"""What a service is joined from, and its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from ikd.core.errors import InputError, RefusedError, StoreError
from ikd.core.ports import Captcha, Channel, Clock, Entropy, KeySource, Registry, Store
from ikd.core.records.wording import PublicText, Template
from ikd.core.secrets.pin import Kdf
from ikd.core.standard.office import Office, parse_office_text
from ikd.core.tokens.credential import MAX_ADDRESSES


@attrs.frozen(kw_only=True)
class Settings:
    """What the front end decides; everything has a default fit for trying out.

    Attributes:
        issuer: Who vouches for credentials; together with *status_list* at most 92 characters.
        status_list: Address of the status list that credentials name.
        activation_link: Address that the mail's button opens, where the standard publishes
            one; an opaque handle is put behind it. It must open the app or a page that waits
            for the app's proof, and a GET of it must change nothing.
        lease_seconds: How long one delivery may take before another worker may try, in seconds.
        attempts: Tries after which something undelivered is parked and shown.
    """

    issuer: str = "https://ikd.example.id"
    status_list: str = "https://ikd.example.id/status/1"
    activation_link: str = "https://ikd.example.id/a/"
    lease_seconds: int = 60
    attempts: int = 12

    def __attrs_post_init__(self) -> None:
        if len(self.issuer) + len(self.status_list) > MAX_ADDRESSES:
            raise InputError("settings.issuer", "issuer and status list exceed 92 characters")
        if self.lease_seconds < 5 or self.attempts < 1:
            raise InputError("settings.delivery", "at least 5 seconds and one attempt")

    @classmethod
    def of(cls, given: Settings | Mapping[str, object] | None) -> Settings:
        """Return settings from a mapping, refusing names that aren't known."""
        if isinstance(given, Settings):
            return given
        names = {field.name for field in attrs.fields(cls)}
        unknown = sorted(set(given or {}) - names)
        if unknown:
            raise InputError("settings.unknown", ", ".join(unknown))
        chosen: dict[str, object] = dict(given or {})
        return cls(**chosen)  # type: ignore[arg-type]


@attrs.frozen(kw_only=True)
class Parts:
    """Everything a service works with; joined by ``ikd.open_service``."""

    store: Store
    keys: KeySource
    offices: Mapping[str, Office]
    channels: Sequence[Channel]
    registry: Registry
    captcha: Captcha
    clock: Clock
    entropy: Entropy
    kdf: Kdf
    templates: Mapping[str, Template]
    answers: Mapping[str, PublicText]
    settings: Settings
    pinned: dict[str, Office] = attrs.field(factory=dict)

    def office(self, office_id: str) -> Office:
        """Return an office as its standard is now.

        Raises:
            RefusedError: This service doesn't serve it (``office.unknown``).
        """
        office = self.offices.get(office_id)
        if office is None:
            raise RefusedError("office.unknown", "this service doesn't serve that office")
        return office

    def standard(self, digest: str) -> Office:
        """Return the version of a standard that a case pinned, kept apart from its file."""
        if digest not in self.pinned:
            text = self.store.standard(digest)
            if text is None:
                raise StoreError("store.standard", "a pinned standard is missing")
            self.pinned[digest] = parse_office_text(text)
        return self.pinned[digest]
