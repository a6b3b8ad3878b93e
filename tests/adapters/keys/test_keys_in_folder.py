"""Keys in a folder: complete or absent, closed to others, and never quoted in an error."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import traceback
from datetime import UTC, datetime, timedelta

import pytest

from ikd import file_writing
from ikd.adapters.keys import folder as folders
from ikd.adapters.keys.keys_in_folder import FileKeys, add_station, new_keys
from ikd.adapters.system import system_entropy
from ikd.core.errors import KeySourceError
from ikd.core.ports import PURPOSES, KeySource
from ikd.testing.entropy import seeded_entropy
from ikd.testing.key_source_contract import KeySourceContract

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
PLACE = ("payakumbuh", "loket-1")
MAKERS = """
import os, sys
from datetime import UTC, datetime
from ikd.adapters.keys.keys_in_folder import new_keys
from ikd.adapters.system import system_entropy
from ikd.core.errors import KeySourceError

def make(target):
    try:
        new_keys(target, now=datetime(2026, 11, 22, tzinfo=UTC), entropy=system_entropy)
    except KeySourceError as error:
        return 1 if error.code == "keys.exist" else 2
    return 0

make(sys.argv[1])
for line in sys.stdin:
    count, target = line.split()
    pids = []
    for _ in range(int(count)):
        pid = os.fork()
        if pid == 0:
            os._exit(make(target))
        pids.append(pid)
    print(*pids, flush=True)
    sys.stdin.readline()  # until then nobody else can get one of these ids
    print(*(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids), flush=True)
