"""Asks a running server everything that its own description allows, and much that it doesn't.

    python tools/fuzz_api [--seconds 45]

schemathesis makes the calls and checks each answer: never a 500, and nothing that the description
doesn't say. What stands in a store when it begins: cases of both offices and identities.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import ikd
from ikd import api
from ikd import commands as do
from ikd.testing import (
    Mailbox,
    SimulatedResident,
    Simulator,
    SoftDevice,
    Walk,
    Walker,
    quick_kdf,
    seeded_entropy,
)

OFFICES = ("payakumbuh", "wakatobi")
SAMPLES = {"face": b"face", "iris": b"iris", "fingerprint": b"finger"}
LIMITS = api.ApiLimits(rate=100_000, burst=100_000)
# What is in order by its form may well be refused for what it says.
UNSUITED = "positive_data_acceptance,negative_data_rejection"


def main() -> int:
    """Serve, fuzz, and fail where a call met a fault of our own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", default="45", help="for how long")
    asked = parser.parse_args()
    faults = _Faults()
    logging.getLogger("ikd.api").addHandler(faults)
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as (address, token, real):
        fuzzed = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/v1/openapi.json"),
                *("--header", f"Authorization: Bearer {token}", "--phases", "coverage,fuzzing"),
                *("--max-time", asked.seconds, "--exclude-checks", UNSUITED),
                *("--workers", "2", "--continue-on-failure"),
                *("--generation-deterministic", "--no-color"),
            ],
            env={
                **os.environ,
                "PYTHONPATH": str(Path(__file__).parent),
                "SCHEMATHESIS_HOOKS": "hooks",
                "IKD_FUZZ": json.dumps(real),
            },
            cwd=folder,
            check=False,
        )
    print(f"faults of our own: {len(faults.met)}")
    for fault in faults.met[:5]:
        print(fault)
    return fuzzed.returncode or bool(faults.met)


class _Faults(logging.Handler):
    """Keeps what the API says of faults that nobody thought of."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.met: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.met.append(record.getMessage())


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Serve a service in which something happened; yield address, token and what is real."""
    residents = [
        SimulatedResident(
            nik=f"13760157089099{number:02d}",
            name="Ayu Lestari",
            birth_date=date(1990, 8, 17),
            recorded=SAMPLES,
        )
        for number in range(1, 9)
    ]
    with ikd.open_service(
        offices=OFFICES,
        registry=Simulator(residents),
        channels=[f"file:{folder / 'mails'}"],
        deliver="inline",
        kdf=quick_kdf,
    ) as service:
        real = _happened(service, residents, Mailbox(folder / "mails"))
        tokens = api.AccessTokens(folder / "access.json")
        holder = api.FrontEnd(name="fuzz", roles=ikd.Role)
        token = tokens.new(holder, now=datetime.now(UTC))
        told: list[str] = []
        listening = threading.Event()

        def serve() -> None:
            say = lambda address: (told.append(address), listening.set())  # noqa: E731
            api.serve(api.asgi(service, tokens, LIMITS), port=0, limits=LIMITS, listening=say)

        threading.Thread(target=serve, daemon=True).start()
        listening.wait()
        yield told[0], token, real


def _happened(
    service: ikd.Service, residents: list[SimulatedResident], mails: Mailbox
) -> dict[str, object]:
    """Take residents of each office a part of the way, and one to the end of it."""
    cases, identities = [], []
    for number, resident in enumerate(residents):
        address = f"r{number}@example.org"
        walk = Walk(
            service=service,
            office=ikd.load_office(OFFICES[number % 2]),
            walker=Walker(
                name=f"r{number}",
                nik=resident.nik.digits,
                email=address,
                device=SoftDevice(seeded_entropy(address)),
                samples=SAMPLES,
            ),
            read_pin=lambda address=address: (mails.pins(address) or [None])[-1],
            solve=lambda _: do.Captcha(token=b"", text=""),
            now=lambda: datetime.now(UTC),
        )
        if number == 0:
            identities.append(walk.to_passcode())
        elif number < 4:
            cases.append(walk.to_pin())
        else:
            cases.append(walk.register().id)
    complaints = [
        service.handle(
            do.FileComplaint(
                office=office, channel="email", message="aduan", text="x", email="a@example.org"
            ),
            actor=ikd.Actor.resident("s"),
            key=office,
        ).id
        for office in OFFICES
    ]
    operators = [
        {"role": "operator", "id": "op", "office": office, "station": "counter-1"}
        for office in OFFICES
    ]
    others = [{"role": role, "id": "x"} for role in ("resident", "ministry", "registry", "system")]
    return {
        "actors": [*operators, *operators, *others],
        "application": cases,
        "identity": identities,
        "complaint": complaints,
    }


if __name__ == "__main__":
    sys.exit(main())
