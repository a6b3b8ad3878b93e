"""The API as an ASGI application.

No id of a case, NIK or token stands in any address: what is asked is in the body of a POST, reads
too. So neither our log nor that of a proxy, a browser or a cache can hold one.
"""

from __future__ import annotations

import contextlib
import logging
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ikd import wire
from ikd.adapters.api.access_log import FRONT_END, AccessLog
from ikd.adapters.api.access_tokens import AccessTokens, FrontEnd
from ikd.adapters.api.api_limits import ApiLimits, answered, body_of
from ikd.adapters.api.calls import Calls
from ikd.adapters.api.openapi import openapi
from ikd.adapters.api.pace import Pace
from ikd.adapters.api.problems import WAIT, problem
from ikd.adapters.api.published import FRESH, Kept, cached
from ikd.core.decide import KINDS
from ikd.core.errors import IkdError, InputError, PortError, RefusedError
from ikd.service import Service
from ikd.wire import Json

_Endpoint = Callable[[Request], Awaitable[Response]]
_Call = Callable[[FrontEnd, str, bytes], Json]
_log = logging.getLogger("ikd.api")


def asgi(service: Service, access: AccessTokens, limits: ApiLimits | None = None) -> Starlette:
    """Return the API of *service* as an application that any server of ASGI runs.

    Whoever opened the service closes it, after the server has ended.

    Args:
        service: What is asked.
        access: Which front ends may ask.
        limits: How much and how long.
    """
    return _Api(service, access, limits or ApiLimits()).application()


class _Api:
    """Answers requests."""

    def __init__(self, service: Service, access: AccessTokens, limits: ApiLimits) -> None:
        self._further = [kind for kind in service.kinds if kind not in KINDS]
        self._service, self._calls = service, Calls(service, self._further)
        self._access, self._limits = access, limits
        self._pace = Pace(limits.rate, limits.burst)
        self._pool = ThreadPoolExecutor(limits.threads, "ikd-api")

    def application(self) -> Starlette:
        calls, kept = self._calls, self._kept
        commands = {act: partial(calls.command, act) for act in self._service.kinds.acts}
        reads = {read: partial(calls.read, read) for read in wire.READS}
        document = JSONResponse(openapi(self._further)).body
        ready = Kept(self._readiness, 1)
        gets: dict[str, _Endpoint] = {
            "/v1/keyring": kept(Kept(self._service.keyring, FRESH), "application/cose"),
            "/v1/status-list": kept(
                Kept(self._service.status_list, FRESH), "application/statuslist+cwt"
            ),
            "/v1/openapi.json": kept(Kept(lambda: bytes(document), FRESH), "application/json"),
            "/healthz": self._guarded(self._alive),
            "/readyz": self._guarded(partial(self._is_ready, ready)),
        }
        posts = {
            **{f"/v1/commands/{act}": call for act, call in commands.items()},
            **{f"/v1/reads/{read}": call for read, call in reads.items()},
        }
        made = Starlette(
            routes=[
                *(
                    Route(path, self._called(call), methods=["POST"])
                    for path, call in posts.items()
                ),
                *(Route(path, one, methods=["GET"]) for path, one in gets.items()),
            ],
            exception_handlers={HTTPException: self._unrouted},
            lifespan=self._lifespan,
        )
        made.add_middleware(AccessLog, paths={*gets, *posts})
        return made

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        yield
        self._pool.shutdown()  # waits for what is being written

    def _called(self, call: _Call) -> _Endpoint:
        """Return what answers a POST: who calls, how often and how much is asked before what."""

        async def endpoint(request: Request) -> Response:
            front_end = self._holder(request)
            caller = "" if front_end is None else front_end.name  # the unknown share one bucket
            wait = self._pace.wait(caller, time.monotonic())
            if wait:
                return self._problem(RefusedError("api.rate"), wait)
            if front_end is None:
                raise RefusedError("api.token")
            request.scope[FRONT_END] = caller
            body = await body_of(request, self._limits)
            key = request.headers.get("Idempotency-Key", "").removeprefix('"').removesuffix('"')
            act = partial(call, front_end, key, body)
            written = await answered(self._pool, act, self._limits)
            return JSONResponse(written, headers={"Cache-Control": "no-store"})

        return self._guarded(endpoint)

    def _holder(self, request: Request) -> FrontEnd | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return self._access.holder_of(token.strip()) if scheme.lower() == "bearer" else None

    def _kept(self, kept: Kept, media_type: str) -> _Endpoint:
        async def endpoint(request: Request) -> Response:
            data = await answered(self._pool, kept.get, self._limits)
            return cached(request, data, media_type)

        return self._guarded(endpoint)

    async def _alive(self, _request: Request) -> Response:
        return JSONResponse({"alive": True}, headers={"Cache-Control": "no-store"})

    async def _is_ready(self, ready: Kept, _request: Request) -> Response:
        fits = bool(await answered(self._pool, ready.get, self._limits))
        return JSONResponse({"ready": fits}, 200 if fits else 503, {"Cache-Control": "no-store"})

    def _readiness(self) -> bytes:
        """Return something where store and lanes are as they should be."""
        health = self._service.health()
        dead = [lane for lane in health.lanes if lane.lives is False]
        return b"" if health.store or health.captcha or dead else b"ready"

    def _guarded(self, endpoint: _Endpoint) -> _Endpoint:
        """Return *endpoint* so that whatever goes wrong in it is a problem that tells no secret."""

        async def guarded(request: Request) -> Response:
            try:
                return await endpoint(request)
            except IkdError as error:
                return self._problem(error)
            except ClientDisconnect:
                return Response(status_code=400)  # nobody reads it
            except Exception as error:  # noqa: BLE001 - what nobody thought of must tell nothing
                return self._failed(error)

        return guarded

    def _failed(self, error: Exception) -> Response:
        """Answer what nobody thought of; its words may hold anything, so only places are kept."""
        at = "".join(traceback.format_tb(error.__traceback__))
        _log.error("%s at\n%s", type(error).__name__, at)
        failed = PortError("api.failed", port="api")
        return self._problem(failed)

    async def _unrouted(self, _request: Request, error: Exception) -> Response:
        allowed = (isinstance(error, HTTPException) and error.headers) or {}
        told = self._problem(InputError("api.method" if allowed else "api.path"))
        told.headers.update(allowed)
        return told

    def _problem(self, error: IkdError, wait: int = WAIT) -> Response:
        return problem(error, self._calls.told(error), wait)
