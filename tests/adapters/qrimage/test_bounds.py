"""What a stranger's picture may cost: 128 MiB, measured in a process of its own, and few tiles.

The second of processor time that it may take is measured by ``tools/bench/pictures.py``.
"""

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from ikd.adapters.qrimage import png, read_picture, symbol_reading
from ikd.adapters.qrimage.slimming import coefficients, slim
from ikd.core.errors import InputError

TOKEN = "6BFOXN%TS3DHPVO13J /G-/2YRVA.Q/R8PT9" * 6
READER = Path(__file__).with_name("pictures.py")
MOST_MIB = 128


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def cost(tmp_path: Path, data: bytes) -> tuple[float, float, int]:
    path = tmp_path / "picture"
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, str(READER), str(path)], capture_output=True, text=True, check=True
    )
    memory, seconds, found = done.stdout.split()
    return float(memory), float(seconds), int(found)


def flat(mode: str, edge: int, kind: str, **options: object) -> Callable[[], bytes]:
    return lambda: saved(Image.new(mode, (edge, edge)), kind, **options)


FINDER = ("1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111")


def finders(edge: int, scale: int, gap: int) -> bytes:
    """A wall of the patterns that a reader of QR looks for: the search grows with its square."""
    size = (7 + gap) * scale
    tile = Image.new("1", (size, size), 1)
    for y, row in enumerate(FINDER):
        for x, sign in enumerate(row):
            if sign == "1":
                tile.paste(0, (x * scale, y * scale, (x + 1) * scale, (y + 1) * scale))
    wall = Image.new("1", (edge, edge), 1)
    for x in range(0, edge, size):
        wall.paste(tile, (x, 0))
    strip = wall.crop((0, 0, edge, size))
    for y in range(0, edge, size):
        wall.paste(strip, (0, y))
    return saved(wall, "PNG")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_texts(place: int) -> bytes:
    """Sixty texts of a megabyte each, packed into a hundred kilobytes."""
    whole = saved(Image.new("L", (6000, 6000), 255), "PNG")
    texts = b"".join(
        chunk(b"zTXt", b"k%d\0\0" % number + zlib.compress(bytes(1_040_000), 9))
        for number in range(60)
    )
    return whole[:place] + texts + whole[place:]


def with_segments(marker: int, begin: bytes) -> bytes:
    """Thirty megabytes of segments before the picture."""
    whole = saved(Image.new("CMYK", (4000, 4000)), "JPEG", quality=1)
    body = (begin + bytes(65533))[:65533]
    segment = bytes((0xFF, marker)) + struct.pack(">H", 65535) + body
    return whole[:2] + segment * 450 + whole[2:]


