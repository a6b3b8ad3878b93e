"""The verifier: no account, no case; a text and what is to be made of it."""

from __future__ import annotations

from starlette.responses import Response

from ikd_portal.call import Call, Page


def form(call: Call) -> Response:
    """Show the camera."""
    return call.page("verify.html", verdict=None)


def check(call: Call) -> Response:
    """Show the verdict, and what is to be compared with the person."""
    text = call.form.get("token", "").strip("\r\n")
    verdict = call.portal.verifier().check(text, now=call.portal.service.now())
    person = verdict.claims.person if verdict.claims else None
    return call.page("verify.html", verdict=verdict, person=person)


PAGES = (Page("/verify", form), Page("/verify", check, "POST"))
