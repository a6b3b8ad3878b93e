"""The documentation as a site: ``nox -s docs`` builds it from the top of the repository.

The pages stay plain Markdown that reads well without a build. What Sphinx needs beside them, the
order of the pages, is read from ``docs/index.md``, where people read it too.
"""

from __future__ import annotations

import html
import os
import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx

project = "ikd"
author = "The ikd maintainers"
copyright = author  # noqa: A001 - Sphinx reads this name
extensions = ["myst_parser"]
root_doc = "docs/index"
include_patterns = ["docs/**.md", "*.md", "examples/**/README.md"]
exclude_patterns = ["**/node_modules", "**/build", ".[!.]*"]
myst_heading_anchors = 4
myst_enable_extensions = ["html_image"]
myst_fence_as_directive = {"mermaid"}
nitpicky = True
html_theme = "furo"
html_title = "ikd"
html_show_sphinx = False
html_use_index = False

# Nothing is fetched by a reader's browser from anywhere else: the drawing of diagrams lies
# beside the pages, where the build was given it; without it they read as text.
MERMAID = os.environ.get("IKD_MERMAID", "")
html_static_path = [MERMAID] if MERMAID else []
html_js_files = [Path(MERMAID).name] if MERMAID else []

_PART = re.compile(r"^## (.+)$", re.MULTILINE)
_PAGE = re.compile(r"^- \[[^\]]*\]\(([\w/.-]+)\.md\)", re.MULTILINE)
_HOME = '<!doctype html><meta http-equiv="refresh" content="0; url=docs/index.html">'


class Mermaid(Directive):
    """A diagram, which the reader's browser draws."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the diagram's text, marked for its drawing."""
        text = html.escape("\n".join(self.content))
        return [nodes.raw("", f'<pre class="mermaid">{text}</pre>', format="html")]


def _with_contents(_app: Sphinx, page: str, text: list[str]) -> None:
    """Give the index a hidden table of contents for each of its parts."""
    if page != root_doc:
        return
    _, *parts = _PART.split(text[0])
    for title, words in zip(parts[::2], parts[1::2], strict=True):
        pages = "\n".join(_PAGE.findall(words))
        if pages:
            text[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{pages}\n```\n"


def _with_home(app: Sphinx, failure: Exception | None) -> None:
    """Lead whoever opens the folder to the index."""
    if failure is None:
        Path(app.outdir, "index.html").write_text(_HOME, "utf-8")


def setup(app: Sphinx) -> None:
    """Have the table of contents added while the index is read, and diagrams drawn."""
    app.add_directive("mermaid", Mermaid)
    app.connect("source-read", _with_contents)
    app.connect("build-finished", _with_home)
