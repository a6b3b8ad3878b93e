"""The status list: what became of every credential that was ever issued, signed for publishing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ikd.core.errors import StoreError
from ikd.core.identity.events import IdentityEnded
from ikd.core.identity.identity import Identity, IdentityStatus
from ikd.core.identity.opening import STATUS_SPACE
from ikd.core.ports import Row
from ikd.core.records.decision import Claim
from ikd.core.records.journal import read_entry
from ikd.core.standard.own_limits import OWN_LIMITS
from ikd.core.tokens.statuslist import ListedStatus, StatusList
from ikd.service.load import Loader
from ikd.service.parts import Parts
from ikd.service.prepare import STATUS_PLACES
from ikd.service.signers import Signers

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
    return made.write(Signers(parts).signer("status"))


def _fallen(parts: Parts) -> Iterator[tuple[int, ListedStatus]]:
    """Yield place and standing of each credential that isn't plainly valid.

    Identities and drawn places are walked both: a place of which no identity is left, or none
    that can be believed, is suspended until somebody has looked.
    """
    # the places first: the identity of each is committed by then, and will be met
    drawn = {int.from_bytes(claim.key, "big"): claim.owner for claim in _places(parts)}
    met: set[str] = set()
    for row in _identities(parts):
        met.add(row.id)
        if row.status != IdentityStatus.ACTIVE.value:
            loader = Loader(parts)
            identity = loader.known(Identity, row.id)
            drawn.pop(identity.credential.status_index, None)
            yield identity.credential.status_index, _standing(loader, identity)
    yield from ((place, "suspended") for place, owner in drawn.items() if owner not in met)


def _identities(parts: Parts) -> Iterator[Row]:
    after = None
    while page := parts.store.find("identity", limit=_PAGE, after=after):
        yield from page
        after = page[-1].id


def _places(parts: Parts) -> Iterator[Claim]:
    after = b""
    while page := parts.store.claims(STATUS_SPACE, limit=_PAGE, after=after):
        yield from page
        after = page[-1].key


def _standing(loader: Loader, identity: Identity) -> ListedStatus:
    """Return what the list says; whatever has no word of its own counts as revoked.

    Asked of the record as it is now: it may have changed since it was found.
    """
    if identity.status is IdentityStatus.ACTIVE:
        return "valid"
    if identity.status.value == "SUSPENDED":
        return "suspended"
    return "superseded" if _reason(loader, identity) == "superseded" else "invalid"


def _reason(loader: Loader, identity: Identity) -> str:
    for stored in reversed(loader.journal(identity)):
        event = read_entry(stored, loader.parts.kinds.events).event
        if isinstance(event, IdentityEnded):
            return event.reason
    raise StoreError("store.damaged", "an identity has ended and its journal doesn't say so")
