"""What a verifier remembers: nothing older than was seen, no presentation twice."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from ikd.adapters.trust import FileTrust, SeenTokens
from ikd.core.errors import PortError

T0 = datetime(2026, 11, 22, 8, tzinfo=UTC)
LIST = "https://ikd.example.id/status/1"


def test_a_memory_without_a_file_has_seen_nothing(tmp_path):
    memory = FileTrust(tmp_path / "trust.json")
    assert (memory.newest_keyring(), memory.newest_list(LIST)) == (0, None)
    assert not (tmp_path / "trust.json").exists()


def test_it_remembers_the_newest_across_processes(tmp_path):
    path = tmp_path / "deep" / "trust.json"
    FileTrust(path).saw_keyring(7)
    FileTrust(path).saw_list(LIST, T0)
    again = FileTrust(path)
    again.saw_keyring(6)
    again.saw_list(LIST, T0 - timedelta(days=1))
    again.saw_list("other", T0)
    assert again.newest_keyring() == 7
    assert again.newest_list(LIST) == again.newest_list("other") == T0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"form": 1, "keyring": -1, "lists": {}}',
        '{"form": 1, "keyring": true, "lists": {}}',
        '{"form": 1, "keyring": 1.5, "lists": {}}',
        '{"form": 2, "keyring": 1, "lists": {}}',
        '{"form": 1, "keyring": 1, "lists": []}',
        '{"form": 1, "keyring": 1, "lists": {"a": "b"}}',
        '{"form": 1, "keyring": 1, "lists": {"a": 9999999999999}}',
        '{"form": 1, "keyring": 1, "lists": {}, "more": 1}',
        "[" * 100_000,
        " " * (1 << 20) + "{}",
        "\ud800",
    ],
)
def test_a_damaged_memory_is_no_empty_memory(tmp_path, text):
    path = tmp_path / "trust.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    for ask in (
        lambda memory: memory.newest_keyring(),
        lambda memory: memory.newest_list(LIST),
        lambda memory: memory.saw_keyring(9),
    ):
        with pytest.raises(PortError, match=r"trust\.corrupt"):
            ask(FileTrust(path))


def test_a_place_that_is_none_is_an_error_of_ours(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "trust.json", tmp_path):
        with pytest.raises(PortError, match=r"trust\.failed"):
            FileTrust(path).saw_keyring(1)
        with pytest.raises(PortError, match=r"trust\.failed"):
            FileTrust(path).newest_keyring()


def test_a_disk_that_fails_leaves_the_old_memory(tmp_path, monkeypatch):
    memory = FileTrust(tmp_path / "trust.json")
    memory.saw_keyring(1)

    def full(_: int) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(PortError, match=r"trust\.failed"):
        memory.saw_keyring(2)
    assert memory.newest_keyring() == 1


def test_threads_that_remember_at_once_lose_nothing(tmp_path):
    path = tmp_path / "trust.json"
    each = [threading.Thread(target=FileTrust(path).saw_list, args=(str(n), T0)) for n in range(8)]
    for thread in each:
        thread.start()
    for thread in each:
        thread.join()
    assert all(FileTrust(path).newest_list(str(n)) == T0 for n in range(8))


def test_a_presentation_counts_once_until_it_has_long_expired():
    seen, ends = SeenTokens(), T0 + timedelta(seconds=90)
    assert seen.first_use(b"one", ends, now=T0)
    assert not seen.first_use(b"one", ends, now=T0 + timedelta(seconds=100))
    assert seen.first_use(b"two", ends, now=T0 + timedelta(seconds=100))
    assert seen.first_use(b"three", T0 + timedelta(minutes=4), now=T0 + timedelta(minutes=3))
    assert seen._seen == {b"three"}


@pytest.mark.parametrize("behind", [-86_400, -200, 0, 200, 86_400])
def test_only_the_present_that_was_given_counts(behind):
    """A verifier whose clock isn't the system's takes one presentation once all the same."""
    seen, now = SeenTokens(), datetime.now(UTC) - timedelta(seconds=behind)
    taken = [seen.first_use(b"one", now + timedelta(seconds=90), now=now) for _ in range(3)]
    assert taken == [True, False, False]


def test_a_clock_set_forward_and_back_lets_nothing_in_again():
    seen, day = SeenTokens(), timedelta(days=1)
    assert seen.first_use(b"one", T0 + timedelta(seconds=90), now=T0)
    assert seen.first_use(b"two", T0 + day + timedelta(seconds=90), now=T0 + day)
    assert not seen.first_use(b"one", T0 + timedelta(seconds=90), now=T0)
    assert seen.first_use(b"new", T0 + timedelta(seconds=91), now=T0)


def test_of_many_counters_that_see_one_presentation_one_takes_it():
    seen, taken = SeenTokens(), []
    until = T0 + timedelta(hours=1)
    each = [
        threading.Thread(target=lambda: taken.append(seen.first_use(b"one", until, now=T0)))
        for _ in range(16)
    ]
    for thread in each:
        thread.start()
    for thread in each:
        thread.join()
    assert sorted(taken) == [False] * 15 + [True]
