"""Makes the README's pictures of what the portal showed a real browser in its tests.

    nox -s portal && python tools/pictures.py

The session leaves a picture of each page in ``build/portal``; three are cut to one height.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
MADE, KEPT = ROOT / "build" / "portal", ROOT / "docs" / "pictures"
HEIGHT = 640  # pixels
COLOURS = 64  # pages have few; an eighth of the bytes


class Cut(NamedTuple):
    """What of a page is shown: its box in pixels of the page, and how large it becomes."""

    page: str
    box: tuple[int, int, int, int]
    width: int


CUTS = {
    "mail": Cut("mail", (0, 362, 320, 362 + HEIGHT), 320),
    "phone": Cut("phone-credential", (0, 120, 320, 120 + HEIGHT), 320),
    "desk": Cut("desk-person", (130, 0, 900, 1027), 480),
}


def main() -> None:
    """Cut every picture."""
    KEPT.mkdir(exist_ok=True)
    for name, cut in CUTS.items():
        with Image.open(MADE / f"{cut.page}.png") as page:
            part = page.convert("RGB").crop(cut.box)
        height = part.height * cut.width // part.width
        small = part.resize((cut.width, height), Image.Resampling.LANCZOS).quantize(COLOURS)
        small.save(KEPT / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
