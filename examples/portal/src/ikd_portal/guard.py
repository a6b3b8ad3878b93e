"""What stands before every page: sizes, rates, foreign sites, and the headers of each answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

import attrs
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ikd_portal.words import language_of, text

LARGEST = 2 * 1024 * 1024  # bytes of a request: a selfie has 1 MiB at most, a frame far less
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "media-src 'self' data: blob:; connect-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@attrs.frozen
class Rate:
    """How often one address may ask: *burst* at once, *refill* a second after that."""

    burst: float
    refill: float


RATES = {
    "read": Rate(300, 20),
    "write": Rate(60, 1),
    "frame": Rate(60, 6),  # of a camera, four a second
    "login": Rate(10, 0.1),
}


def room_of(request: Request) -> str:
    """Return which of the rates a request counts under."""
    if request.method in ("GET", "HEAD"):
        return "read"
    return {"/scan": "frame", "/phone/qr": "frame", "/login": "login"}.get(
        request.url.path, "write"
    )


class Rates:
    """Counts what each address asks for."""

    def __init__(
        self, rates: Mapping[str, Rate] = RATES, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._rates, self._now, self._lock = rates, now, threading.Lock()
        self._left: dict[tuple[str, str], tuple[float, float]] = {}

    def takes(self, room: str, address: str) -> bool:
        """Count one request; say whether it is within the rate."""
        rate, now = self._rates[room], self._now()
        with self._lock:
            if len(self._left) > 50_000:  # addresses; who was away begins anew
                self._left.clear()
            left, at = self._left.get((room, address), (rate.burst, now))
            left = min(rate.burst, left + (now - at) * rate.refill)
            self._left[room, address] = (max(left - 1, 0), now)
            return left >= 1


class Guard:
    """Refuses what no page should meet, and puts the headers on every answer.

    An address is that of the connection: behind a proxy, tell uvicorn to take the resident's own
    from its headers (``proxy_headers``, ``forwarded_allow_ips``).
    """

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app, self._rates = app, rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request = Request(scope)
        status = self._refused(request)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        answer = self._app if status is None else _told(request, status)
        return await answer(scope, receive, sending)

    def _refused(self, request: Request) -> int | None:
        address = request.client.host if request.client else ""
        if not self._rates.takes(room_of(request), address):
            return 429
        if request.method in ("GET", "HEAD"):
            return None
        if _is_foreign(request):
            return 403
        length = request.headers.get("content-length", "")
        if not length.isdecimal():
            return 411
        return 413 if int(length) > LARGEST else None


def _is_foreign(request: Request) -> bool:
    """Say whether another site's page sent it; browsers tell so by themselves."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    own = f"{request.url.scheme}://{request.url.netloc}"
    return site not in (None, "same-origin") or origin not in (None, own)


def _told(request: Request, status: int) -> Response:
    sentence = text(f"guard_{status}", language_of(request))
    if "x-portal" in request.headers:
        return JSONResponse({"text": sentence}, status)
    return PlainTextResponse(sentence, status)
