"""The API on a socket, by uvicorn: it stops in peace, and nobody holds a connection for nothing."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState

from ikd.adapters.api.api_limits import ApiLimits

_BACKLOG = 1024  # connections that wait to be taken
_HEAD = 16 * 1024  # bytes of a request before its body


def serve(
    application: ASGIApp,
    *,
    host: str = "127.0.0.1",
    port: int = 8137,
    limits: ApiLimits | None = None,
    listening: Callable[[str], None] | None = None,
) -> None:
    """Serve the API until SIGTERM or SIGINT; what was begun is answered first.

    It speaks plain HTTP: what stands before it ends TLS.

    Args:
        application: What ``asgi`` made.
        host: Where to listen.
        port: At which port; 0 takes a free one.
        limits: Those that *application* has.
        listening: Is told the address once connections are taken.

    Raises:
        OSError: It can't listen there.
    """
    with listener_at(host, port) as listener:
        name = f"[{host}]" if ":" in host else host
        if listening is not None:
            listening(f"http://{name}:{listener.getsockname()[1]}")
        server_of(application, limits or ApiLimits()).run(sockets=[listener])


def listener_at(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    It names its protocol: only then does asyncio send an answer's head and body without waiting
    for the caller's system to acknowledge the first of them, which takes 40 ms.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(_BACKLOG)
    except BaseException:
        made.close()
        raise
    return made


def server_of(application: ASGIApp, limits: ApiLimits) -> uvicorn.Server:
    """Return a server that isn't running yet."""
    logging.getLogger("uvicorn").setLevel(logging.ERROR)  # AccessLog says what there is to say
    config = uvicorn.Config(
        application,
        http=_Patient,
        ws="none",
        timeout_keep_alive=limits.body_seconds,
        timeout_graceful_shutdown=limits.answer_seconds,
        h11_max_incomplete_event_size=_HEAD,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    return uvicorn.Server(config)


class _Patient(H11Protocol):
    """Closes a connection that brings no whole head of a request while the others keep alive."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.loop.call_later(self.timeout_keep_alive, self._watch, None)

    def _watch(self, last: RequestResponseCycle | None) -> None:
        """Give up where nothing was begun since *last*, or look again later."""
        idle = self.cycle is last and (last is None or last.response_complete)
        if self.transport.is_closing():
            return
        if idle:
            self.transport.close()
        else:
            self.loop.call_later(self.timeout_keep_alive, self._watch, self.cycle)
