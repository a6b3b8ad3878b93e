"""Who signs for the house now: a key of the key source, proven once before it signs anything."""

from __future__ import annotations

from functools import partial

import attrs

from ikd.core.errors import KeySourceError, TokenError
from ikd.core.ports import KeySource, SigningKey
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.signing import Signer
from ikd.service.parts import Parts

_PROBE = b"ikd/key-proof/1"  # no COSE structure begins so: it means nothing to any reader


def signing_key(keys: KeySource, role: str, *, office: str = "", station: str = "") -> Signer:
    """Return the key source's current key of *role* (and station), as tokens take it.

    Raises:
        KeySourceError: There is none, or what it gave is no key (``keys.failed``).
    """
    return _signer_of(keys, keys.signing(role, office=office, station=station), role)


def _signer_of(keys: KeySource, current: SigningKey, role: str) -> Signer:
    make = PublicKey.ed25519 if current.alg == "EdDSA" else PublicKey.p256
    try:
        public = make(current.public)
    except TokenError as error:
        raise KeySourceError("keys.failed", f"no usable public key of {role}") from error
    return Signer(public=public, sign=partial(keys.sign, current.kid))


@attrs.frozen
class Signers:
    """The signing keys of one service.

    A key that this process holds signs by itself once it was seen to fit its public half. What a
    KMS or an HSM signs is verified every time: the line between may fail, and one wrong signature
    may give a key away.
    """

    parts: Parts

    def signer(self, role: str, *, office: str = "", station: str = "") -> Signer:
        """Return what signs now for *role* (and station).

        Raises:
            KeySourceError: There is none, what it gave is no key (``keys.failed``), or its
                private half is another key's (``keys.signature``).
        """
        current = self.parts.keys.signing(role, office=office, station=station)
        known = self.parts.proven.get(current)
        if known is None:
            known = _signer_of(self.parts.keys, current, role)
            if self.parts.signs_here:
                known.sign_checked(_PROBE)
                known = attrs.evolve(known, own=True)
            self.parts.proven[current] = known
        return known
