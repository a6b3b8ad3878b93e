"""Opens a stranger's picture as grey on white, its memory bounded before it is unpacked.

A few kilobytes can claim any size, and formats differ in what unpacking costs: a progressive
JPEG keeps every coefficient, WebP four copies of the canvas. So bytes are reckoned from what
the head says, and a picture that would take more than ``MAX_MEMORY`` isn't unpacked.
"""

from __future__ import annotations

import io
import math
import warnings
from typing import TYPE_CHECKING

from ikd.adapters.qrimage.slimming import coefficients, slim
from ikd.core.errors import InputError, PortError

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
MAX_BYTES = 32 * 2**20
MAX_MEMORY = 104 * 2**20
"""Bytes at the peak of unpacking, the file included; with the search below 128 MiB."""
MAX_GREY = 16_000_000
"""Pixels of what comes out; a larger picture comes out smaller."""
MAX_PIXELS = 64_000_000
"""What cameras of phones take; a JPEG is unpacked at a half, a quarter or an eighth."""
_SMALL = {"1": 1, "L": 1, "P": 1, "I;16": 2}  # bytes a pixel; four in every other mode
_COPIES = {"WEBP": 4, "TIFF": 2}  # how often the file itself is there, with what it holds beside
_CANVASES = {"WEBP": 12, "TIFF": 4}  # measured: what the format's own library takes besides


def open_picture(data: bytes) -> Image:
    """Return a picture in grey, what was transparent in it on white.

    Raises:
        InputError: No picture, or it would take too much memory (``qr.picture``).
        PortError: Pillow isn't installed (``qr.missing``).
    """
    try:
        from PIL import Image as pillow  # noqa: N813 - its class of that name is the type here
    except ImportError as error:
        raise missing() from error
    if type(data) is not bytes or not 0 < len(data) <= MAX_BYTES // (1 + data.startswith(b"RIFF")):
        raise InputError("qr.picture", "a picture has at most 32 MiB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on odd files; what counts is checked here
            seen = slim(data)
            picture = pillow.open(io.BytesIO(seen), formats=FORMATS)
            grey = _grey(picture) if _fits(picture, data, seen) else None
    except Exception as error:
        raise InputError("qr.picture", "no picture that can be read") from error
    if grey is None:
        raise InputError("qr.picture", "it would take too much memory; save it smaller")
    return grey


def missing() -> PortError:
    """Return what is raised where a library for pictures isn't installed."""
    needs = "pictures need zxing-cpp and Pillow: pip install 'ikd[scan]'"
    return PortError("qr.missing", needs, port="qr")


def _fits(picture: Image, data: bytes, seen: bytes) -> bool:
    """Return whether unpacking stays within bounds; a JPEG is set to come out smaller."""
    if picture.width * picture.height > MAX_PIXELS or not _tiles_fit(picture):
        return False
    kept = len(data) * _COPIES.get(picture.format or "", 1) + (seen is not data) * len(seen)
    if picture.format == "JPEG":
        kept += coefficients(seen)
        _shrink(picture)
    return _unpacked(picture) + kept <= MAX_MEMORY


def _unpacked(picture: Image) -> int:
    own = _SMALL.get(picture.mode, 4)
    cost = own + _CANVASES.get(picture.format or "", 0) + 1
    if picture.has_transparency_data:
        cost += 2 if picture.mode in ("RGBA", "LA") else 6
    elif picture.mode not in (*_SMALL, "RGB"):
        cost += 4  # goes by way of RGB
    return picture.width * picture.height * cost


def _tiles_fit(picture: Image) -> bool:
    """Return whether a TIFF's tiles are no larger than it is, give or take one."""
    tags = getattr(picture, "tag_v2", {})
    return int(tags.get(322, 0)) * int(tags.get(323, 0)) <= MAX_GREY


def _shrink(picture: Image) -> None:
    """Let a JPEG come out at the first of a whole, a half, a quarter that isn't too large."""
    cost = 2 if picture.mode in ("L", "RGB") else 9  # without its colours, if it can be
    most = min(MAX_GREY, MAX_MEMORY // cost)
    pixels = picture.width * picture.height
    scale = next(scale for scale in (1, 2, 4, 8) if pixels <= most * scale**2)
    picture.draft("L", (picture.width // scale, picture.height // scale))


def _grey(picture: Image) -> Image:
    if picture.has_transparency_data:
        if picture.mode not in ("RGBA", "LA"):
            picture = picture.convert("RGBA")
        alpha, grey = picture.getchannel("A"), picture.convert("L")
        on_white = grey.point([255] * 256)
        on_white.paste(grey, mask=alpha)
    else:
        on_white = picture.convert("L")
    factor = math.ceil(math.sqrt(on_white.width * on_white.height / MAX_GREY))
    return on_white.reduce(factor) if factor > 1 else on_white