"""


class Makers:
    """Processes that make keys, forked from one that has loaded everything."""

    def __init__(self, folder):
        self._process = subprocess.Popen(
            [sys.executable, "-c", MAKERS, str(folder / "warm")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def start(self, target, count=1):
        self._process.stdin.write(f"{count} {target}\n".encode())
        self._process.stdin.flush()
        return self._numbers()

    def codes(self):
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        return self._numbers()

    def close(self):
        self._process.communicate()

    def _numbers(self):
        return [int(word) for word in self._process.stdout.readline().split()]


@pytest.fixture
def makers(tmp_path):
    makers = Makers(tmp_path)
    yield makers
    makers.close()


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("original") / "keys"
    new_keys(folder, now=NOW, entropy=seeded_entropy("files"), stations=[PLACE])
    return folder


@pytest.fixture
def folder(original, tmp_path):
    return shutil.copytree(original, tmp_path / "keys")


class TestFileKeys(KeySourceContract):
    @pytest.fixture
    def keys(self, folder) -> KeySource:
        return FileKeys(str(folder))


def test_what_was_made_is_what_is_read(tmp_path):
    made = new_keys(tmp_path / "a" / "keys", now=NOW, entropy=seeded_entropy(), stations=[PLACE])
    read = FileKeys(tmp_path / "a" / "keys")
    assert read.keyring() == made.keyring()
    assert read.roots() == made.roots()
    for purpose in PURPOSES:
        assert [key.key for key in read.secrets(purpose)] == [k.key for k in made.secrets(purpose)]
    assert read.signing("credential") == made.signing("credential")


def test_folder_and_private_files_are_closed_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        new_keys(tmp_path / "keys", now=NOW, entropy=seeded_entropy(), stations=[PLACE])
        add_station(tmp_path / "keys", "wakatobi", "a", now=NOW, entropy=seeded_entropy(1))
    finally:
        os.umask(before)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "keys").iterdir()}
    public = {"keyring.cbor", "root.pub.pem", "issuer.pub.pem"}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert all(mode == (0o644 if name in public else 0o600) for name, mode in modes.items())
    assert len(modes) == 9 + 3 + 2 + 1 + 3 + 2


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602, 0o610])
def test_a_key_file_that_others_may_open_is_refused(folder, mode):
    for path in sorted(folder.iterdir()):
        public = path.name.endswith((".pub.pem", ".cbor"))
        before = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode)
        if public and mode in (0o640, 0o604):
            FileKeys(folder)
        elif path.name != "issuer.pub.pem":
            with pytest.raises(KeySourceError, match=rf"keys\.mode: {path.name}.*chmod 0600"):
                FileKeys(folder)
        path.chmod(before)


def test_a_folder_that_others_may_enter_is_refused(folder):
    folder.chmod(0o755)
    with pytest.raises(KeySourceError, match=r"keys\.mode: keys: .*chmod 0700"):
        FileKeys(folder)


NEEDED = (
    *(f"{purpose}.keys" for purpose in PURPOSES),
    "credential.pem",
    "status.pem",
    "checkpoint.pem",
    "keyring.cbor",
    "root.pub.pem",
)


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(KeySourceError, match=rf"keys\.missing: {name}"):
        FileKeys(folder)


@pytest.mark.parametrize("name", [*NEEDED, "root.pem", "station.payakumbuh.loket-1.pem"])
@pytest.mark.parametrize("spoil", ["empty", "cut", "swapped", "rubbish", "doubled"])
def test_a_spoiled_file_is_named_and_never_quoted(folder, name, spoil):
    path = folder / name
    data = path.read_bytes()
    other = "wrap.keys" if name.endswith(".pem") or name == "keyring.cbor" else "status.pem"
    path.write_bytes(
        {
            "empty": b"",
            "cut": data[:-3],
            "swapped": (folder / other).read_bytes(),
            "rubbish": b"\xff\x00 canary",
            "doubled": data + data,
        }[spoil]
    )
    if spoil == "doubled" and name.endswith(".pem"):
        FileKeys(folder)  # the same key twice, or text behind a public one: no other key
        return
    with pytest.raises(KeySourceError, match=rf"keys\.corrupt: {name}") as caught:
        FileKeys(folder)
    shown = "".join(traceback.format_exception(caught.value))
    assert "canary" not in shown
    assert data[30:50].decode("latin-1") not in shown
    assert "InputError" not in shown
    assert "TokenError" not in shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("credential.pem", "keyring.cbor"),
        ("root.pub.pem", "root.pub.pem"),
        ("root.pem", "root.pub.pem"),
    ],
)
def test_a_file_of_another_set_does_not_belong(folder, tmp_path, one, other):
    new_keys(tmp_path / "other", now=NOW, entropy=seeded_entropy("other"))
    shutil.copy(tmp_path / "other" / one, folder / one)
    with pytest.raises(KeySourceError, match=rf"keys\.corrupt: {other}"):
        FileKeys(folder)


def test_the_key_of_one_station_does_not_serve_another(folder):
    (folder / "station.payakumbuh.loket-1.pem").rename(folder / "station.payakumbuh.loket-2.pem")
    with pytest.raises(KeySourceError, match=r"keys\.corrupt: station\.payakumbuh\.loket-2\.pem"):
        FileKeys(folder)


def test_a_key_of_the_wrong_kind_is_refused_in_its_file(folder):
    shutil.copy(folder / "station.payakumbuh.loket-1.pem", folder / "status.pem")
    with pytest.raises(KeySourceError, match=r"keys\.corrupt: status\.pem"):
        FileKeys(folder)


def test_a_newer_key_stands_above_the_older_one_that_still_opens(folder):
    path = folder / "pepper.keys"
    older = FileKeys(folder).secrets("pepper")[0]
    path.write_text(f"{'ab' * 8} {'cd' * 32}\n" + path.read_text())
    newest, kept = FileKeys(folder).secrets("pepper")
    assert (newest.kid, kept.key) == (b"\xab" * 8, older.key)


def test_the_root_may_be_kept_elsewhere(folder):
    (folder / "root.pem").unlink()
    assert FileKeys(folder).signing("credential")
    with pytest.raises(KeySourceError, match=r"keys\.root"):
        add_station(folder, "wakatobi", "a", now=NOW, entropy=system_entropy)


def test_a_station_joins_with_the_next_version_of_the_keyring(folder):
    later = NOW + timedelta(days=30)
    keys = add_station(folder, "wakatobi", "a", now=later, entropy=system_entropy)
    ring = KeySourceContract().ring(keys)
    assert ring.version == 2
    assert ring.expires_at == later + timedelta(days=365)
    key = keys.signing("station", office="wakatobi", station="a")
    assert ring.find("station", key.kid).station == "a"
    assert keys.signing("station", office=PLACE[0], station=PLACE[1])
    with pytest.raises(KeySourceError, match=r"keys\.exist"):
        add_station(folder, "wakatobi", "a", now=later, entropy=system_entropy)


def test_a_source_that_is_open_sees_stations_that_join(folder):
    one, other = FileKeys(folder), FileKeys(folder)
    add_station(folder, "wakatobi", "a", now=NOW, entropy=system_entropy)
    ring = KeySourceContract().ring(one)
    assert ring.version == 2
    key = other.signing("station", office="wakatobi", station="a")
    assert ring.find("station", key.kid).station == "a"
    assert KeySourceContract().ring(other).version == 2


def test_a_keyring_that_nobody_changed_is_not_read_again(folder, monkeypatch):
    keys = FileKeys(folder)
    monkeypatch.setattr(folders, "read_file", None)
    assert keys.keyring()


def test_a_station_that_was_never_added_has_no_key(folder):
    with pytest.raises(KeySourceError, match=r"keys\.station"):
        FileKeys(folder).signing("station", office="wakatobi", station="a")


@pytest.mark.parametrize("place", [("..", "a"), ("a", "b/c"), ("a.b", "c"), ("A", "b")])
def test_no_office_or_station_names_a_path(folder, place):
    with pytest.raises(KeySourceError, match=r"keys\.form"):
        add_station(folder, *place, now=NOW, entropy=system_entropy)


def test_existing_keys_are_never_overwritten(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(KeySourceError, match=r"keys\.exist"):
        new_keys(folder, now=NOW, entropy=system_entropy)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_empty_folder_is_filled_and_any_other_left_alone(tmp_path):
    (tmp_path / "empty").mkdir()
    assert new_keys(tmp_path / "empty", now=NOW, entropy=system_entropy)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name in ("notes", "file"):
        with pytest.raises(KeySourceError, match=r"keys\.exist"):
            new_keys(tmp_path / name, now=NOW, entropy=system_entropy)
    assert [path.name for path in (tmp_path / "notes").iterdir()] == ["a.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "notes"]


def test_no_folder_is_an_error_of_ours(tmp_path):
    with pytest.raises(KeySourceError, match=r"keys\.missing: nowhere"):
        FileKeys(tmp_path / "nowhere")
    with pytest.raises(KeySourceError, match=r"keys\.missing: nowhere"):
        add_station(tmp_path / "nowhere", "a", "b", now=NOW, entropy=system_entropy)


def test_a_file_is_no_folder_of_keys(folder):
    with pytest.raises(KeySourceError, match=r"keys\.failed: pepper\.keys"):
        FileKeys(folder / "pepper.keys")


def test_a_file_that_is_a_folder_is_an_error_of_ours(folder):
    (folder / "pepper.keys").unlink()
    (folder / "pepper.keys").mkdir()
    with pytest.raises(KeySourceError, match=r"keys\.failed: pepper\.keys"):
        FileKeys(folder)


@pytest.mark.parametrize("after", range(20))
def test_a_disk_that_fails_leaves_nothing_behind(tmp_path, monkeypatch, after):
    calls = 0
    real = os.fsync

    def failing(handle):
        nonlocal calls
        calls += 1
        if calls > after:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", failing)
    try:
        new_keys(tmp_path / "keys", now=NOW, entropy=seeded_entropy())
    except KeySourceError as error:
        assert error.code == "keys.failed"  # noqa: PT017
        left = [path.name for path in tmp_path.iterdir()]
        assert left in ([], ["keys"])  # only the very last sync comes after the folder stands
        if left:
            assert FileKeys(tmp_path / "keys")
    else:
        assert after > 15
        assert FileKeys(tmp_path / "keys")


def test_a_kill_leaves_no_half_set(tmp_path, makers):
    """kill -9 at moments all over the work: the folder is absent or opens whole."""
    makers.start(tmp_path / "first")
    began = time.monotonic()
    assert makers.codes() == [0]
    took = time.monotonic() - began
    absent = whole = 0
    for number in range(24):
        target = tmp_path / str(number) / "keys"
        target.parent.mkdir()
        [pid] = makers.start(target)
        time.sleep(took * number / 16)
        while number > 21 and not target.exists():  # however busy the machine is, some finish
            time.sleep(0.01)
        os.kill(pid, signal.SIGKILL)
        makers.codes()
        if target.exists():
            whole += 1
            assert FileKeys(target).signing("status")
        else:
            absent += 1
            assert new_keys(target, now=NOW, entropy=system_entropy)
    assert absent
    assert whole


def test_of_processes_that_make_keys_at_once_one_wins(tmp_path, makers):
    for number in range(10):
        target = tmp_path / "race" / str(number)
        makers.start(target, 4)
        assert sorted(makers.codes()) == [0, 1, 1, 1]
        assert FileKeys(target).signing("status")
    assert sorted(path.name for path in (tmp_path / "race").iterdir()) == list("0123456789")


def test_stations_added_at_once_all_stay(folder):
    names = [f"loket-{number}" for number in range(20, 26)]
    threads = [
        threading.Thread(
            target=add_station,
            args=(folder, "wakatobi", name),
            kwargs={"now": NOW, "entropy": system_entropy},
        )
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = FileKeys(folder)
    assert KeySourceContract().ring(keys).version == 7
    assert len({keys.signing("station", office="wakatobi", station=n).kid for n in names}) == 6


def test_a_left_over_of_a_killed_writer_is_written_over(folder):
    (folder / f".keyring.cbor.{os.getpid()}.new").write_text("half")
    add_station(folder, "wakatobi", "a", now=NOW, entropy=system_entropy)
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_without_locks_a_station_still_joins(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)
    assert add_station(folder, "wakatobi", "a", now=NOW, entropy=system_entropy)


def test_where_modes_mean_nothing_they_are_not_asked_for(folder, monkeypatch):
    for path in folder.iterdir():
        path.chmod(0o644)
    monkeypatch.setattr(folders.os, "name", "nt")
    assert folders.read_file(folder / "pepper.keys")
    monkeypatch.setattr(file_writing, "FOLDERS_SYNC", False)
    file_writing.sync_folder(folder)


def test_an_error_without_a_number_is_ours_too(folder, monkeypatch):
    def broken(*_args, **_more):
        raise OSError("strange")

    monkeypatch.setattr(folders.Path, "iterdir", broken)
    with pytest.raises(KeySourceError, match=r"keys\.failed: .*: failed"):
        FileKeys(folder)


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_a_folder_that_anybody_may_exchange_is_refused(tmp_path, folder):
    folder.parent.chmod(0o777)
    with pytest.raises(KeySourceError, match=r"keys\.mode"):
        FileKeys(folder)
    folder.parent.chmod(0o1777)
    FileKeys(folder)
    folder.parent.chmod(0o700)
