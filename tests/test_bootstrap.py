"""Opening a service: what can be given, what is refused, and where things lie."""

from __future__ import annotations

import copy
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import ikd
from ikd.adapters.captcha.picture_captcha import PictureCaptcha
from ikd.adapters.keys.keys_in_folder import new_keys
from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.adapters.registry.simulator import Simulator
from ikd.adapters.storage.memory import memory_store
from ikd.adapters.storage.sql_store import SqlStore
from ikd.adapters.system import system_entropy
from ikd.core.errors import IkdError, InputError, KeySourceError, OfficeFileError, PortError
from ikd.service import Settings
from ikd.testing.entropy import seeded_entropy
from ikd.testing.fixed_clock import FixedClock

T0 = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def opened(**options):
    """Return a service that is closed again at once, to be looked into."""
    given = {"offices": ["wakatobi"], "deliver": "worker", **options}
    with ikd.open_service(**given) as service:
        return service


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"offices": []}, "offices.none"),
        ({"offices": "wakatobi"}, "offices.form"),
        ({"offices": None}, "offices.form"),
        ({"offices": 5}, "offices.form"),
        ({"offices": [5]}, "offices.form"),
        ({"offices": {"office": {}}}, "offices.form"),
        ({"offices": ["wakatobi", "wakatobi"]}, "offices.twice"),
        ({"store": "postgres://x"}, "store.url"),
        ({"store": "sqlite://x.db"}, "store.url"),
        ({"store": "sqlite:///"}, "store.url"),
        ({"store": "sqlite:///:memory:"}, "store.url"),
        ({"store": 5}, "store.form"),
        ({"store": SqlStore}, "store.form"),
        ({"keys": 5}, "keys.form"),
        ({"keys": MemoryKeys}, "keys.form"),
        ({"registry": "simulator"}, "registry.form"),
        ({"registry": Simulator}, "registry.form"),
        ({"channels": "console:"}, "channels.form"),
        ({"channels": None}, "channels.form"),
        ({"channels": [5]}, "channel.form"),
        ({"channels": ["pigeon:"]}, "channel.url"),
        ({"captcha": True}, "captcha.form"),
        ({"clock": 5}, "clock.form"),
        ({"entropy": b"x"}, "entropy.form"),
        ({"kdf": "argon2id"}, "kdf.form"),
        ({"deliver": "sometimes"}, "settings.deliver"),
        ({"deliver": None}, "settings.deliver"),
        ({"settings": {"isuer": "x"}}, "settings.unknown"),
        ({"settings": {5: "x"}}, "settings.unknown"),
        ({"settings": 5}, "settings.form"),
        ({"settings": {"issuer": 5}}, "settings.issuer"),
        ({"settings": {"issuer": "x" * 93}}, "settings.issuer"),
        ({"settings": {"activation_link": "a b"}}, "settings.activation_link"),
        ({"settings": {"attempts": 12}}, "settings.unknown"),
        ({"settings": {"lease_seconds": True}}, "settings.delivery"),
        ({"settings": {"lease_seconds": 3601}}, "settings.delivery"),
        ({"settings": {"keep_answers_days": 0}}, "settings.keep_answers_days"),
        ({"settings": {"keep_refusals_days": 36_501}}, "settings.keep_refusals_days"),
        ({"settings": {"keep_sent_days": 1.5}}, "settings.keep_sent_days"),
        ({"settings": {"plugin_seconds": "long"}}, "settings.plugin_seconds"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_code(options, code):
    with pytest.raises(IkdError) as met:
        opened(**options)
    assert met.value.code == code


def test_a_setting_that_does_not_exist_is_told_with_the_nearest_that_does():
    with pytest.raises(InputError, match=r"isuer \(did you mean issuer\?\), zzz$"):
        opened(settings={"zzz": 1, "isuer": "x"})


def test_an_office_file_that_lists_faults_is_refused(tmp_path):
    file = tmp_path / "office.toml"
    file.write_text("[office]\n")
    with pytest.raises(OfficeFileError):
        opened(offices=[file])


def test_a_budget_of_tries_that_lets_a_guesser_through_refuses_to_start():
    generous = copy.deepcopy(ikd.load_office("wakatobi"))  # no file says so: it is refused itself
    object.__setattr__(generous.pin.tries_per_application, "value", 5)
    with pytest.raises(InputError) as met:
        opened(offices=[generous])
    assert met.value.code == "pin.budget"


def test_a_store_that_was_opened_is_closed_again_if_something_else_is_wrong(tmp_path):
    store = memory_store()
    with pytest.raises(IkdError):
        opened(store=store, deliver="sometimes")
    with pytest.raises(IkdError) as met:
        store.newest()
    assert met.value.code == "store.closed"


def test_settings_are_taken_as_they_are_or_from_a_mapping():
    settings = Settings(lease_seconds=30)
    assert opened(settings=settings)._parts.settings is settings
    assert opened(settings={"lease_seconds": 30})._parts.settings == settings
    assert opened()._parts.settings == Settings()


def test_offices_may_be_ids_paths_or_offices(tmp_path):
    text = Path(ikd.load_office.__code__.co_filename).with_name("wakatobi.toml").read_text("utf-8")
    file = tmp_path / "own.toml"
    file.write_text(text.replace('id = "wakatobi"', 'id = "sendiri"', 1), encoding="utf-8")
    service = opened(offices=["wakatobi", str(file), ikd.load_office("payakumbuh")])
    assert set(service._parts.offices) == {"wakatobi", "sendiri", "payakumbuh"}


def test_what_is_passed_is_used(tmp_path):
    store, registry, clock = memory_store(), Simulator(), FixedClock(T0)
    keys = MemoryKeys(seeded_entropy("keys"), T0)
    captcha = PictureCaptcha(keys.secrets("captcha"))
    parts = opened(
        store=store,
        registry=registry,
        clock=clock,
        keys=keys,
        captcha=captcha,
        channels=["console:", f"file://{tmp_path}/mails"],
    )._parts
    assert (parts.store.store, parts.registry, parts.clock) == (store, registry, clock)
    assert (parts.keys, parts.captcha) == (keys, captcha)
    assert [channel.name for channel in parts.channels] == ["console", "file"]


def test_memory_makes_its_own_keys():
    first, second = opened(), opened()
    assert first._parts.keys.roots() != second._parts.keys.roots()
    assert type(first._parts.store.store) is SqlStore


# --- where things lie ------------------------------------------------------------------------


def test_three_slashes_are_relative_and_four_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    opened(store="sqlite:///near.db")
    opened(store=f"sqlite:///{tmp_path}/far.db")
    assert (tmp_path / "near.db").is_file()
    assert (tmp_path / "far.db").is_file()
    assert (tmp_path / "near.db.keys").is_dir()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_keys_lie_beside_the_database_and_only_the_owner_reads_them(tmp_path):
    opened(store=f"sqlite:///{tmp_path}/ikd.db")
    folder = tmp_path / "ikd.db.keys"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "ikd.db").stat().st_mode) == 0o600
    assert modes["pepper.keys"] == modes["root.pem"] == modes["credential.pem"] == 0o600


