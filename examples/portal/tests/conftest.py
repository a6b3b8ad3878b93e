"""A portal that runs, and browsers with a camera that sees what a test holds before it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from captcha.image import ImageCaptcha
from hands import Camera, Desk, Officers, Phone, Tab
from ikd_portal.guard import RATES, Rate, Rates
from playwright.sync_api import Browser, Playwright, sync_playwright
from running import PASSWORD, Site

CHROMIUM = next((one for one in map(shutil.which, ("chromium", "chromium-browser")) if one), None)
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--use-fake-device-for-media-stream",
)
QUICK = {name: Rate(100_000, 100_000) for name in RATES}  # one address plays everybody


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    made = Site(Rates(QUICK))
    yield made
    made.close()


@pytest.fixture(scope="session")
def captcha() -> Iterator[list[str]]:
    """What the captchas drawn so far show, the newest last: a test has no eyes for them."""
    drawn: list[str] = []
    generate = ImageCaptcha.generate

    def generating(self: ImageCaptcha, chars: str, *more: object) -> object:
        drawn.append(chars)
        return generate(self, chars, *more)

    ImageCaptcha.generate = generating
    yield drawn
    ImageCaptcha.generate = generate


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots go: build output, looked at and never committed."""
    folder = Path(os.environ.get("IKD_PICTURES", "build/portal"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script that finds what a page lacks for those who can't see it: no part of the portal."""
    folder = tmp_path_factory.mktemp("axe")
    install = ["npm", "install", "--silent", "--no-fund", "--prefix", str(folder), "axe-core@4.14"]
    subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as made:
        yield made


def _launched(playwright: Playwright, camera: Camera) -> Browser:
    assert CHROMIUM, "chromium is needed: apt install chromium"
    seen = f"--use-file-for-fake-video-capture={camera.file}"
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, seen])


@pytest.fixture(scope="session")
def phone_camera(tmp_path_factory: pytest.TempPathFactory) -> Camera:
    return Camera(tmp_path_factory.mktemp("phone") / "camera.y4m")


@pytest.fixture(scope="session")
def desk_camera(tmp_path_factory: pytest.TempPathFactory) -> Camera:
    return Camera(tmp_path_factory.mktemp("desk") / "camera.y4m")


@pytest.fixture(scope="session")
def phone_browser(playwright: Playwright, phone_camera: Camera) -> Iterator[Browser]:
    browser = _launched(playwright, phone_camera)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def desk_browser(playwright: Playwright, desk_camera: Camera) -> Iterator[Browser]:
    browser = _launched(playwright, desk_camera)
    yield browser
    browser.close()


@pytest.fixture
def tabs() -> Iterator[list[Tab]]:
    """All pages of one test; no script of ours may have failed on any."""
    opened: list[Tab] = []
    yield opened
    for one in opened:
        faults, _ = one.faults, one.context.close()
        assert faults == []


@pytest.fixture
def officers(site: Site) -> Officers:
    return Officers(site.portal.service)


@pytest.fixture
def phone(site: Site, phone_browser: Browser, tabs: list[Tab]) -> Callable[..., Phone]:
    """Open the browser of somebody's phone: 320 points wide, camera allowed."""

    def opened(width: int = 320, *, camera: bool = True, language: str = "id") -> Phone:
        made = Phone.opened(phone_browser, site.address, width, camera=camera, language=language)
        tabs.append(made)
        return made

    return opened


@pytest.fixture
def desk(site: Site, desk_browser: Browser, tabs: list[Tab]) -> Callable[..., Desk]:
    """Open an officer's browser and log them in."""

    def opened(name: str | None, width: int = 1024, *, language: str = "id") -> Desk:
        made = Desk.opened(desk_browser, site.address, width, camera=True, language=language)
        tabs.append(made)
        if name is not None:
            made.log_in(name, PASSWORD)
        return made

    return opened
