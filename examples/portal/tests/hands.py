"""What people do with the pages: their hands, eyes, and a camera held before a screen."""

from __future__ import annotations

import io
import os
import re
import time
from pathlib import Path
from typing import Self

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

import ikd
from ikd import commands as do

WIDTH, HEIGHT = 1280, 720  # what the pages ask a camera for
PATIENCE = 30_000  # milliseconds until a page that never shows what it should is a fault
expect.set_options(timeout=PATIENCE)
QUIET = (110, 108, 104)  # an empty table


FOCUSED = """() => {
  const one = document.activeElement;
  const label = one.labels?.[0]?.textContent ?? "";
  return (label || one.getAttribute("aria-label") || one.textContent || "").trim();
}"""
AXE = """axe.run(document, {runOnly: {type: "tag", values:
  ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}})
  .then((told) => told.violations.map((one) => one.id + ": " + one.nodes[0].html))"""


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
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "lang", "value": language, "url": address}])
        return cls(context, address)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def send(self, name: str) -> None:
        """Press a button whose form leads to another page, and wait for that."""
        with self.page.expect_navigation():
            self.press(name)

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def shot(self, pictures: Path, name: str) -> None:
        self.page.screenshot(path=pictures / f"{name}.png", full_page=True)

    @property
    def qr(self) -> Locator:
        """The first QR that is drawn on the page."""
        found = self.page.locator(".qr").first
        expect(found.locator("svg")).to_be_visible()
        return found

    def reach(self, name: str) -> None:
        """Go by the Tab key alone to what is called that."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(FOCUSED).startswith(name):
                return
        raise AssertionError(f"the Tab key never comes to {name!r}")

    def lacks(self, axe: str) -> list[str]:
        """Return what axe finds against WCAG 2.2 AA, and whatever is wider than the screen."""
        self.page.evaluate(axe)
        found = self.page.evaluate(AXE)
        wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return [*found, *(["wider than the screen"] if wide else [])]

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
        expect(self.page.locator("[data-selfie]")).to_be_visible()
        film = self.page.locator("[data-selfie-film]")
        taken = film if film.is_visible() else self.page.locator("[data-selfie-picture]")
        taken.click()
        expect(self.page.get_by_text("siap dikirim")).to_be_visible()
        self.press("Kirim")

    def send_file(self) -> None:
        """Send a face from a file, as somebody does whose camera is broken."""
        film = {"name": "wajah.webm", "mimeType": "video/webm", "buffer": b"a face"}
        self.page.locator("[data-selfie] input[type=file]").set_input_files(film)
        self.press("Kirim")

    @property
    def record(self) -> str:
        """The case or identity that the page shows."""
        return self.page.locator("[data-phone]").get_attribute("data-record") or ""

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


class Officers:
    """Operator and ministry without their pages, where a test is about the phone's."""

    def __init__(self, service: ikd.Service) -> None:
        self.service, self._number = service, 0

    def ask(self, command: ikd.Command, actor: ikd.Actor) -> ikd.Result:
        self._number += 1
        return self.service.handle(command, actor=actor, key=f"officers/{self._number}")

    def operator(self, office: str) -> ikd.Actor:
        return ikd.Actor.operator("petugas", office=office, station="loket-1")

    def wait(self, record: str, missing: str) -> None:
        """Wait until the case waits for that."""
        for _ in range(150):
            waits = self.service.where(record, actor=ikd.Actor.system()).waits
            if waits.missing == missing:
                return
            time.sleep(0.1)
        raise AssertionError(f"it waits for {waits.missing}, not for {missing}")

    def to_pin(self, phone: Phone, office: str, nik: str, email: str) -> str:
        """Bring a phone's case to its PIN, and return the case."""
        phone.register(office, nik, email)
        phone.send_file()
        record = phone.record
        if office == "payakumbuh":
            self.wait(record, "review")
            review = do.Review(application_id=record, verified=True, validated=True)
            self.ask(review, ikd.Actor.ministry())
            (shown,) = ikd.qr.read_picture(phone.qr.screenshot())
            self.ask(do.ScanPairing(token=shown), self.operator(office))
            decider = ikd.Actor.ministry()
        else:
            phone.page.get_by_label("tempel isi").fill(
                self.service.station_token(office, "loket-1")
            )
            phone.press("Pakai kode ini")
            confirm = do.ConfirmPresence(application_id=record, check_code=phone.check_code)
            self.ask(confirm, self.operator(office))
            decider = self.operator(office)
        self.wait(record, "decision")
        self.ask(do.Approve(application_id=record), decider)
        phone.sees("Petugas tidak pernah memintanya")
        return record


class Desk(Tab):
    """An officer's screen."""

    def log_in(self, name: str, password: str) -> None:
        self.open("/login")
        self.fill("Nama", name)
        self.fill("Kata sandi", password)
        self.press("Masuk")
        self.page.wait_for_url("**/desk")

    def open_case(self, record: str, what: str) -> None:
        """Open a case from the worklist, where it stands under what it waits for."""
        self.open("/desk")
        row = self.page.locator(f"a[href$='{record}']")
        expect(row).to_have_text(what)
        row.click()
