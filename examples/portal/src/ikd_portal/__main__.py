"""``ikd-portal --demo``: starts the demonstration and prints where it is."""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import socket
import sys

import uvicorn

from ikd_portal.demo import OFFICES, open_demo
from ikd_portal.portal import application
from ikd_portal.words import LANGUAGES, Language, as_language, text


def main() -> int:
    """Start the portal."""
    parser = argparse.ArgumentParser("ikd-portal", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="simulated register, mail in a page")
    parser.add_argument("--port", type=int, default=8017, help="0 takes a free one")
    parser.add_argument("--password", help="of the officers; drawn if not given")
    parser.add_argument("--lang", choices=LANGUAGES, help="of what is printed; IKD_LANG, else id")
    asked = parser.parse_args()
    if not asked.demo:
        parser.error("this example runs as a demonstration only: ikd-portal --demo")
    language = as_language(asked.lang or os.environ.get("IKD_LANG"))
    return serve(asked.port, asked.password or secrets.token_urlsafe(6), language)


def serve(port: int, password: str, language: Language) -> int:
    """Serve on this machine alone until it is stopped."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError:
            print(text("port_taken", language, port=port), file=sys.stderr)
            return 1
        listening.listen()  # whoever reads the address may come at once
        # "localhost" and not its number: a browser keeps a key, and gives a camera, by name.
        address = f"http://localhost:{listening.getsockname()[1]}"
        portal = open_demo(address, password)
        names = ", ".join((*(f"petugas-{name}" for name in OFFICES), "ditjen"))
        told = {"address": address, "names": names, "password": password}
        print(text("started", language, **told), flush=True)
        # No access log: a request line may hold the id of a case.
        config = uvicorn.Config(application(portal), access_log=False, log_level="warning")
        with portal.service, contextlib.suppress(KeyboardInterrupt):  # uvicorn passes it on
            uvicorn.Server(config).run(sockets=[listening])
    return 0


if __name__ == "__main__":
    sys.exit(main())
