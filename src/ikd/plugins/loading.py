"""Loading one named plugin: found once, imported, and held to the hooks that there are."""

from __future__ import annotations

import inspect
import re
import traceback
from functools import partial
from pathlib import PurePath

import pluggy

from ikd.core.errors import IkdError, PluginError
from ikd.plugins import hookspecs
from ikd.plugins.installed import the_one
from ikd.plugins.isolation import Limits, Raised, Returned, attempt
from ikd.plugins.promises import is_lazy

_MODULE = re.compile(r"[A-Za-z0-9_.]{1,64}", re.ASCII)
HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("ikd_"))
"""Every hook there is."""


def load(name: str, manager: pluggy.PluginManager, limits: Limits) -> None:
    """Load the plugin *name* and register it with *manager*.

    A class is instantiated without arguments, for this service alone; a module or any other
    object is registered as it is.

    Raises:
        PluginError: It isn't there, or isn't fit; what it raised itself is chained.
    """
    point = the_one(name)

    def made() -> object:
        thing = point.load()
        plugin = thing() if inspect.isclass(thing) else thing
        manager.register(plugin, name)
        return plugin

    match attempt(made, limits.seconds, f"ikd-plugin-{name}-load"):
        case Returned(plugin):
            _check(name, plugin, manager)
        case Raised(error=error):
            raise PluginError(name, f"loading it raised {described(error)}") from error
        case _:
            raise PluginError(name, f"loading it took longer than {limits.seconds:g} s")


def described(error: BaseException) -> str:
    """Return what went wrong and where, without a foreign error's own text.

    Of a dependency that isn't installed the name is told: that is what one has to install.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    if type(error).__module__ == IkdError.__module__:
        return f"{error}"
    lacks = (error.name or "") if isinstance(error, ModuleNotFoundError) else ""
    what = f": no module {lacks}" if _MODULE.fullmatch(lacks) else ""
    return f"{type(error).__name__}{what}{where}"


def _check(name: str, plugin: object, manager: pluggy.PluginManager) -> None:
    try:
        manager.check_pending()
    except pluggy.PluginValidationError:
        callers = manager.get_hookcallers(plugin) or []
        unknown = ", ".join(caller.name for caller in callers if not caller.has_spec())
        raise PluginError(name, f"no such hook: {unknown}") from None
    callers = manager.get_hookcallers(plugin) or []
    marked = {caller.name for caller in callers}
    has = partial(inspect.getattr_static, plugin, default=None)  # runs nothing of theirs
    unmarked = [hook for hook in HOOKS if hook not in marked and has(hook) is not None]
    if unmarked:
        raise PluginError(name, f"not marked with @hookimpl: {', '.join(unmarked)}")
    if not marked:
        raise PluginError(name, "it implements no hook")
    _check_calls(name, [impl for caller in callers for impl in caller.get_hookimpls()])


def _check_calls(name: str, found: list[pluggy.HookImpl]) -> None:
    for impl in found:
        if impl.plugin_name == name:
            if impl.wrapper or impl.hookwrapper:
                raise PluginError(name, "a wrapper would change what other plugins say")
            if is_lazy(impl.function):
                raise PluginError(name, f"{impl.function.__name__} is async or a generator")
