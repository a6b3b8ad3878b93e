"""What the worst pictures that the tests know cost, each in a process of its own.

    python tools/bench/pictures.py

Printed are the mebibytes that a picture takes at its peak, the seconds of processor time, and
what came of it. The bounds are 128 MiB and a second.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "adapters" / "qrimage"))

from test_bounds import HOSTILE, cost


def main() -> None:
    """Print one line a picture, the slowest last."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [(*cost(Path(folder), made()), name) for name, made in HOSTILE.items()]
    for memory, seconds, found, name in sorted(rows, key=lambda row: row[1]):
        ended = "refused" if found < 0 else f"{found} found"
        print(f"{memory:6.1f} MiB  {seconds:5.2f} s  {ended:8}  {name}")


if __name__ == "__main__":
    main()
