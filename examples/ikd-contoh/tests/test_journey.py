"""A resident of the invented office reaches an active identity, the code by WhatsApp."""
# ruff: noqa: D103, S101 - tests assert, and their names say what

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Never

from conftest import TOKEN, Gateway

import ikd
from ikd.testing import (
    SimulatedResident,
    Simulator,
    SoftDevice,
    Walk,
    Walker,
    quick_kdf,
)

FACE = {"face": b"a face, as far as the simulator can see"}
SARI = SimulatedResident(
    nik="3374015708909901", name="Sari Contohwati", birth_date=date(1990, 8, 17), recorded=FACE
)


def _walk(service: ikd.Service, office: ikd.Office, gateway: Gateway) -> Walk:
    def newest_pin() -> str | None:
        found = [re.search(r"\b[0-9]{6}\b", sent["text"]) for sent in gateway.received]
        pins = [match[0] for match in found if match]
        return pins[-1] if pins else None

    def no_captcha(_record: object) -> Never:
        raise AssertionError("this office publishes none")

    walker = Walker(
        name="sari",
        nik=SARI.nik.digits,
        email="sari@example.id",
        device=SoftDevice(ikd.system_entropy),
        samples=FACE,
    )
    return Walk(
        service=service,
        office=office,
        walker=walker,
        read_pin=newest_pin,
        solve=no_captcha,
        now=lambda: datetime.now(UTC),
    )


def test_a_resident_is_activated_by_the_offices_own_channel(
    gateway: Gateway, tmp_path: Path
) -> None:
    tally = tmp_path / "tally.tsv"
    options = {"gateway": gateway.url, "token": TOKEN, "tally": str(tally)}
    with ikd.open_service(
        store=f"sqlite:///{tmp_path}/ikd.db",
        registry=Simulator([SARI]),
        plugins={"ikd-contoh": options},
        deliver="inline",
        kdf=quick_kdf,
    ) as service:
        import ikd_contoh

        (office,) = ikd_contoh.ikd_offices()
        walk = _walk(service, office, gateway)
        identity_id = walk.to_passcode()
        identity = service.get(identity_id, "identity", actor=ikd.Actor.system())
        assert (identity.status.value, identity.office) == ("ACTIVE", "contoh")
        assert {sent["to"] for sent in gateway.received} == {f"+62{walk.walker.phone[1:]}"}
        assert "Dukcapil Contoh" in gateway.received[0]["text"]
    told = [line.split("\t")[3] for line in tally.read_text().splitlines()]
    assert "Registered" in told
    assert "Activated" in told


def test_it_is_not_loaded_unless_named() -> None:
    for name in [name for name in sys.modules if name.startswith("ikd_contoh")]:
        del sys.modules[name]
    ikd.open_service(offices=["wakatobi"], deliver="inline").close()
    assert "ikd_contoh" not in sys.modules
