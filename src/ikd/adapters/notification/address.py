"""URLs that name channels; what is wrong with one is told without quoting it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from urllib.parse import parse_qsl, unquote, urlsplit

import attrs

from ikd.core.errors import InputError

_YES = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


@attrs.frozen(kw_only=True)
class ChannelUrl:
    """A channel's URL taken apart; it may hold a password, so it shows only its scheme."""

    scheme: str
    host: str = attrs.field(repr=False)
    port: int | None = attrs.field(repr=False)
    path: str = attrs.field(repr=False)
    username: str | None = attrs.field(repr=False)
    password: str | None = attrs.field(repr=False)
    options: dict[str, str] = attrs.field(repr=False)

    @classmethod
    def parse(cls, url: str) -> ChannelUrl:
        """Return *url* taken apart, percent-encoding undone.

        Raises:
            InputError: *url* is no URL (``channel.url``).
        """
        parts = _taken_apart(url)
        if parts is None:
            raise InputError("channel.url", "this is no URL of a channel")
        return parts

    def allow(self, options: AbstractSet[str]) -> None:
        """Refuse any option that isn't one of *options*: a misspelt one would be ignored."""
        if not set(self.options) <= options:
            raise self.fault(f"options are {', '.join(sorted(options))}")

    def flag(self, name: str, *, default: bool) -> bool:
        """Return the yes or no of option *name*."""
        text = self.options.get(name)
        if text is None:
            return default
        if text not in _YES:
            raise self.fault(f"{name} is 1 or 0")
        return _YES[text]

    def fault(self, reason: str) -> InputError:
        """Return the error that says *reason* of this URL."""
        return InputError("channel.url", reason)


def _taken_apart(url: str) -> ChannelUrl | None:
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, strict_parsing=bool(parts.query), keep_blank_values=True)
        port = parts.port
    except (ValueError, AttributeError, TypeError):
        return None
    if len(dict(pairs)) != len(pairs) or parts.fragment:
        return None
    return ChannelUrl(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=port,
        path=unquote(parts.path),
        username=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        options=dict(pairs),
    )
