"""``python -m ikd``: the same as the ``ikd`` command."""

from __future__ import annotations

import sys

from ikd.cli import main

if __name__ == "__main__":
    sys.exit(main())
