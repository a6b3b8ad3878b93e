"""Logging in and out: ikd logs nobody in, so its front end does."""

from __future__ import annotations

from starlette.responses import Response

from ikd_portal.call import OFFICERS, Call, Page
from ikd_portal.pages.entrance import local


def form(call: Call) -> Response:
    """Show the form."""
    return call.page("login.html", next=local(call.request.query_params.get("next", "/desk")))


def log_in(call: Call) -> Response:
    """Log an officer in, in a session with a new token."""
    account = call.portal.accounts.log_in(call.form.get("name", ""), call.form.get("password", ""))
    if account is None:
        return call.refuse(call.say("wrong_login"), 403)
    call.session.officer = account.actor
    call.portal.sessions.renew(call.session)
    return call.go(local(call.form.get("next", "/desk")))


def log_out(call: Call) -> Response:
    """End the session: nothing of the desk stays in the browser."""
    call.portal.sessions.end(call.session)
    return call.go("/")


PAGES = (
    Page("/login", form),
    Page("/login", log_in, "POST"),
    Page("/logout", log_out, "POST", OFFICERS),
)
