"""What people do with the pages: their hands, eyes, and a camera held before a screen."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import Self

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

WIDTH, HEIGHT = 1280, 720  # what the pages ask a camera for
QUIET = (110, 108, 104)  # an empty table


class Camera:
    """The file that a browser takes for its camera: one frame, written over in place."""

    def __init__(self, file: Path) -> None:
        self.file = file.resolve()
        self.file.write_bytes(_y4m(_frame(None)))

    def see(self, picture: bytes | None) -> None:
        """Hold a picture before the camera; a stream that runs switches to it."""
        there = os.open(self.file, os.O_WRONLY)
        os.pwrite(there, _y4m(_frame(picture)), 0)
        os.close(there)


def _frame(picture: bytes | None) -> Image.Image:
    frame = Image.new("RGB", (WIDTH, HEIGHT), QUIET)
    if picture is not None:
        shown = Image.open(io.BytesIO(picture)).convert("RGB")
        size = HEIGHT * 0.85 / max(shown.size)
        shown = shown.resize((round(shown.width * size), round(shown.height * size)))
        frame.paste(shown, ((WIDTH - shown.width) // 2, (HEIGHT - shown.height) // 2))
    return frame


def _y4m(frame: Image.Image) -> bytes:
    """Return one frame in BT.601's limited range, which Chromium shows in its own colours."""
    luma, *chroma = frame.convert("YCbCr").split()
    luma = luma.point([16 + round(value * 219 / 255) for value in range(256)])
    limited = [round(128 + (value - 128) * 224 / 255) for value in range(256)]
    half = (WIDTH // 2, HEIGHT // 2)
    planes = [luma, *(one.point(limited).resize(half, Image.Resampling.BOX) for one in chroma)]
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F15:1 Ip A1:1 C420\nFRAME\n".encode()
    return head + b"".join(plane.tobytes() for plane in planes)


class Tab:
    """One browser of one person."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.faults: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _said(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        refused = re.search(r"status of (400|401|403|409|503)|ERR_INTERNET_DISCONNECTED", text)
        if kind == "error" and not refused:  # a refusal is an answer, and told on the page
            self.faults.append(text)

    @classmethod
    def opened(
        cls, browser: Browser, address: str, width: int, *, camera: bool, language: str
    ) -> Self:
        """Open a new browser profile of that width."""
        allowed = ["camera"] if camera else []
        context = browser.new_context(
            permissions=allowed, viewport={"width": width, "height": 800}, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "lang", "value": language, "url": address}])
        return cls(context, address)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=15_000)

    def shot(self, pictures: Path, name: str) -> None:
        self.page.screenshot(path=pictures / f"{name}.png", full_page=True)

    @property
    def qr(self) -> Locator:
        """The first QR that is drawn on the page."""
        found = self.page.locator(".qr").first
        expect(found.locator("svg")).to_be_visible(timeout=15_000)
        return found

    def scan(self, camera: Camera, shown: bytes) -> None:
        """Start the camera, and hold what another screen shows before it."""
        camera.see(None)
        self.page.locator("[data-camera-switch]").click()
        expect(self.page.locator("[data-camera] video")).to_be_visible()
        camera.see(shown)


class Phone(Tab):
    """A resident's phone."""

    def register(self, office: str, nik: str, email: str) -> None:
        self.open(f"/register/{office}")
        page = self.page
        page.locator("[name=nik]").fill(nik)
        page.locator("[name=email]").fill(email)
        page.locator("[name=phone]").fill("0812 3456 7890")
        page.locator("[name=platform]").select_option("android")
        page.locator("[name=version]").fill("14")
        page.locator("form[data-register] button").click()
        page.wait_for_url("**/phone")

    def send_face(self) -> None:
        """Film or picture the face with the camera, and send it."""
        expect(self.page.locator("[data-selfie]")).to_be_visible(timeout=15_000)
        film = self.page.locator("[data-selfie-film]")
        taken = film if film.is_visible() else self.page.locator("[data-selfie-picture]")
        taken.click()
        expect(self.page.get_by_text("siap dikirim")).to_be_visible(timeout=15_000)
        self.press("Kirim")

    @property
    def check_code(self) -> str:
        """The four digits that the phone shows for the operator."""
        place = self.page.locator("[data-check-code]")
        expect(place).to_have_text(re.compile("^[0-9]{4}$"))
        return place.inner_text()

    def enter_pin(self, pin: str) -> None:
        self.page.locator("[name=pin]").fill(pin)
        self.press("Aktifkan")

    def set_passcode(self, passcode: str) -> None:
        self.page.get_by_label("Buat kata sandi").fill(passcode)
        self.press("Simpan kata sandi")


class Desk(Tab):
    """An officer's screen."""

    def log_in(self, name: str, password: str) -> None:
        self.open("/login")
        self.fill("Nama", name)
        self.fill("Kata sandi", password)
        self.press("Masuk")
        self.page.wait_for_url("**/desk")

    def open_first(self, what: str) -> None:
        """Open the newest case that waits for that."""
        self.open("/desk")
        self.page.get_by_role("link", name=what).last.click()