def many_scans() -> bytes:
    """A progressive JPEG whose last scan comes four thousand times."""
    whole = saved(Image.new("L", (4000, 4000)), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * 4000 + whole[-2:]


HOSTILE: dict[str, Callable[[], bytes]] = {
    "CMYK JPEG of 64 megapixels": flat("CMYK", 8000, "JPEG"),
    "progressive CMYK JPEG": flat("CMYK", 8000, "JPEG", progressive=True),
    "progressive RGB JPEG": flat("RGB", 8000, "JPEG", progressive=True),
    "largest progressive JPEG": flat("RGB", 4000, "JPEG", progressive=True),
    "RGB JPEG": flat("RGB", 8000, "JPEG"),
    "grey PNG": flat("L", 6000, "PNG"),
    "largest grey PNG": flat("L", 7200, "PNG"),
    "RGB PNG": flat("RGB", 6000, "PNG"),
    "largest RGB PNG": flat("RGB", 4600, "PNG"),
    "largest RGBA PNG": flat("RGBA", 3900, "PNG"),
    "PNG with one transparent colour": flat("RGB", 3100, "PNG", transparency=(0, 0, 0)),
    "PNG of a palette with transparency": flat("P", 3600, "PNG", transparency=0),
    "16-bit PNG": flat("I;16", 4000, "PNG"),
    "WebP of 36 megapixels": flat("RGB", 6000, "WEBP", lossless=True),
    "largest WebP": flat("RGB", 2530, "WEBP", lossless=True),
    "largest transparent WebP": flat("RGBA", 2390, "WEBP", lossless=True),
    "TIFF of one strip": flat("RGB", 3400, "TIFF", compression="tiff_adobe_deflate",
                              tiffinfo={278: 3400}),
    "CMYK TIFF": flat("CMYK", 2800, "TIFF", compression="tiff_lzw"),
    "TIFF of numbers": flat("F", 6000, "TIFF", compression="tiff_adobe_deflate"),
    "TIFF of one vast tile": flat("L", 64, "TIFF", compression="tiff_adobe_deflate",
                                  tiffinfo={322: 30000, 323: 30000}),
    "GIF": flat("L", 7000, "GIF"),
    "BMP": flat("L", 5500, "BMP"),
    "texts before the picture": lambda: with_texts(33),
    "texts behind the picture": lambda: with_texts(-12),
    "segments of Exif": lambda: with_segments(0xE1, b"Exif\0\0"),
    "segments of a colour profile": lambda: with_segments(0xE2, b"ICC_PROFILE\0"),
    "other segments": lambda: with_segments(0xE4, b""),
    "thousands of scans": many_scans,
    "finder patterns, a pixel a module": lambda: finders(6000, 1, 1),
    "finder patterns, two pixels": lambda: finders(6000, 2, 1),
    "finder patterns, three pixels": lambda: finders(6000, 3, 2),
    "finder patterns on one tile": lambda: finders(1100, 1, 1),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_no_picture_takes_more_than_it_may(tmp_path, name):
    memory, _, found = cost(tmp_path, HOSTILE[name]())
    assert memory < MOST_MIB
    assert found <= 0


def test_thousands_of_scans_are_not_gone_through():
    with pytest.raises(InputError, match="too many"):
        slim(many_scans())


def test_a_search_that_takes_long_ends_after_a_tile(monkeypatch):
    """Of fifty and more, each of which could take half a second."""
    tiles: list[tuple[int, int]] = []
    clock = iter(range(1000))
    monkeypatch.setattr(symbol_reading.time, "thread_time", lambda: next(clock) * 0.3)
    monkeypatch.setattr(
        symbol_reading, "_reader", lambda _: lambda tile: tiles.append(tile.size) or ()
    )
    assert read_picture(saved(Image.new("L", (4000, 4000)), "PNG")) == ()
    assert len(tiles) == 2
    tiles.clear()
    monkeypatch.setattr(symbol_reading.time, "thread_time", lambda: 0.0)
    assert read_picture(saved(Image.new("L", (4000, 4000)), "PNG")) == ()
    assert len(tiles) > 50
    assert {(1000, 1000), (1100, 1100)} <= set(tiles)


@pytest.mark.slow
def test_the_measure_sees_what_it_should(tmp_path):
    """A picture that is read takes what it takes: else the bounds above would mean nothing."""
    memory, seconds, found = cost(tmp_path, flat("L", 6000, "PNG")())
    assert (memory > 36, seconds > 0, found) == (True, True, 0)
    assert cost(tmp_path, png(TOKEN))[2] == 1


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB"])
def test_what_is_transparent_is_read_on_white(mode):
    """Most programs that cut a code out leave black behind what isn't seen."""
    with Image.open(io.BytesIO(png(TOKEN))) as picture:
        dark = picture.convert("L").point(lambda light: 255 - light)
    ink = Image.new("L", dark.size, 0)
    if mode in ("RGBA", "LA"):
        drawn = Image.merge("LA", (ink, dark)).convert(mode)
        data = saved(drawn, "PNG")
    else:
        black = dark.point(lambda level: 1 if level > 127 else 0)
        drawn = Image.new(mode, dark.size)
        if mode == "P":
            drawn = Image.frombytes("P", dark.size, black.tobytes())
            drawn.putpalette([0, 0, 0, 0, 0, 0] + [0] * 762)
            data = saved(drawn, "PNG", transparency=0)
        else:
            drawn.paste((1, 1, 1), mask=dark)
            data = saved(drawn, "PNG", transparency=(0, 0, 0))
    assert read_picture(data) == (TOKEN,)


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "TIFF"])
def test_other_formats_have_transparency_too(kind):
    with Image.open(io.BytesIO(png(TOKEN))) as picture:
        dark = picture.convert("L").point(lambda light: 255 - light)
    drawn = Image.merge("LA", (Image.new("L", dark.size, 0), dark)).convert("RGBA")
    assert read_picture(saved(drawn, kind, **({"lossless": True} if kind == "WEBP" else {}))) == (
        TOKEN,
    )


