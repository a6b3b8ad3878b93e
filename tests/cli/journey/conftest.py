"""A stage for one office, in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from ikd.adapters.keys.memory_keys import MemoryKeys
from ikd.adapters.storage.memory import memory_store
from ikd.adapters.system import SystemClock, system_entropy
from ikd.bootstrap import open_service
from ikd.cli.journey.case import Stage
from ikd.cli.journey.delivered_mail import MailBox
from ikd.cli.journey.people import DemoCaptcha, Siak
from ikd.cli.screen import Screen
from ikd.plugins.offices import load_office


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    office, siak = load_office("wakatobi"), Siak()
    keys = MemoryKeys(system_entropy, SystemClock().now())
    box = MailBox(tmp_path / "mails", office)
    captcha = DemoCaptcha(keys.secrets("captcha"))
    with open_service(
        offices=[office],
        store=memory_store(),
        keys=keys,
        registry=siak,
        channels=box.channels,
        captcha=captcha,
        deliver="worker",
    ) as service:
        yield Stage(
            office=office,
            service=service,
            siak=siak,
            box=box,
            captcha=captcha,
            screen=Screen(io.StringIO()),
            out=tmp_path,
        )
