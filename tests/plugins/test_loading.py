"""Only what is named is loaded, from one distribution, and what is unfit names itself."""

from __future__ import annotations

import sys

import pytest

from ikd.core.errors import InputError, PluginError
from ikd.plugins.installed import offers
from ikd.plugins.isolation import Limits
from ikd.plugins.loading import HOOKS
from ikd.plugins.manager import Plugins

QUICK = Limits(seconds=0.3)
GOOD = """
    @hookimpl
    def ikd_offices():
        return []
"""


def refusal(*names: str, limits: Limits | None = None) -> PluginError:
    with pytest.raises(PluginError) as told:
        Plugins.load(names, limits)
    return told.value


def test_an_unnamed_plugin_is_not_loaded(install) -> None:
    install("ikd-asked", GOOD)
    install("ikd-unasked", "raise RuntimeError('was imported')")
    Plugins.load(["ikd-asked"])
    assert "ikd_asked" in sys.modules
    assert "ikd_unasked" not in sys.modules


def test_without_names_nothing_is_loaded(install) -> None:
    install("ikd-unasked", "raise RuntimeError('was imported')")
    Plugins.load()
    assert "ikd_unasked" not in sys.modules


def test_a_name_that_nobody_offers_is_refused_without_telling_what_is_there(install) -> None:
    install("ikd-other", GOOD)
    error = refusal("ikd-absent")
    assert error.plugin == "ikd-absent"
    assert "ikd-other" not in str(error)


def test_a_name_that_two_distributions_offer_is_refused_and_neither_runs(install) -> None:
    install("ikd-contoh", "raise RuntimeError('ran')", distribution="first")
    install("ikd-contoh", "raise RuntimeError('ran')", distribution="second")
    assert str(refusal("ikd-contoh")).endswith("offered more than once: first, second")
    assert not {"first", "second"} & set(sys.modules)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("raise ValueError('secret')", "ValueError"),
        ("import no_such_module_anywhere", "ModuleNotFoundError"),
        ("def (", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("def f(): f()\nf()", "RecursionError"),
    ],
)
def test_a_broken_plugin_names_itself(install, source: str, name: str) -> None:
    install("ikd-broken", source)
    error = refusal("ikd-broken")
    assert error.plugin == "ikd-broken"
    assert name in str(error)
    assert "secret" not in str(error)
    assert type(error.__cause__).__name__ == name


def test_a_dependency_that_is_not_installed_is_named(install) -> None:
    install("ikd-needy", "import requests_of_nobody.sessions")
    assert "ModuleNotFoundError: no module requests_of_nobody (" in str(refusal("ikd-needy"))


def test_a_name_that_is_none_is_not_told(install) -> None:
    install("ikd-odd", "raise ModuleNotFoundError('x', name='a b\\n')")
    assert "raised ModuleNotFoundError (" in str(refusal("ikd-odd"))


@pytest.mark.parametrize("written", [b"[ikd]\nno equals sign\n", b"\xff\xfe[ikd]\n"])
def test_entry_points_of_another_that_can_not_be_read_name_their_distribution(
    install, tmp_path, written: bytes
) -> None:
    """Not the plugin that was asked for, and no error of somebody else's."""
    install("ikd-good", GOOD)
    install("ikd-bad", GOOD, distribution="some-other-package")
    [file] = tmp_path.rglob("some_other_package*/entry_points.txt")
    file.write_bytes(written)
    for look in (lambda: Plugins.load(["ikd-good"]), offers):
        with pytest.raises(PluginError, match="some-other-package: its entry_points"):
            look()


def test_a_broken_plugin_says_where_it_broke(install) -> None:
    install("ikd-broken", "\n\nraise ValueError")
    assert "(ikd_broken.py:5)" in str(refusal("ikd-broken"))


def test_ikds_own_refusal_is_told_whole(install) -> None:
    install("ikd-broken", "import ikd\nikd.load_office('nowhere')")
    assert "office.file: id: " in str(refusal("ikd-broken"))


def test_a_plugin_that_hangs_while_it_is_loaded_is_given_up(install) -> None:
    install("ikd-slow", "time.sleep(30)")
    assert "longer than 0.3 s" in str(refusal("ikd-slow", limits=QUICK))


