"""Asking the captcha's adapter for a puzzle."""

from __future__ import annotations

from ikd.core.errors import PortError
from ikd.core.ids import ENTROPY_BYTES, RecordId
from ikd.core.ports import Puzzle
from ikd.service.fence import fenced
from ikd.service.parts import Parts


def make_puzzle(parts: Parts, subject: RecordId) -> Puzzle:
    """Return a new puzzle for the application *subject*.

    Raises:
        PortError: None can be made (``captcha.missing``, ``captcha.failed``).
    """
    now, entropy = parts.clock.now(), parts.entropy(ENTROPY_BYTES)
    return fenced(
        lambda: parts.captcha.puzzle(subject, now=now, entropy=entropy),
        Puzzle,
        lambda why: PortError("captcha.failed", why, port="captcha"),
    )
