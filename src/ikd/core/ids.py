"""Identifiers and the one way to draw randomness inside a decision.

Core never asks for randomness: it is handed entropy bytes and derives from them
by label, so a decision made twice with the same entropy is the same decision.
"""

from __future__ import annotations

import hashlib
import re
from typing import NewType

from ikd.core.errors import InputError

RecordId = NewType("RecordId", str)
"""32 lower-case hexadecimal characters: 16 random bytes (ASVS 11.5.1: 128 bits)."""

ENTROPY_BYTES = 64  # fresh bytes the service draws once a call, retries included

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


def draw(entropy: bytes, label: str, size: int) -> bytes:
    """Return *size* bytes that depend on all of *entropy* and on *label* alone."""
    name = label.encode()
    return hashlib.shake_256(len(name).to_bytes(2, "big") + name + entropy).digest(size)


def draw_id(entropy: bytes, label: str) -> RecordId:
    """Return a new identifier drawn for *label*."""
    return RecordId(draw(entropy, label, 16).hex())


def parse_id(text: object) -> RecordId:
    """Return *text* as an identifier.

    Raises:
        InputError: *text* isn't 32 lower-case hexadecimal characters (``id.form``).
    """
    if not isinstance(text, str) or _ID.fullmatch(text) is None:
        raise InputError("id.form", "an identifier is 32 lower-case hexadecimal characters")
    return RecordId(str(text))


def id_bytes(record_id: RecordId) -> bytes:
    """Return the 16 bytes behind an identifier, as tokens carry them."""
    return bytes.fromhex(record_id)
