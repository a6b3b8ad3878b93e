"""The plugins of one service: loaded by name, asked once, held to what they may provide."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Self

import attrs
import pluggy

from ikd.core.errors import InputError, PluginError
from ikd.core.ports import CaptchaSource, Channel, KeySource, Registry, Store
from ikd.core.standard.office import Office
from ikd.plugins import hookspecs
from ikd.plugins.fenced_adapter import Fenced, FencedChannel
from ikd.plugins.isolation import Call, Limits, Raised, Returned, attempt
from ikd.plugins.loading import described, load
from ikd.plugins.promises import Port, lacks
from ikd.plugins.reactions import ReactionLane, Reactions

WantedPlugins = Iterable[str] | Mapping[str, Mapping[str, object]]
"""Names of plugins, or a mapping from each name to the options it gets."""


@attrs.frozen
class _Implementation:
    """One plugin's implementation of one hook."""

    plugin: str
    hook: str
    function: Callable[..., object]
    takes: Sequence[str]
    options: Mapping[str, object] = attrs.field(repr=False)

    def __call__(self, **given: object) -> object:
        offered = {**given, "options": self.options}
        return self.function(*[offered[name] for name in self.takes])

    def fault(self, text: str) -> PluginError:
        return PluginError(self.plugin, f"{self.hook} {text}")


