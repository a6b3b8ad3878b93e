"""How the command ends: exit codes for scripts, and the errors that lead to them."""

from __future__ import annotations

import enum


class Exit(enum.IntEnum):
    """Exit codes; what each means stands with the texts, as ``app.exit_0`` and so on."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    OUTSIDE = 3
    INTERRUPTED = 130  # 128 and SIGINT
    PIPE = 141  # 128 and SIGPIPE


class CannotError(Exception):
    """The command can't do what was asked; the message says why, without personal data.

    Attributes:
        code: What to exit with.
    """

    def __init__(self, message: str, code: Exit = Exit.REFUSED) -> None:
        super().__init__(message)
        self.code = code
