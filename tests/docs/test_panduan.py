"""What the officers' guides in Indonesian tell to type works, in the order in which it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

GUIDES = ("mengoperasikan", "menangani-aduan", "janji-waktu")


@pytest.mark.parametrize("guide", GUIDES)
def test_the_commands_of_a_guide_lead_where_it_says(root: Path, guide: str, tmp_path: Path) -> None:
    page = root.joinpath("docs", "how-to", f"{guide}.md").read_text("utf-8")
    shell = f'set -eu\nikd() {{ "{sys.executable}" -m ikd "$@"; }}\n'
    ran = subprocess.run(
        ["bash", "-c", shell + "\n".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "ikd: " not in ran.stderr


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_is_in_one_language(root: Path, guide: str) -> None:
    page = root.joinpath("docs", "how-to", f"{guide}.md").read_text("utf-8")
    prose = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "", page, flags=re.DOTALL)
    english = re.findall(r"\b(?:the|and|with|which|from|is|are)\b", prose)
    assert english == []
