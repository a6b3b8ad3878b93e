"""What binding costs: a load that checks beside one that doesn't, an audit beside a bare loop.

    python tools/bench/binding.py --residents 100

The bare loop reads the same rows in the same pages and hashes them, and does nothing else.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import journeys

from ikd.bootstrap.migration import session_of
from ikd.core.decide import KINDS
from ikd.service.bound_store import BoundStore
from ikd.service.record_codec import Codec
from ikd.service.row_binder import Binder
from ikd.service.store_audit import Audit
from ikd.service.store_scan import sum_of


def main() -> None:
    """Fill a store with journeys, and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--residents", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        journeys.measured(Path(folder), asked.residents)
        _measure(Path(folder), asked.rounds)


def _measure(folder: Path, rounds: int) -> None:
    from ikd.adapters.keys.keys_in_folder import FileKeys
    from ikd.adapters.storage.sql_store import SqlStore

    store = SqlStore(session_of(f"sqlite:///{folder}/ikd.db"))
    bound = BoundStore(store, Binder(FileKeys(folder / "ikd.db.keys")))
    names = [(str(row[-2]), str(row[-1])) for row in store.scan("records")]

    def load(source: SqlStore | BoundStore) -> None:
        codec = Codec(KINDS)  # with nothing at hand yet
        for kind, named in names:
            codec.record_of(source.get(kind, named))

    bare = lambda: [sum_of(store, table) for table in store.columns()]  # noqa: E731
    audit = lambda: list(Audit(store, bound, KINDS).faults({}))  # noqa: E731
    checks = _ratio(lambda: load(bound), lambda: load(store), rounds)
    speed = 1 / _ratio(audit, bare, rounds)
    print(f"a load that checks: {checks:.2f}x of one that doesn't ({len(names)} records)")
    print(f"the audit: {speed:.2f}x as fast as a bare loop")


def _ratio(one: Callable[[], object], other: Callable[[], object], rounds: int) -> float:
    return median(_seconds(one) / _seconds(other) for _ in range(rounds))


def _seconds(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


if __name__ == "__main__":
    main()
