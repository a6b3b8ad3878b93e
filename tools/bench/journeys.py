"""Whole journeys through the service: CPU and wall time of each, beside another version's.

    python tools/bench/journeys.py --folder /dev/shm --against ../ikd-0.1.0/src

Each version runs in processes of its own, in turns, so that what else the machine does meets
both. The numbers are this version's over the other's: CPU a journey (less is better), and
journeys a second (more is better).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

SAMPLES = {"face": b"face of one", "iris": b"iris of one", "fingerprint": b"finger of one"}
HERE = Path(__file__).resolve().parents[2] / "src"


def main() -> None:
    """Run as told, or as one of the processes that are measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="where the stores lie; a new one if not told")
    parser.add_argument("--against", type=Path, help="the src folder of another version")
    parser.add_argument("--journeys", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measured(asked.folder, asked.journeys)))
    else:
        _compare(asked)


def _compare(asked: argparse.Namespace) -> None:
    sources = {"here": HERE} | ({"there": asked.against} if asked.against else {})
    found: dict[str, list[dict[str, float]]] = {name: [] for name in sources}
    for _ in range(asked.rounds):
        for name, source in sources.items():
            found[name].append(_run(source, asked))
    for name, runs in found.items():
        cpu, wall = (median(run[of] for run in runs) for of in ("cpu", "wall"))
        print(f"{name:6} {1000 * cpu:7.2f} ms CPU a journey, {1 / wall:6.1f} journeys a second")
    if "there" in found:
        ratios = zip(found["here"], found["there"], strict=True)
        both = [(h["cpu"] / t["cpu"], t["wall"] / h["wall"]) for h, t in ratios]
        cpu, speed = zip(*both, strict=True)
        print(f"CPU {median(cpu):.2f}x, journeys a second {median(speed):.2f}x")


def _run(source: Path, asked: argparse.Namespace) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        told = ("--measure", "--folder", folder, "--journeys", str(asked.journeys))
        done = subprocess.run(
            [sys.executable, __file__, *told],
            env={**os.environ, "PYTHONPATH": str(source.resolve())},
            capture_output=True,
            check=True,
            text=True,
        )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measured(folder: Path, journeys: int) -> dict[str, float]:
    """Walk residents of both offices to their activation, one after another."""
    import ikd
    from ikd.adapters.notification.file import FileChannel
    from ikd.adapters.registry import simulator
    from ikd.core.ports import Receipt
    from ikd.core.records.notices import Message
    from ikd.testing import FixedClock, SoftDevice, Walk, Walker, quick_kdf, seeded_entropy

    # where it stands has changed since 0.1.0; the simulator has always named it
    SimulatedResident = simulator.SimulatedResident  # noqa: N806
    clock, registry = FixedClock(datetime(2026, 11, 23, 3, tzinfo=UTC)), simulator.Simulator()
    last: dict[str, str] = {}

    class Noting(FileChannel):
        def deliver(self, message: Message) -> Receipt:
            last[message.to] = message.text
            return super().deliver(message)

    service = ikd.open_service(
        offices=["payakumbuh"],
        store=f"sqlite:///{folder}/ikd.db",
        registry=registry,
        channels=[Noting(folder / "mails")],
        deliver="inline",
        clock=clock,
        kdf=quick_kdf,
    )
    office = ikd.load_office("payakumbuh")

    def one(number: int) -> None:
        nik = f"137601{1 + number // 100:02d}0890{9900 + number % 100}"
        registry.add(
            SimulatedResident(
                nik=nik, name="Ayu Lestari", birth_date=date(1990, 8, 17), recorded=SAMPLES
            )
        )
        mail = f"r{number}@example.org"
        walker = Walker(
            name=f"r{number}",
            nik=nik,
            email=mail,
            device=SoftDevice(seeded_entropy(f"phone {number}")),
            samples=SAMPLES,
        )
        walk = Walk(
            service=service,
            office=office,
            walker=walker,
            read_pin=lambda: _pin(last.get(mail, "")),
            solve=lambda _: None,
            now=clock.now,
        )
        assert walk.enter_pin(walk.to_pin()).status == "ACTIVATED"

    for number in range(5):
        one(number)
    cpu, wall = time.process_time(), time.perf_counter()
    for number in range(5, 5 + journeys):
        one(number)
    used = (time.process_time() - cpu, time.perf_counter() - wall)
    service.close()
    return {"cpu": used[0] / journeys, "wall": used[1] / journeys}


def _pin(text: str) -> str | None:
    import re

    found = re.search(r"\b[0-9]{6}\b", text)
    return found[0] if found else None


if __name__ == "__main__":
    main()
