"""Builds the documentation as a site and looks at it as a reader does.

    python tools/site.py FOLDER

A warning of Sphinx is an error. Then every page must be reached from the index within three
clicks, and no page may make the reader's browser fetch anything from elsewhere.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MERMAID = "12.3.0"  # draws the diagrams; one release, so that a build looks the same next year
CLICKS = 3


def main(out: Path) -> int:
    """Build into *out* and return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        drawing = _mermaid(Path(folder))
        built = subprocess.run(
            (
                *(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"),
                *("-c", ROOT / "docs", "-d", Path(folder, "doctrees"), ROOT, out),
            ),
            env={**os.environ, "IKD_MERMAID": str(drawing or "")},
            check=False,
        )
    faults = [*_too_far(out), *_fetched(out)] if built.returncode == 0 else ["it wasn't built"]
    print(*faults, f"{len(_pages(out))} pages in {out}", sep="\n")
    return int(bool(faults))


def _mermaid(folder: Path) -> Path | None:
    """Return the script that draws diagrams, fetched by npm where there is one."""
    if shutil.which("npm") is None:
        print("without npm the diagrams stay text")
        return None
    pack = ("npm", "pack", "--silent", f"mermaid@{MERMAID}", "--pack-destination", folder)
    subprocess.run(pack, check=True, capture_output=True)
    member = "package/dist/mermaid.min.js"
    with tarfile.open(folder / f"mermaid-{MERMAID}.tgz") as packed:
        packed.extract(member, folder, filter="data")
    return folder / member


class _Met(HTMLParser):
    """What a page links to, and what it makes a browser fetch."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: set[Path] = set()
        self.fetched: set[str] = set()
        self._folder = page.parent
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        target = found.get("src") or found.get("href") or found.get("action", "")
        elsewhere = re.match(r"[a-z]+:|//", target) is not None
        if tag in ("a", "form") and not elsewhere:
            self.links.add((self._folder / target.partition("#")[0]).resolve())
        elif tag not in ("a", "form") and elsewhere and not target.startswith("data:"):
            self.fetched.add(target)


def _pages(out: Path) -> list[Path]:
    return sorted(page.resolve() for page in out.rglob("*.html"))


def _too_far(out: Path) -> list[str]:
    """Return the pages that aren't reached from the index within three clicks."""
    pages = set(_pages(out)) - {out.resolve() / "index.html"}
    reached = last = {out.resolve() / "docs" / "index.html"}
    for _ in range(CLICKS):
        last = {link for page in last for link in _Met(page).links} & pages - reached
        reached = reached | last
    return [f"more than {CLICKS} clicks away: {page.name}" for page in sorted(pages - reached)]


def _fetched(out: Path) -> list[str]:
    """Return what pages make a browser fetch from elsewhere."""
    met = {(page.name, address) for page in _pages(out) for address in _Met(page).fetched}
    return [f"{name} fetches {address}" for name, address in sorted(met)]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
