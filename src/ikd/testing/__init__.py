"""For embedders and plugin authors: contract suites and what tests of ikd are made of."""

from ikd.testing.faults import FaultyStore
from ikd.testing.store import StoreContract

__all__ = ["FaultyStore", "StoreContract"]
