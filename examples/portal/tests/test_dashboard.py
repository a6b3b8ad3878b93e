"""The overview counts what waits, what is overdue, and promises kept and broken by week."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hands import Desk
from ikd_portal.guard import RATES, Rate, Rates
from running import PASSWORD, Site

import ikd
from ikd import commands as do
from ikd.testing import SoftDevice, Walk, Walker


@pytest.fixture
def busy():
    """A portal of its own, whose clock runs on by a week."""
    site = Site(Rates({name: Rate(10_000, 10_000) for name in RATES}))
    yield site
    site.close()


def walk(site, name, nik):
    office = site.portal.offices["payakumbuh"]
    email = f"{name}@example.id"
    walker = Walker(
        name=name,
        nik=nik,
        email=email,
        device=SoftDevice(ikd.system_entropy),
        samples=dict.fromkeys(("face", "iris", "fingerprint"), b"any"),
    )

    def read_pin():
        sent = [one.message for one in site.portal.letters.newest() if one.message.to == email]
        return site.pin_for(email) if sent else None

    return Walk(
        service=site.portal.service,
        office=office,
        walker=walker,
        read_pin=read_pin,
        solve=lambda _: None,
        now=site.clock.now,
    )


def test_the_overview_tells_kept_from_broken(busy, captcha, desk_browser, axe, pictures):
    """One in time, one late, one that waits too long; and a complaint that does."""
    walk(busy, "tepat", "1376015708909901").to_activation()
    late = walk(busy, "lambat", "1376010503889902")
    late.register()
    walk(busy, "nanti", "1376014101959903").register()
    complaint = do.FileComplaint(
        office="payakumbuh", channel="phone", message="pengaduan", text="Antre."
    )
    busy.portal.service.handle(complaint, actor=ikd.Actor.resident("tamu"), key="aduan")
    busy.clock.by += timedelta(days=6)
    late.to_activation()
    ministry = Desk.opened(desk_browser, busy.address, 1024, camera=True, language="id")
    ministry.log_in("ditjen", PASSWORD)
    ministry.open("/dashboard")
    shown = ministry.page.locator("section[aria-labelledby=of-payakumbuh-application]")
    assert shown.locator(".number").inner_text() == "1 Lewat waktu sekarang"
    weeks = shown.locator("table").last.locator("tbody tr").all_inner_texts()
    assert [row.split("\t")[1:] for row in weeks] == [["1", "0"], ["0", "1"]]
    assert "Antre" not in ministry.page.content()
    assert ministry.lacks(axe) == []
    ministry.shot(pictures, "dashboard-busy")
    ministry.context.close()
    assert ministry.faults == []
