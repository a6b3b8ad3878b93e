"""A portal that runs, and browsers with a camera that sees what a test holds before it."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from captcha.image import ImageCaptcha
from hands import Camera, Desk, Phone, Tab
from ikd_portal.demo import open_demo
from ikd_portal.guard import RATES, Rate, Rates
from ikd_portal.portal import Portal, application
from playwright.sync_api import Browser, Playwright, sync_playwright

PASSWORD = "sandi-uji-4711"  # of invented officers
CHROMIUM = next((one for one in map(shutil.which, ("chromium", "chromium-browser")) if one), None)
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--use-fake-device-for-media-stream",
)
QUICK = {name: Rate(100_000, 100_000) for name in RATES}  # one address plays everybody


class Site:
    """A portal on a free port of this machine."""

    def __init__(self, rates: Rates) -> None:
        config = uvicorn.Config(
            lambda: self.app, factory=True, port=0, log_level="warning", access_log=False
        )
        self.server = uvicorn.Server(config)
        socket = config.bind_socket()
        self.address = f"http://localhost:{socket.getsockname()[1]}"
        self.portal: Portal = open_demo(self.address, PASSWORD)
        self.app = application(self.portal, rates)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [socket]})
        self.thread.start()

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join()
        self.portal.service.close()

    def pin_for(self, address: str) -> str:
        """Return the digits of the newest message to that address or number."""
        texts = [
            one.message.text for one in self.portal.letters.newest() if one.message.to == address
        ]
        found = (re.search(r"(?<![0-9])[0-9]{6}(?![0-9])", text) for text in texts)
        return next(one[0] for one in found if one)


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
