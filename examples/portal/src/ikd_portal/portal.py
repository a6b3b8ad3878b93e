"""The portal: what all requests share, and how one is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import ikd
from ikd_portal.accounts import Accounts
from ikd_portal.call import Call, Page
from ikd_portal.guard import Guard, Rates
from ikd_portal.letters import Letters
from ikd_portal.pages import PAGES
from ikd_portal.sessions import COOKIE, Session, Sessions
from ikd_portal.shapes import FILTERS
from ikd_portal.words import language_of, text

READS = frozenset({"GET", "HEAD"})


def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("ikd_portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    return made


@attrs.frozen(kw_only=True)
class Portal:
    """What all requests share.

    Attributes:
        service: ikd.
        offices: The offices that it serves, by id.
        verifier: Opens a verifier over the files of now.
        accounts: The officers.
        letters: The mail of a demonstration, which everybody may read; none in earnest.
        people: Whom a demonstration's register knows: NIK, name, and what is special.
        stations: The counter of each office that shows a QR.
        sessions: Who is at the other end.
        templates: The pages.
    """

    service: ikd.Service
    offices: Mapping[str, ikd.Office]
    verifier: Callable[[], ikd.Verifier]
    accounts: Accounts
    letters: Letters | None = None
    people: Mapping[str, tuple[tuple[str, str, str], ...]] = attrs.field(factory=dict)
    sessions: Sessions = attrs.field(factory=Sessions)
    templates: Environment = attrs.field(factory=_templates)

    def answer(
        self, page: Page, request: Request, form: Mapping[str, str], files: Mapping[str, bytes]
    ) -> Response:
        """Answer one request."""
        found = self.sessions.find(request.cookies.get(COOKIE, ""))
        session = found or self.sessions.begin()
        call = Call(
            portal=self,
            request=request,
            session=session,
            language=language_of(request),
            form=form,
            files=files,
        )
        response = self._answer(page, call)
        if request.cookies.get(COOKIE) != session.token:
            _set(response, request, session)
        return response

    def _answer(self, page: Page, call: Call) -> Response:
        officer = call.session.officer
        if page.by is not None and (officer is None or officer.role not in page.by):
            return _to_login(call)
        if page.method not in READS and not _has_csrf(call):
            return call.refuse(call.say("session_over"), 401)
        try:
            return page.handler(call)
        except ikd.IkdError as error:
            return call.refused(error)


def _has_csrf(call: Call) -> bool:
    given = call.form.get("csrf") or call.request.headers.get("x-csrf", "")
    return given == call.session.csrf


def _to_login(call: Call) -> Response:
    if call.by_script or call.request.method not in READS:
        return call.refuse(call.say("log_in_again"), 401)
    return RedirectResponse(f"/login?next={quote(call.request.url.path)}", 303)


def _set(response: Response, request: Request, session: Session) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, session.token, httponly=True, samesite="lax", secure=secure)


async def _read(request: Request) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the fields and files of a form; a body that is no form is the file ``body``."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return {}, {"body": await request.body()}
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    async with request.form(max_files=2, max_fields=60) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = await value.read()
            else:  # of boxes that share a name each ticked one counts
                fields[name] = f"{fields[name]} {value}" if name in fields else value
    return fields, files


def _route(portal: Portal, page: Page) -> Route:
    async def endpoint(request: Request) -> Response:
        form, files = ({}, {}) if page.method in READS else await _read(request)
        return await run_in_threadpool(portal.answer, page, request, form, files)

    return Route(page.path, endpoint, methods=[page.method])


def _missing(request: Request, _error: Exception) -> Response:
    language = language_of(request)
    return Response(text("no_page", language), 404, media_type="text/plain; charset=utf-8")


def _failed(request: Request, _error: Exception) -> Response:
    sentence = text("failed", language_of(request))
    if "x-portal" in request.headers:
        return JSONResponse({"text": sentence}, 503)
    return Response(sentence, 503, media_type="text/plain; charset=utf-8")


def application(portal: Portal, rates: Rates | None = None) -> Starlette:
    """Return the portal as an ASGI application."""
    static = Mount("/static", StaticFiles(packages=[("ikd_portal", "static")]))
    return Starlette(
        routes=[*(_route(portal, page) for page in PAGES), static],
        middleware=[Middleware(Guard, rates=rates or Rates())],
        exception_handlers={404: _missing, Exception: _failed},
    )
