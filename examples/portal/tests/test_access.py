"""For everybody: a screen reader, a keyboard alone, a screen of 320 points, and English."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

BUDI = ("payakumbuh", "1376010503889902")
WULAN = ("wakatobi", "7407014408969904")
SARI = ("payakumbuh", "1376015708909901")


@pytest.mark.parametrize("language", ["id", "en"])
def test_axe_finds_nothing_on_the_pages_for_everybody(phone, axe, language):
    """Entrance, both forms, mail, verifier and log-in, on the smallest screen."""
    anybody = phone(language=language)
    found = {}
    for path in ("/", "/register/payakumbuh", "/register/wakatobi", "/mail", "/verify", "/login"):
        anybody.open(path)
        found[path] = anybody.lacks(axe)
    assert {path: lacks for path, lacks in found.items() if lacks} == {}


def test_axe_finds_nothing_on_a_phone_at_any_step(site, phone, officers, axe, pictures):
    """Selfie, code, PIN with its captcha, sign-in, passcode and credential."""
    wulan, found = phone(), {}
    wulan.register(*WULAN, "wulan.axe@example.id")
    wulan.sees("Anda perlu mengambil swafoto")
    found["selfie"] = wulan.lacks(axe)
    wulan.send_file()
    wulan.sees("Pindai kode QR di layar loket")
    found["scan"] = wulan.lacks(axe)
    other = phone()
    officers.to_pin(other, *WULAN, "wulan.axe2@example.id")
    found["pin"] = other.lacks(axe)
    other.shot(pictures, "phone-pin-captcha")
    budi = phone()
    officers.to_pin(budi, *BUDI, "budi.axe@example.id")
    budi.enter_pin("000000" if site.pin_for("budi.axe@example.id") != "000000" else "000001")
    budi.sees("PIN salah")
    found["wrong"] = budi.lacks(axe)
    budi.enter_pin(site.pin_for("budi.axe@example.id"))
    budi.sees("Buat kata sandi")
    found["passcode"] = budi.lacks(axe)
    budi.set_passcode("739215")
    budi.qr.wait_for()
    found["credential"] = budi.lacks(axe)
    assert {step: lacks for step, lacks in found.items() if lacks} == {}


def test_axe_finds_nothing_at_the_desk(phone, officers, desk, axe):
    """Worklist, case, person, scanner, the counter's QR and the overview, narrow and wide."""
    sari, found = phone(), {}
    sari.register(*SARI, "sari.axe@example.id")
    sari.send_file()
    officers.wait(sari.record, "review")
    for width in (320, 1280):
        ministry = desk("ditjen", width)
        for path in ("/desk", f"/desk/application/{sari.record}", "/dashboard"):
            ministry.open(path)
            found[path, width] = ministry.lacks(axe)
        ministry.open(f"/desk/application/{sari.record}")
        ministry.press("Lihat orangnya")
        ministry.sees("Sari Contohwati")
        found["person", width] = ministry.lacks(axe)
        operator = desk("petugas-wakatobi", width)
        for path in ("/desk/scan", "/desk/station"):
            operator.open(path)
            found[path, width] = operator.lacks(axe)
    assert {place: lacks for place, lacks in found.items() if lacks} == {}


def test_by_keyboard_alone_to_the_pin_and_the_credential(site, phone, officers):
    """PIN, passcode and credential without a mouse; the skip link comes first."""
    budi = phone()
    officers.to_pin(budi, *BUDI, "budi.kunci@example.id")
    keys = budi.page.keyboard
    budi.reach("Langsung ke isi")
    keys.press("Enter")
    budi.reach("Ketik PIN")
    keys.type(site.pin_for("budi.kunci@example.id"))
    budi.reach("Aktifkan")
    keys.press("Enter")
    budi.sees("IKD Anda aktif")
    budi.reach("Buat kata sandi")
    keys.type("739215")
    keys.press("Enter")
    budi.sees("Tunjukkan kepada pemeriksa")
    budi.qr.wait_for()


def test_by_keyboard_alone_through_the_published_buttons(site, captcha, phone, officers):
    """Wakatobi's "Aktifkan" and "Ya", the captcha between them."""
    wulan = phone()
    officers.to_pin(wulan, *WULAN, "wulan.kunci@example.id")
    keys = wulan.page.keyboard
    wulan.reach("Ketik kode aktivasi")
    keys.type(site.pin_for("wulan.kunci@example.id"))
    wulan.reach("Ketik huruf dan angka")
    keys.type(captcha[-1])
    wulan.reach("Aktifkan")
    keys.press("Enter")
    wulan.sees("Aktifkan IKD di HP ini?")
    wulan.reach("Ya")
    keys.press("Enter")
    wulan.sees("IKD Anda aktif")


def test_the_captcha_can_be_heard(captcha, site, phone, officers):
    """Whoever can't see the picture hears the letters, and types those."""
    wulan = phone()
    officers.to_pin(wulan, *WULAN, "wulan.dengar@example.id")
    wulan.press("Dengarkan hurufnya (bahasa Inggris)")
    heard = wulan.page.locator("audio")
    expect(heard).to_be_visible()
    expect(heard).to_have_js_property("error", None)
    assert wulan.page.evaluate("document.querySelector('audio').src").startswith("data:audio/wav")
    wulan.page.locator("[name=pin]").fill(site.pin_for("wulan.dengar@example.id"))
    wulan.page.locator("[name=captcha]").fill(captcha[-1])
    wulan.press("Aktifkan")
    wulan.press("Ya")
    wulan.sees("IKD Anda aktif")


@pytest.mark.parametrize(("button", "told"), [("Setujui", "PIN"), ("Tolak", "ditolak")])
def test_by_keyboard_alone_to_a_decision(phone, officers, desk, button, told):
    """A case is approved, and one is rejected, without a mouse, from the log-in on."""
    import ikd
    from ikd import commands as do

    sari = phone()
    sari.register(*SARI, f"{button.lower()}@example.id")
    sari.send_file()
    record = sari.record
    officers.wait(record, "review")
    reviewed = do.Review(application_id=record, verified=True, validated=True)
    officers.ask(reviewed, ikd.Actor.ministry())
    (shown,) = ikd.qr.read_picture(sari.qr.screenshot())
    officers.ask(do.ScanPairing(token=shown), officers.operator("payakumbuh"))
    ministry = desk(None)
    ministry.open("/login")
    keys = ministry.page.keyboard
    ministry.reach("Nama")
    keys.type("ditjen")
    ministry.reach("Kata sandi")
    keys.type("sandi-uji-4711")
    keys.press("Enter")
    ministry.sees("Yang menunggu")
    ministry.open(f"/desk/application/{record}")
    if button == "Tolak":
        ministry.reach("Tindakan lain")
        keys.press("Enter")
    ministry.reach(button)
    keys.press("Enter")
    ministry.sees("Tercatat")
    sari.sees(told)
