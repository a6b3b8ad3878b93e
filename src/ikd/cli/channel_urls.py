"""The channels that a command names: a password never stands among its words."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from ikd.cli.failures import CannotError, Exit
from ikd.cli.language import text


def check_channels(given: Sequence[str] | None) -> Sequence[str]:
    """Return the channels *given*, if none holds a password: everybody on a machine sees it there.

    Raises:
        CannotError: One does.
    """
    for one in given or ():
        if _has_password(one):
            raise CannotError(f"--channel: {text('worker.password')}", Exit.USAGE)
    return given or ()


def _has_password(url: str) -> bool:
    try:
        return urlsplit(url).password is not None
    except ValueError:
        return False  # no URL at all, which whoever opens it says
