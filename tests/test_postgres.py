"""The tests' own PostgreSQL ends with whoever uses it, however that dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import ikd
from ikd.core.errors import InputError, StoreError
from tests import postgres

USES = """
import sys
from pathlib import Path
from tests import postgres
with postgres.shared(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


def _user(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        (sys.executable, "-c", USES, str(folder)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


@pytest.mark.usefixtures("postgres_server")  # skips or fails where there is none
def test_users_share_a_server_and_it_ends_with_the_last_though_all_are_killed(
    tmp_path: Path,
) -> None:
    users = [_user(tmp_path / "shared") for _ in range(3)]
    urls = {user.stdout.readline().strip() for user in users if user.stdout}
    assert len(urls) == 1
    (url,) = urls
    for user in users[1:]:
        user.send_signal(signal.SIGKILL)
        user.wait()
    assert postgres.execute(url, "SELECT 1") == [(1,)]
    users[0].send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while _answers(url):
        assert time.monotonic() < deadline, "the server outlives its users"
        time.sleep(0.05)
    for user in users:
        user.communicate()


def _answers(url: str) -> bool:
    import psycopg

    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("ikd.adapters.storage.postgres")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError) as met:
        ikd.open_service(offices=["payakumbuh"], store="postgresql://localhost:9/ikd")
    assert met.value.code == "store.missing"
    assert "ikd[postgres]" in str(met.value)


def test_a_server_needs_keys_that_last_as_long(postgres_url: str) -> None:
    with pytest.raises(InputError) as met:
        ikd.open_service(offices=["payakumbuh"], store=postgres_url)
    assert met.value.code == "keys.missing"
