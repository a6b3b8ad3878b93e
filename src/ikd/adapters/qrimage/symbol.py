"""Draws QR symbols and tells how well one can be scanned.

The level asked for is the level drawn (no silent boost), and every picture carries the quiet
zone of four modules that ISO/IEC 18004 demands: most "bad cameras" are missing margins.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

import attrs

from ikd.adapters.qrimage.caption import below_png, checked_caption
from ikd.core.errors import InputError, PortError

if TYPE_CHECKING:
    import segno

QUIET = 4  # modules, ISO/IEC 18004
LEVELS = ("l", "m", "q", "h")  # correct about 7, 15, 25 and 30 percent
_PIXELS_A_MODULE = 2.8  # measured: turned by 8 degrees, blurred, noisy; versions 5 to 24
_CAPTION = 5  # modules that a line of caption takes
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


@attrs.frozen(kw_only=True)
class Scannability:
    """How large a text becomes as a symbol.

    Attributes:
        characters: Length of the text.
        versions: Version of the symbol (1 to 40) by level ``L``, ``M``, ``Q``, ``H``; ``None``
            where the text doesn't fit.
        modules: Modules along an edge at level M, without the quiet zone; ``None`` where it
            doesn't fit.
        camera_pixels: Pixels of the camera's picture that the edge should cover at level M,
            so that a slightly turned, blurred and noisy picture still decodes.
    """

    characters: int
    versions: Mapping[str, int | None]
    modules: int | None
    camera_pixels: int | None


def svg(text: str, *, caption: str | None = None, error: str = "m") -> str:
    """Return a symbol of *text* as SVG, one unit a module, with *caption* below it.

    Raises:
        InputError: *text* is empty or too long (``qr.text``), *error* no level (``qr.level``), or
            *caption* no line (``qr.caption``).
        PortError: segno isn't installed (``qr.missing``).
    """
    caption = checked_caption(caption)
    rows = _rows(text, error)
    width = len(rows)
    height = width + (_CAPTION if caption else 0)
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on
    )
    label = (
        f'<text x="{width / 2}" y="{width + 1}" font-size="3" font-family="sans-serif" '
        f'text-anchor="middle">{escape(caption)}</text>'
        if caption
        else ""
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{width}v{height}h-{width}z"/>'
        f'<path d="{dark}"/>{label}</svg>'
    )


def png(text: str, *, caption: str | None = None, scale: int = 8, error: str = "m") -> bytes:
    """Return a symbol of *text* as PNG, *scale* pixels a module, with *caption* below it.

    Raises:
        InputError: As ``svg``; also a *scale* outside 1 to 100 (``qr.scale``).
        PortError: segno isn't installed, or Pillow for a caption (``qr.missing``).
    """
    caption = checked_caption(caption)
    if type(scale) is not int or not 1 <= scale <= 100:
        raise InputError("qr.scale", "a scale is from 1 to 100")
    picture = io.BytesIO()
    _symbol(text, error).save(picture, kind="png", scale=scale, border=QUIET)
    data = picture.getvalue()
    return data if caption is None else below_png(data, caption, line=_CAPTION * scale)


def terminal(text: str, *, caption: str | None = None, error: str = "m", dark: bool = True) -> str:
    """Return a symbol of *text* in half blocks, two modules a character, *caption* below it.

    Args:
        text: What it holds.
        caption: A line in the middle below the symbol.
        error: Level of correction.
        dark: Whether the terminal shows light characters on a dark ground; what is printed
            is the light part of the symbol there, and the dark part otherwise.

    Raises:
        InputError: As ``svg``.
        PortError: segno isn't installed (``qr.missing``).
    """
    caption = checked_caption(caption)
    rows = [[on is not dark for on in row] for row in _rows(text, error)]
    rows.append([False] * len(rows[0]))  # a symbol is odd: the last lower half stays ground
    lines = zip(rows[::2], rows[1::2], strict=True)
    drawn = ["".join(_HALVES[pair] for pair in zip(*two, strict=True)) for two in lines]
    return "\n".join([*drawn, *([caption.center(len(drawn[0])).rstrip()] if caption else [])])


def report(text: str) -> Scannability:
    """Return how large *text* becomes at each level of correction.

    Raises:
        InputError: *text* is empty, or too long for level L (``qr.text``).
        PortError: segno isn't installed (``qr.missing``).
    """
    versions = {level.upper(): _version(text, level) for level in LEVELS}
    if versions["L"] is None:
        raise InputError("qr.text", "the text is empty or too long for a QR symbol")
    version = versions["M"]
    modules = None if version is None else 17 + 4 * version  # ISO/IEC 18004
    pixels = None if modules is None else -(-int(modules * _PIXELS_A_MODULE + 0.5) // 10) * 10
    return Scannability(
        characters=len(text), versions=versions, modules=modules, camera_pixels=pixels
    )


def _version(text: str, level: str) -> int | None:
    try:
        return int(
            _symbol(text, level, mask=0).version
        )  # the mask is no matter: choosing one is slow
    except InputError:
        return None


def _rows(text: str, error: str) -> list[list[bool]]:
    """Return the symbol with its quiet zone; ``True`` is dark."""
    return [[bool(on) for on in row] for row in _symbol(text, error).matrix_iter(border=QUIET)]


def _symbol(text: str, error: str, mask: int | None = None) -> segno.QRCode:
    try:
        import segno
    except ImportError:
        segno = None  # type: ignore[assignment]
    if segno is None:
        raise PortError("qr.missing", "QR pictures need: pip install 'ikd[qr]'", port="qr")
    if error not in LEVELS:
        raise InputError("qr.level", "a level is l, m, q or h")
    if isinstance(text, str) and text:
        with contextlib.suppress(ValueError):  # too long, or a lone surrogate
            return segno.make_qr(text, error=error, mask=mask, boost_error=False)
    # Raised out here and without the text: it may be a token.
    raise InputError("qr.text", "the text is empty or too long for a QR symbol")
