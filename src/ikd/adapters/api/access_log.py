"""One line for each request: what was asked, how it ended, how long it took, which front end.

What stands in an address that isn't ours isn't written down, since anything may stand in it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRONT_END = "ikd.front_end"  # where the scope holds who called
_log = logging.getLogger("ikd.api")


class AccessLog:
    """Writes the line of each request that *app* answers."""

    def __init__(self, app: ASGIApp, paths: Collection[str]) -> None:
        """Name only *paths*."""
        self._app, self._paths = app, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and write the line once the answer has begun or will never."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            path = scope["path"] if scope["path"] in self._paths else "-"
            method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "-"
            lasted, caller = time.monotonic() - began, scope.get(FRONT_END, "-")
            _log.info("%s %s %d %d ms %s", method, path, status, 1000 * lasted, caller)