def test_an_entry_point_that_leads_nowhere_is_refused(install) -> None:
    install("ikd-lost", GOOD, value="ikd_lost:nothing")
    assert "AttributeError" in str(refusal("ikd-lost"))


def test_a_misspelt_hook_is_named(install) -> None:
    install("ikd-typo", GOOD + "\n    @hookimpl\n    def ikd_chanels(): pass\n")
    assert str(refusal("ikd-typo")).endswith("no such hook: ikd_chanels")


def test_a_hook_for_another_version_of_ikd_may_be_marked_optional(install) -> None:
    later = "\n    @hookimpl(optionalhook=True)\n    def ikd_of_tomorrow(): pass\n"
    install("ikd-early", GOOD + later)
    Plugins.load(["ikd-early"])


def test_an_argument_that_the_hook_has_not_is_refused(install) -> None:
    install("ikd-greedy", "@hookimpl\ndef ikd_channels(office, nik): pass")
    assert "PluginValidationError" in str(refusal("ikd-greedy"))


def test_a_hook_that_lacks_its_mark_is_named(install) -> None:
    install("ikd-bare", GOOD + "\n    def ikd_channels(office): pass\n")
    assert str(refusal("ikd-bare")).endswith("not marked with @hookimpl: ikd_channels")


@pytest.mark.parametrize("value", ["ikd_empty", "ikd_empty:nothing", "ikd_empty:function"])
def test_a_plugin_without_hooks_is_refused(install, value: str) -> None:
    install("ikd-empty", "nothing = None\ndef function(): pass", value=value)
    assert str(refusal("ikd-empty")).endswith("it implements no hook")


@pytest.mark.parametrize(
    "source",
    [
        "@hookimpl(wrapper=True)\ndef ikd_offices():\n    return (yield)",
        "@hookimpl(hookwrapper=True)\ndef ikd_offices():\n    yield",
    ],
)
def test_a_wrapper_is_refused(install, source: str) -> None:
    install("ikd-wraps", source)
    assert "wrapper" in str(refusal("ikd-wraps"))


@pytest.mark.parametrize(
    "source",
    [
        "@hookimpl\nasync def ikd_offices(): return []",
        "@hookimpl\nasync def ikd_offices(): yield",
        "@hookimpl\ndef ikd_offices(): yield",
    ],
)
def test_a_hook_that_would_run_nothing_is_refused(install, source: str) -> None:
    install("ikd-lazy", source)
    assert str(refusal("ikd-lazy")).endswith("ikd_offices is async or a generator")


def test_a_class_is_instantiated_for_each_service(install) -> None:
    install(
        "ikd-class",
        """
        made = []

        class Plugin:
            def __init__(self):
                made.append(self)

            @hookimpl
            def ikd_offices(self):
                return []
        """,
        value="ikd_class:Plugin",
    )
    for number in (1, 2):
        assert Plugins.load(["ikd-class"]).offices() == {}
        assert len(sys.modules["ikd_class"].made) == number


def test_a_class_that_cannot_be_made_names_its_plugin(install) -> None:
    source = "class Plugin:\n    def __init__(self, wanted): pass"
    install("ikd-class", source, value="ikd_class:Plugin")
    assert "TypeError" in str(refusal("ikd-class"))


def test_one_object_under_two_names_is_refused(install) -> None:
    install("ikd-one", GOOD)
    install("ikd-two", GOOD, value="ikd_one")
    assert refusal("ikd-one", "ikd-two").plugin == "ikd-two"


@pytest.mark.parametrize("asked", ["ikd-contoh", 3, [3], [["x"]], {"ikd-contoh": "options"}])
def test_what_is_no_list_of_names_is_refused(asked: object) -> None:
    with pytest.raises(InputError) as told:
        Plugins.load(asked)
    assert told.value.code == "plugins.form"


def test_a_plugin_named_twice_is_refused(install) -> None:
    install("ikd-asked", GOOD)
    with pytest.raises(InputError) as told:
        Plugins.load(["ikd-asked", "ikd-asked"])
    assert told.value.code == "plugins.twice"


def test_every_hook_is_known() -> None:
    assert len(HOOKS) == 8
