"""Who is at the other end: sessions in memory, found by a cookie that scripts can't read."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable

import attrs

import ikd

COOKIE = "ikd_portal"
IDLE = 30 * 60  # seconds without a request; a desk that was left is closed
LONGEST = 12 * 3600  # seconds altogether: a working day
MOST = 20_000  # sessions at a time; the one that was silent longest makes room


def _secret() -> str:
    return secrets.token_urlsafe(24)


@attrs.define(kw_only=True)
class Session:
    """One browser.

    Attributes:
        token: What the cookie holds.
        csrf: What each form of this session holds.
        began: When it was made, by the process's own clock.
        seen: When it was last asked for anything.
        officer: Who logged in, if somebody did.
        phone: The resident, once a phone has proved itself.
        application: The case of that phone, if it has one.
        identity: Its identity, once there is one.
        receipt: The receipt of the complaint that is shown, if one is.
        visitor: A name of nobody's, for somebody who is neither officer nor phone.
        signed_in: Whether the passcode was given for that identity in this session.
        told: Sentences for the next page: how grave, and what.
    """

    token: str = attrs.field(factory=_secret, repr=False)
    csrf: str = attrs.field(factory=_secret, repr=False)
    began: float
    seen: float
    officer: ikd.Actor | None = None
    phone: ikd.Actor | None = None
    application: str | None = None
    identity: str | None = None
    receipt: str | None = attrs.field(default=None, repr=False)
    visitor: str = attrs.field(factory=_secret, repr=False)
    signed_in: bool = False
    told: list[tuple[str, str]] = attrs.field(factory=list)

    def owns(self, record_id: str) -> bool:
        """Say whether the phone of this session proved that the record is its own."""
        return record_id in (self.application, self.identity)


class Sessions:
    """The sessions of one process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._lock = now, threading.Lock()
        self._all: dict[str, Session] = {}

    def begin(self) -> Session:
        """Return a new session."""
        now = self._now()
        session = Session(began=now, seen=now)
        with self._lock:
            if len(self._all) >= MOST:
                del self._all[min(self._all, key=lambda token: self._all[token].seen)]
            self._all[session.token] = session
        return session

    def find(self, token: str) -> Session | None:
        """Return the session of a cookie, unless it ran out."""
        with self._lock:
            session, now = self._all.get(token), self._now()
            if session is None:
                return None
            if now - session.seen > IDLE or now - session.began > LONGEST:
                del self._all[token]
                return None
            session.seen = now
            return session

    def renew(self, session: Session) -> None:
        """Give *session* a new token: who knew the old one before a login knows nothing after."""
        with self._lock:
            self._all.pop(session.token, None)
            session.token, session.csrf = _secret(), _secret()
            self._all[session.token] = session

    def end(self, session: Session) -> None:
        """End *session*."""
        with self._lock:
            self._all.pop(session.token, None)


def phone_actor(point: bytes) -> ikd.Actor:
    """Return the resident behind a phone's key: the same in each of its sessions.

    The journal keeps who asked, so the id is made of letters: a long number might be a NIK.
    """
    digest = hashlib.sha256(b"ikd-portal/phone/1" + point).digest()[:12]
    return ikd.Actor.resident("hp-" + "".join(chr(97 + byte % 26) for byte in digest))
