"""The README keeps its word: its commands are the ones that run, its links lead somewhere."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

import ikd

ROOT = Path(__file__).resolve().parent.parent
README = ROOT.joinpath("README.md").read_text("utf-8")
PYPROJECT = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text("utf-8"))
PAGES = [
    *("README.md", "README.id.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"),
    *sorted(page.relative_to(ROOT).as_posix() for page in ROOT.joinpath("docs").rglob("*.md")),
]
RUN = {f".venv/bin/{name}" for name in ("pip", "ikd", "ikd-portal", "nox")}
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def command(mark: str, page: str = README) -> str:
    """The one line of the shell block below the mark."""
    found = re.findall(rf"^<!-- {mark} command -->\n```sh\n(.+)\n```$", page, re.M)
    assert len(found) == 1
    return str(found[0])


def test_ci_runs_the_test_command_of_the_readme_word_for_word() -> None:
    run = subprocess.run(
        [ROOT / ".ci" / "run", "--print"], check=True, capture_output=True, text=True
    )
    assert run.stdout == command("test") + "\n"


def test_ci_runs_nothing_else_of_its_own() -> None:
    script = ROOT.joinpath(".ci", "run").read_text("utf-8")
    assert script.rstrip().endswith('eval "$command"')
    assert "nox" not in script
    assert "pytest" not in script


@pytest.mark.parametrize("mark", ["demo", "portal", "test"])
def test_a_command_makes_its_own_environment_and_stays_in_it(mark: str) -> None:
    steps = [shlex.split(step) for step in command(mark).split("&&")]
    assert steps[0] == ["python3", "-m", "venv", ".venv"]
    assert {step[0] for step in steps[1:]} <= RUN


def test_the_demo_installs_an_extra_and_calls_a_command_that_exist() -> None:
    assert "all" in PYPROJECT["project"]["optional-dependencies"]
    assert "ikd" in PYPROJECT["project"]["scripts"]
    assert "'.[all]'" in command("demo")


def prose(path: Path) -> str:
    """Return a page without its blocks of code, where brackets are no link."""
    return re.sub(r"^ *```.*?^ *```$", "", path.read_text("utf-8"), flags=re.M | re.S)


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    path = ROOT / page
    links = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", prose(path))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_to_a_heading_find_it(page: str) -> None:
    path = ROOT / page
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", prose(path)):
        headings = HEADING.findall((path.parent / target if target else path).read_text("utf-8"))
        assert anchor in [anchor_of(heading) for heading in headings], f"{target}#{anchor}"


def anchor_of(heading: str) -> str:
    """Return the anchor that a heading gets where Markdown is shown."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_index_leads_to_every_page_of_the_docs() -> None:
    docs = ROOT / "docs"
    index = docs.joinpath("index.md").read_text("utf-8")
    pages = {page.relative_to(docs).as_posix() for page in docs.rglob("*.md")} - {"index.md"}
    assert sorted(page for page in pages if f"]({page})" not in index) == []


@pytest.mark.parametrize("page", ["README.md", "README.id.md"])
def test_each_picture_is_there_and_says_in_words_what_it_shows(page: str) -> None:
    shown = re.findall(
        r'<img src="([^"]+)" width="\d+" alt="([^"]+)">', ROOT.joinpath(page).read_text("utf-8")
    )
    assert len(shown) == 3
    for path, words in shown:
        picture = ROOT.joinpath(path).read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) < 64 * 1024
        assert len(words.split()) > 6


def test_the_picture_of_the_phone_is_one_that_a_scanner_reads() -> None:
    (text,) = ikd.qr.read_picture(ROOT.joinpath("docs", "pictures", "phone.png").read_bytes())
    assert text.startswith("IKDP:")


@pytest.mark.parametrize("mark", ["demo", "portal", "test"])
def test_the_indonesian_readme_has_the_same_commands(mark: str) -> None:
    assert command(mark, ROOT.joinpath("README.id.md").read_text("utf-8")) == command(mark)


def test_the_first_ten_lines_say_what_it_is_and_for_whom() -> None:
    opening = README.partition("\n## ")[0].split("\n", 2)[2].strip().splitlines()
    opening = [line for line in opening if not line.startswith(("|", "[Bahasa"))]
    assert len([line for line in opening if line]) <= 12
    assert "activation" in opening[0]


def test_who_cites_ikd_cites_the_version_that_is_here() -> None:
    cited = ROOT.joinpath("CITATION.cff").read_text("utf-8")
    for name in ("version", "license"):
        assert f"{name}: {PYPROJECT['project'][name]}\n" in cited
