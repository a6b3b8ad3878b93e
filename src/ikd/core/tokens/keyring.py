"""The keyring: which keys of the house are believed, signed by a root key.

It is versioned, and readers remember the highest version they saw: otherwise an older
keyring would bring a revoked key back to life.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import attrs

from ikd.core import cbor
from ikd.core.errors import TokenError
from ikd.core.timing import aware, to_seconds
from ikd.core.tokens import cosesign
from ikd.core.tokens.cwt import exact_map, is_ahead, moment, whole_second
from ikd.core.tokens.keyrecord import KeyRecord, KeyRole
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import Signer

PROFILE = "ikd/keyring/1"
MAX_BYTES = 256 * 1024  # two thousand stations fit
_AAD = PROFILE.encode()
_LABELS = {"profile": str, "version": int, "issued": int, "expires": int, "keys": list}


def _as_tuple(records: Iterable[KeyRecord]) -> tuple[KeyRecord, ...]:
    return tuple(records)


@attrs.frozen(kw_only=True)
class Keyring:
    """All keys that are believed, of one version.

    Attributes:
        version: Grows by every change; never goes back.
        issued_at: When it was signed.
        expires_at: When a newer one should have come; the verifier's policy decides then.
        records: The keys.
    """

    version: int
    issued_at: datetime = attrs.field(converter=whole_second)
    expires_at: datetime = attrs.field(converter=whole_second)
    records: tuple[KeyRecord, ...] = attrs.field(converter=_as_tuple, repr=False)
    _by_name: dict[tuple[str, bytes], KeyRecord] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if type(self.version) is not int or self.version < 1:
            raise TokenError("keyring", "a version is an integer from 1")
        if self.expires_at <= self.issued_at:
            raise TokenError("keyring", "expires before it was issued")
        if len({record.kid for record in self.records}) != len(self.records):
            raise TokenError("keyring", "two keys of one name")
        by_name = {(record.role, record.kid): record for record in self.records}
        object.__setattr__(self, "_by_name", by_name)

    @classmethod
    def read(
        cls,
        data: bytes,
        roots: Sequence[PublicKey],
        *,
        now: datetime,
        highest_version: int = 0,
        threshold: int = 1,
    ) -> Keyring:
        """Return the keyring in *data*; an expired one too, which ``is_expired`` tells.

        Args:
            data: The signed keyring.
            roots: The root keys that are pinned here.
            now: The present, to refuse one from the future.
            highest_version: The highest version ever read here, 0 for none.
            threshold: How many roots must have signed.

        Raises:
            TokenError: Not signed as asked (``signature``), malformed (``cose``, ``cbor``,
                ``keyring``, ``key``), older than one already seen (``rollback``) or from the
                future (``early``).
        """
        payload = cosesign.read(
            data, roots, external_aad=_AAD, threshold=threshold, max_bytes=MAX_BYTES
        )
        found = exact_map(cbor.decode(payload, max_bytes=MAX_BYTES), _LABELS, fault="keyring")
        if found["profile"] != PROFILE:
            raise TokenError("keyring", "another profile")
        keyring = cls(
            version=found["version"],
            issued_at=moment(found["issued"]),
            expires_at=moment(found["expires"]),
            records=[KeyRecord.from_map(entry) for entry in found["keys"]],
        )
        if keyring.version < highest_version:
            raise TokenError("rollback")
        if is_ahead(keyring.issued_at, aware(now)):
            raise TokenError("early")
        return keyring

    def write(self, roots: Iterable[Signer]) -> bytes:
        """Return the keyring signed by each of *roots*, as ``read`` takes it.

        Raises:
            KeySourceError: Signing failed or gave a wrong signature.
        """
        payload = {
            "profile": PROFILE,
            "version": self.version,
            "issued": to_seconds(self.issued_at),
            "expires": to_seconds(self.expires_at),
            "keys": [record.to_map() for record in self.records],
        }
        return cosesign.write(cbor.encode(payload), tuple(roots), external_aad=_AAD)

    def is_expired(self, now: datetime) -> bool:
        """Return whether a newer keyring should have come by now."""
        return aware(now) >= self.expires_at

    def find(self, role: KeyRole, kid: bytes) -> KeyRecord:
        """Return the record of the key that may be believed in this role.

        Raises:
            TokenError: No such key, or still pending (``key``); revoked (``revoked``).
        """
        record = self._by_name.get((role, kid))
        if record is None:
            raise TokenError("key", "no such key in that role")
        if record.state == "revoked":
            raise TokenError("revoked")
        if record.state == "pending":
            raise TokenError("key", "not in use yet")
        return record

    def keys(self, role: KeyRole) -> tuple[PublicKey, ...]:
        """Return every key that ever had this role here, whether it still counts or not."""
        return tuple(record.key for record in self.records if record.role == role)
