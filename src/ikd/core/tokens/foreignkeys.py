"""Keys of other issuers, each under the name that its own tokens give it.

The keyring is the house's and knows its keys by their thumbprints. Whoever also reads what
others issue keeps their keys in a file of its own, and says whose they are: a key speaks for
one issuer, never for ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs

from ikd.core.errors import TokenError
from ikd.core.timing import aware
from ikd.core.tokens.claim169 import is_plain
from ikd.core.tokens.foreign import ForeignToken
from ikd.core.tokens.publickey import PublicKey

MAX_KID = 64
_LONGEST = 128


def _is_name(_instance: object, _attribute: object, value: str) -> None:
    if not is_plain(value, longest=_LONGEST):
        raise TokenError("keyring", "an issuer is named by a line of at most 128 characters")


@attrs.frozen(kw_only=True)
class ForeignKey:
    """A key that another issuer signs credentials with.

    Attributes:
        kid: How its tokens name it, at most 64 bytes; empty where they don't.
        key: The public key.
        issuer: What its tokens say as ``iss``; one that says otherwise is refused.
        name: What people are shown for it.
        not_before: From when it may have signed; None for always.
        not_after: Until when it may have signed; None for ever.
    """

    kid: bytes
    key: PublicKey
    issuer: str = attrs.field(validator=_is_name)
    name: str = attrs.field(validator=_is_name)
    not_before: datetime | None = attrs.field(
        default=None, converter=attrs.converters.optional(aware)
    )
    not_after: datetime | None = attrs.field(
        default=None, converter=attrs.converters.optional(aware)
    )

    def __attrs_post_init__(self) -> None:
        if type(self.kid) is not bytes or len(self.kid) > MAX_KID:
            raise TokenError("keyring", "a key's name has at most 64 bytes")

    def signed_at(self, at: datetime) -> PublicKey:
        """Return the key, if it may have signed at that time.

        Raises:
            TokenError: Outside its time (``key``).
        """
        early = self.not_before is not None and at < self.not_before
        if early or (self.not_after is not None and at > self.not_after):
            raise TokenError("key", "not in use at that time")
        return self.key


def key_of(token: ForeignToken, keys: Iterable[ForeignKey]) -> ForeignKey:
    """Return the key that signed *token*: of the name it gives, or any where it gives none.

    Raises:
        TokenError: No such key is known (``key``), or none of that name holds (``signature``).
    """
    named = [one for one in keys if token.kid is None or one.kid == token.kid]
    for one in named:
        if token.is_by(one.key):
            return one
    raise TokenError("signature" if named and token.kid is not None else "key")
