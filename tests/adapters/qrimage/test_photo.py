"""Portraits for the profile with a photo: small, square, grey, and still a picture."""

import io
import random

import pytest
from PIL import Image, ImageDraw

from ikd.adapters.qrimage import fit_photo, report
from ikd.core.errors import InputError
from ikd.core.tokens import base45
from ikd.core.tokens.claim169 import Claim169


def saved(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def portrait(width: int = 480, height: int = 640) -> bytes:
    """An invented face: a few ovals before a wall."""
    picture = Image.new("RGB", (width, height), (200, 40, 40))
    draw = ImageDraw.Draw(picture)
    middle, eye = width // 2, height // 2 - height // 12
    draw.ellipse(
        (middle - 130, height // 2 - 170, middle + 130, height // 2 + 170), (230, 190, 160)
    )
    for side in (-50, 50):
        draw.ellipse((middle + side - 16, eye - 10, middle + side + 16, eye + 10), (30, 20, 20))
    draw.arc(
        (middle - 60, height // 2 + 20, middle + 60, height // 2 + 110), 20, 160, (120, 30, 30), 8
    )
    return saved(picture)


@pytest.mark.parametrize("budget", [200, 400, 600, 1024])
def test_a_portrait_fits_its_budget_and_the_claim(budget):
    data, kind = fit_photo(portrait(), max_bytes=budget)
    assert len(data) <= budget
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.width) == ("WEBP", picture.height)
        assert picture.width >= 32
    person = Claim169(
        name="SITI CONTOH",
        sex=2,
        nik="1376015708909901",
        birth_date="19900817",
        nationality="IDN",
        photo=data,
        photo_format=kind,
    )
    assert person.profile == "photo"


def test_at_the_usual_budget_a_phone_can_show_it():
    data, _ = fit_photo(portrait())
    whole = base45.encode(data + bytes(300))  # everything else of a credential
    assert report(whole).versions["L"] <= 22


def test_a_larger_budget_never_gives_a_smaller_picture():
    edges = []
    for budget in (150, 300, 600, 1024):
        with Image.open(io.BytesIO(fit_photo(portrait(), max_bytes=budget)[0])) as picture:
            edges.append(picture.width)
    assert edges == sorted(edges)


@pytest.mark.parametrize("budget", [99, 1025, 0, True, "600"])
def test_a_budget_beyond_the_claim_is_refused(budget):
    with pytest.raises(InputError, match=r"qr\.budget"):
        fit_photo(portrait(), max_bytes=budget)


def test_noise_that_fits_nowhere_is_refused():
    chance = random.Random(7)
    noise = Image.frombytes("L", (256, 256), chance.randbytes(256 * 256))
    with pytest.raises(InputError, match=r"qr\.photo"):
        fit_photo(saved(noise.resize((96, 96), Image.Resampling.NEAREST)), max_bytes=100)


def test_what_is_no_picture_is_refused():
    with pytest.raises(InputError, match=r"qr\.picture"):
        fit_photo(b"no picture")