@pytest.mark.parametrize(
    ("edge", "at"), [(3000, (40, 60)), (3000, (2300, 2450)), (3900, (1700, 900))]
)
@pytest.mark.parametrize("scale", [3, 6])
def test_a_code_is_found_wherever_it_lies(edge, at, scale):
    whole = Image.new("L", (edge, edge), 210)
    with Image.open(io.BytesIO(png(TOKEN, scale=scale))) as picture:
        whole.paste(picture.convert("L"), at)
    assert read_picture(saved(whole, "JPEG", quality=85)) == (TOKEN,)


def test_of_two_codes_a_small_one_is_found_beside_a_large_one():
    """Else somebody could hold a good code beside a bad one, and the reader picks."""
    whole = Image.new("L", (4000, 3900), 255)
    for text, scale, at in ((TOKEN, 40, (0, 0)), ("HELLO", 4, (3700, 3700))):
        with Image.open(io.BytesIO(png(text, scale=scale))) as picture:
            whole.paste(picture.convert("L"), at)
    assert set(read_picture(saved(whole, "PNG"))) == {TOKEN, "HELLO"}


def test_what_nobody_sees_is_taken_out_and_the_rest_stays():
    with Image.open(io.BytesIO(png(TOKEN))) as picture:
        plain = picture.convert("RGB")
    for kind, options in (("PNG", {"icc_profile": bytes(999)}), ("JPEG", {"comment": b"x" * 999})):
        data = saved(plain, kind, exif=b"Exif\0\0" + bytes(999), **options)
        seen = slim(data)
        assert len(seen) < len(data) - 1000
        with Image.open(io.BytesIO(seen)) as found, Image.open(io.BytesIO(data)) as given:
            assert found.tobytes() == given.tobytes()
    assert slim(b"GIF89a") == b"GIF89a"


def test_the_colours_of_a_cmyk_jpeg_stay_what_they_are():
    data = saved(Image.new("CMYK", (64, 64), (10, 20, 30, 40)), "JPEG")
    with Image.open(io.BytesIO(slim(data))) as found, Image.open(io.BytesIO(data)) as given:
        assert found.tobytes() == given.tobytes()


@pytest.mark.parametrize(
    ("mode", "options", "share"),
    [
        ("RGB", {"progressive": True, "subsampling": 0}, 6),
        ("RGB", {"progressive": True, "subsampling": 2}, 3),
        ("L", {"progressive": True}, 2),
        ("RGB", {}, 0),
        ("L", {}, 0),
    ],
)
def test_the_coefficients_of_several_scans_are_reckoned(mode, options, share):
    data = saved(Image.new(mode, (200, 100)), "JPEG", **options)
    assert coefficients(data) == 200 * 100 * share


def test_a_sequential_jpeg_whose_scans_are_apart_keeps_its_coefficients():
    data = saved(Image.new("RGB", (200, 100)), "JPEG", subsampling=0)
    scan = data.index(b"\xff\xda") + 4
    assert coefficients(data[:scan] + b"\x01" + data[scan + 1 :]) == 200 * 100 * 6


@pytest.mark.parametrize(
    "junk", [b"\0", b"\xff\xd8", b"\xff\xd0\0\x04xx", b"\xff\xe0\0\0", b"\xff"]
)
def test_a_jpeg_with_something_between_its_segments_is_refused(junk):
    """A library skips it, and reads on behind it what was to be taken out."""
    data = saved(Image.new("L", (64, 64)), "JPEG")
    with pytest.raises(InputError, match=r"qr\.picture"):
        slim(data[:2] + junk + data[2:])
    with pytest.raises(InputError, match=r"qr\.picture"):
        read_picture(data[:2] + junk + data[2:])
