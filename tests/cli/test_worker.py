"""``ikd worker``: another process delivers what a service left owed."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import ikd
from ikd import commands as do
from ikd.adapters.notification.file import FileChannel
from ikd.adapters.registry.simulated_resident import SimulatedResident
from ikd.adapters.registry.simulator import Simulator
from ikd.cli import main
from ikd.core.ports import Done
from ikd.testing import SoftDevice, seeded_entropy
from ikd.testing.mailbox import Mailbox
from ikd.testing.walk import Walk, Walker

ADDRESS = "resident@example.org"
NIK = "1376015708909901"
SAMPLES = {"face": b"face of one"}
STORE = "sqlite:///ikd.db"


def opened(deliver: str) -> ikd.Service:
    resident = SimulatedResident(
        nik=NIK, name="Ayu Lestari", birth_date=date(1990, 8, 17), recorded=SAMPLES
    )
    return ikd.open_service(
        offices=["payakumbuh"],
        store=STORE,
        registry=Simulator([resident]),
        channels=[FileChannel("elsewhere")],
        deliver=deliver,
    )


@pytest.fixture
def owed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An application whose PIN is owed, in a store of this folder."""
    monkeypatch.chdir(tmp_path)
    with opened("inline") as service:
        walk = Walk(
            service=service,
            office=ikd.load_office("payakumbuh"),
            walker=Walker(
                name="resident",
                nik=NIK,
                email=ADDRESS,
                device=SoftDevice(seeded_entropy("a phone")),
                samples=SAMPLES,
            ),
            read_pin=lambda: None,
            solve=lambda _: do.Captcha(token=b"", text=""),
            now=lambda: datetime.now(UTC),
        )
        application_id = walk.register().id
        while service.get(application_id, actor=ikd.Actor.system()).done[-1] != "presence":
            walk.next(application_id)
    with opened("worker") as service:
        approve = do.Approve(application_id=application_id)
        service.handle(approve, actor=ikd.Actor.ministry(), key="approve")
        assert len(service.owed(actor=ikd.Actor.system())) == 1
    return application_id


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "ikd", "worker", "--store", STORE, *words]


def ran(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), check=False, capture_output=True, text=True)


def test_one_round_delivers_and_ends(owed):
    mails = Path("mails").resolve()
    done = ran("--channel", f"file://{mails}", "--once")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("terkirim 1,")
    assert len(Mailbox(mails).pins(ADDRESS)) == 1
    assert ADDRESS not in done.stdout
    with opened("worker") as service:
        assert len(service.owed(Done.SENT, actor=ikd.Actor.system())) >= 1
        assert service.owed(actor=ikd.Actor.system()) == ()


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_it_works_until_it_is_asked_to_stop(owed, asked):
    mails = Path("mails").resolve()
    words = command("--channel", f"file://{mails}")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, **pipes) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline().startswith(b"terkirim 1,")
        worker.send_signal(asked)
        assert worker.wait(60) == 0
        assert worker.stderr is not None
        assert worker.stderr.read() == b"ikd: berhenti\n"
    assert len(Mailbox(mails).pins(ADDRESS)) == 1


def test_two_workers_deliver_one_notice_once(owed):
    mails = Path("mails").resolve()
    words = command("--channel", f"file://{mails}", "--once")
    workers = [subprocess.Popen(words, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert len(Mailbox(mails).pins(ADDRESS)) == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--store", "sqlite:///gone.db", "--channel", "console:"], "basis data tidak ada"),
        (["--store", "memory://", "--channel", "console:"], "basis data tidak ada"),
        (["--store", STORE], "tidak ada saluran"),
    ],
)
def test_what_it_cannot_do_it_says(owed, capsys, words, told):
    assert main(["worker", *words]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("pause", ["soon", "0 s", "2 h", "7 d"])
def test_a_pause_is_a_second_to_an_hour(owed, capsys, pause):
    assert main(["worker", "--store", STORE, "--channel", "console:", "--poll", pause]) == 2
    assert "--poll: " in capsys.readouterr().err


def test_a_dead_mail_server_loses_nothing_and_ends_nothing(owed):
    done = ran("--channel", "smtp://127.0.0.1:1?from=siak@example.id&starttls=0", "--once")
    assert done.returncode == 0, done.stderr
    assert "nanti 1" in done.stdout
    with opened("worker") as service:
        assert len(service.owed(actor=ikd.Actor.system())) == 1


def test_a_store_that_fails_for_a_while_is_no_end(owed, capsys):
    from ikd.cli.worker import _round
    from ikd.core.errors import StoreError
    from ikd.service.delivery import Delivered

    class Failing:
        def owed(self, *, actor: ikd.Actor, limit: int) -> None:
            raise StoreError("store.busy")

        def delivered(self) -> Delivered:
            return Delivered(sent=3, later=1)

    assert _round(Failing(), Delivered(sent=1), STORE) == Delivered(sent=3, later=1)
    told = capsys.readouterr()
    said = " ".join(told.err.split())
    assert said.startswith("ikd: ikd.db: Proses lain memegang basis data")
    assert said.endswith("(store.busy)")
    assert told.out.startswith("terkirim 2, nanti 1,")


@pytest.mark.parametrize("command", [["worker"], ["serve", "--tokens", "none.json"]])
def test_a_password_never_stands_among_the_words_of_a_command(
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    opened("worker").close()
    url = "smtp://siak:rahasia@mail.example.id?from=siak@example.id"
    assert main([*command, "--store", STORE, "--channel", url]) == 2
    said = capsys.readouterr().err
    assert "password-file" in said
    assert "rahasia" not in said
