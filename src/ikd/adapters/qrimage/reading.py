"""Reads QR symbols from pictures: photos of screens and papers, scans, screenshots."""

from __future__ import annotations

import io
import warnings
from typing import Any

from ikd.core.errors import InputError, PortError

MAX_BYTES = 32 * 2**20
MAX_PIXELS = {"JPEG": 64_000_000, "MPO": 64_000_000}
"""What cameras of phones take; MPO is Pillow's word for a JPEG with a second picture inside.
Other kinds come from screens and scanners and hold a flat wall of any size in a few kilobytes,
which unpacks into hundreds of megabytes."""
MOST_PIXELS = 36_000_000
"""Of every other kind: A4 at 600 dots an inch, 35 million."""
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")


def read_picture(data: bytes) -> tuple[str, ...]:
    """Return the texts of all QR symbols in a picture, in no particular order.

    Args:
        data: The picture as a file holds it: PNG, JPEG, WebP, BMP, GIF or TIFF.

    Raises:
        InputError: No such picture, or too large (``qr.picture``).
        PortError: zxing-cpp or Pillow isn't installed (``qr.missing``).
    """
    try:
        import zxingcpp
    except ImportError as error:
        raise _missing() from error
    picture, reader = open_picture(data), _reader(zxingcpp)
    try:
        found = reader(picture)
    except Exception as error:
        raise InputError("qr.picture", "the picture can't be searched") from error
    return tuple(dict.fromkeys(one.text for one in found if one.text))


def open_picture(data: bytes) -> Any:  # noqa: ANN401 - Pillow's picture
    """Return a picture in grey, unpacked only after its size is known.

    Raises:
        InputError: No picture, or too large (``qr.picture``).
        PortError: Pillow isn't installed (``qr.missing``).
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise _missing() from error
    return _opened(Image, data)


def _missing() -> PortError:
    needs = "pictures need zxing-cpp and Pillow: pip install 'ikd[scan]'"
    return PortError("qr.missing", needs, port="qr")


def _reader(library: Any) -> Any:  # noqa: ANN401 - its types differ from version to version
    return lambda picture: library.read_barcodes(picture, formats=library.BarcodeFormat.QRCode)


def _opened(library: Any, data: bytes) -> Any:  # noqa: ANN401 - Pillow's module and its picture
    if type(data) is not bytes or not 0 < len(data) <= MAX_BYTES:
        raise InputError("qr.picture", "a picture has at most 32 MiB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on odd files; what counts is checked here
            picture = library.open(io.BytesIO(data), formats=FORMATS)
            # Known before anything is unpacked: a few bytes can claim a gigapixel.
            most = MAX_PIXELS.get(picture.format, MOST_PIXELS)
            small = picture.width * picture.height <= most
            picture.draft("L", picture.size)  # a JPEG is unpacked without its colours
            grey = picture.convert("L") if small else None
    except Exception as error:
        raise InputError("qr.picture", "no picture that can be read") from error
    if grey is None:
        raise InputError("qr.picture", f"such a picture has at most {most:,} pixels")
    return grey
