"""``ikd mail report``: bounces, taken in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ikd.cli.failures import CannotError, Exit
from ikd.cli.language import text
from ikd.core.errors import shown_path


def report(
    *files: Annotated[str, Parameter(allow_leading_hyphen=True)],
    store: str,
    keys: Path | None = None,
) -> int:
    """Take the report in each of *files* in, ``-`` being the standard input."""
    from ikd.adapters.notification.bounces import MAX_BOUNCE, read_bounce
    from ikd.bootstrap import open_service
    from ikd.cli.store import check_store
    from ikd.plugins.offices import packaged_offices

    if not files:
        raise CannotError(text("mail.no_files"), Exit.USAGE)
    check_store(store)
    strange = 0
    with open_service(
        offices=packaged_offices(), store=store, keys=keys, deliver="worker"
    ) as service:
        for file in files:
            with sys.stdin.buffer if file == "-" else Path(file).open("rb") as opened:
                bounce = read_bounce(opened.read(MAX_BOUNCE + 1))
            if bounce is None or not service.bounced(bounce.notice_id, bounce.code):
                strange += 1
                print(f"{shown_path(file)}: {text('mail.strange')}")
            else:
                print(f"{shown_path(file)}: {bounce.notice_id} {bounce.code}")
    return Exit.REFUSED if strange else Exit.OK