def test_the_same_keys_are_found_again(tmp_path):
    url = f"sqlite:///{tmp_path}/ikd.db"
    assert opened(store=url)._parts.keys.roots() == opened(store=url)._parts.keys.roots()


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "ikd.db.keys").mkdir(mode=0o700)
    opened(store=f"sqlite:///{tmp_path}/ikd.db")
    assert (tmp_path / "ikd.db.keys" / "root.pem").is_file()


def test_keys_may_lie_elsewhere(tmp_path):
    new_keys(tmp_path / "keys", now=datetime.now(UTC), entropy=system_entropy)
    service = opened(store=f"sqlite:///{tmp_path}/ikd.db", keys=tmp_path / "keys")
    assert not (tmp_path / "ikd.db.keys").exists()
    assert service._parts.keys.roots()


def test_named_keys_that_are_missing_are_never_made(tmp_path):
    with pytest.raises(KeySourceError) as met:
        opened(store=f"sqlite:///{tmp_path}/ikd.db", keys=str(tmp_path / "keys"))
    assert met.value.code == "keys.missing"


def test_a_database_in_use_that_lost_its_keys_gets_no_new_ones(tmp_path):
    """New keys would open nothing in it, and a NIK would be met as if for the first time."""
    url = f"sqlite:///{tmp_path}/ikd.db"
    with ikd.open_service(offices=["wakatobi"], store=url, deliver="worker") as service:
        _register(service)
    (tmp_path / "ikd.db.keys").rename(tmp_path / "lost")
    with pytest.raises(KeySourceError) as met:
        opened(store=url)
    assert met.value.code == "keys.missing"
    (tmp_path / "lost").rename(tmp_path / "ikd.db.keys")
    opened(store=url)


def test_a_file_where_the_keys_should_be_is_refused(tmp_path):
    (tmp_path / "ikd.db.keys").write_text("")
    with pytest.raises(KeySourceError):
        opened(store=f"sqlite:///{tmp_path}/ikd.db")


def _register(service):
    from ikd import commands as do
    from ikd.core.resident.device import Device
    from ikd.testing.soft_device import SoftDevice

    phone = SoftDevice(seeded_entropy("phone"))
    command = do.Register(
        office="wakatobi",
        nik="7407017112019904",
        email="warga@example.org",
        phone="081234567890",
        device=Device(
            kind="smartphone",
            platform="android",
            os_version="14",
            online=True,
            key=phone.public_key,
        ),
    )
    return service.handle(command, actor=ikd.Actor.resident(), key="register")


def test_a_clock_behind_the_journal_refuses_to_write(tmp_path):
    url = f"sqlite:///{tmp_path}/ikd.db"
    ahead = FixedClock(datetime.now(UTC) + timedelta(days=1))
    with ikd.open_service(
        offices=["wakatobi"], store=url, deliver="worker", clock=ahead
    ) as service:
        _register(service)
    with pytest.raises(PortError) as met:
        opened(store=url)
    assert met.value.code == "clock.behind"


OPENER = """
import sys
from ikd import Actor, commands as do, open_service
with open_service(offices=["wakatobi"], store=sys.argv[1], deliver="worker") as service:
    print(service._parts.keys.roots()[0].hex(), service.challenge("0" * 32, "withdraw").hex())
"""


def test_processes_that_open_a_new_database_at_once_share_one_set_of_keys(tmp_path):
    url = f"sqlite:///{tmp_path}/new/ikd.db"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    answers = [process.communicate(timeout=120) for process in running]
    assert [errors for _, errors in answers if errors] == []
    assert len({said.split()[0] for said, _ in answers}) == 1
    assert type(opened(store=url)._parts.store.store) is SqlStore
