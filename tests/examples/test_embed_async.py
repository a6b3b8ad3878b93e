"""The async shell: many lines at once, each answered by its key, none lost."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

import ikd
from embed_async import LONGEST, Shell
from ikd.testing import SoftDevice, seeded_entropy


@pytest.fixture
def service() -> Iterator[ikd.Service]:
    with ikd.open_service(offices=["payakumbuh"], channels=["console:"], deliver="inline") as made:
        yield made


def line(number: int, **other: Any) -> bytes:
    device = SoftDevice(seeded_entropy(f"phone {number}"))
    key = base64.urlsafe_b64encode(device.public_key).decode().rstrip("=")
    command = {
        "command": "register",
        "office": "payakumbuh",
        "nik": f"137601570890{9900 + number}",
        "email": f"warga{number}@example.id",
        "phone": "081234567890",
        "device": {"kind": "smartphone", "os_version": "14", "key": key},
        **other,
    }
    return json.dumps({"key": f"register-{number}", "command": command}).encode() + b"\n"


def talk(service: ikd.Service, *lines: bytes) -> list[dict[str, Any]]:
    """Return every answer to *lines*, sent at once."""

    async def both() -> list[dict[str, Any]]:
        shell = Shell(service, ikd.Actor.operator("op-1", office="payakumbuh", station="loket-1"))
        async with await shell.serve() as server:
            host, port = server.sockets[0].getsockname()
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(b"".join(lines))
            writer.write_eof()
            answers = [json.loads(answer) async for answer in reader]
            writer.close()
            await writer.wait_closed()
            return answers

    return asyncio.run(both())


def test_lines_at_once_are_each_answered_by_their_key(service):
    answers = talk(service, *map(line, range(1, 13)))
    assert {answer["key"] for answer in answers} == {f"register-{n}" for n in range(1, 13)}
    assert all(answer["result"]["events"] for answer in answers)
    assert len(service.find(actor=ikd.Actor.system())) == 12


def test_a_repeated_line_has_no_second_effect(service):
    first, again = talk(service, line(1), line(1))
    assert first["result"]["id"] == again["result"]["id"]


@pytest.mark.parametrize(
    "broken", [b"{}\n", b"no json\n", b"[1]\n", line(1, nik="1"), line(2, more=7)]
)
def test_a_line_that_says_nothing_is_told_and_the_next_is_answered(service, broken):
    told = talk(service, broken, line(3))
    assert sorted("error" in answer for answer in told) == [False, True]
    assert "7089" not in json.dumps([answer for answer in told if "error" in answer])


def test_a_line_without_end_ends_the_talk(service):
    with contextlib.suppress(ConnectionResetError):  # what nobody reads any more
        assert talk(service, b"x" * (LONGEST * 3)) == []