class Plugins:
    """The plugins that a front end named, in its order; one instance for each service."""

    def __init__(
        self,
        manager: pluggy.PluginManager,
        options: Mapping[str, Mapping[str, object]],
        limits: Limits,
    ) -> None:
        self._manager = manager
        self._options = options
        self._limits = limits

    @classmethod
    def load(cls, asked: WantedPlugins = (), limits: Limits | None = None) -> Self:
        """Load the plugins *asked* for, and no other.

        Raises:
            InputError: *asked* isn't a list of names or a mapping (``plugins.form``), or names
                one twice (``plugins.twice``).
            PluginError: One can't be used; the error says which.
        """
        limits = limits or Limits()
        options = _options(asked)
        manager = pluggy.PluginManager("ikd")
        manager.add_hookspecs(hookspecs)
        for name in options:
            load(name, manager, limits)
        return cls(manager, options, limits)

    # --- what they provide -------------------------------------------------------------

    def offices(self) -> dict[str, Office]:
        """Return the offices that they provide, by id.

        Raises:
            PluginError: Two provide one, or something else than offices came back.
        """
        found: dict[str, Office] = {}
        for impl in self._implementations("ikd_offices"):
            for office in self._listed(impl):
                if type(office) is not Office:
                    raise impl.fault("returned something else than offices")
                if office.id in found:
                    raise impl.fault(f"provides {office.id}, which is provided already")
                found[office.id] = office
        return found

    def channels(self, offices: Iterable[str], passed: Collection[str] = ()) -> list[Channel]:
        """Return their channels, each fenced and bound to its office.

        Args:
            offices: The offices served.
            passed: Media that the front end passed channels for: what it passed wins.

        Raises:
            PluginError: Two plugins provide one medium for one office, or something else than
                channels came back.
        """
        found: list[FencedChannel] = []
        owners: dict[tuple[str, str], str] = {}
        for office in offices:
            for impl in self._implementations("ikd_channels"):
                for thing in self._listed(impl, office=office):
                    channel = self._channel(impl, thing, office)
                    owner = owners.setdefault((office, channel.medium), impl.plugin)
                    if owner != impl.plugin:
                        raise impl.fault(f"provides {channel.medium} for {office}, as {owner} does")
                    found.append(channel)
        return [channel for channel in found if channel.medium not in passed]

    def store(self) -> Store | None:
        """Return the store that one of them provides, fenced."""
        return self._only("ikd_store", Store)

    def registry(self) -> Registry | None:
        """Return the registry that one of them provides, fenced."""
        return self._only("ikd_registry", Registry)

    def captcha(self) -> CaptchaSource | None:
        """Return the captcha that one of them provides, fenced."""
        return self._only("ikd_captcha", CaptchaSource)

    def keys(self) -> KeySource | None:
        """Return the key source that one of them provides, fenced."""
        return self._only("ikd_keys", KeySource)

    def reactions(self) -> Reactions:
        """Return what tells them of events and checkpoints."""
        return Reactions(
            self._reacting("ikd_event_recorded"), self._reacting("ikd_checkpoint_made")
        )

    def _reacting(self, hook: str) -> list[ReactionLane]:
        found = self._implementations(hook)
        return [ReactionLane(impl.plugin, impl, self._limits, hook) for impl in found]

    # --- asking ------------------------------------------------------------------------

    def _implementations(self, hook: str) -> list[_Implementation]:
        """Return the implementations of *hook*, in the order the front end named plugins."""
        names = list(self._options)
        found = [
            _Implementation(
                impl.plugin_name,
                hook,
                impl.function,
                impl.argnames,
                self._options[impl.plugin_name],
            )
            for impl in getattr(self._manager.hook, hook).get_hookimpls()
        ]
        return sorted(found, key=lambda impl: names.index(impl.plugin))

    def _ask(self, impl: _Implementation, call: Call) -> Any:  # noqa: ANN401
        """Return what one call into a plugin came back with."""
        match attempt(call, self._limits.seconds, f"ikd-plugin-{impl.plugin}-{impl.hook}"):
            case Returned(value):
                return value
            case Raised(error=error):
                raise impl.fault(f"raised {described(error)}")
            case _:
                raise impl.fault(f"took longer than {self._limits.seconds:g} s")

    def _listed(self, impl: _Implementation, **given: object) -> tuple[Any, ...]:
        value = self._ask(impl, functools.partial(impl, **given))
        if value is None:
            return ()
        if type(value) not in (list, tuple):
            raise impl.fault("returned neither a list nor a tuple")
        return tuple(value)

    def _only(self, hook: str, port: Port) -> Fenced | None:
        found: dict[str, Fenced] = {}
        for impl in self._implementations(hook):
            thing = self._ask(impl, impl)
            if thing is not None:
                self._check(impl, thing, port)
                if found:
                    raise impl.fault(f"provides what {', '.join(found)} provides already")
                found[impl.plugin] = Fenced(thing, port, impl.plugin, self._limits)
        return next(iter(found.values()), None)

    def _check(self, impl: _Implementation, thing: object, port: Port) -> None:
        missing = self._ask(impl, lambda: lacks(thing, port))
        if missing:
            raise impl.fault(f"returned no {port.__name__}; it lacks: {', '.join(missing)}")

    def _channel(self, impl: _Implementation, thing: Any, office: str) -> FencedChannel:  # noqa: ANN401
        self._check(impl, thing, Channel)
        name, medium = self._ask(impl, lambda: (thing.name, thing.medium))
        if not all(type(word) is str and word for word in (name, medium)):
            raise impl.fault("returned a channel whose name or medium is no text")
        return FencedChannel(
            thing, impl.plugin, self._limits, name=name, medium=medium, office=office
        )


def _options(asked: WantedPlugins) -> dict[str, Mapping[str, object]]:
    if isinstance(asked, str) or not isinstance(asked, Iterable):
        raise InputError("plugins.form", "plugins is a list of names, even for one")
    given: Mapping[str, object] = asked if isinstance(asked, Mapping) else {}
    chosen: dict[str, Mapping[str, object]] = {}
    for name in asked:
        options = given.get(name, {}) if isinstance(name, str) else None
        if not isinstance(name, str) or not isinstance(options, Mapping):
            raise InputError("plugins.form", "names, or a mapping of names to options")
        if name in chosen:
            raise InputError("plugins.twice", "a plugin is named twice")
        chosen[name] = MappingProxyType(dict(options))
    return chosen
