"""The entrance: which office, which language; in a demonstration also the mail and the people."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from ikd_portal.call import Call, Page
from ikd_portal.words import LANGUAGES

YEAR = 365 * 24 * 3600  # seconds that the language is remembered


def local(path: str) -> str:
    """Return *path* if it is an address of this portal, else the entrance."""
    return path if path.startswith("/") and path[1:2] not in ("/", "\\") else "/"


def home(call: Call) -> Response:
    """Show the offices."""
    return call.page("home.html", offices=call.portal.offices.values())


def language(call: Call) -> Response:
    """Change the language, and stay where one was."""
    answer = RedirectResponse(local(call.form.get("back", "/")), 303)
    if call.form.get("lang") in LANGUAGES:
        answer.set_cookie("lang", call.form["lang"], max_age=YEAR, samesite="lax", httponly=True)
    return answer


def mail(call: Call) -> Response:
    """Show the mail of the demonstration."""
    letters = call.portal.letters
    if letters is None:
        return call.refuse(call.say("no_page"), 404)
    return call.page("mail.html", letters=letters.newest(), trouble=letters.trouble)


def trouble(call: Call) -> Response:
    """Let a medium of the demonstration fail, or work again."""
    letters, medium = call.portal.letters, call.form.get("medium", "")
    if letters is None:
        return call.refuse(call.say("no_page"), 404)
    letters.trouble ^= {medium} & {"email", "sms"}
    return call.go("/mail")


def opened(call: Call) -> Response:
    """Open the link of a mail: it says whether its PIN still counts, and changes nothing."""
    found = call.portal.service.opened(call.path["handle"])
    return call.page("opened.html", opened=found)


def icon(_call: Call) -> Response:
    """Answer the browser that asks for the old address of an icon."""
    return RedirectResponse("/static/icon.svg", 301)


PAGES = (
    Page("/", home),
    Page("/language", language, "POST"),
    Page("/mail", mail),
    Page("/mail/trouble", trouble, "POST"),
    Page("/a/{handle}", opened),
    Page("/favicon.ico", icon),
)
