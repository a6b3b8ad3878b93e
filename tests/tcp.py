"""A relay between a client and a server, that loses what the server says when it is told to."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self


class Relay:
    """Passes bytes on between its own port and another, until an answer is to be lost."""

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._marks: list[bytes] = []
        self._losing = threading.Event()
        self.lost = threading.Event()
        """Set once an answer was held back and its connection cut."""
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._listening, *self._open):
            _cut(one)

    def lose_answer_to(self, mark: bytes) -> None:
        """Pass the next message that holds *mark* on, and cut the connection at its answer."""
        self.lost.clear()
        self._marks.append(mark)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._to)
                self._open += [client, server]
                losing = threading.Event()
                for ends, asks in (((client, server), True), ((server, client), False)):
                    threading.Thread(
                        target=self._pass, args=(*ends, losing, asks), daemon=True
                    ).start()

    def _pass(
        self, come: socket.socket, go: socket.socket, losing: threading.Event, asks: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := come.recv(65536):
                if asks and any(mark in data for mark in self._marks):
                    self._marks.clear()
                    losing.set()
                elif not asks and losing.is_set():
                    break
                go.sendall(data)
        _cut(come)
        _cut(go)
        if losing.is_set():
            self.lost.set()


def _cut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
