"""What goes wrong for people: each ends in a sentence that helps, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect
from running import PASSWORD

import ikd
from ikd import commands as do

SARI = ("payakumbuh", "1376015708909901")
BUDI = ("payakumbuh", "1376010503889902")
AYU = ("payakumbuh", "1376014101959903")
RUDI = ("wakatobi", "7407010907859905")
WULAN = ("wakatobi", "7407014408969904")


def test_a_wrong_pin_costs_a_try_and_three_are_the_end_of_it(site, phone, officers, pictures):
    """Each wrong PIN says how many are left; a new PIN has the last try of the application."""
    budi = phone()
    officers.to_pin(budi, *BUDI, "budi@example.id")
    wrong = f"{(int(site.pin_for('budi@example.id')) + 1) % 1_000_000:06d}"
    budi.enter_pin(wrong)
    budi.sees("PIN salah. Masih 2 kali lagi.")
    budi.shot(pictures, "phone-wrong-pin")
    budi.enter_pin(wrong)
    budi.sees("PIN salah. Masih 1 kali lagi.")
    budi.enter_pin(wrong)
    budi.sees("Kode terakhir tidak berlaku lagi")


def test_a_malformed_pin_costs_none(site, phone, officers):
    """Five digits are no guess."""
    ayu = phone()
    record = officers.to_pin(ayu, *AYU, "ayu@example.id")
    ayu.enter_pin("12345")
    ayu.sees("Kode terdiri atas enam angka")
    application = site.portal.service.get(record, actor=officers.operator("payakumbuh"))
    assert application.pin_tries == 0


def test_a_rejection_is_told_by_mail_and_on_the_phone(site, phone, officers, desk):
    """The operator turns the person away, the ministry rejects, and the resident is told."""
    sari = phone()
    sari.register(*SARI, "sari.lagi@example.id")
    sari.send_file()
    officers.wait(sari.record, "review")
    ministry = desk("ditjen")
    ministry.open(f"/desk/application/{sari.record}")
    ministry.page.get_by_text("Tindakan lain").click()
    ministry.page.get_by_label("Sebab (hanya").select_option("documents")
    ministry.press("Tolak permohonan")
    ministry.sees("Tercatat")
    sari.sees("Permohonan ditolak")
    mail = phone()
    mail.open("/mail")
    mail.sees("sari.lagi@example.id")


def test_a_mail_that_never_came_is_sent_by_the_other_medium(site, phone, officers, desk):
    """While the mail server fails, the resident asks for a text message, and goes on."""
    site.portal.letters.trouble.add("email")
    try:
        siti = phone()
        siti.register(*SARI, "hilang@example.id")
        siti.send_file()
        record = siti.record
        officers.wait(record, "review")
        reviewed = do.Review(application_id=record, verified=True, validated=True)
        officers.ask(reviewed, ikd.Actor.ministry())
        (shown,) = ikd.qr.read_picture(siti.qr.screenshot())
        officers.ask(do.ScanPairing(token=shown), officers.operator("payakumbuh"))
        officers.ask(do.Approve(application_id=record), ikd.Actor.ministry())
        siti.sees("Kode Anda sedang dikirim")
        site.clock.by += timedelta(seconds=61)  # as long as a resident has to wait
        siti.page.get_by_text("PIN belum sampai?").click()
        siti.page.get_by_label("Kirim lewat").select_option("sms")
        siti.press("Kirim ulang PIN")
        siti.sees("Petugas tidak pernah memintanya")
        siti.enter_pin(site.pin_for("+6281234567890"))
        siti.sees("IKD Anda aktif")
    finally:
        site.portal.letters.trouble.clear()


def test_a_camera_that_is_denied_says_what_else_goes(phone):
    """Without the camera a picture or the text of the code does."""
    wulan = phone(camera=False)
    wulan.register(*WULAN, "wulan@example.id")
    wulan.page.locator("[data-selfie-picture]").click()
    wulan.sees("Kamera tidak dapat dipakai")
    wulan.send_file()
    wulan.sees("Pindai kode QR di layar loket")
    wulan.page.locator("[data-camera-switch]").click()
    wulan.sees("Kamera tidak dapat dipakai")


def test_another_kind_of_code_before_the_camera_is_told(phone, phone_camera):
    """The phone looks for the office's code, and says so when it sees another."""
    rudi = phone()
    rudi.register(*RUDI, "rudi@example.id")
    rudi.send_file()
    rudi.sees("Pindai kode QR di layar loket")
    rudi.scan(phone_camera, ikd.qr.png("https://example.id/menu"))
    rudi.sees("Itu kode QR jenis lain")


