"""An operator's desk with Django, in one file: the worklist, approve, reject.

Run it with ``python examples/desk_django.py runserver``. Officers log in by HTTP Basic with a
password that is kept hashed; a real office has its own sign-on and runs behind TLS.
"""

from __future__ import annotations

import base64
import secrets
import sys
from collections.abc import Callable, Mapping
from typing import ClassVar

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import Context, Engine
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

import ikd
from ikd import commands as do

PAGE = Engine().from_string("""<!doctype html><html lang="id"><title>Meja IKD</title>
{% if told %}<p role="alert">{{ told }}</p>{% endif %}<h1>Menunggu di kantor ini</h1>
<ul>{% for row in rows %}<li>{{ row.id }}: {{ row.words.id }}
{% if row.waits.missing == "decision" %}
<form method="post" action="/{{ row.id }}"><input type="hidden" name="csrfmiddlewaretoken"
 value="{{ token }}"><input type="hidden" name="key" value="{{ key }}">
<button name="act" value="approve">Setujui</button><button name="act" value="reject">Tolak</button>
</form>{% endif %}</li>{% empty %}<li>Tidak ada.</li>{% endfor %}</ul></html>""")
ACTS: Mapping[str, Callable[[str], do.Approve | do.Reject]] = {
    "approve": lambda case: do.Approve(application_id=case),
    "reject": lambda case: do.Reject(application_id=case, reason="documents"),
}


class Desk:
    """The pages of one office's operators; *officers* holds hashed passwords by name."""

    def __init__(self, service: ikd.Service, office: str, officers: Mapping[str, str]) -> None:
        self.service, self.office, self.officers = service, office, officers
        self.urls = [
            path("", require_GET(self.worklist)),
            path("<str:case>", require_POST(self.act)),
        ]

    def worklist(self, request: HttpRequest, told: str = "", status: int = 200) -> HttpResponse:
        """Show what waits for the operators of this office."""
        from django.middleware.csrf import get_token

        actor = self._officer(request)
        if actor is None:
            return HttpResponse(status=401, headers={"WWW-Authenticate": "Basic"})
        rows = self.service.worklist(actor=actor)
        shown = {
            "rows": rows,
            "told": told,
            "token": get_token(request),
            "key": secrets.token_hex(),
        }
        return HttpResponse(PAGE.render(Context(shown)), status=status)

    def act(self, request: HttpRequest, case: str) -> HttpResponse:
        """Approve or reject one case; the key of the form makes a double click one act."""
        actor, act = self._officer(request), ACTS.get(request.POST.get("act", ""))
        if actor is None or act is None:
            return HttpResponse(status=401 if actor is None else 400)
        try:
            self.service.handle(act(case), actor=actor, key=request.POST.get("key", ""))
        except ikd.IkdError as error:
            return self._told(request, ikd.errors.words(error))
        return HttpResponseRedirect("/", status=303)

    def _told(self, request: HttpRequest, words: str) -> HttpResponse:
        return self.worklist(request, words, 409)

    def _officer(self, request: HttpRequest) -> ikd.Actor | None:
        """Return the officer whose name and password came, who is of this office alone."""
        from django.contrib.auth.hashers import check_password

        kind, _, packed = request.headers.get("Authorization", "").partition(" ")
        try:
            name, _, password = base64.b64decode(packed, validate=True).decode().partition(":")
        except ValueError:
            return None
        kept = self.officers.get(name)
        if kind != "Basic" or kept is None or not check_password(password, kept):
            return None
        return ikd.Actor.operator(name, office=self.office)


class Urls:
    """Where Django looks for pages."""

    urlpatterns: ClassVar[list[URLPattern]] = []


def configure() -> None:
    """Set Django up; it wants that once, before anything of its own is imported."""
    settings.configure(
        SECRET_KEY=secrets.token_hex(),
        ALLOWED_HOSTS=["localhost", "127.0.0.1"],
        ROOT_URLCONF=Urls,
        MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
        CSRF_COOKIE_SAMESITE="Strict",
    )
    django.setup()


def main() -> None:
    """Serve the desk of Wakatobi in memory; its one officer's password is printed."""
    configure()
    from django.contrib.auth.hashers import make_password

    password = secrets.token_urlsafe(12)
    print(f"petugas-1 / {password}")
    with ikd.open_service(offices=["wakatobi"], channels=["console:"]) as service:
        desk = Desk(service, "wakatobi", {"petugas-1": make_password(password)})
        Urls.urlpatterns[:] = desk.urls
        execute_from_command_line([*sys.argv, "--noreload"])


if __name__ == "__main__":
    main()
