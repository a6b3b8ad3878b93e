"""What is drawn is read again by an independent decoder."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ikd.adapters.qrimage import png, report, svg, terminal
from ikd.core.errors import InputError, PortError

TOKEN = "IKDR:" + "6BFOXN%TS3DHPVO13J /G-/2YRVA.Q/R8PT9" * 3
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def read(picture: Image.Image) -> str:
    [found] = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return found.text


def picture_of(rows: list[list[bool]], scale: int = 4) -> Image.Image:
    """A picture of rows of modules, ``True`` dark, without any margin of its own."""
    picture = Image.new("L", (len(rows[0]), len(rows)))
    picture.putdata([0 if on else 255 for row in rows for on in row])
    return picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST)


def looked_at(text: str, *, dark: bool) -> list[list[bool]]:
    """The modules that a camera sees on a terminal: ``True`` where it is dark."""
    return [
        [(char in half) is not dark for char in line]
        for line in text.split("\n")
        for half in ("▀█", "▄█")
    ]


@given(text=st.text(BASE45, min_size=1, max_size=300), error=st.sampled_from("lmqh"))
@settings(max_examples=20)
def test_a_png_is_read_again(text: str, error: str) -> None:
    with Image.open(io.BytesIO(png(text, scale=4, error=error))) as picture:
        assert read(picture) == text


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("text", [TOKEN, "https://ikd.example.id/a/x", "a", "é“"])
def test_a_terminal_drawing_is_read_again_on_its_ground(text: str, dark: bool) -> None:
    assert read(picture_of(looked_at(terminal(text, dark=dark), dark=dark))) == text


def test_a_terminal_drawing_keeps_the_quiet_zone() -> None:
    """On a dark ground a missing margin would run into the symbol."""
    rows = looked_at(terminal(TOKEN), dark=True)
    assert all(rows.pop())  # the lower half of the last line is the terminal's own ground
    edge = rows[:4] + rows[-4:] + [row[:4] + row[-4:] for row in rows]
    assert not any(module for row in edge for module in row)
    assert len(rows) == len(rows[0])


def test_a_terminal_drawing_is_square_lines_without_escapes() -> None:
    lines = terminal(TOKEN).split("\n")
    assert {len(line) for line in lines} == {len(lines[0])}
    assert set("".join(lines)) <= set(" ▀▄█")


def rasterised(text: str) -> Image.Image:
    """Draws the two paths and nothing else of an SVG that ``svg`` made."""
    root = ET.fromstring(text)
    width, height = (int(float(one)) for one in root.attrib["viewBox"].split()[2:])
    rows = [[False] * width for _ in range(height)]
    ground, modules = root.findall("{http://www.w3.org/2000/svg}path")
    assert ground.attrib == {"fill": "#fff", "d": f"M0 0h{width}v{height}h-{width}z"}
    for x, y in re.findall(r"M([0-9]+) ([0-9]+)h1v1h-1z", modules.attrib["d"]):
        rows[int(y)][int(x)] = True
    return picture_of(rows)


@given(text=st.text(BASE45, min_size=1, max_size=300))
@settings(max_examples=10)
def test_an_svg_is_read_again(text: str) -> None:
    assert read(rasterised(svg(text))) == text
    assert read(rasterised(svg(text, caption="Kode periksa 4F7K"))) == text


def test_a_caption_stands_below_and_is_escaped() -> None:
    root = ET.fromstring(svg(TOKEN, caption='<script>"&'))
    [label] = root.findall("{http://www.w3.org/2000/svg}text")
    width, height = (int(one) for one in root.attrib["viewBox"].split()[2:])
    assert label.text == '<script>"&'
    assert width < float(label.attrib["y"]) < height
    assert "<text" not in svg(TOKEN)


@pytest.mark.parametrize("scale", [1, 4, 8])
@pytest.mark.parametrize(
    "caption", ["IKD", "Kode periksa 4711: cocokkan dengan layar petugas", "W" * 80]
)
def test_a_caption_stands_below_a_png_which_is_read_as_before(scale: int, caption: str) -> None:
    plain = png(TOKEN, scale=scale)
    with (
        Image.open(io.BytesIO(plain)) as bare,
        Image.open(io.BytesIO(png(TOKEN, scale=scale, caption=caption))) as said,
    ):
        assert said.size == (bare.width, bare.height + 5 * scale)
        above = said.crop((0, 0, bare.width, bare.height))
        assert above.tobytes() == bare.convert("L").tobytes()
        below = said.crop((0, bare.height, bare.width, said.height))
        assert below.getextrema()[0] < 200 or scale == 1
        assert {below.getpixel((0, y)) for y in range(below.height)} == {255}
        if scale > 1:
            assert read(said) == TOKEN


def test_a_caption_stands_in_the_middle_below_a_terminals_drawing() -> None:
    *drawn, last = terminal(TOKEN, caption="Kode 4711").split("\n")
    assert "\n".join(drawn) == terminal(TOKEN)
    assert last.strip() == "Kode 4711"
    assert abs(len(last) - len(last.lstrip()) - (len(drawn[0]) - 9) // 2) <= 1


@pytest.mark.parametrize("draw", [svg, png, terminal])
@pytest.mark.parametrize("caption", ["", "two\nlines", "a\0b", "A" * 81, 7])
def test_what_is_no_line_is_no_caption(draw, caption: object) -> None:
    with pytest.raises(InputError, match=r"qr\.caption"):
        draw(TOKEN, caption=caption)


def test_only_a_png_with_a_caption_needs_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert png(TOKEN)
    with pytest.raises(PortError, match=r"qr\.missing.*pip install 'ikd\[scan\]'") as caught:
        png(TOKEN, caption="IKD")
    assert caught.value.__context__ is None


def test_the_level_asked_for_is_the_level_drawn() -> None:
    for error in "lmqh":
        with Image.open(io.BytesIO(png("A", error=error))) as picture:
            [found] = zxingcpp.read_barcodes(picture)
        assert found.ec_level.lower() == error


def test_a_scale_sets_the_pixels_of_a_module() -> None:
    for scale in (1, 3):
        with Image.open(io.BytesIO(png("A", scale=scale))) as picture:
            assert picture.size == ((21 + 8) * scale, (21 + 8) * scale)


@pytest.mark.parametrize("scale", [0, 101, -1, True, 2.5, "8"])
def test_a_scale_out_of_range_is_refused(scale: int) -> None:
    with pytest.raises(InputError, match=r"qr\.scale"):
        png("A", scale=scale)


@pytest.mark.parametrize("draw", [svg, png, terminal, report])
@pytest.mark.parametrize("text", ["", "A" * 4_297, "a" * 2_954])
def test_a_text_that_fits_no_symbol_is_refused_and_not_told(draw, text: str) -> None:
    with pytest.raises(InputError, match=r"qr\.text") as caught:
        draw(text)
    assert "AAA" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_an_unknown_level_is_refused() -> None:
    for error in ("x", "", "M", "lm"):
        with pytest.raises(InputError, match=r"qr\.level"):
            svg("A", error=error)


def test_a_report_says_how_large_a_symbol_becomes() -> None:
    """The masked credential of 465 characters is 13-M, that of 665 is 17-M."""
    masked = report("A" * 465)
    assert masked.characters == 465
    assert masked.versions == {"L": 11, "M": 13, "Q": 16, "H": 19}
    assert masked.modules == 69
    assert masked.camera_pixels == 200
    assert report("A" * 665).versions["M"] == 17


def test_a_report_says_at_which_level_a_text_no_longer_fits() -> None:
    large = report("A" * 4_000)
    assert large.versions == {"L": 39, "M": None, "Q": None, "H": None}
    assert large.modules is None
    assert large.camera_pixels is None


def test_without_segno_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['segno'] = None\n"
        "from ikd.adapters.qrimage import png\n"
        "from ikd.core.errors import PortError\n"
        "try: png('A')\n"
        "except PortError as error: sys.exit(str(error))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "qr.missing: QR pictures need: pip install 'ikd[qr]'"


def test_a_missing_segno_is_a_port_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    with pytest.raises(PortError) as caught:
        svg("A")
    assert (caught.value.code, caught.value.port) == ("qr.missing", "qr")
    assert caught.value.__context__ is None


def test_importing_it_does_not_load_segno() -> None:
    code = "import sys, ikd.adapters.qrimage; sys.exit('segno' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
