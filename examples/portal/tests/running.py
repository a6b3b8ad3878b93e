"""A portal that runs on a free port of this machine."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta

import uvicorn
from ikd_portal.demo import open_demo
from ikd_portal.guard import Rates
from ikd_portal.portal import Portal, application

PASSWORD = "sandi-uji-4711"  # of invented officers


class Ahead:
    """This machine's clock, which a test may let run ahead."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


class Site:
    """A portal on a free port of this machine."""

    def __init__(self, rates: Rates) -> None:
        config = uvicorn.Config(
            lambda: self.app, factory=True, port=0, log_level="warning", access_log=False
        )
        self.server = uvicorn.Server(config)
        socket = config.bind_socket()
        socket.listen()
        self.address = f"http://localhost:{socket.getsockname()[1]}"
        self.clock = Ahead()
        self.portal: Portal = open_demo(self.address, PASSWORD, self.clock)
        self.app = application(self.portal, rates)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [socket]})
        self.thread.start()

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join()
        self.portal.service.close()

    def pin_for(self, address: str) -> str:
        """Return the digits of the newest message to that address or number."""
        texts = [
            one.message.text for one in self.portal.letters.newest() if one.message.to == address
        ]
        found = (re.search(r"(?<![0-9])[0-9]{6}(?![0-9])", text) for text in texts)
        return next(one[0] for one in found if one)
