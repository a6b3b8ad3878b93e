"""Keys that live and die with the process: for trials and tests."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from datetime import datetime

from ikd.adapters.keys.key_set import KeyPlace, draw_material, with_station
from ikd.adapters.keys.key_source import KeySet
from ikd.adapters.keys.pair import KeyPair
from ikd.core.ports import Entropy


class MemoryKeys(KeySet):
    """A whole set of keys, drawn at once and written nowhere.

    A station that asks for a key for the first time gets one, and the keyring its next
    version. When the process ends, everything sealed under these keys is lost.
    """

    def __init__(self, entropy: Entropy, now: datetime, stations: Iterable[KeyPlace] = ()) -> None:
        """Draw all keys, good from *now* on.

        Raises:
            KeySourceError: An office's or station's id is none (``keys.form``).
        """
        self._entropy = entropy
        self._now = now
        self._lock = threading.Lock()
        super().__init__(draw_material(entropy, now, stations))

    def _of_station(self, office: str, station: str) -> Sequence[KeyPair]:
        place = (office, station)
        with self._lock:
            if place not in self._material.stations:
                self._material = with_station(
                    self._material, place, now=self._now, entropy=self._entropy
                )
        return super()._of_station(office, station)
