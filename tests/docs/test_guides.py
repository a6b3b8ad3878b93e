"""The guides that write an adapter are test files of their own: the contract suite passes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("guide", ["write-a-channel", "connect-a-registry"])
def test_the_adapter_of_a_guide_keeps_its_port(guide: str, tmp_path: Path) -> None:
    page = HOW_TO.joinpath(f"{guide}.md").read_text("utf-8")
    tmp_path.joinpath("test_guide.py").write_text("\n".join(BLOCK.findall(page)), "utf-8")
    tmp_path.joinpath("pytest.ini").write_text("[pytest]\n", "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_guide.py"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout[-3000:]
    passed = re.search(r"(\d+) passed", ended.stdout)
    assert passed is not None
    assert int(passed[1]) >= 7
    assert "failed" not in ended.stdout
