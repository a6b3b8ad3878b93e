"""What is signed for everybody: the keyring and the status list, kept for a while and cached."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

FRESH = 300  # seconds: how much later than here a verifier may learn that a credential fell


class Kept:
    """Makes something when it is first asked for, and anew when it is *seconds* old."""

    def __init__(self, make: Callable[[], bytes], seconds: float) -> None:
        """Keep what *make* makes."""
        self._make, self._seconds = make, seconds
        self._lock = threading.Lock()
        self._made: tuple[bytes, float] | None = None

    def get(self) -> bytes:
        """Return it; of several who ask at once one makes it."""
        with self._lock:
            if self._made is None or time.monotonic() >= self._made[1] + self._seconds:
                self._made = self._make(), time.monotonic()
            return self._made[0]


def cached(request: Request, data: bytes, media_type: str) -> Response:
    """Return *data* for everybody, or that whoever asks has it already (RFC 9110 13.1.2)."""
    tag = f'"{sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={FRESH}"}
    named = request.headers.get("If-None-Match", "").split(",")
    if {one.strip().removeprefix("W/") for one in named} & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=media_type)
