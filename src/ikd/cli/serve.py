"""``ikd serve``: the service over HTTP, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from ikd.bootstrap import open_service
from ikd.cli.channel_urls import check_channels
from ikd.cli.failures import CannotError, Exit, at_store
from ikd.cli.language import text
from ikd.plugins.offices import packaged_offices


def serve(  # noqa: PLR0913 - each is an option
    *,
    store: str,
    tokens: Path,
    keys: Path | None = None,
    office: list[str] | None = None,
    channel: list[str] | None = None,
    plugin: list[str] | None = None,
    settings: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8137,
) -> int:
    """Answer front ends; deliver too where a channel or plugin carries what is owed."""
    try:
        from ikd import api
    except ImportError:
        raise CannotError(text("serve.no_extra"), Exit.OUTSIDE) from None
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # the server takes them while it runs
    with (
        at_store(store, keys),
        open_service(
            offices=office or packaged_offices(),
            store=store,
            keys=keys,
            channels=check_channels(channel),
            plugins=plugin or (),
            settings=None if settings is None else _settings(settings),
            deliver="thread" if channel or plugin else "worker",
        ) as service,
    ):
        application = api.asgi(service, api.AccessTokens(tokens))
        api.serve(application, host=host, port=port, listening=_say)
    sys.stderr.write(f"ikd: {text('serve.stopped')}\n")
    return Exit.OK


def _say(address: str) -> None:
    print(f"{text('serve.listening')} {address}", flush=True)


def _settings(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise CannotError(f"{path}: {text('serve.settings')}", Exit.USAGE) from error
