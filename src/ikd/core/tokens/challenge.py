"""Challenges for device proofs, without keeping one until an answer comes.

A challenge carries its own time and nonce under a key that only the service has; the nonce
is used up in the transaction of the attempt, so nobody can fill a table by asking.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from ikd.core.errors import TokenError
from ikd.core.standard.own_limits import OWN_LIMITS
from ikd.core.timing import aware, to_seconds
from ikd.core.tokens.cwt import ID_BYTES, exact_bytes, is_ahead, moment
from ikd.core.tokens.proof import check_act

LIFE = OWN_LIMITS.challenge.value
CHALLENGE_BYTES = 40
_TIME, _NONCE, _MAC = 8, 16, 16


def write(key: bytes, *, record_id: bytes, act: str, now: datetime, nonce: bytes) -> bytes:
    """Return 40 bytes that the device must sign for *act* on that record within 5 minutes.

    Args:
        key: Secret of the service, at least 32 bytes.
        record_id: 16 bytes.
        act: The command, as a word.
        now: The present.
        nonce: 16 fresh random bytes.

    Raises:
        TokenError: An argument hasn't its size or form (``claims``).
    """
    body = to_seconds(now).to_bytes(_TIME, "big") + exact_bytes(nonce, _NONCE)
    return body + _mac(key, body, record_id, act)


def read(
    key: bytes,
    challenge: bytes,
    *,
    record_id: bytes,
    act: str,
    now: datetime,
    life: timedelta = LIFE,
) -> bytes:
    """Return the nonce of a challenge that we made for this act, to be used up.

    Raises:
        TokenError: Not ours, for something else or too old (``challenge``).
    """
    if type(challenge) is not bytes or len(challenge) != CHALLENGE_BYTES:
        raise TokenError("challenge")
    body = challenge[: _TIME + _NONCE]
    if not hmac.compare_digest(_mac(key, body, record_id, act), challenge[_TIME + _NONCE :]):
        raise TokenError("challenge")
    made = moment(int.from_bytes(body[:_TIME], "big"))
    if is_ahead(made, aware(now)) or now - made >= life:
        raise TokenError("challenge", "too old")
    return body[_TIME:]


def _mac(key: bytes, body: bytes, record_id: bytes, act: str) -> bytes:
    if type(key) is not bytes or len(key) < 32:
        raise TokenError("claims", "the key of challenges has at least 32 bytes")
    word = check_act(act).encode()
    message = b"ikd/challenge/1" + body + exact_bytes(record_id, ID_BYTES) + word
    return hmac.digest(key, message, "sha256")[:_MAC]
