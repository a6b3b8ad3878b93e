"""``ikd-portal --demo``, as it is started."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from ikd_portal.words import text


def test_the_command_prints_where_it_is_and_serves_there():
    """The addresses that are printed answer, and Ctrl-C ends it in order."""
    command = [sys.executable, "-m", "ikd_portal", "--demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        told = ""
        while "Ctrl-C" not in told:
            told += running.stdout.readline()
        addresses = set(re.findall(r"http://localhost:\d+\S*", told))
        assert len(addresses) == 5
        for address in addresses:
            with urllib.request.urlopen(address) as answer:
                assert answer.status == 200
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0


@pytest.mark.parametrize(("language", "told"), [("id", "kata sandi"), ("en", "password")])
def test_a_port_that_is_taken_and_the_language_that_was_asked(language, told):
    """What is printed is one language at a time, and a taken port is a sentence."""
    assert told in text("started", language, address="", names="", password="")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "-m", "ikd_portal", "--demo", "--port", port, "--lang", language],
            capture_output=True,
            text=True,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (1, text("port_taken", language, port=port) + "\n")


def test_without_demo_it_says_what_it_is():
    """It is an example, and doesn't pretend to be more."""
    ended = subprocess.run(
        [sys.executable, "-m", "ikd_portal"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, "--demo" in ended.stderr) == (2, True)
