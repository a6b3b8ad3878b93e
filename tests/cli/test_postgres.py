"""Commands that work on a store take a PostgreSQL too, and never print its password."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import ikd
from ikd.adapters.keys.keys_in_folder import new_keys
from ikd.cli import main
from ikd.core.ports import Done
from ikd.testing import seeded_entropy
from tests import postgres


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    new_keys(tmp_path / "keys", now=datetime.now(UTC), entropy=seeded_entropy("keys"))
    return tmp_path / "keys"


def test_a_worker_and_the_status_list_work_on_a_server(
    postgres_url: str, keys: Path, tmp_path: Path
) -> None:
    store = ["--store", postgres_url, "--keys", str(keys)]
    mails = f"file://{tmp_path / 'mails'}"
    assert main(["worker", *store, "--channel", mails, "--once"]) == 0
    assert main(["status", "publish", *store, "--out", str(tmp_path / "list.cwt")]) == 0
    assert (tmp_path / "list.cwt").stat().st_size > 0
    with ikd.open_service(offices=["payakumbuh"], store=postgres_url, keys=keys) as service:
        assert service.owed(Done.WAITING, actor=ikd.Actor.system()) == ()


@pytest.mark.parametrize("words", [("worker", "--channel", "console:"), ("status", "publish")])
def test_a_server_that_refuses_is_told_without_the_password(
    postgres_url: str,
    keys: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
) -> None:
    secret = "geheim-9912"
    url = f"postgresql://postgres:{secret}@{postgres_url.partition('@')[2]}"
    more = ["--out", str(tmp_path / "list.cwt")] if words[0] == "status" else ["--once"]
    assert main([*words, "--store", url, "--keys", str(keys), *more]) == 3
    told = capsys.readouterr()
    assert "(store.denied)" in told.err
    assert secret not in told.err + told.out
    assert postgres.HOST not in told.err
