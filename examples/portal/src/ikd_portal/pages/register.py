"""Registering: what the office's file asks for, and the key that this browser made."""

from __future__ import annotations

from starlette.responses import Response

import ikd
from ikd import commands as do
from ikd import errors
from ikd_portal.call import Call, Page
from ikd_portal.sessions import phone_actor

COMMON = frozenset({"nik", "email", "phone"})


def form(call: Call) -> Response:
    """Show the form of one office."""
    return call.page("register.html", office=_office(call))


def register(call: Call) -> Response:
    """Register; from now on this session is that phone's."""
    office, session = _office(call), call.session
    key = bytes.fromhex(_hex(call.form.get("point", "")))
    result = call.handle(_command(call, office, key), phone_actor(key))
    session.phone, session.application = phone_actor(key), result.id
    session.identity, session.signed_in = None, False
    call.portal.sessions.renew(session)
    call.tell(call.say("registered"))
    return call.go("/phone", record=result.id, csrf=session.csrf)


def _office(call: Call) -> ikd.Office:
    office = call.portal.offices.get(call.path["office"])
    if office is None:
        raise errors.RefusedError("office.unknown", "no such office")
    return office


def _command(call: Call, office: ikd.Office, key: bytes) -> do.Register:
    form = call.form
    named = [rule.name for rule in office.registration.fields]
    return do.Register(
        office=office.id,
        nik=ikd.Nik.clean(form.get("nik", "")),
        email=form.get("email") or None,
        phone=form.get("phone") or None,
        device=_device(call, key),
        more={name: form[name] for name in named if name not in COMMON and form.get(name)},
        facts=ikd.Candidate(online=True),
        accepted_terms=form.get("terms") == "yes",
    )


def _device(call: Call, key: bytes) -> ikd.Device:
    form = call.form
    return ikd.Device(
        kind=form.get("kind", "smartphone"),
        platform=form.get("platform", "other"),
        os_version=form.get("version") or None,
        model=form.get("model") or None,
        online=True,
        key=key,
        browser=True,
    )


def _hex(typed: str) -> str:
    return typed if len(typed) == 130 and set(typed) <= set("0123456789abcdef") else ""


PAGES = (
    Page("/register/{office}", form),
    Page("/register/{office}", register, "POST"),
)
