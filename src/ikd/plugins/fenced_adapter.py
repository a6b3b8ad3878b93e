"""An adapter that a plugin provided, behind a fence.

Each call has a deadline, each answer the exact type that the port promises, each error is one
that the port allows. One that hangs time and again is left alone for a while, so that it holds
up neither the other channels nor the memory.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable
from typing import Any

from ikd.core.ports import Channel, Store
from ikd.plugins.isolation import Call, CallOutcome, Hung, Limits, Raised, Switch, attempt, here
from ikd.plugins.port_errors import PORTS
from ikd.plugins.promises import Port, fits, methods_of

_LOG = logging.getLogger("ikd")


class Fenced:
    """Passes the calls of one port on to a plugin's adapter.

    A store is called in the caller's own thread and without a deadline: how a commit ended that
    was left behind, nobody could tell. It has to bound its own waiting.

    Args:
        adapter: What the plugin provided.
        port: The port it implements.
        plugin: Name of the plugin.
        limits: How much patience it gets.
        clock: Tells seconds that only grow.
    """

    def __init__(
        self,
        adapter: object,
        port: Port,
        plugin: str,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._adapter = adapter
        self._port = port
        self._plugin = plugin
        self._limits = limits
        self._promised = methods_of(port)
        self._switch = Switch(limits, for_good=False, clock=clock)

    def __repr__(self) -> str:
        return f"<{self._port.__name__} of {self._plugin}>"

    def wraps(self, kind: type) -> bool:
        """Return whether the plugin's adapter is a *kind*."""
        return isinstance(self._adapter, kind)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_") or name not in self._promised:
            raise AttributeError(f"a {type(self).__name__} has no {name!r}")
        return functools.partial(self._call, name)

    def _call(self, method: str, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - any port's
        if not self._switch.on:
            raise self._failure("is switched off for a while: it hung too often")
        outcome = self._outcome(lambda: getattr(self._adapter, method)(*args, **named), method)
        if isinstance(outcome, Hung):
            if self._switch.failed(outcome.thread):
                _LOG.warning("plugin %s hangs: %r is left alone", self._plugin, self)
            raise self._failure(f"{method} hangs")
        self._switch.worked()
        if isinstance(outcome, Raised):
            raise self._failure(f"{method} raised {outcome.name}", outcome.error)
        if not fits(outcome.value, self._promised[method]):
            raise self._failure(f"{method} returned something else than promised")
        return outcome.value

    def _outcome(self, call: Call, method: str) -> CallOutcome:
        if self._port is Store:
            return here(call)
        return attempt(call, self._limits.seconds, f"ikd-plugin-{self._plugin}-{method}")

    def _failure(self, what: str, error: BaseException | None = None) -> Exception:
        return PORTS[self._port](f"{self._plugin}: {what}", error)


class FencedChannel(Fenced):
    """A channel that carries the messages of one office only.

    Attributes:
        name: As the plugin said when it provided the channel.
        medium: Likewise.
        office: Whose messages it carries.
    """

    def __init__(
        self, adapter: object, plugin: str, limits: Limits, *, name: str, medium: str, office: str
    ) -> None:
        super().__init__(adapter, Channel, plugin, limits)
        self.name = name
        self.medium = medium
        self.office = office
