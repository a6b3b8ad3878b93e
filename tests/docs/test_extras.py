"""What must be installed is said in one way: by the extra that brings it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

EXTRA = re.compile(r"pip install '(?:ikd|\.)\[([a-z,]+)\]'")


def page(root: Path, name: str) -> str:
    return root.joinpath("docs", "how-to", f"{name}.md").read_text("utf-8")


def test_every_extra_that_docs_and_errors_name_is_one(root: Path) -> None:
    project = tomllib.loads(root.joinpath("pyproject.toml").read_text("utf-8"))["project"]
    extras = set(project["optional-dependencies"])
    files = [*root.joinpath("docs").rglob("*.md"), *root.joinpath("src").rglob("*.py")]
    named = {
        extra
        for file in files
        for words in EXTRA.findall(file.read_text("utf-8"))
        for extra in words.split(",")
    }
    named |= set(EXTRA.findall(root.joinpath("src/ikd/data/cli.toml").read_text("utf-8")))
    assert {"cli", "qr", "captcha", "scan"} <= named <= extras


def test_nobody_is_promised_a_package_index_that_does_not_have_ikd(root: Path) -> None:
    """An extra of what is installed already needs none; ikd itself comes from a clone."""
    pages = [*root.glob("*.md"), *root.joinpath("docs").rglob("*.md")]
    assert [page.name for page in pages if "pip install ikd" in page.read_text("utf-8")] == []


def test_the_code_names_an_extra_in_quotes_and_no_bare_library(root: Path) -> None:
    """A shell may take bare brackets for a pattern."""
    for file in root.joinpath("src").rglob("*.py"):
        told = [
            line
            for line in file.read_text("utf-8").splitlines()
            if re.search("pip install (?!p)", line)
        ]
        assert [line for line in told if not EXTRA.search(line)] == [], file.name


def test_the_guide_for_web_apps_names_its_extras_before_it_begins(root: Path) -> None:
    assert "pip install 'ikd[captcha,qr]'" in page(root, "embed-in-a-web-app").partition("## ")[0]


def test_the_guide_for_verifiers_says_what_reads_photos_and_who_strips_line_feeds(
    root: Path,
) -> None:
    text = page(root, "verify-a-qr")
    assert "pip install 'ikd[scan]'" in text
    assert '.strip("\\r\\n")' in text


@pytest.mark.parametrize(
    "statement",
    ["from ikd.testing import *", "from ikd.testing import RegistryContract"],
)
def test_contract_suites_without_pytest_say_what_to_install(statement: str) -> None:
    code = (
        "import sys; sys.modules['pytest'] = None\n"
        f"try: {statement}\n"
        "except ImportError as error: sys.exit(f'{type(error).__name__}: {error}')"
    )
    code = code.replace("try: from", "try: exec('from").replace("\nexcept", "')\nexcept")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert re.fullmatch(
        r"ImportError: ikd\.testing\.\w+Contract is a suite for pytest: pip install pytest",
        done.stderr.strip(),
    )


def test_the_rest_of_testing_does_without_pytest() -> None:
    code = (
        "import sys; sys.modules['pytest'] = None\n"
        "import ikd.testing as t\n"
        "for name in t.__all__: name.endswith('Contract') or getattr(t, name)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
