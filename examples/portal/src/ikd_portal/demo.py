"""A demonstration: a simulated register, mail that can be read, officers with one password."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import ikd
from ikd import ports
from ikd.testing import MemoryKeys, SimulatedResident, Simulator
from ikd_portal.accounts import Account, Accounts
from ikd_portal.letters import Letters
from ikd_portal.portal import Portal

OFFICES = ("payakumbuh", "wakatobi")
STATION = "loket-1"
MATCHES = {"face": 97, "iris": 95, "fingerprint": 96}  # whatever the camera sends
BROWSER = """[registration]
browser = { value = true, source = "default", why = "Portal contoh: peramban menjadi gawai." }
"""


def browser_office(name: str) -> ikd.Office:
    """Return a copy of an office's file in which a browser counts as a phone: one key more."""
    text = ikd.load_office(name).text
    return ikd.load_office(tomllib.loads(text.replace("[registration]\n", BROWSER, 1)))


def _resident(
    nik: str,
    name: str,
    born: date,
    *,
    match: Mapping[str, int] = MATCHES,
    ktp_el: ports.KtpEl = ports.KtpEl.ISSUED,
) -> SimulatedResident:
    return SimulatedResident(
        nik=nik,
        name=name,
        birth_date=born,
        match=match,
        ktp_el=ktp_el,
        nationality="IDN",
        address="Jalan Rekaan 7\nRT 001 RW 002",
    )


def residents() -> dict[str, tuple[tuple[SimulatedResident, str], ...]]:
    """Return whom the register knows, by office, and what is special about each."""
    return {
        "payakumbuh": (
            (_resident("1376015708909901", "Sari Contohwati", date(1990, 8, 17)), "plain"),
            (_resident("1376010503889902", "Budi Contohadi", date(1988, 3, 5)), "plain"),
            (_resident("1376014101959903", "Ayu Misalnya", date(1995, 1, 1)), "plain"),
            (
                _resident(
                    "1376011212799904", "Joko Umpama", date(1979, 12, 12), match={"face": 12}
                ),
                "no_match",
            ),
            (
                _resident(
                    "1376016002929905",
                    "Putri Andaian",
                    date(1992, 2, 20),
                    ktp_el=ports.KtpEl.RECORDED,
                ),
                "recorded",
            ),
        ),
        "wakatobi": (
            (_resident("7407011203949903", "Eko Khayali", date(1994, 3, 12)), "plain"),
            (_resident("7407014408969904", "Wulan Rekaan", date(1996, 8, 4)), "plain"),
            (_resident("7407010907859905", "Rudi Percobaan", date(1985, 7, 9)), "plain"),
            (
                _resident(
                    "7407015511909906", "Dewi Umpama", date(1990, 11, 15), match={"face": 12}
                ),
                "no_match",
            ),
        ),
    }


def accounts(password: str) -> Accounts:
    """Return an operator for each office and an officer of the ministry."""
    made = [
        Account.of(
            f"petugas-{name}",
            f"Petugas {name.capitalize()}",
            ikd.Actor.operator(f"petugas-{name}", office=name, station=STATION),
            password,
        )
        for name in OFFICES
    ]
    ministry = Account.of("ditjen", "Ditjen Dukcapil", ikd.Actor.ministry(), password)
    return Accounts((*made, ministry))


class Now:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the present."""
        return datetime.now(UTC)


def open_demo(address: str, password: str, clock: ports.Clock | None = None) -> Portal:
    """Return a portal that is reached at *address*; everything is kept in memory alone."""
    told, letters = clock or Now(), Letters()
    keys = MemoryKeys(ikd.system_entropy, told.now())
    known = residents()
    offices = {name: browser_office(name) for name in OFFICES}
    service = ikd.open_service(
        offices=list(offices.values()),
        store="memory://",
        keys=keys,
        registry=Simulator([one for group in known.values() for one, _ in group]),
        channels=[letters.channel(medium, told) for medium in ("email", "sms")],
        settings={
            "issuer": "https://ikd.example.id",
            "status_list": "https://ikd.example.id/status/1",
            "activation_link": f"{address}/a/",
        },
        clock=clock,
    )
    return Portal(
        service=service,
        offices=offices,
        verifier=_verifier(service, keys, told),
        accounts=accounts(password),
        letters=letters,
        people={
            name: tuple((one.nik.digits, one.name, special) for one, special in group)
            for name, group in known.items()
        },
    )


def _verifier(
    service: ikd.Service, keys: MemoryKeys, clock: ports.Clock
) -> Callable[[], ikd.Verifier]:
    """Return what opens a verifier over the files of now; a presentation counts once in all."""
    root = ikd.PublicKey.ed25519(keys.roots()[0])

    def opened(replay: ports.ReplayMemory | None = None) -> ikd.Verifier:
        status = service.status_list()
        return ikd.open_verifier(
            keys.keyring(), root=root, status=status, replay=replay, now=clock.now()
        )

    first = opened()
    return lambda: opened(first.replay)
