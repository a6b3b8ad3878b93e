"""Both offices' journeys, through the pages, as people go them."""

from __future__ import annotations

from hands import Phone


def test_payakumbuh_from_the_form_to_the_verifier(
    site, phone, desk, phone_camera, desk_camera, pictures
):
    """The office reads the phone, the ministry reviews and decides, the PIN comes by mail."""
    siti: Phone = phone()
    siti.open("/")
    siti.shot(pictures, "home")
    siti.open("/register/payakumbuh")
    siti.shot(pictures, "phone-register")
    siti.register("payakumbuh", "1376 0157 0890 9901", "sari@example.id")
    siti.sees("Anda perlu mengambil swafoto")
    siti.shot(pictures, "phone-selfie")
    siti.send_face()
    siti.sees("Menunggu verifikasi dan validasi")

    ministry = desk("ditjen")
    ministry.open_case(siti.record, "Verifikasi dan validasi")
    ministry.press("Lihat orangnya")
    ministry.sees("Sari Contohwati")
    ministry.page.get_by_label("verifikasi)").check()
    ministry.page.get_by_label("(validasi)").check()
    ministry.shot(pictures, "ministry-review")
    ministry.press("Catat hasil")
    ministry.sees("Tercatat")

    siti.sees("Tunjukkan layar ini")
    _ = siti.qr
    siti.shot(pictures, "phone-pairing")
    operator = desk("petugas-payakumbuh")
    operator.open("/desk/scan")
    operator.scan(desk_camera, siti.qr.screenshot())
    operator.sees("Sari Contohwati")
    operator.shot(pictures, "desk-person")
    operator.press("Orang dan HP cocok: terima kunjungan")
    operator.sees("Tercatat")

    ministry.open_case(siti.record, "Putuskan: setujui atau tolak")
    ministry.press("Setujui")
    ministry.sees("Tercatat")

    siti.sees("Petugas tidak pernah memintanya")
    siti.enter_pin(site.pin_for("sari@example.id"))
    siti.sees("IKD Anda aktif")
    siti.set_passcode("582931")
    siti.sees("Tunjukkan kepada pemeriksa")
    _ = siti.qr
    siti.shot(pictures, "phone-credential")

    bank = desk(None)
    bank.open("/verify")
    bank.scan(desk_camera, siti.qr.screenshot())
    bank.sees("BERLAKU")
    bank.sees("Sari Contohwati")
    bank.shot(pictures, "verifier")
    ministry.open("/dashboard")
    ministry.shot(pictures, "dashboard")


def test_wakatobi_from_the_form_to_the_verifier(
    site, captcha, phone, desk, phone_camera, desk_camera, pictures
):
    """The phone reads the office, the operator types the check code, the mail's button leads on."""
    eko = phone()
    eko.register("wakatobi", "7407011203949903", "eko@example.id")
    eko.send_face()
    eko.sees("Pindai kode QR di layar loket")

    operator = desk("petugas-wakatobi")
    operator.open("/desk/station")
    operator.shot(pictures, "station")
    eko.scan(phone_camera, operator.qr.screenshot())
    eko.sees("Kode QR terbaca")
    eko.press("Pakai kode ini")
    eko.sees("Tunjukkan empat angka ini")
    shown = eko.check_code
    eko.shot(pictures, "phone-check-code")

    operator.open("/desk")
    operator.shot(pictures, "desk")
    operator.open_case(eko.record, "Ketik kode periksa")
    operator.press("Lihat orangnya")
    operator.sees("Eko Khayali")
    operator.page.get_by_label("Kode periksa di HP").fill(shown)
    operator.press("Orang cocok: catat kunjungan")
    operator.press("Setujui")

    eko.sees("Petugas tidak pernah memintanya")
    letter = phone()
    letter.open("/mail")
    letter.shot(pictures, "mail")
    link = letter.page.get_by_role("link", name="Aktivasi").first.get_attribute("href")
    eko.open(link)
    eko.shot(pictures, "phone-link")
    eko.follow("Lanjutkan di HP ini")
    eko.page.locator("[name=pin]").fill(site.pin_for("eko@example.id"))
    eko.page.locator("[name=captcha]").fill(captcha[-1])
    eko.press("Aktifkan")
    eko.shot(pictures, "phone-confirm")
    eko.press("Ya")
    eko.sees("IKD Anda aktif")
    eko.page.get_by_label("Masuk pertama kali").fill(site.pin_for("eko@example.id"))
    eko.press("Masuk")
    eko.set_passcode("582931")
    eko.sees("Tunjukkan kepada pemeriksa")
    eko.press("Tutup")
    eko.fill("Kata sandi", "582931")
    eko.press("Masuk")
    eko.sees("Tunjukkan kepada pemeriksa")

    hospital = desk(None, language="en")
    hospital.open("/verify")
    hospital.scan(desk_camera, eko.qr.screenshot())
    hospital.sees("VALID")
    hospital.shot(pictures, "verifier-en")
