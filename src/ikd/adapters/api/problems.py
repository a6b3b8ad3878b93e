"""What went wrong, as problem details (RFC 9457): status, code, words, place."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import JSONResponse

from ikd.core.errors import IkdError, InputError, PortError, RefusedError
from ikd.wire import Json

MEDIA_TYPE = "application/problem+json"
WAIT = 5  # seconds, for whoever is told nothing better
_OWN: Mapping[str, int] = {
    "api.token": 401,
    "api.role": 403,
    "api.office": 403,
    "api.path": 404,
    "record.unknown": 404,
    "api.method": 405,
    "api.slow_body": 408,
    "api.size": 413,
    "api.media": 415,
    "key.reused": 422,  # as draft-ietf-httpapi-idempotency-key-header has it
    "api.failed": 500,
    "api.rate": 429,
    "limit.reached": 429,
}


def status_of(error: IkdError) -> int:
    """Return the status of the answer to *error*."""
    if error.code in _OWN:
        return _OWN[error.code]
    if error.code.startswith("actor.") and isinstance(error, RefusedError):
        return 403
    families = {InputError: 400, RefusedError: 409, PortError: 503}
    return next((code for kind, code in families.items() if isinstance(error, kind)), 500)


def problem(error: IkdError, told: Mapping[str, Json], wait: int = WAIT) -> JSONResponse:
    """Return the answer to *error*.

    Args:
        error: What went wrong.
        told: The same as the wire has it: code, words for the public, clause, findings.
        wait: After how many seconds it may be tried again, where that helps.
    """
    status = HTTPStatus(status_of(error))
    body = {
        "type": f"urn:ikd:error:{error.code}",
        "title": status.phrase,
        "status": status.value,
        "detail": error.detail,  # holds nothing that was sent
        **told,
    }
    headers = {"Cache-Control": "no-store"}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers["Retry-After"] = str(wait)
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="ikd"'
    if status is HTTPStatus.REQUEST_TIMEOUT:
        headers["Connection"] = "close"
    return JSONResponse(body, status, headers, MEDIA_TYPE)
