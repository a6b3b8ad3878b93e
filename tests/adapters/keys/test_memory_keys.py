"""Keys for trials: whole, consistent, gone with the process."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from ikd.adapters.keys.key_set import LIFE
from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.core.errors import KeySourceError
from ikd.core.ports import KeySource
from ikd.testing.entropy import seeded_entropy
from ikd.testing.key_source_contract import KeySourceContract

NOW = datetime(2026, 11, 22, 8, 0, 0, 250_000, tzinfo=UTC)


def made(seed="keys", **more) -> MemoryKeys:
    return MemoryKeys(seeded_entropy(seed), NOW, **more)


class TestMemoryKeys(KeySourceContract):
    @pytest.fixture
    def keys(self) -> KeySource:
        return made(stations=[self.place])

    def test_it_lives_a_year(self, keys):
        ring = self.ring(keys)
        assert ring.expires_at - ring.issued_at == LIFE == timedelta(days=365)
        assert not ring.is_expired(NOW + timedelta(days=364))
        assert ring.is_expired(NOW + timedelta(days=365))

    def test_a_new_station_gets_a_key_and_the_keyring_its_next_version(self, keys):
        before = self.ring(keys)
        key = keys.signing("station", office="wakatobi", station="loket-2")
        after = self.ring(keys)
        assert (before.version, after.version) == (1, 2)
        assert after.find("station", key.kid).office == "wakatobi"
        assert {record.kid for record in before.records} < {record.kid for record in after.records}
        assert keys.signing("station", office="wakatobi", station="loket-2") == key
        assert self.ring(keys).version == 2

    def test_two_stations_never_share_a_key(self, keys):
        one = keys.signing("station", office="wakatobi", station="loket-1")
        other = self.signing(keys, "station")
        assert one.kid != other.kid


def test_threads_that_ask_for_a_new_station_get_one_key():
    keys, found = made(), []
    threads = [
        threading.Thread(
            target=lambda: found.append(keys.signing("station", office="wakatobi", station="a"))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({key.kid for key in found}) == 1


@pytest.mark.parametrize(
    "place",
    [("", ""), ("../etc", "a"), ("office", "A"), ("office", ""), ("o.f", "a"), ("o", "a\n")],
)
def test_what_is_no_id_gets_no_station_key(place):
    with pytest.raises(KeySourceError, match=r"keys\.form"):
        made(stations=[place])
    with pytest.raises(KeySourceError, match=r"keys\.form"):
        made().signing("station", office=place[0], station=place[1])


def test_the_same_entropy_gives_the_same_keys_and_other_entropy_others():
    one, same, other = made(), made(), made("others")
    assert one.keyring() == same.keyring() != other.keyring()
    assert one.secrets("pepper")[0].key == same.secrets("pepper")[0].key
    assert one.secrets("pepper")[0].key != other.secrets("pepper")[0].key
