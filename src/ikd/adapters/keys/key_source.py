"""A key source over keys that are held in this process."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from ikd.adapters.keys.key_set import Material
from ikd.adapters.keys.pair import KeyPair
from ikd.core.errors import KeySourceError
from ikd.core.ports import SigningKey
from ikd.core.secrets.opaque import Uncopied
from ikd.core.secrets.sealing import SecretKey


class KeySet(Uncopied):
    """Gives out keys of a ``Material``; private halves stay inside."""

    def __init__(self, material: Material) -> None:
        self._material = material

    def secrets(self, purpose: str) -> Sequence[SecretKey]:
        """Return the 32-byte keys of *purpose*, newest first.

        Raises:
            KeySourceError: No such purpose (``keys.unknown``).
        """
        found = self._material.secrets.get(purpose)
        if found is None:
            raise KeySourceError("keys.unknown", "no keys of that purpose")
        return found

    def bound(self) -> bool:
        """Return whether every row of the store that they belong to is bound."""
        return self._material.bound

    def signing(self, role: str, *, office: str = "", station: str = "") -> SigningKey:
        """Return the key that signs now for *role*, of one station where that is the role.

        Raises:
            KeySourceError: There is none (``keys.unknown``, ``keys.station``).
        """
        if role == "station":
            found = self._of_station(office, station)
        elif role in self._material.roles:
            found = self._material.roles[role]
        else:
            raise KeySourceError("keys.unknown", "no key of that role")
        newest = found[0]
        return SigningKey(kid=newest.kid, alg=newest.alg, public=newest.public.raw)

    def sign(self, kid: bytes, message: bytes) -> bytes:
        """Return 64 bytes: Ed25519, or ES256 as r then s.

        Raises:
            KeySourceError: No such key (``keys.unknown``), or signing failed.
        """
        held = self._material
        for pair in chain.from_iterable((*held.roles.values(), *held.stations.values())):
            if pair.kid == kid:
                return pair.signer.sign_checked(message)
        raise KeySourceError("keys.unknown", "no key of that name")

    def keyring(self) -> bytes:
        """Return the newest keyring, signed by the root."""
        return self._material.keyring

    def roots(self) -> Sequence[bytes]:
        """Return the 32-byte Ed25519 public keys that may sign a keyring."""
        return (self._material.root_public.raw,)

    def _of_station(self, office: str, station: str) -> Sequence[KeyPair]:
        found = self._material.stations.get((office, station))
        if found is None:
            raise KeySourceError("keys.station", "this station has no key yet: add_station")
        return found
