"""Words below a QR symbol: what it is for, so that nobody scans one for another."""

from __future__ import annotations

import io

from ikd.core.errors import InputError, PortError

MAX_CAPTION = 80  # characters, one line


def checked_caption(caption: str | None) -> str | None:
    """Return *caption*, a line that can be drawn, or ``None``.

    Raises:
        InputError: It is empty, too long or more than a line (``qr.caption``).
    """
    if caption is None:
        return None
    if type(caption) is str and 0 < len(caption) <= MAX_CAPTION and caption.isprintable():
        return caption
    raise InputError("qr.caption", "one line of 1 to 80 characters")


def below_png(data: bytes, caption: str, *, line: int) -> bytes:
    """Return the PNG *data* with *caption* below it.

    Args:
        data: A PNG.
        caption: One line; one that is wider than the picture is drawn smaller.
        line: Height of the line in pixels.

    Raises:
        PortError: Pillow isn't installed (``qr.missing``).
    """
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ImportError:
        Image = None  # type: ignore[assignment]  # noqa: N806
    if Image is None:
        raise PortError("qr.missing", "words in a PNG need: pip install 'ikd[scan]'", port="qr")
    with Image.open(io.BytesIO(data)) as symbol:
        whole = Image.new("L", (symbol.width, symbol.height + line), 255)
        whole.paste(symbol.convert("L"), (0, 0))
    middle = (whole.width / 2, whole.height - line / 2)
    usual = ImageFont.load_default(line * 0.6)
    share = whole.width * 0.95 / usual.getlength(caption)
    font = usual if share >= 1 else ImageFont.load_default(line * 0.6 * share)
    ImageDraw.Draw(whole).text(middle, caption, fill=0, font=font, anchor="mm")
    made = io.BytesIO()
    whole.save(made, "PNG")
    return made.getvalue()
