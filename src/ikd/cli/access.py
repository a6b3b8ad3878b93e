"""``ikd access``: the tokens by which the API knows front ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ikd.adapters.system import SystemClock
from ikd.cli.failures import CannotError, Exit, at
from ikd.cli.language import text
from ikd.cli.output import check_place
from ikd.cli.screen import Screen
from ikd.core.records.actor import Role

if TYPE_CHECKING:
    from ikd.adapters.api.access_tokens import AccessTokens


def new(name: str, /, *, tokens: Path, role: list[Role], office: list[str] | None = None) -> int:
    """Print a new token, this once."""
    from ikd.adapters.api.access_tokens import FrontEnd

    known = _opened(tokens)
    with at(tokens):
        holder = FrontEnd(name=name, roles=role, offices=office or None)
        print(known.new(holder, now=SystemClock().now()))
    sys.stderr.write(f"ikd: {text('access.once')}\n")
    return Exit.OK


def listed(*, tokens: Path) -> int:
    """Print a line a token: whose it is and what it may state, never itself."""
    names = ("token", "front_end", "roles", "offices", "made")
    with at(tokens):
        rows = [
            (
                one.id,
                one.holder.name,
                ", ".join(sorted(role.value for role in one.holder.roles)),
                ", ".join(sorted(one.holder.offices or (text("access.every"),))),
                f"{one.made_at:%Y-%m-%d}",
            )
            for one in _opened(tokens).all()
        ]
    Screen(sys.stdout).table([text(f"access.{name}") for name in names], rows)
    return Exit.OK


def revoke(token: str, /, *, tokens: Path) -> int:
    """End a token; servers that run see it with the next call."""
    with at(tokens):
        _opened(tokens).revoke(token)
    print(f"{token}: {text('access.revoked')}")
    return Exit.OK


def _opened(tokens: Path) -> AccessTokens:
    from ikd.adapters.api.access_tokens import AccessTokens

    check_place(tokens)
    if not tokens.parent.is_dir():
        raise CannotError(f"{tokens.parent}: {text('access.no_folder')}", Exit.USAGE)
    return AccessTokens(tokens)
