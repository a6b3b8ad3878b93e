"""The commands of the how-to about offices lead where it says, in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


def blocks(root: Path, page: str) -> list[str]:
    text = (root / "docs" / "how-to" / page).read_text("utf-8")
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def commands(root: Path) -> list[str]:
    return blocks(root, "add-an-office.md")


def run(commands: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    shell = f'set -eu\nikd() {{ "{sys.executable}" -m ikd "$@"; }}\n'
    ran = subprocess.run(
        ["bash", "-c", shell + "\n".join(commands)],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
        timeout=240,
    )
    assert ran.returncode == 0, ran.stderr
    return ran


def test_an_officer_comes_from_the_text_to_a_checked_file(root: Path, tmp_path: Path) -> None:
    ran = run(blocks(root, "dari-naskah-ke-berkas.md"), tmp_path)
    assert "butir naskah yang tidak disebut berkas: MB1" in ran.stdout
    assert "diuji: umur ≥ 17 atau sudah atau pernah kawin" in ran.stdout
    assert "lama.toml: kini format 2" in ran.stdout
    assert (tmp_path / "magetan" / "credential.txt").exists()


def test_from_a_text_to_a_running_demo(commands: list[str], tmp_path: Path) -> None:
    ran = run(commands, tmp_path)
    assert ran.stdout.count("magetan.toml: sah") == 4
    assert (tmp_path / "magetan" / "credential.txt").exists()
    assert "Android minimal 8" in (tmp_path / "magetan.toml").read_text("utf-8")


def test_an_officer_without_python_is_told_how_to_get_the_command(root: Path) -> None:
    page = (root / "docs" / "how-to" / "add-an-office.md").read_text("utf-8")
    before = page.partition("## 1. ")[0]
    for words in (
        "apt install python3-venv",
        "python3 -m venv",
        "bin/pip install -q '.[all]'",
        "activate",
        "ikd --version",
    ):
        assert words in before, words
    assert "empty folder" in before


def test_the_page_shows_the_commands_that_it_speaks_of(commands: list[str]) -> None:
    said = set(re.findall(r"(?m)^ikd ([a-z]+(?: [a-z]+)?)", "\n".join(commands)))
    assert {"office new", "office check", "office show", "office diff", "office schema"} <= said
    assert "demo" in {words.partition(" ")[0] for words in said}
