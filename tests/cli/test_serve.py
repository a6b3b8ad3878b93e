"""``ikd serve`` and ``ikd access``: from a token to an answer, and a peaceful end."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

FILE = ("--tokens", "access.json")


def test_a_token_is_shown_once_listed_and_revoked(run, tmp_path: Path) -> None:
    made = run("access", "new", "web", "--role", "resident", *FILE, cwd=tmp_path)
    assert re.fullmatch(r"ikd_[\w-]{43}\n", made.stdout)
    assert made.stderr.startswith("ikd: token itu hanya ditampilkan sekali ini")
    every = run(
        *("access", "new", "desk", "--role", "operator", "--role", "ministry"),
        *("--office", "payakumbuh", "--lang", "en", *FILE),
        cwd=tmp_path,
    )
    assert every.stderr == "ikd: the token is shown this once; keep it as a secret\n"
    lines = run("access", "list", "--lang", "en", *FILE, cwd=tmp_path).stdout.splitlines()
    assert re.fullmatch(r"[0-9a-f]{8}  web  +resident  +every one  +\d{4}-\d\d-\d\d", lines[1])
    assert re.fullmatch(r"[0-9a-f]{8}  desk  +ministry, operator  +payakumbuh  +\S+", lines[2])
    assert made.stdout.strip() not in "".join(lines)
    ended = run("access", "revoke", lines[1].split()[0], *FILE, cwd=tmp_path)
    assert ended.stdout.endswith(": dicabut\n")
    again = run("access", "revoke", lines[1].split()[0], *FILE, cwd=tmp_path)
    assert (again.returncode, "access.unknown" in again.stderr) == (1, True)
    assert len(run("access", "list", *FILE, cwd=tmp_path).stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("access", "new", "X", "--role", "resident", *FILE), 1, "access.name"),
        (("access", "new", "web", "--role", "king", *FILE), 2, "king"),
        (("access", "new", "web", "--role", "resident", "--tokens", "no/where.json"), 2, "no: "),
        (("access", "list", "--tokens", "ikd.db"), 2, "ikd.db: "),
        (("access", "list", "--tokens", "broken.json"), 3, "access.corrupt"),
        (("serve", "--store", "nothing", *FILE), 2, "store.url"),
        (("serve", "--store", "memory://", "--settings", "broken.json", *FILE), 2, "broken.json: "),
        (("serve", "--store", "memory://", "--host", "192.0.2.1", *FILE), 3, "EADDRNOTAVAIL"),
    ],
)
def test_what_is_wrong_is_told(
    run, tmp_path: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    tmp_path.joinpath("ikd.db").write_bytes(b"SQLite format 3\0")
    tmp_path.joinpath("broken.json").write_bytes(b"{")
    ended = run(*words, cwd=tmp_path)
    assert (ended.returncode, told in ended.stderr) == (code, True), ended.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_until_it_is_told_to_stop(run, tmp_path: Path, number: signal.Signals) -> None:
    token = run("access", "new", "web", "--role", "resident", *FILE, cwd=tmp_path).stdout.strip()
    tmp_path.joinpath("settings.toml").write_text('issuer = "https://ikd.example.id"\n', "utf-8")
    command = [sys.executable, "-m", "ikd", "serve", "--store", "sqlite:///ikd.db", "--port", "0"]
    with subprocess.Popen(
        [*command, *FILE, "--settings", "settings.toml", "--channel", "file:mail"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().removeprefix("Melayani di ").strip()
        body = json.dumps({"actor": {"role": "resident", "id": "s-1"}}).encode()
        named = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{address}/v1/reads/now", body, named)
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)["answer"].endswith("Z")
        server.send_signal(number)
        _, log = server.communicate()
    assert server.returncode == 0
    assert log.splitlines()[-1] == "ikd: berhenti"
    assert re.search(r" POST /v1/reads/now 200 \d+ ms web\n", log)
    assert token not in log
