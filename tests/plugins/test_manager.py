"""What plugins provide: asked once, strictly typed, one provider a thing, the front end first."""

from __future__ import annotations

import sys
import textwrap

import attrs
import pytest

import ikd
from ikd.adapters.notification.file import FileChannel
from ikd.adapters.storage.memory import memory_store
from ikd.core.errors import InputError, OfficeFileError, PluginError
from ikd.plugins.isolation import Limits
from ikd.plugins.manager import Plugins

QUICK = Limits(seconds=1)
CHANNEL = """
from ikd.core.ports import Receipt
class Channel:
    name = "gateway"
    def __init__(self, medium="whatsapp"):
        self.medium = medium
    def deliver(self, message):
        return Receipt()
"""
SINGLE = {
    "ikd_store": (
        "from ikd.adapters.storage.memory import memory_store",
        "memory_store()",
        "store",
    ),
    "ikd_registry": ("from ikd.adapters.registry import Simulator", "Simulator()", "registry"),
    "ikd_captcha": (
        """
from ikd.adapters.captcha.picture_captcha import PictureCaptcha
from ikd.core.secrets.sealing import SecretKey
""",
        "PictureCaptcha([SecretKey(kid=b'1' * 8, key=b'2' * 32)])",
        "captcha",
    ),
    "ikd_keys": (
        """
from datetime import datetime, UTC
from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.testing.entropy import seeded_entropy
""",
        "MemoryKeys(seeded_entropy('k'), datetime(2026, 11, 23, tzinfo=UTC))",
        "keys",
    ),
}


def hook(name: str, body: str, arguments: str = "") -> str:
    return f"@hookimpl\ndef {name}({arguments}):\n{textwrap.indent(body, '    ')}\n"


def fault(call, plugin: str) -> str:
    with pytest.raises(PluginError) as told:
        call()
    assert told.value.plugin == plugin
    return str(told.value)


@pytest.mark.parametrize("name", SINGLE)
def test_one_provider_is_used(install, name: str) -> None:
    imports, made, method = SINGLE[name]
    install("ikd-one", imports + "\n" + hook(name, f"return {made}"))
    install("ikd-none", hook(name, "return None"))
    provided = getattr(Plugins.load(["ikd-none", "ikd-one"]), method)()
    assert repr(provided).endswith(" of ikd-one>")


@pytest.mark.parametrize("name", SINGLE)
def test_no_provider_is_none(install, name: str) -> None:
    install("ikd-none", hook(name, "return None"))
    assert getattr(Plugins.load(["ikd-none"]), SINGLE[name][2])() is None


@pytest.mark.parametrize("name", SINGLE)
def test_two_providers_of_one_thing_are_refused(install, name: str) -> None:
    imports, made, method = SINGLE[name]
    for plugin in ("ikd-a", "ikd-b"):
        install(plugin, imports + "\n" + hook(name, f"return {made}"))
    plugins = Plugins.load(["ikd-b", "ikd-a"])
    assert "provides what ikd-b provides already" in fault(getattr(plugins, method), "ikd-a")


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize("value", ["True", "'memory://'", "[]", "object()", "lambda: None"])
def test_something_else_than_the_port_names_the_plugin(install, name: str, value: str) -> None:
    install("ikd-odd", hook(name, f"return {value}"))
    assert "it lacks: " in fault(getattr(Plugins.load(["ikd-odd"]), SINGLE[name][2]), "ikd-odd")


@pytest.mark.parametrize("name", ["ikd_offices", *SINGLE])
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("raise ValueError('secret')", "raised ValueError (ikd_bad.py:5)"),
        ("raise SystemExit", "raised SystemExit (ikd_bad.py:5)"),
        ("raise KeyboardInterrupt", "raised KeyboardInterrupt (ikd_bad.py:5)"),
        ("time.sleep(30)", "took longer than 1 s"),
    ],
)
def test_a_hook_that_fails_names_plugin_and_hook(install, name, body, told) -> None:
    install("ikd-bad", hook(name, body))
    method = "offices" if name == "ikd_offices" else SINGLE[name][2]
    plugins = Plugins.load(["ikd-bad"], QUICK if "sleep" in body else None)
    assert f"ikd-bad: {name} {told}" in fault(getattr(plugins, method), "ikd-bad")


def test_a_coroutine_is_no_answer(install) -> None:
    body = "async def later(): return []\nreturn later()"
    install("ikd-bad", hook("ikd_offices", body))
    assert "neither a list nor a tuple" in fault(Plugins.load(["ikd-bad"]).offices, "ikd-bad")


@pytest.mark.parametrize("value", ["'contoh'", "{}", "iter([])", "True", "0"])
def test_offices_come_in_a_list_or_tuple(install, value: str) -> None:
    install("ikd-bad", hook("ikd_offices", f"return {value}"))
    assert "neither a list nor a tuple" in fault(Plugins.load(["ikd-bad"]).offices, "ikd-bad")


