"""How much and how long the API lets anybody ask, and what holds them to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

import attrs
from starlette.requests import Request

from ikd.core.errors import InputError, PortError
from ikd.core.validators import whole

T = TypeVar("T")
_READ_ALL_THE_SAME = 8
"""Times of what is taken that is read and thrown away: who still sends doesn't see the answer."""


@attrs.frozen(kw_only=True)
class ApiLimits:
    """How much and how long the API lets anybody ask.

    Attributes:
        body: Bytes of one body; a biometric sample of 1 MiB fits.
        body_seconds: Until a request must be there as a whole, in seconds.
        answer_seconds: Until a call is answered, in seconds. What takes longer goes on and is
            ``api.slow``: a repeat with the same key tells what became of it.
        threads: Calls that are worked on at once.
        rate: Calls a second of one front end.
        burst: Calls that it may make at once before that counts.
    """

    body: int = attrs.field(default=2 * 1024 * 1024, validator=whole("api", 1024, 1 << 25))
    body_seconds: int = attrs.field(default=10, validator=whole("api", 1, 300))
    answer_seconds: int = attrs.field(default=30, validator=whole("api", 1, 300))
    threads: int = attrs.field(default=16, validator=whole("api", 1, 256))
    rate: int = attrs.field(default=50, validator=whole("api", 1, 100_000))
    burst: int = attrs.field(default=100, validator=whole("api", 1, 100_000))


async def body_of(request: Request, limits: ApiLimits) -> bytes:
    """Return the body of *request*.

    Raises:
        InputError: It isn't JSON (``api.media``), too large (``api.size``) or too slow
            (``api.slow_body``).
    """
    if request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
        raise InputError("api.media", "Content-Type: application/json")
    received, size = bytearray(), 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= limits.body:
                    received += chunk
                elif size > _READ_ALL_THE_SAME * limits.body:
                    break
    except TimeoutError:
        raise InputError("api.slow_body", f"{limits.body_seconds} seconds") from None
    if size > limits.body:
        raise InputError("api.size", f"at most {limits.body} bytes")
    return bytes(received)


async def answered(pool: Executor, act: Callable[[], T], limits: ApiLimits) -> T:
    """Return what *act* returns; it runs in a thread, since the service waits for disks.

    Raises:
        PortError: It took too long (``api.slow``). If it had not begun yet it never will.
    """
    try:
        return await asyncio.wait_for(asyncio.wrap_future(pool.submit(act)), limits.answer_seconds)
    except TimeoutError:
        raise PortError("api.slow", f"{limits.answer_seconds} seconds", port="api") from None
