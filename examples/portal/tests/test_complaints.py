"""A complaint from the form to its end, and what only the receipt shows."""

from __future__ import annotations

import pytest


def filed(visitor, office, text, **fields):
    visitor.open(f"/complaint/{office}")
    visitor.page.locator("[name=text]").fill(text)
    for name, value in fields.items():
        visitor.page.locator(f"[name={name}]").fill(value)
    visitor.press("Kirim aduan")
    visitor.sees("Aduan diterima")
    shown = visitor.page
    record = shown.locator("[name=record]").first.get_attribute("value")
    return shown.locator(".receipt").inner_text(), record


def test_a_complaint_is_filed_handled_answered_and_rated(site, phone, desk, axe, pictures):
    """Wakatobi's steps, an answer by mail, a reply that opens it again, and its end."""
    ayu = phone()
    receipt, record = filed(ayu, "wakatobi", "Antre tiga jam.", email="ayu.aduan@example.id")
    assert ayu.lacks(axe) == []
    ayu.shot(pictures, "complaint-receipt")
    operator = desk("petugas-wakatobi")
    operator.open_case(record, "Verifikasi aduan")
    operator.sees("Antre tiga jam.")
    assert operator.lacks(axe) == []
    operator.shot(pictures, "complaint-desk")
    operator.send("Sudah: Verifikasi aduan")
    operator.send("Sudah: Pengaduan ditindaklanjuti")
    operator.fill("Jawaban", "Loket ditambah.")
    operator.send("Kirim jawaban")
    operator.sees("dijawab")
    other = phone()
    other.open("/complaint")
    other.fill("Tanda terima", receipt)
    other.press("Tampilkan")
    other.sees("Loket ditambah.")
    other.page.get_by_label("Penilaian").select_option("4")
    other.send("Nilai")
    other.fill("Tambahan atau balasan", "Terima kasih, tetapi masih antre.")
    other.send("Kirim balasan")
    other.sees("tindak lanjut")
    assert any(
        "Loket ditambah." in one.message.text
        for one in site.portal.letters.newest()
        if one.message.to == "ayu.aduan@example.id"
    )


def test_by_keyboard_alone_a_complaint_is_closed(phone, desk):
    """From the worklist to the end without a mouse."""
    _, record = filed(phone(), "payakumbuh", "Kursi tunggu kurang.", email="kursi@example.id")
    operator = desk("petugas-payakumbuh")
    operator.open_case(record, "Jawab aduan")
    operator.sees("Kursi tunggu kurang.")
    keys = operator.page.keyboard
    operator.reach("Jawaban")
    keys.type("Kursi ditambah.")
    operator.reach("Kirim jawaban")
    with operator.page.expect_navigation():
        keys.press("Enter")
    operator.reach("Hasil")
    operator.reach("Yang disampaikan")
    keys.type("Sudah selesai.")
    operator.reach("Tutup aduan")
    with operator.page.expect_navigation():
        keys.press("Enter")
    operator.sees("Aduan ditutup")


def test_an_officer_takes_what_lay_in_the_box_and_its_demands_hold(desk):
    """Without name and address Payakumbuh's box is refused, and what was typed stays."""
    operator = desk("petugas-payakumbuh")
    operator.open("/complaint/payakumbuh")
    operator.page.locator("[name=text]").fill("Tambah kursi.")
    operator.press("Kirim aduan")
    operator.sees("nama")
    assert operator.page.locator("[name=text]").input_value() == "Tambah kursi."
    operator.page.locator("[name=name]").fill("Sari Contohwati")
    operator.page.locator("[name=address]").fill("Jalan Rekaan 7")
    operator.press("Kirim aduan")
    operator.sees("Aduan diterima")


@pytest.mark.parametrize("typed", ["ABCD-EFGH-JKMN-PQRS-TUVW", "x", "7407011203949903"])
def test_a_receipt_that_is_none_shows_nothing(phone, typed):
    """Whoever guesses is told nothing of any complaint."""
    stranger = phone()
    stranger.open("/complaint")
    stranger.fill("Tanda terima", typed)
    stranger.press("Tampilkan")
    stranger.page.locator("#alert p").wait_for()
    assert stranger.page.locator(".receipt").count() == 0