def test_offline_keeps_what_was_typed(phone):
    """Without a network the form says so; once it is back, the same form goes."""
    sari = phone()
    sari.open("/register/payakumbuh")
    sari.page.locator("[name=nik]").fill(SARI[1])
    sari.page.locator("[name=email]").fill("luring@example.id")
    sari.page.locator("[name=phone]").fill("081234567890")
    sari.context.set_offline(True)
    sari.press("Daftar")
    sari.sees("Tidak ada sambungan internet")
    sari.context.set_offline(False)
    sari.press("Daftar")
    sari.sees("Pendaftaran diterima")


def test_a_double_click_registers_once(site, phone):
    """Two clicks on one form are one case."""
    count = lambda: len(site.portal.service.find(actor=ikd.Actor.system(), limit=1000))  # noqa: E731
    sari = phone()
    sari.open("/register/payakumbuh")
    sari.page.locator("[name=nik]").fill(SARI[1])
    sari.page.locator("[name=email]").fill("dobel@example.id")
    sari.page.locator("[name=phone]").fill("081234567890")
    before = count()
    sari.page.get_by_role("button", name="Daftar", exact=True).dblclick()
    sari.sees("Pendaftaran diterima")
    assert count() == before + 1


def test_a_session_that_ran_out_is_taken_up_by_the_phones_key(site, phone):
    """The page goes on where it was: the phone signs who it is, and the form is sent again."""
    sari = phone()
    sari.register(*SARI, "sesi@example.id")
    record = sari.record
    site.portal.sessions.__init__()
    sari.sees("Anda perlu mengambil swafoto")
    site.portal.sessions.__init__()
    sari.send_file()
    sari.sees("Menunggu verifikasi")
    site.portal.sessions.__init__()
    sari.open("/phone")
    expect(sari.page.locator(f"[data-record='{record}']")).to_be_visible()


def test_another_browser_sees_nothing_of_the_case(phone):
    """Without the phone's key there is no case to be seen."""
    stranger = phone()
    stranger.open("/phone")
    stranger.sees("HP ini belum mendaftar")


def test_two_tabs_of_one_case_are_one_case(site, phone):
    """What was done in one tab is told in the other, in words."""
    sari = phone()
    sari.register(*SARI, "dua@example.id")
    other = sari.context.new_page()
    other.goto(sari.address + "/phone")
    film = {"name": "wajah.webm", "mimeType": "video/webm", "buffer": b"a face"}
    other.locator("[data-selfie] input[type=file]").set_input_files(film)
    sari.send_file()
    sari.sees("Menunggu")
    other.get_by_role("button", name="Kirim", exact=True).click()
    expect(other.locator("#alert")).not_to_be_empty()


def test_the_back_button_shows_the_case_as_it_is(phone):
    """Going back after a step doesn't show the step again."""
    sari = phone()
    sari.register(*SARI, "balik@example.id")
    sari.send_file()
    sari.sees("Menunggu verifikasi")
    sari.open("/verify")
    sari.page.go_back()
    sari.sees("Menunggu verifikasi")


