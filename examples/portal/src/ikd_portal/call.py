"""One request, with all that a page needs to answer it."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

import attrs
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

import ikd
from ikd import errors
from ikd_portal.sessions import Session
from ikd_portal.words import Language, text, told, words

if TYPE_CHECKING:
    from ikd_portal.portal import Portal

Word = TypeVar("Word", bound=str)
STATUS = {errors.InputError: 400, errors.RefusedError: 409}


@attrs.frozen(kw_only=True)
class Call:
    """One request and its session.

    Attributes:
        portal: What all requests share.
        request: The request itself.
        session: Who is at the other end.
        language: In which language they read.
        form: The fields that came, as text.
        files: The files that came.
    """

    portal: Portal
    request: Request
    session: Session
    language: Language
    form: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    files: Mapping[str, bytes] = attrs.field(factory=dict, repr=False)

    @property
    def path(self) -> Mapping[str, str]:
        """The parts of the address that differ."""
        return {name: str(value) for name, value in self.request.path_params.items()}

    @property
    def by_script(self) -> bool:
        """Whether the page's script asks, which reads JSON and stays where it is."""
        return "x-portal" in self.request.headers

    @property
    def actor(self) -> ikd.Actor:
        """Who asks: the officer that logged in, else the phone."""
        actor = self.session.officer or self.session.phone
        if actor is None:
            raise errors.RefusedError("record.unknown", "this session has shown no phone")
        return actor

    def say(self, name: str, **values: object) -> str:
        """Return a text of the portal in the language of this request."""
        return text(name, self.language, **values)

    def awaited(self, where: ikd.Waiting) -> str:
        """Return what an officer reads of who is waited for; ikd's own words where we have none."""
        name = f"missing_{where.waits.missing}"
        return self.say(name) if name in words() else told(where.words, self.language)

    def tell(self, sentence: str, mood: str = "positive") -> None:
        """Keep a sentence for the next page that this session opens."""
        self.session.told.append((mood, sentence))

    def data(self, name: str) -> bytes:
        """Return what a field holds in base64; nothing where it holds no such text."""
        try:
            return base64.b64decode(self.form.get(name, ""), validate=True)
        except ValueError:
            return b""

    def chosen(self, name: str, words: tuple[Word, ...]) -> Word:
        """Return which of *words* a field holds.

        Raises:
            InputError: None of them.
        """
        for one in words:
            if one == self.form.get(name):
                return one
        raise errors.InputError("command.word", f"{name} is none of the words of that list")

    def handle(self, command: ikd.Command, actor: ikd.Actor | None = None) -> ikd.Result:
        """Hand a command to ikd under the key that came with the form."""
        key = self.form.get("key", "")
        return self.portal.service.handle(command, actor=actor or self.actor, key=key)

    def page(
        self,
        template: str,
        status: int = 200,
        shown: Mapping[str, object] | None = None,
        **values: object,
    ) -> Response:
        """Return a page that shows *shown* and *values*; what was to be told is told on it."""
        sentences, self.session.told = self.session.told, []
        html = self.portal.templates.get_template(template).render(
            **(shown or {}),
            call=self,
            t=self.say,
            both=lambda public: told(public, self.language),
            key=lambda: str(uuid.uuid4()),
            sentences=sentences,
            **values,
        )
        return HTMLResponse(html, status)

    def json(self, **values: object) -> Response:
        """Return what a script reads."""
        return JSONResponse(values)

    def go(self, to: str, **values: object) -> Response:
        """Send the browser on to another page after a write."""
        if self.by_script:
            return self.json(to=to, **values)
        return RedirectResponse(to, 303)

    def refuse(self, sentence: str, status: int = 409) -> Response:
        """Say why not; nothing changed, and what was typed stays where it is."""
        if self.by_script:
            return JSONResponse({"text": sentence}, status)
        back = self.form.get("back", "/")
        return self.page("refused.html", status, sentence=sentence, back=back)

    def refused(self, error: ikd.IkdError) -> Response:
        """Say what ikd refused, in the words for whoever is at the other end."""
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 503)
        return self.refuse(self.words_of(error), status)

    def words_of(self, error: ikd.IkdError) -> str:
        """Return the sentence: officers read what happened, the public nothing of anybody."""
        if self.session.officer is not None:
            return errors.words(error, "officer", self.language)
        if self.session.phone is not None:
            return errors.words(error, "resident", self.language)
        return told(self.portal.service.public_text(error), self.language)


Handler = Callable[[Call], Response]


@attrs.frozen
class Page:
    """An address, what answers there, and which officers alone may ask."""

    path: str
    handler: Handler
    method: str = "GET"
    by: frozenset[ikd.Role] | None = None


OFFICERS = frozenset({ikd.Role.OPERATOR, ikd.Role.MINISTRY})
OPERATORS = frozenset({ikd.Role.OPERATOR})
