"""Officers who may log in, and their passwords, kept as scrypt hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import attrs

import ikd


@attrs.frozen(kw_only=True)
class Account:
    """One officer.

    Attributes:
        name: What they log in with.
        title: What the page calls them.
        actor: As whom ikd knows them.
        salt: Of the hash.
        hash: Of the password.
    """

    name: str
    title: str
    actor: ikd.Actor
    salt: bytes = attrs.field(repr=False)
    hash: bytes = attrs.field(repr=False)

    @classmethod
    def of(cls, name: str, title: str, actor: ikd.Actor, password: str) -> Account:
        """Return the account with that password."""
        salt = secrets.token_bytes(16)
        return cls(name=name, title=title, actor=actor, salt=salt, hash=_slow(password, salt))


class Accounts:
    """All officers of one portal."""

    def __init__(self, accounts: tuple[Account, ...]) -> None:
        self.by_name = {one.name: one for one in accounts}

    def log_in(self, name: str, password: str) -> Account | None:
        """Return whose name and password these are; a name that nobody has costs the same time."""
        account = self.by_name.get(name)
        salt, wanted = (account.salt, account.hash) if account else (b"nobody", bytes(64))
        return account if hmac.compare_digest(_slow(password, salt), wanted) else None


def _slow(password: str, salt: bytes) -> bytes:
    # 16 MiB and some 50 ms: OWASP's second choice for scrypt (N=2^14, r=8, p=5) has p for memory.
    return hashlib.scrypt(password.encode(), salt=salt, n=1 << 14, r=8, p=5)