def test_a_face_that_does_not_match_can_be_taken_again(phone):
    """The page says that it didn't match and offers the next try."""
    joko = phone()
    joko.register("payakumbuh", "1376011212799904", "joko@example.id")
    joko.send_file()
    joko.sees("Tidak cocok dengan rekaman")


def test_a_referral_is_cleared_at_the_desk(phone, desk):
    """A phone whose system isn't known is looked at by an officer, and goes on."""
    wulan = phone()
    wulan.open("/register/wakatobi")
    wulan.page.locator("[name=nik]").fill(WULAN[1])
    wulan.page.locator("[name=email]").fill("dirujuk@example.id")
    wulan.page.locator("[name=phone]").fill("081234567890")
    wulan.page.locator("[name=platform]").select_option("other")
    wulan.page.locator("form[data-register] button").click()
    wulan.sees("perlu diperiksa petugas")
    operator = desk("petugas-wakatobi")
    operator.open(f"/desk/application/{wulan.record}")
    operator.page.get_by_role("checkbox").first.check()
    operator.press("Sudah jelas: lanjutkan")
    operator.sees("Tercatat")
    wulan.sees("Anda perlu mengambil swafoto")


def test_a_visit_is_refused_and_the_ministry_says_why_not(phone, officers, desk, desk_camera):
    """The operator sees another person, refuses, and whoever decides rejects."""
    budi = phone()
    budi.register(*BUDI, "bukan.budi@example.id")
    budi.send_file()
    officers.wait(budi.record, "review")
    reviewed = do.Review(application_id=budi.record, verified=True, validated=True)
    officers.ask(reviewed, ikd.Actor.ministry())
    operator = desk("petugas-payakumbuh")
    operator.open("/desk/scan")
    operator.scan(desk_camera, budi.qr.screenshot())
    operator.sees("Budi Contohadi")
    operator.page.get_by_text("Tindakan lain").click()
    operator.page.get_by_label("Sebab (hanya").first.select_option("face_mismatch")
    operator.press("Tolak kunjungan")
    operator.sees("Tercatat")
    budi.sees("Kunjungan belum dapat diterima")
    ministry = desk("ditjen")
    ministry.open(f"/desk/application/{budi.record}")
    ministry.page.get_by_text("Tindakan lain").click()
    ministry.press("Tolak permohonan")
    budi.sees("Permohonan ditolak")


def test_a_new_phone_ends_the_old_one(site, phone, officers):
    """The newest activation counts, and the old phone says that it is over."""
    old, new = phone(), phone()
    officers.to_pin(old, *AYU, "ayu.lama@example.id")
    old.enter_pin(site.pin_for("ayu.lama@example.id"))
    old.set_passcode("739215")
    old.sees("Tunjukkan kepada pemeriksa")
    officers.to_pin(new, *AYU, "ayu.baru@example.id")
    new.enter_pin(site.pin_for("ayu.baru@example.id"))
    new.sees("IKD Anda aktif")
    old.sees("IKD di ponsel ini sudah berakhir")


def test_a_forgotten_first_sign_in_begins_anew_at_the_counter(site, captcha, phone, officers, desk):
    """When all tries are used up, an operator scans the phone's QR and a new code comes."""
    rudi = phone()
    officers.to_pin(rudi, *RUDI, "rudi.lupa@example.id")
    wrong = f"{(int(site.pin_for('rudi.lupa@example.id')) + 1) % 1_000_000:06d}"
    activate(rudi, site.pin_for("rudi.lupa@example.id"), captcha[-1])
    for _ in range(3):
        rudi.page.get_by_label("Masuk pertama kali").fill(wrong)
        rudi.send("Masuk")
        rudi.sees("Tidak cocok")
    site.clock.by += timedelta(seconds=61)
    rudi.press("Kirim kode aktivasi baru untuk masuk")
    rudi.page.get_by_label("Masuk pertama kali").fill(wrong)
    rudi.press("Masuk")
    rudi.sees("petugas membuka kembali cara masuk")
    operator = desk("petugas-wakatobi")
    operator.open(f"/desk/identity/{rudi.record}")
    (shown,) = ikd.qr.read_picture(rudi.qr.screenshot())
    operator.page.get_by_label("tempel isi").fill(shown)
    operator.press("Orang dan HP cocok: buka kembali cara masuk")
    operator.sees("Tercatat")
    rudi.page.get_by_label("Masuk pertama kali").fill(site.pin_for("rudi.lupa@example.id"))
    rudi.press("Masuk")
    rudi.sees("Buat kata sandi")


