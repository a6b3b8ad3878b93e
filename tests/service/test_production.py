"""Where real residents are served, keys in files or memory are refused unless told."""

from datetime import UTC, datetime

import pytest

import ikd
from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.core.errors import InputError
from ikd.core.ports import KeySource
from ikd.plugins.fenced_adapter import Fenced
from ikd.plugins.isolation import Limits
from ikd.testing.entropy import seeded_entropy

HELD = MemoryKeys(seeded_entropy("production"), datetime.now(UTC))


class Kms:
    """A key source from elsewhere; the keys behind it are another matter."""

    secrets, signing, sign = HELD.secrets, HELD.signing, HELD.sign
    keyring, roots, bound = HELD.keyring, HELD.roots, HELD.bound


def opened(**options):
    return ikd.open_service(offices=["payakumbuh"], deliver="worker", **options)


@pytest.mark.parametrize("keys", [None, "keys", HELD])
def test_production_refuses_keys_that_lie_about(tmp_path, keys):
    store = f"sqlite:///{tmp_path}/ikd.db"
    with pytest.raises(InputError, match=r"keys\.development"):
        opened(store=store, keys=keys, settings={"production": True})
    assert not (tmp_path / "ikd.db.keys").exists()


def test_it_takes_them_when_told(tmp_path):
    store = f"sqlite:///{tmp_path}/ikd.db"
    opened(store=store, settings={"production": True, "accept_file_keys": True}).close()


def test_it_takes_a_source_from_elsewhere():
    opened(keys=Kms(), settings={"production": True}).close()


def test_it_refuses_keys_in_files_that_a_plugin_brings():
    brought = Fenced(HELD, KeySource, "ikd-contoh", Limits(seconds=5))
    with pytest.raises(InputError, match=r"keys\.development"):
        opened(keys=brought, settings={"production": True})
    elsewhere = Fenced(Kms(), KeySource, "ikd-contoh", Limits(seconds=5))
    opened(keys=elsewhere, settings={"production": True}).close()


@pytest.mark.parametrize("name", ["production", "accept_file_keys"])
def test_only_true_and_false_say_so(name):
    with pytest.raises(InputError, match=r"settings\.form"):
        ikd.Settings(**{name: "yes"})
