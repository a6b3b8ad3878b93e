"""The example that checks a file of NIKs counts them and tells none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LINES = "1376015708909901\n 7407.0112.0394.9903 \nnonsense\n1376013101909900\n1376013102909900\n"


def run(root: Path, *passed: str, text: str = "") -> subprocess.CompletedProcess[str]:
    script = root / "examples" / "nik_bulk.py"
    return subprocess.run(
        [sys.executable, script, *passed],
        check=False,
        capture_output=True,
        encoding="utf-8",
        input=text,
    )


def test_it_counts_by_province_and_fault_and_tells_no_nik(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "niks.txt"
    file.write_text(LINES, "utf-8")
    ended = run(root, str(file))
    assert (ended.returncode, ended.stderr) == (1, "")
    told = ended.stdout.splitlines()
    assert [line.split()[0] for line in told[:2]] == ["13", "74"]
    assert told[-1] == "valid 3, invalid 2"
    assert {"no NIK: length", "no NIK: date"} <= {" ".join(line.split()[:3]) for line in told}
    assert "1376" not in ended.stdout


def test_all_valid_ends_well_from_standard_input_too(root: Path) -> None:
    ended = run(root, "-", text="1376015708909901\n")
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "valid 1, invalid 0")
