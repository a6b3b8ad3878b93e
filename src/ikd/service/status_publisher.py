"""The status list: what became of every credential that was ever issued, signed for publishing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ikd.core.errors import StoreError
from ikd.core.identity.events import IdentityEnded
from ikd.core.identity.identity import Identity, IdentityStatus
from ikd.core.ports import Found
from ikd.core.records.journal import read_entry
from ikd.core.standard.own_limits import OWN_LIMITS
from ikd.core.tokens.statuslist import ListedStatus, StatusList
from ikd.service.credentials import signing_key
from ikd.service.load import Loader
from ikd.service.parts import Parts
from ikd.service.prepare import STATUS_PLACES

LIFE = OWN_LIMITS.status_list.value
TTL = timedelta(hours=12)
_PAGE = 1000


def status_list(parts: Parts, *, life: timedelta = LIFE, ttl: timedelta = TTL) -> bytes:
    """Return the signed list of the address in the settings, as it stands now.

    Args:
        parts: What the service is joined from.
        life: Until when the list says anything at all.
        ttl: For how long "valid" may be believed before a newer list is fetched.

    Raises:
        KeySourceError: Signing failed.
        StoreError: A record can't be read.
    """
    now = parts.clock.now()  # before anything is read: what changes meanwhile is in the next one
    made = StatusList.of(
        dict(_fallen(parts)),
        uri=parts.settings.status_list,
        size=STATUS_PLACES,
        issued_at=now,
        expires_at=now + life,
        ttl=ttl,
    )
    return made.write(signing_key(parts.keys, "status"))


def _fallen(parts: Parts) -> Iterator[tuple[int, ListedStatus]]:
    """Yield place and standing of each credential that isn't plainly valid."""
    loader = Loader(parts)
    for status in IdentityStatus:
        if status is IdentityStatus.ACTIVE:
            continue
        for found in _found(parts, status):
            identity = loader.known(Identity, found.id)
            yield identity.credential.status_index, _standing(parts, identity)


def _found(parts: Parts, status: IdentityStatus) -> Iterator[Found]:
    after = None
    while page := parts.store.find("identity", status=status.value, limit=_PAGE, after=after):
        yield from page
        after = page[-1].id


def _standing(parts: Parts, identity: Identity) -> ListedStatus:
    """Return what the list says; whatever has no word of its own counts as revoked.

    Asked of the record as it is now: it may have changed since it was found.
    """
    if identity.status is IdentityStatus.ACTIVE:
        return "valid"
    if identity.status.value == "SUSPENDED":
        return "suspended"
    return "superseded" if _reason(parts, identity) == "superseded" else "invalid"


def _reason(parts: Parts, identity: Identity) -> str:
    for stored in reversed(parts.store.entries("identity", identity.id)):
        event = read_entry(stored, parts.kinds.events).event
        if isinstance(event, IdentityEnded):
            return event.reason
    raise StoreError("store.damaged", "an identity has ended and its journal doesn't say so")
