"""Reads QR symbols from pictures: photos of screens and papers, scans, screenshots."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ikd.adapters.qrimage.picture import missing, open_picture
from ikd.core.errors import InputError

if TYPE_CHECKING:
    from PIL.Image import Image

_TILE = 1100  # pixels of an edge
_STEP = 500  # so that a symbol of up to 600 pixels lies whole in some tile
_SECONDS = 0.4
"""Of processor time after which no further tile is searched. A wall of finder patterns makes the
search grow with the square of their number: one tile of it takes half a second, a whole
picture minutes. Large symbols come first, and any photo is through long before."""


def read_picture(data: bytes) -> tuple[str, ...]:
    """Return the texts of all QR symbols in a picture, in no particular order.

    Args:
        data: The picture as a file holds it: PNG, JPEG, WebP, BMP, GIF or TIFF.

    Raises:
        InputError: No such picture, or it would take too much memory (``qr.picture``).
        PortError: zxing-cpp or Pillow isn't installed (``qr.missing``).
    """
    try:
        import zxingcpp
    except ImportError as error:
        raise missing() from error
    picture, reader = open_picture(data), _reader(zxingcpp)
    found: dict[str, None] = {}
    begun = time.thread_time()
    try:
        for tile in _tiles(picture):
            found.update(dict.fromkeys(one.text for one in reader(tile) if one.text))
            if time.thread_time() - begun > _SECONDS:
                break
    except Exception as error:
        raise InputError("qr.picture", "the picture can't be searched") from error
    return tuple(found)


def _reader(library: ModuleType) -> Any:  # noqa: ANN401 - its types differ from version to version
    return lambda picture: library.read_barcodes(picture, formats=library.BarcodeFormat.QRCode)


def _tiles(picture: Image) -> Iterator[Image]:
    """Yield the picture as small as one tile, then twice as large in tiles, and so on."""
    levels = math.ceil(math.log2(max(1, *(edge / _TILE for edge in picture.size))))
    for level in range(levels, -1, -1):
        seen = picture.reduce(1 << level) if level else picture
        for top in _places(seen.height):
            for left in _places(seen.width):
                right, bottom = (min(at + _TILE, edge) for at, edge in
                                 ((left, seen.width), (top, seen.height)))  # fmt: skip
                yield seen.crop((left, top, right, bottom))


def _places(edge: int) -> range:
    """Return where tiles along *edge* begin; the last reaches its end."""
    return range(0, max(1, edge - _TILE + _STEP), _STEP)
