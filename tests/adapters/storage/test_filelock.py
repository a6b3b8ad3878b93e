"""The lock between processes."""

from __future__ import annotations

import fcntl
import os

import pytest

from ikd.adapters.storage.filelock import FileLock
from ikd.core.errors import StoreError


def test_one_holder_at_a_time_and_the_other_waits_only_so_long(tmp_path):
    one, two = (FileLock(tmp_path / "ikd.db") for _ in range(2))
    with one.held(1):
        with pytest.raises(StoreError, match=r"store\.busy"), two.held(0.01):
            pass
        with pytest.raises(StoreError, match=r"store\.busy"), two.held(0):
            pass
    with two.held(0):
        pass
    one.close()
    two.close()


def test_whoever_waits_in_the_queue_is_not_overtaken(tmp_path):
    lock = FileLock(tmp_path / "ikd.db")
    queue = FileLock(tmp_path / "ikd.db")
    queue.open()
    fcntl.flock(queue._files[0], fcntl.LOCK_EX)
    with pytest.raises(StoreError, match=r"store\.busy"), lock.held(0.01):
        pass
    queue.close()
    with lock.held(0):
        pass
    lock.close()


def test_an_error_inside_gives_the_lock_back(tmp_path):
    lock, other = (FileLock(tmp_path / "ikd.db") for _ in range(2))
    with pytest.raises(KeyError), lock.held(1):
        raise KeyError
    with other.held(0):
        pass
    lock.close()
    other.close()


def test_closing_gives_up_the_files_and_using_opens_them_again(tmp_path):
    lock = FileLock(tmp_path / "ikd.db")
    for _ in range(3):
        with lock.held(1):
            files = tuple(lock._files)
        lock.close()
        lock.close()
        for file in files:
            with pytest.raises(OSError, match="descriptor"):
                os.fstat(file)
