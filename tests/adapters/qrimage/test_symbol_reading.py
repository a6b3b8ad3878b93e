"""Pictures in, texts out; no picture makes anything but an error of ours."""

import builtins
import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ikd.adapters.qrimage import png, read_picture, symbol_reading
from ikd.core.errors import InputError, PortError

PICTURE = png("HELLO")
TOKEN = "6BFOXN%TS3DHPVO13J /G-/2YRVA.Q/R8PT9" * 6


def saved(picture: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    second = {"save_all": True, "append_images": [Image.new("L", (80, 60), 200)]}
    picture.save(file, kind, **(second if kind == "MPO" else {}))
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_a_symbol_is_read_from_every_kind_of_picture(kind):
    with Image.open(io.BytesIO(png(TOKEN))) as picture:
        assert read_picture(saved(picture.convert("RGB"), kind)) == (TOKEN,)


def test_a_turned_photo_is_read():
    with Image.open(io.BytesIO(png(TOKEN))) as picture:
        turned = picture.convert("L").rotate(8, expand=True, fillcolor=255)
        assert read_picture(saved(turned, "JPEG")) == (TOKEN,)


def test_a_picture_without_a_symbol_has_no_text():
    assert read_picture(saved(Image.new("L", (50, 50), 255), "PNG")) == ()


def test_all_symbols_of_a_picture_are_found():
    whole = Image.new("L", (2000, 1000), 255)
    for place, text in enumerate(("HELLO", TOKEN)):
        with Image.open(io.BytesIO(png(text))) as picture:
            whole.paste(picture.convert("L"), (place * 1000 + 50, 50))
    assert set(read_picture(saved(whole, "PNG"))) == {"HELLO", TOKEN}


@pytest.mark.parametrize("data", [b"", b"text", b"\x89PNG\r\n\x1a\n", b"x" * (32 * 2**20 + 1), "x"])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(InputError, match=r"qr\.picture"):
        read_picture(data)


@pytest.mark.parametrize(
    ("kind", "mode", "size"),
    [
        ("PNG", "RGB", (5000, 5000)),
        ("PNG", "L", (8001, 8000)),
        ("GIF", "L", (8001, 8000)),
        ("WEBP", "L", (3000, 3000)),
        ("JPEG", "L", (8001, 8000)),
        ("MPO", "L", (8001, 8000)),
    ],
)
def test_a_giant_is_refused_before_it_is_unpacked(monkeypatch, kind, mode, size):
    """A few kilobytes of PNG can claim fifty megapixels, or any size."""
    data = saved(Image.new(mode, size), kind)
    assert len(data) < 1_000_000
    unpacked = []
    monkeypatch.setattr(Image.Image, "convert", lambda *_: unpacked.append(1))
    monkeypatch.setattr(Image.Image, "load", lambda *_: unpacked.append(1))
    with pytest.raises(InputError, match="too much memory"):
        read_picture(data)
    assert unpacked == []


@pytest.fixture(scope="module")
def photo():
    """What the cameras of phones take today, with the code somewhere in it."""
    photo = Image.new("L", (8000, 6250), 200)
    with Image.open(io.BytesIO(png(TOKEN))) as symbol:
        photo.paste(symbol.convert("L"), (3000, 2000))
    return photo


def test_a_photo_of_fifty_megapixels_is_read(photo):
    assert read_picture(saved(photo, "JPEG")) == (TOKEN,)


def test_one_with_a_second_picture_inside_is_as_good(photo):
    """Phones add a small one, or one for depth or brightness: a multi-picture JPEG."""
    data = saved(photo, "MPO")
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "MPO"
    assert read_picture(data) == (TOKEN,)


@given(st.binary(max_size=400), st.integers(0, 60))
def test_a_damaged_picture_is_refused_or_read(noise, place):
    whole = png("HELLO", scale=2)
    data = whole[:place] + noise + whole[place + len(noise) :]
    with contextlib.suppress(InputError):
        assert set(read_picture(data)) <= {"HELLO"}


def test_a_reader_that_fails_is_an_error_of_ours(monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(symbol_reading, "_reader", lambda _: broken)
    with pytest.raises(InputError, match=r"qr\.picture"):
        read_picture(PICTURE)


@pytest.mark.parametrize("library", ["zxingcpp", "PIL"])
def test_a_missing_library_says_what_to_install(monkeypatch, library):
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == library:
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PortError, match="zxing-cpp"):
        read_picture(PICTURE)
