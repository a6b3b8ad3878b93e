"""``ikd audit``: a checkpoint is kept, and what was done since is found and named."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

import ikd
from ikd import commands as do
from ikd.cli import main, worker
from ikd.testing import SoftDevice, seeded_entropy


def registered(service: ikd.Service, number: int) -> str:
    device = ikd.Device(kind="smartphone", key=SoftDevice(seeded_entropy(str(number))).public_key)
    register = do.Register(
        office="payakumbuh",
        nik=f"13760157089099{number:02d}",
        email=f"r{number}@example.id",
        phone="081234567890",
        device=device,
    )
    return service.handle(register, actor=ikd.Actor.resident(f"s{number}"), key=f"r{number}").id


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/ikd.db"
    with ikd.open_service(offices=["payakumbuh"], store=url, deliver="worker") as service:
        for number in (1, 2, 3):
            registered(service, number)
    return url


def sql(url: str, statement: str) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as database:
        database.execute(statement)


def checkpoint(url: str, folder: Path) -> str:
    assert main(["audit", "checkpoint", "--store", url, "--out", str(folder / "kept")]) == 0
    return str(max((folder / "kept").iterdir()))


def verify(url: str, *more: str) -> int:
    return main(["audit", "verify", "--store", url, "--lang", "en", *more])


def test_a_store_as_it_was_written_has_no_fault(store, tmp_path, capsys):
    kept = checkpoint(store, tmp_path)
    assert verify(store, "--checkpoint", kept, "--still") == 0
    assert " 0 faults." in capsys.readouterr().out


def test_a_store_that_went_on_has_no_fault_either(store, tmp_path):
    kept = checkpoint(store, tmp_path)
    with ikd.open_service(offices=["payakumbuh"], store=store, deliver="worker") as service:
        registered(service, 4)
        time_passes = service.find(actor=ikd.Actor.system())[0]
        reject = do.Reject(application_id=time_passes.id, reason="documents")
        service.handle(reject, actor=ikd.Actor.ministry(), key="reject")
    assert verify(store, "--checkpoint", kept) == 0
    assert verify(store, "--checkpoint", kept, "--still") == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE records SET office = 'wakatobi' WHERE kind = 'application'", "changed"),
        ("DELETE FROM records WHERE kind = 'resident'", "missing"),
        ("DELETE FROM records", "missing"),
        ("DELETE FROM claims WHERE space = 'nik'", "claims nik"),
        ("DELETE FROM secrets", "secrets"),
        ("DELETE FROM standards", "standards"),
        ("DELETE FROM journal WHERE seq > 1", "an older copy"),
        ("UPDATE journal SET at = at + 1 WHERE seq = 1", "its journal doesn't fit"),
    ],
)
def test_what_was_done_past_ikd_is_named(store, tmp_path, capsys, change, told):
    kept = checkpoint(store, tmp_path)
    sql(store, change)
    assert verify(store, "--checkpoint", kept) == 1
    assert told in capsys.readouterr().out


def test_a_checkpoint_that_was_edited_is_refused(store, tmp_path, capsys):
    kept = Path(checkpoint(store, tmp_path))
    kept.write_bytes(kept.read_bytes().replace(b" 2 ", b" 1 "))
    assert verify(store, "--checkpoint", str(kept)) != 0
    assert "token.checkpoint" in capsys.readouterr().err


def test_wrong_usage_is_told(store, tmp_path, capsys):
    assert verify(store, "--still") == 2
    assert verify(store, "--checkpoint", str(tmp_path / "none")) == 2
    assert verify("postgresql://nobody@127.0.0.1:1/x") == 2
    assert "--keys" in capsys.readouterr().err


def test_a_worker_keeps_one_every_hour(store, tmp_path, monkeypatch):
    class Stop:
        left = 4

        def wait(self, _seconds: float) -> bool:
            self.left -= 1
            return self.left < 0

    times = iter([0.0, 0.0, 3599.0, 3600.0, 3601.0])
    monkeypatch.setattr(worker, "time", SimpleNamespace(monotonic=lambda: next(times)))
    monkeypatch.setattr(worker, "threading", SimpleNamespace(Event=Stop))
    kept: list[Path] = []
    monkeypatch.setattr(worker, "keep_checkpoint", lambda _service, folder: kept.append(folder))
    with ikd.open_service(offices=["payakumbuh"], store=store, deliver="worker") as service:
        monkeypatch.setattr(
            worker, "signal", SimpleNamespace(signal=lambda *_: 0, SIGTERM=1, SIGINT=2)
        )
        worker._work(service, store, worker.timedelta(seconds=1), tmp_path)
    assert kept == [tmp_path, tmp_path]


def test_a_plugin_gets_each_checkpoint_whole(store):
    got: list[bytes] = []

    class Keeps:
        def recorded(self, decision: object) -> None: ...

        def kept(self, checkpoint: bytes) -> None:
            got.append(checkpoint)

        def close(self, timeout: object) -> None: ...

    with ikd.open_service(offices=["payakumbuh"], store=store, deliver="worker") as service:
        object.__setattr__(service._parts, "observer", Keeps())
        data = service.checkpoint()
    assert got == [data]
    assert data.splitlines()[1].split()[0] == b"application"
