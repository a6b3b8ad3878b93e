"""How the command ends: exit codes for scripts, and the errors that lead to them."""

from __future__ import annotations

import enum


class Exit(enum.IntEnum):
    """Exit codes."""

    OK = 0
    REFUSED = 1
    """Understood and refused, or invalid."""
    USAGE = 2
    """The command line isn't one."""
    OUTSIDE = 3
    """A disk, store, key or library failed."""
    INTERRUPTED = 130
    """Stopped by the keyboard (128 and SIGINT)."""
    PIPE = 141
    """Whoever read our output went away (128 and SIGPIPE)."""


class CannotError(Exception):
    """The command can't do what was asked; the message says why, without personal data.

    Attributes:
        code: What to exit with.
    """

    def __init__(self, message: str, code: Exit = Exit.REFUSED) -> None:
        super().__init__(message)
        self.code = code
