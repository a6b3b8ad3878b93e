"""The example that developers copy runs, and what it returns holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import claim169


def test_the_smallest_front_end_activates_an_identity(root: Path) -> None:
    ended = subprocess.run(
        [sys.executable, root / "examples" / "embed_minimal.py"],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    told = ended.stdout.splitlines()
    assert "1 Hari (P34): " in told[1]
    assert told[2] == "Dirjen Dukcapil Kemendagri RI: IKD: PIN Anda / your PIN (activation code)"
    text = told[3].removeprefix("QR: ")
    read = claim169.decode(text, allow_unverified=True)  # its issuer's key ended with it
    assert read.claim169.full_name == "Sari Contohwati"
    assert "1376015708909901" not in ended.stdout
