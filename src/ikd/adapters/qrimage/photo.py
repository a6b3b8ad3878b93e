"""Makes a portrait small enough for a QR symbol."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ikd.adapters.qrimage.picture import open_picture
from ikd.core.errors import InputError

if TYPE_CHECKING:
    from PIL.Image import Image

WEBP = 4
"""The format's number in claim 169."""

PHOTO_BYTES = 540
"""With as much a credential stays within QR version 22 at level L, for a name of 64 letters
too: the largest that is read from a card (the cap of SMART Health Cards, 40 mm wide)."""

_EDGES = (96, 80, 64, 56, 48, 40, 32)  # pixels; below that a face is nobody's
_QUALITIES = (60, 45, 30, 20, 10, 5)


def fit_photo(data: bytes, *, max_bytes: int = PHOTO_BYTES) -> tuple[bytes, int]:
    """Return a grey portrait of at most *max_bytes* bytes, and its format in claim 169.

    The largest edge comes first, then the best quality that fits. A claim holds 1,024 bytes.

    Args:
        data: A picture as ``read_picture`` takes it; what is in the middle is kept.
        max_bytes: How many bytes it may have, 100 to 1,024.

    Raises:
        InputError: No picture (``qr.picture``), a budget that is none (``qr.budget``), or no
            size of it fits (``qr.photo``).
        PortError: Pillow isn't installed (``qr.missing``).
    """
    if type(max_bytes) is not int or not 100 <= max_bytes <= 1024:
        raise InputError("qr.budget", "a photo has 100 to 1,024 bytes")
    square = _square(open_picture(data))
    for made in _tries(square):
        if len(made) <= max_bytes:
            return made, WEBP
    raise InputError("qr.photo", "no size of this picture fits")


def _square(picture: Image) -> Image:
    edge = min(picture.size)
    left, top = (picture.width - edge) // 2, (picture.height - edge) // 2
    return picture.crop((left, top, left + edge, top + edge))


def _tries(square: Image) -> Iterator[bytes]:
    for edge in _EDGES:
        small = square.resize((edge, edge))
        for quality in _QUALITIES:
            file = io.BytesIO()
            small.save(file, "WEBP", quality=quality, method=6)
            yield file.getvalue()
