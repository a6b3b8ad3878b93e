"""A PostgreSQL of the tests' own, on a free port, gone when the last test that uses it is.

``initdb`` and the server refuse to run as root; then, and only then, these two run as the user
``postgres``. All tests of a run share one server and have a database each.

As a program it keeps one server: ``postgres.py serve FOLDER`` ends it when nobody holds the
lock ``FOLDER/users`` any more, and the system lets go of locks whatever a process died of.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MISSING = "PostgreSQL isn't installed: apt-get install postgresql"
HOST = "127.0.0.1"
_QUICK = {"fsync": "off", "full_page_writes": "off"}
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "log_destination": "stderr",
    "logging_collector": "off",
}


def binaries() -> Path | None:
    """Return the folder of ``initdb`` and ``postgres``: on PATH, else Debian's newest."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True)
    return next((one for one in folders if (one / "postgres").exists()), None)


def _major(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdecimal() else 0


class Server:
    """One server with a data folder of its own; it dies with the process that started it."""

    def __init__(self, *, durable: bool = False, **settings: str) -> None:
        found = binaries()
        assert found is not None, MISSING
        self._binaries = found
        self._settings = {**_SETTINGS, **({} if durable else _QUICK), **settings}
        self.folder = Path(tempfile.mkdtemp(prefix="ikd-postgres-"))
        self.port = 0
        self.password = secrets.token_hex(8)
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._make()
            self.start()
        except BaseException:
            self.close()
            raise

    def url(self, database: str = "postgres") -> str:
        """Return the URL of a database, for its owner."""
        return f"postgresql://postgres:{self.password}@{HOST}:{self.port}/{database}"

    def start(self) -> None:
        """Start, on the port it had; the first time on a free one, tried until one is."""
        for _ in range(5):
            port = self.port or _free_port()
            if self._start(port):
                self.port = port
                return
        raise RuntimeError(self.log()[-2000:])

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT ends every session (fast), SIGQUIT at once, as a crash would."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        """Return what the server said."""
        file = self.folder / "log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def _make(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            shutil.chown(secret, "postgres", "postgres")
        told = ("--username=postgres", "--auth=scram-sha-256", f"--pwfile={secret}")
        form = ("--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
        command = (*self._as_postgres(), str(self._binaries / "initdb"), "-D", self._data)
        done = subprocess.run(
            (*command, *told, *form), cwd=self.folder, capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode("utf-8", "replace"))

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _start(self, port: int) -> bool:
        named = [f"-c{name}={value}" for name, value in self._settings.items()]
        command = (*self._as_postgres(dying=True), str(self._binaries / "postgres"))
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                (*command, "-D", self._data, "-p", str(port), *named),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests; they stop it themselves
            )
        self._process = process
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            if self._is_ready():
                return True
            time.sleep(0.02)
        self.stop()
        return False

    def _is_ready(self) -> bool:
        """Whether ``postmaster.pid`` says so in its eighth line, as ``pg_ctl`` looks for it."""
        try:
            lines = (self.folder / "data" / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def _as_postgres(self, *, dying: bool = False) -> tuple[str, ...]:
        """Return what runs a command as somebody whom PostgreSQL accepts, and with us."""
        changes: list[str] = []
        if os.geteuid() == 0:
            changes += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
        if dying:
            changes += ["--pdeathsig=QUIT"]
        if not changes or not shutil.which("setpriv"):
            return ()
        return ("setpriv", *changes, "--")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        port: int = taken.getsockname()[1]
        return port


# --- one server for all processes of a run ------------------------------------------------


@contextlib.contextmanager
def shared(folder: Path) -> Iterator[str]:
    """Return the URL of the server that everybody shares who names this folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "start").open("w") as turn, (folder / "users").open("w") as users:
        fcntl.flock(turn, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a server that nobody used is ended
        url = _running(folder) or _launch(folder)
        fcntl.flock(turn, fcntl.LOCK_UN)
        yield url


def _running(folder: Path) -> str | None:
    try:
        return str(json.loads((folder / "server.json").read_text())["url"])
    except FileNotFoundError:
        return None


def _launch(folder: Path) -> str:
    with (folder / "log").open("ab") as log:
        keeper = subprocess.Popen(
            (sys.executable, "-P", __file__, "serve", str(folder)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    while (url := _running(folder)) is None:
        if keeper.poll() is not None:
            raise RuntimeError((folder / "log").read_text("utf-8", "replace")[-2000:])
        time.sleep(0.02)
    keeper.returncode = 0  # it outlives us: not ours to wait for
    return url


def _serve(folder: Path) -> None:
    """Keep a server until nobody uses it."""
    server = Server()
    told = folder / "server.json"
    try:
        with (folder / "users").open("w") as users:
            draft = told.with_suffix(".new")
            draft.write_text(json.dumps({"url": server.url()}))
            draft.rename(told)
            fcntl.flock(users, fcntl.LOCK_EX)  # while it is ours, nobody can begin to use it
            told.unlink(missing_ok=True)
            server.close()
    finally:
        told.unlink(missing_ok=True)
        server.close()


@contextlib.contextmanager
def database(url: str) -> Iterator[str]:
    """Return the URL of a new and empty database on the server of *url*."""
    name = f"t{secrets.token_hex(8)}"
    execute(url, f"CREATE DATABASE {name}")
    try:
        yield url.rpartition("/")[0] + f"/{name}"
    finally:
        execute(url, f"DROP DATABASE {name} WITH (FORCE)")


def empty(url: str) -> None:
    """Leave nothing and nobody in a database; a tenth of what a new one costs."""
    execute(url, END_OTHERS, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


END_OTHERS = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def execute(url: str, *statements: str) -> list[Any]:
    """Run statements, each by itself, and return the rows of the last."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        done = None
        for statement in statements:
            done = connection.execute(statement.encode())
        return done.fetchall() if done is not None and done.description else []


if __name__ == "__main__":
    _serve(Path(sys.argv[2]))
