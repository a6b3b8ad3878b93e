"""How long the texts of credentials become, before any is made."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from ikd.core.tokens.claim169 import Claim169
from ikd.core.tokens.cose import assemble
from ikd.core.tokens.credential import LIFE, CredentialClaims, to_text

MAX_MASKED = 483
"""Characters of QR version 13 at level M, alphanumeric (ISO/IEC 18004): what phones of today
show and cheap cameras read."""

_NAME = "MUHAMMAD QXZWVKJ FYHBGTPLRC D'NMSOEIUAX"  # 39 letters, none of them like another's
_MADE = datetime(2026, 11, 22, tzinfo=UTC)


def masked_characters(issuer: str, status_list: str) -> int:
    """Return how long a masked credential with these addresses is, for a long name.

    Keys, ids and signatures are noise in every credential; here they are noise that is always
    the same. Addresses that repeat each other compress, so only this tells.

    Raises:
        TokenError: They are no addresses of a credential at all (``claims``).
    """
    noise = hashlib.shake_256(b"ikd/sizes/1").digest(16 + 32 + 8 + 64)
    claims = CredentialClaims(
        issuer=issuer,
        credential_id=noise[:16],
        issued_at=_MADE,
        not_before=_MADE,
        expires_at=_MADE + LIFE,
        device_key=b"\x03\x00" + noise[17:48],
        status_list=status_list,
        status_index=2**20 - 1,
        person=Claim169(name=_NAME, sex=2, nik_tail="9901", birth_year=1990),
    )
    header = b"\xa2\x01\x27\x04\x48" + noise[48:56]
    return len(to_text(assemble(header, claims.to_payload(), noise[56:])))
