"""The contract every store keeps, as a test suite for pytest.

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self):
            store = MyStore(...)
            yield store
            store.close()

Each test gets a ``store`` that is new and empty.
"""

from ikd.testing.store_claims import Claims
from ikd.testing.store_counts import Counts
from ikd.testing.store_lanes import Lanes
from ikd.testing.store_looks import Looks
from ikd.testing.store_outbox import Outbox
from ikd.testing.store_purge import Purges
from ikd.testing.store_races import Races
from ikd.testing.store_records import Records
from ikd.testing.store_search import Searches
from ikd.testing.store_whole import Whole


class StoreContract(Records, Searches, Claims, Counts, Looks, Whole, Outbox, Lanes, Purges, Races):
    """Everything a store promises; a subclass defines the pytest fixture ``store``."""
