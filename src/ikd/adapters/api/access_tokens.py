"""Front ends and the tokens by which the API knows them, in a file that holds none of them.

A token is 256 random bits, so one round of SHA-256 keeps it: there is nothing to guess at, which
is what a slow hash is for. Its prefix lets a scanner find one that was published by mistake.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import stat
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import attrs

from ikd.core.errors import InputError, PortError
from ikd.core.records.actor import Role
from ikd.core.validators import valid
from ikd.file_writing import locked, write_whole
from ikd.wire import forms

_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)
_PREFIX = "ikd_"
_LONGEST = 1 << 20  # bytes of the file
_FORM = 1


def _roles(given: Iterable[Role]) -> frozenset[Role]:
    return frozenset(given)


def _offices(given: Iterable[str] | None) -> frozenset[str] | None:
    return None if given is None else frozenset(given)


def _are_roles(roles: frozenset[Role]) -> bool:
    return bool(roles) and all(isinstance(one, Role) for one in roles)


@attrs.frozen(kw_only=True)
class FrontEnd:
    """A program that embeds ikd by the API, and whom it may state.

    Attributes:
        name: What it is called, in logs and in the scope of its keys; stays when its token changes.
        roles: Which actors it may state.
        offices: Whose cases it may touch; ``None`` for those of every office served.
    """

    name: str = attrs.field(
        validator=valid("access", "2 to 40 of a-z 0-9 -, a letter first", _NAME.fullmatch)
    )
    roles: frozenset[Role] = attrs.field(
        converter=_roles, validator=valid("access", "at least one role", _are_roles)
    )
    offices: frozenset[str] | None = attrs.field(
        default=None,
        converter=_offices,
        validator=valid("access", "at least one office, or every one", bool),
    )


@attrs.frozen(kw_only=True)
class AccessToken:
    """A token as the file keeps it: that tells one that is shown, and can't be shown itself.

    Attributes:
        id: By which it is revoked.
        holder: Whose it is.
        made_at: Since when it counts.
        digest: SHA-256 of its text.
    """

    id: str
    holder: FrontEnd
    made_at: datetime
    digest: bytes = attrs.field(repr=False)


class AccessTokens:
    """The tokens of one file, read anew when it changes: a revoked one ends with the next call."""

    def __init__(self, path: str | Path) -> None:
        """Use the file at *path*; one that isn't there yet holds no token."""
        self._path = Path(path)
        self._seen: tuple[int, int, int] | None = None
        self._known: Mapping[bytes, AccessToken] = {}

    def holder_of(self, token: str) -> FrontEnd | None:
        """Return whose token that is, if it counts.

        Raises:
            PortError: The file can't be read (``access.failed``, ``access.corrupt``).
        """
        found = self._tokens().get(_digest(token))
        return None if found is None else found.holder

    def all(self) -> tuple[AccessToken, ...]:
        """Return every token that counts, oldest first; raises what ``holder_of`` does."""
        return tuple(self._tokens().values())

    def new(self, holder: FrontEnd, *, now: datetime) -> str:
        """Return a new token of *holder*; its text is shown this once and kept nowhere.

        Raises:
            PortError: The file can't be read or written.
        """
        text = _PREFIX + urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        made = AccessToken(
            id=secrets.token_hex(4), holder=holder, made_at=now, digest=_digest(text)
        )
        with self._changing() as known:
            self._write((*known, made))
        return text

    def revoke(self, token_id: str) -> None:
        """End the token of that id.

        Raises:
            InputError: There is none (``access.unknown``).
            PortError: The file can't be read or written.
        """
        with self._changing() as known:
            left = [one for one in known if one.id != token_id]
            if len(left) == len(known):
                raise InputError("access.unknown", "no token of that id")
            self._write(left)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[tuple[AccessToken, ...]]:
        try:
            with locked(self._path.parent):
                yield self.all()
        except OSError as error:
            raise _fault("failed", "can't be written") from error

    def _write(self, tokens: Iterable[AccessToken]) -> None:
        kept = forms.write(tuple(tokens), _kept)
        data = json.dumps({"form": _FORM, "tokens": kept}, indent=1)
        write_whole(self._path, f"{data}\n".encode(), mode=0o600)

    def _tokens(self) -> Mapping[bytes, AccessToken]:
        try:
            there = self._path.stat()
            seen = (there.st_ino, there.st_mtime_ns, there.st_size)
            if seen != self._seen:
                fits = stat.S_ISREG(there.st_mode) and there.st_size <= _LONGEST
                self._known = _read(self._path.read_bytes() if fits else b"")
                self._seen = seen
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise _fault("failed", "can't be read") from error
        return self._known


def _kept(value: object) -> Mapping[str, object]:
    return {name: getattr(value, name) for name in type(value).__annotations__}


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _read(data: bytes) -> Mapping[bytes, AccessToken]:
    with contextlib.suppress(ValueError, RecursionError):  # raised below, without what it holds
        match json.loads(data):
            case {"form": 1, "tokens": list(tokens)}:
                made = (
                    forms.make(AccessToken, forms.held(one, "tokens"), "tokens") for one in tokens
                )
                return {one.digest: one for one in made}
    raise _fault("corrupt", "holds something else")


def _fault(word: str, message: str) -> PortError:
    return PortError(f"access.{word}", f"the file of access tokens {message}", port="access")