@pytest.mark.parametrize("value", ["'wakatobi'", "None", "{}"])
def test_an_office_is_an_office(install, value: str) -> None:
    install("ikd-bad", hook("ikd_offices", f"return [{value}]"))
    assert "something else than offices" in fault(Plugins.load(["ikd-bad"]).offices, "ikd-bad")


@pytest.mark.parametrize("name", ["ikd-same", "ikd-other"])
def test_an_office_is_provided_once(install, name: str) -> None:
    body = "import ikd\nreturn [ikd.load_office('wakatobi')] * {}"
    install("ikd-same", hook("ikd_offices", body.format(2 if name == "ikd-same" else 1)))
    install("ikd-other", hook("ikd_offices", body.format(1)))
    plugins = Plugins.load(["ikd-same", "ikd-other"])
    assert "wakatobi" in fault(plugins.offices, name)


def test_hooks_are_asked_in_the_order_that_the_front_end_named(install) -> None:
    """Pluggy's own wishes (tryfirst) don't change it."""
    for plugin, office, wish in (("ikd-a", "wakatobi", ""), ("ikd-b", "payakumbuh", "tryfirst")):
        body = f"import ikd\nreturn (ikd.load_office('{office}'),)"
        marked = f"@hookimpl({wish}={bool(wish)})" if wish else "@hookimpl"
        install(plugin, hook("ikd_offices", body).replace("@hookimpl", marked))
    assert list(Plugins.load(["ikd-b", "ikd-a"]).offices()) == ["payakumbuh", "wakatobi"]
    assert list(Plugins.load(["ikd-a", "ikd-b"]).offices()) == ["wakatobi", "payakumbuh"]


def test_each_plugin_gets_its_own_options_and_none_can_change_them(install) -> None:
    body = "seen.append(options)\noptions['token'] = 'changed'"
    for plugin in ("ikd-a", "ikd-b"):
        install(plugin, "seen = []\n" + hook("ikd_offices", body, "options"))
    options = {"ikd-a": {"token": "a"}, "ikd-b": {}}
    plugins = Plugins.load(options)
    assert "raised TypeError" in fault(plugins.offices, "ikd-a")
    assert dict(sys.modules["ikd_a"].seen[0]) == {"token": "a"}
    assert sys.modules["ikd_b"].seen == []
    assert options == {"ikd-a": {"token": "a"}, "ikd-b": {}}


def test_what_options_hold_is_not_shown(install) -> None:
    install("ikd-a", hook("ikd_offices", "raise KeyError(options['token'])", "options"))
    plugins = Plugins.load({"ikd-a": {"token": "rahasia"}})
    with pytest.raises(PluginError) as told:
        plugins.offices()
    assert "rahasia" not in repr(told.value) + str(told.value)
    assert (told.value.__cause__, told.value.__context__) == (None, None)
    assert "rahasia" not in repr(plugins._implementations("ikd_offices"))


# --- channels ---------------------------------------------------------------------------


def test_a_channel_is_asked_for_and_bound_to_each_office(install) -> None:
    install("ikd-a", CHANNEL + hook("ikd_channels", "return [Channel(office)]", "office"))
    found = Plugins.load(["ikd-a"]).channels(["contoh", "wakatobi"])
    assert [(one.name, one.medium, one.office) for one in found] == [
        ("gateway", "contoh", "contoh"),
        ("gateway", "wakatobi", "wakatobi"),
    ]


def test_a_medium_that_the_front_end_passed_wins(install) -> None:
    install("ikd-a", CHANNEL + hook("ikd_channels", "return [Channel(), Channel('sms')]"))
    found = Plugins.load(["ikd-a"]).channels(["contoh"], ["whatsapp"])
    assert [one.medium for one in found] == ["sms"]


def test_two_plugins_with_one_medium_for_one_office_are_refused(install) -> None:
    for plugin in ("ikd-a", "ikd-b"):
        install(plugin, CHANNEL + hook("ikd_channels", "return [Channel()]"))
    plugins = Plugins.load(["ikd-a", "ikd-b"])
    told = fault(lambda: plugins.channels(["contoh"]), "ikd-b")
    assert "provides whatsapp for contoh, as ikd-a does" in told


def test_one_plugin_may_bring_two_ways_of_one_medium(install) -> None:
    install("ikd-a", CHANNEL + hook("ikd_channels", "return [Channel(), Channel()]"))
    assert len(Plugins.load(["ikd-a"]).channels(["contoh"])) == 2


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("object()", "it lacks: deliver"),
        ("Channel", "whose name or medium is no text"),
        ("Channel(None)", "whose name or medium is no text"),
        ("Channel('')", "whose name or medium is no text"),
        ("Nameless()", "raised AttributeError"),
        ("Trap()", "raised SystemExit"),
        ("Lazy()", "it lacks: deliver"),
    ],
)
def test_a_channel_is_a_channel(install, value: str, told: str) -> None:
    odd = """
Channel.medium = None
class Nameless:
    def deliver(self, message): ...
class Trap(Channel):
    @property
    def name(self): raise SystemExit
class Lazy(Channel):
    async def deliver(self, message): ...
"""
    install("ikd-odd", CHANNEL + odd + hook("ikd_channels", f"return [{value}]"))
    plugins = Plugins.load(["ikd-odd"])
    assert told in fault(lambda: plugins.channels(["contoh"]), "ikd-odd")


