"""A resident's pages with Flask: the form, and where the case stands.

Run it with ``flask --app examples/embed_flask.py run``. The app on the phone makes the device key
and sends its public half with the form (see docs/how-to/write-the-app.md); here it is a field.
"""

from __future__ import annotations

import secrets

from flask import Flask, redirect, render_template_string, request, session, url_for
from werkzeug.wrappers import Response

import ikd
from ikd import commands as do

PAGE = """<!doctype html><html lang="id"><title>IKD</title>
{% if told %}<p role="status">{{ told }}</p>{% endif %}
{% if case %}<p>{{ words }}</p>{% else %}
<form method="post"><input type="hidden" name="key" value="{{ key }}">
<label>NIK <input name="nik" inputmode="numeric" required></label>
<label>Surat elektronik <input name="email" type="email" required></label>
<label>Nomor HP <input name="phone" type="tel" required></label>
<input type="hidden" name="device_key"><button>Daftar</button></form>{% endif %}</html>"""


def front_end(service: ikd.Service, office: str) -> Flask:
    """Return the pages of one office."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secrets.token_bytes(32), SESSION_COOKIE_SAMESITE="Strict")
    app.config.update(MAX_CONTENT_LENGTH=16 * 1024)  # bytes: a form, no picture

    def resident() -> ikd.Actor:
        """Return who is at the other end: one browser's session, and nobody's name."""
        session.setdefault("id", secrets.token_hex(4))
        return ikd.Actor.resident(session["id"])

    @app.get("/")
    def shown(told: str = "", status: int = 200) -> tuple[str, int]:
        case, words = session.get("case"), ""
        if case:
            words = service.where(case, actor=resident()).words.id
        page = render_template_string(
            PAGE, told=told, case=case, words=words, key=secrets.token_hex()
        )
        return page, status

    @app.post("/")
    def register() -> Response | tuple[str, int]:
        form = request.form
        try:
            wanted = do.Register(
                office=office,
                nik=ikd.Nik.clean(form.get("nik", "")),
                email=ikd.Email.clean(form.get("email", "")),
                phone=ikd.Phone.clean(form.get("phone", "")),
                device=ikd.Device(
                    kind="smartphone",
                    platform="android",
                    os_version=form.get("os_version", ""),
                    online=True,
                    key=bytes.fromhex(form.get("device_key", "")),
                ),
            )
            opened = service.handle(wanted, actor=resident(), key=form.get("key", ""))
        except ikd.IkdError as error:  # the public words tell nobody who is registered
            return shown(service.public_text(error).id, 400)
        except ValueError:  # a key that isn't hexadecimal: no app of ours sends that
            return shown("Data ponsel tidak dapat dibaca.", 400)
        session["case"] = opened.id
        return redirect(url_for("shown"), 303)

    return app


def create_app() -> Flask:
    """Return what ``flask run`` serves: Wakatobi, in memory, without a registry."""
    return front_end(ikd.open_service(offices=["wakatobi"], channels=["console:"]), "wakatobi")
