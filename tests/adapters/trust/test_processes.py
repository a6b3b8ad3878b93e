"""A verifier's memory between processes: restarted, at once, and killed while it is written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ikd.adapters.trust import FileTrust

T0 = datetime(2026, 11, 22, 8, tzinfo=UTC)
LIST = "https://ikd.example.id/status/1"
# Says each version once it is remembered, so that whoever reads knows what must be there.
WRITER = """
import itertools, sys
from datetime import UTC, datetime, timedelta
from ikd.adapters.trust import FileTrust

memory, first, step = FileTrust(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
last = int(sys.argv[4])
began = datetime(2026, 11, 22, 8, tzinfo=UTC)
for number in range(first, last, step):
    memory.saw_keyring(number)
    memory.saw_list("https://ikd.example.id/status/1", began + timedelta(seconds=number))
    print(number, flush=True)
"""


def writer(path: Path, first: int, step: int, last: int) -> subprocess.Popen[str]:
    words = [str(path), str(first), str(step), str(last)]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, *words], stdout=subprocess.PIPE, text=True
    )


def test_another_process_remembers_what_this_one_saw(tmp_path):
    path = tmp_path / "trust.json"
    done = writer(path, 7, 1, 8)
    assert done.communicate()[0] == "7\n"
    assert done.returncode == 0
    assert FileTrust(path).newest_keyring() == 7
    assert FileTrust(path).newest_list(LIST) == T0 + timedelta(seconds=7)


def test_two_processes_that_remember_at_once_end_with_the_newest_of_both(tmp_path):
    """One counts the even versions, one the odd; neither takes back what the other saw."""
    path = tmp_path / "trust.json"
    both = [writer(path, first, 2, 120) for first in (1, 2)]
    seen = [0]
    while any(one.poll() is None for one in both):
        seen.append(FileTrust(path).newest_keyring())
    assert [one.communicate() and one.returncode for one in both] == [0, 0]
    assert seen == sorted(seen)
    assert FileTrust(path).newest_keyring() == 119
    assert FileTrust(path).newest_list(LIST) == T0 + timedelta(seconds=119)


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
@pytest.mark.parametrize("heard", [1, 2, 3, 5, 8, 13, 21, 34])
def test_a_kill_in_the_middle_of_writing_loses_nothing_that_was_remembered(tmp_path, heard):
    """Killed right after it said so, while the next is on its way: that one is there or not."""
    path = tmp_path / "trust.json"
    process = writer(path, 1, 1, 1_000_000)
    assert process.stdout is not None
    said = [int(process.stdout.readline()) for _ in range(heard)]
    process.send_signal(signal.SIGKILL)
    said += [int(line) for line in process.stdout]
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()
    memory = FileTrust(path)
    assert memory.newest_keyring() in (said[-1], said[-1] + 1)
    seconds = {T0 + timedelta(seconds=number) for number in (said[-1], said[-1] + 1)}
    assert memory.newest_list(LIST) in seconds
    memory.saw_keyring(10**9)
    assert FileTrust(path).newest_keyring() == 10**9


def test_a_half_written_file_beside_it_is_nobodys_memory(tmp_path):
    """What a kill leaves: the old file whole, and a part of the new one under another name."""
    path = tmp_path / "trust.json"
    FileTrust(path).saw_keyring(3)
    whole = path.read_bytes()
    path.with_name(f".{path.name}.{os.getpid()}.new").write_bytes(whole[: len(whole) // 2])
    assert FileTrust(path).newest_keyring() == 3
    FileTrust(path).saw_keyring(4)
    assert json.loads(path.read_text())["keyring"] == 4