# --- what open_service makes of it --------------------------------------------------------


def test_an_office_of_a_plugin_is_served_besides_those_passed(install, world) -> None:
    body = "import ikd\nreturn [ikd.load_office('wakatobi')]"
    install("ikd-office", hook("ikd_offices", body))
    service = world.open("ikd-office")
    assert set(service._parts.offices) == {"payakumbuh", "wakatobi"}
    assert set(world.open("ikd-office", offices=[])._parts.offices) == {"wakatobi"}


def test_an_office_of_a_plugin_can_be_named_by_its_id(install, world, root) -> None:
    path = root / "examples/ikd-contoh/src/ikd_contoh/contoh.toml"
    install("ikd-x", hook("ikd_offices", f"import ikd\nreturn [ikd.load_office({str(path)!r})]"))
    assert set(world.open("ikd-x", offices=["contoh"], channels=[])._parts.offices) == {"contoh"}
    with pytest.raises(OfficeFileError):
        world.open(offices=["contoh"])


def test_an_office_that_is_passed_wins_over_a_plugins(install, world) -> None:
    install("ikd-x", hook("ikd_offices", "import ikd\nreturn [ikd.load_office('payakumbuh')]"))
    passed = ikd.load_office("payakumbuh")
    (served,) = world.open("ikd-x", offices=[passed])._parts.offices["payakumbuh"]
    assert served is passed


def test_no_office_at_all_is_refused(world) -> None:
    with pytest.raises(InputError) as told:
        world.open(offices=[])
    assert told.value.code == "offices.none"


@pytest.mark.parametrize("name", SINGLE)
def test_what_is_passed_wins_and_the_hook_is_not_even_asked(install, world, name: str) -> None:
    install("ikd-x", hook(name, "raise RuntimeError('was asked')"))
    store = memory_store()
    first = world.open(store=store)
    passed = first._parts
    chosen = {
        "store": {"store": "memory://"},
        "registry": {"registry": passed.registry},
        "captcha": {"captcha": passed.captcha},
        "keys": {"keys": passed.keys},
    }[SINGLE[name][2]]
    world.open("ikd-x", **chosen)


def test_everything_that_plugins_provide_is_used(install, world) -> None:
    for name, (imports, made, method) in SINGLE.items():
        install(f"ikd-{method}", imports + "\n" + hook(name, f"return {made}"))
    install("ikd-channel", CHANNEL + hook("ikd_channels", "return [Channel()]"))
    names = [f"ikd-{method}" for _, _, method in SINGLE.values()]
    parts = world.open(*names, "ikd-channel", registry=None)._parts
    parts = attrs.evolve(parts, store=parts.store.store)  # what the rows are bound in
    assert [repr(getattr(parts, method)) for _, _, method in SINGLE.values()] == [
        "<Store of ikd-store>",
        "<Registry of ikd-registry>",
        "<CaptchaSource of ikd-captcha>",
        "<KeySource of ikd-keys>",
    ]
    assert isinstance(parts.channels[0], FileChannel)
    assert repr(parts.channels[1]) == "<Channel of ikd-channel>"


def test_a_plugins_store_needs_keys_that_outlive_the_process(install, world) -> None:
    imports, made, _ = SINGLE["ikd_store"]
    install("ikd-store", imports + "\n" + hook("ikd_store", f"return {made}"))
    with pytest.raises(InputError) as told:
        world.open("ikd-store")
    assert told.value.code == "keys.missing"


def test_nothing_is_provided_by_none(install) -> None:
    install("ikd-x", hook("ikd_offices", "return None") + hook("ikd_channels", "return None"))
    plugins = Plugins.load(["ikd-x"])
    assert (plugins.offices(), plugins.channels(["contoh"])) == ({}, [])


def test_an_id_that_comes_with_ikd_is_ikds_when_the_front_end_names_it(
    install, world, root, tmp_path
) -> None:
    path = tmp_path / "other.toml"
    text = (root / "examples/ikd-contoh/src/ikd_contoh/contoh.toml").read_text("utf-8")
    path.write_text(text.replace('id = "contoh"', 'id = "wakatobi"', 1), "utf-8")
    install("ikd-x", hook("ikd_offices", f"import ikd\nreturn [ikd.load_office({str(path)!r})]"))
    named = world.open("ikd-x", offices=["wakatobi"], channels=[])._parts.offices
    assert named == {"wakatobi": (ikd.load_office("wakatobi"),)}
    unnamed = world.open("ikd-x", offices=["payakumbuh"], channels=[])._parts.offices
    assert unnamed["wakatobi"] == (ikd.load_office(path),)
