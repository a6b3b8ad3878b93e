"""Status lists: which credentials still hold (IETF Token Status List, CWT form, 2 bits).

One signed list tells about a million credentials in a few kilobytes, so a verifier loads it
ahead and nobody learns whose credential it checks. A list that is old, or doesn't reach as
far as the place asked for, never says "valid".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.timing import aware, to_seconds
from ikd.core.tokens import bitlist, cose
from ikd.core.tokens.cwt import (
    EXP,
    IAT,
    SUB,
    ClaimMap,
    exact_map,
    is_ahead,
    moment,
    read_map,
    whole_second,
)
from ikd.core.tokens.inflate import deflate, inflate
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.signing import Signer

ListedStatus = Literal["valid", "invalid", "suspended", "superseded"]
FoundStatus = Literal["valid", "invalid", "suspended", "superseded", "stale", "unknown"]
LISTED: tuple[ListedStatus, ...] = ("valid", "invalid", "suspended", "superseded")  # 0 to 3

TTL, STATUS_LIST = 65534, 65533
HEADERS = {16: "application/statuslist+cwt"}  # typ (RFC 9596)
BITS = 2
MAX_BYTES = 2**20  # compressed; ten million places with 100,000 revoked take 146 KB
MAX_INFLATED = 2**22  # sixteen million places
_LABELS = {SUB: str, EXP: int, IAT: int, TTL: int, STATUS_LIST: dict}
_YEAR = 366 * 86_400


@attrs.frozen(kw_only=True)
class StatusList:
    """Where each credential of one list stands.

    Attributes:
        uri: Its address, which credentials name.
        issued_at: When it was signed.
        expires_at: From when it says nothing any more.
        ttl: For how long it is fresh.
        entries: The packed numbers.
    """

    uri: str
    issued_at: datetime = attrs.field(converter=whole_second)
    expires_at: datetime = attrs.field(converter=whole_second)
    ttl: timedelta
    entries: bytes = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        if self.expires_at <= self.issued_at or self.ttl < timedelta(seconds=1):
            raise TokenError("list", "a list lives for a while")
        if not 0 < len(self.entries) <= MAX_INFLATED:
            raise TokenError("list", "a list has between 4 and 16 million places")

    @classmethod
    def of(
        cls,
        standings: Mapping[int, ListedStatus],
        *,
        uri: str,
        size: int,
        issued_at: datetime,
        expires_at: datetime,
        ttl: timedelta = timedelta(hours=12),
    ) -> StatusList:
        """Return a list of *size* places, "valid" wherever *standings* says nothing.

        Raises:
            TokenError: A place beyond the list, or times that make none (``list``).
        """
        numbers = {index: LISTED.index(standing) for index, standing in standings.items()}
        return cls(
            uri=uri,
            issued_at=issued_at,
            expires_at=expires_at,
            ttl=ttl,
            entries=bitlist.pack(size, BITS, numbers),
        )

    @classmethod
    def read(
        cls,
        data: bytes,
        keyring: Keyring,
        *,
        uri: str | None = None,
        now: datetime,
        newest: datetime | None = None,
    ) -> StatusList:
        """Return a status list, signed by a key for status lists.

        Args:
            data: The signed list.
            keyring: Whose "status" keys count.
            uri: Where it was fetched from; it must say the same of itself. ``None`` where only
                the list itself tells, e.g. for a file: a verifier asks it for that address alone.
            now: The present, to refuse one from the future. An expired one is returned: ask
                ``is_fresh``.
            newest: When the newest list of this address ever read here was issued.

        Raises:
            TokenError: Not such a list (``cose``, ``cbor``, ``claims``, ``list``, ``zlib``), not
                signed by such a key (``key``, ``revoked``, ``signature``), older than one already
                seen (``rollback``) or from the future (``early``).
        """
        signed = cose.read(data, headers=HEADERS, max_bytes=MAX_BYTES)
        record = keyring.find("status", signed.kid)
        found = read_map(signed.verify(record.key), _LABELS, max_bytes=MAX_BYTES)
        result = cls._parse(found)
        record.signed_at(result.issued_at)
        if uri is not None and result.uri != uri:
            raise TokenError("list", "another list")
        if is_ahead(result.issued_at, aware(now)):
            raise TokenError("early")
        if newest is not None and result.issued_at < whole_second(newest):
            raise TokenError("rollback")
        return result

    @classmethod
    def _parse(cls, found: ClaimMap) -> StatusList:
        packed = found[STATUS_LIST]
        exact_map(packed, {"bits": int, "lst": bytes}, fault="list")
        if packed["bits"] != BITS:
            raise TokenError("list", "not two bits a place")
        if not 0 < found[TTL] <= _YEAR:
            raise TokenError("list", "a list lives for a while")
        return cls(
            uri=found[SUB],
            issued_at=moment(found[IAT]),
            expires_at=moment(found[EXP]),
            ttl=timedelta(seconds=found[TTL]),
            entries=inflate(packed["lst"], max_bytes=MAX_INFLATED),
        )

    def is_fresh(self, now: datetime) -> bool:
        """Return whether the list may be believed when it says "valid".

        Not when it is old, and not by a clock that stands before the list was made.
        """
        now = aware(now)
        grown = now - self.issued_at >= self.ttl or now >= self.expires_at
        return not grown and not is_ahead(self.issued_at, now)

    def status(self, index: int, *, now: datetime) -> FoundStatus:
        """Return where the credential at *index* stands.

        "unknown" beyond the list; "stale" where an old list says "valid": since then
        anything may have happened. Bad news stays news, however old.
        """
        number = bitlist.at(self.entries, BITS, index)
        if number is None:
            return "unknown"
        standing = LISTED[number]
        return "stale" if standing == "valid" and not self.is_fresh(now) else standing

    def write(self, key: Signer) -> bytes:
        """Return the list signed, as ``read`` takes it.

        Raises:
            KeySourceError: Signing failed.
        """
        claims = {
            SUB: self.uri,
            EXP: to_seconds(self.expires_at),
            IAT: to_seconds(self.issued_at),
            TTL: self.ttl // timedelta(seconds=1),
            STATUS_LIST: {"bits": BITS, "lst": deflate(self.entries)},
        }
        return cose.write(cbor.encode(claims), key, headers=HEADERS)