def activate(phone, pin, seen):
    phone.page.locator("[name=pin]").fill(pin)
    phone.page.locator("[name=captcha]").fill(seen)
    phone.press("Aktifkan")
    phone.press("Ya")
    phone.sees("IKD Anda aktif")


def test_offline_at_the_pin_costs_no_try(site, phone, officers):
    """The PIN stays where it was typed, and goes once the network is back."""
    budi = phone()
    record = officers.to_pin(budi, *BUDI, "budi.luring@example.id")
    budi.context.set_offline(True)
    budi.enter_pin(site.pin_for("budi.luring@example.id"))
    budi.sees("Tidak ada sambungan internet")
    application = site.portal.service.get(record, actor=officers.operator("payakumbuh"))
    assert application.pin_tries == 0
    budi.context.set_offline(False)
    budi.press("Aktifkan")
    budi.sees("IKD Anda aktif")


def test_a_face_that_is_too_large_is_told(phone):
    """More than a megabyte is refused in words, and another can be taken at once."""
    sari = phone()
    sari.register(*SARI, "besar@example.id")
    film = {"name": "besar.webm", "mimeType": "video/webm", "buffer": bytes(1_100_000)}
    sari.page.locator("[data-selfie] input[type=file]").set_input_files(film)
    sari.press("Kirim")
    sari.sees("terlalu besar")
    sari.send_file()
    sari.sees("Menunggu verifikasi")


def test_registering_again_warns_what_it_replaces(phone):
    """A phone that keeps a case says so before another takes its place."""
    sari = phone()
    sari.register(*SARI, "lama@example.id")
    sari.open("/register/wakatobi")
    sari.sees("Mendaftar lagi di sini menggantikannya")


def test_an_officers_session_that_ran_out_is_taken_up_in_another_tab(site, phone, officers, desk):
    """The page says so; after a new log-in beside it the same button works."""
    sari = phone()
    sari.register(*SARI, "lembur@example.id")
    sari.send_file()
    officers.wait(sari.record, "review")
    ministry = desk("ditjen")
    ministry.open(f"/desk/application/{sari.record}")
    ministry.page.get_by_label("verifikasi)").check()
    ministry.page.get_by_label("(validasi)").check()
    site.portal.sessions.__init__()
    ministry.press("Catat hasil")
    ministry.sees("Sesi petugas sudah habis")
    beside = ministry.context.new_page()
    beside.goto(ministry.address + "/login")
    beside.get_by_label("Nama", exact=True).fill("ditjen")
    beside.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    beside.get_by_role("button", name="Masuk", exact=True).click()
    beside.wait_for_url("**/desk")
    ministry.press("Catat hasil")
    ministry.sees("Tercatat")


def test_a_browser_that_reads_codes_itself_sends_no_frames(phone, desk):
    """Where BarcodeDetector is there, no picture leaves the phone."""
    bank = desk(None)
    bank.context.add_init_script("""{
      window.BarcodeDetector = class {
        static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
        detect() { return Promise.resolve([{rawValue: "IKDP:NONE"}]); }
      };
    }""")
    sent = []
    bank.page.on("request", lambda request: sent.append(request.url))
    bank.open("/verify")
    bank.page.locator("[data-camera-switch]").click()
    bank.sees("JANGAN DITERIMA")
    assert not [url for url in sent if url.endswith("/scan")]
