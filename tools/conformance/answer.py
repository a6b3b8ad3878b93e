"""ikd as an implementation under test: what another one has to do, in a page.

Started with the path of ``setup.json``; reads a case a line from its input, writes a verdict
a line to its output.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from ikd.core.errors import TokenError
from ikd.core.tokens import pairing, presentation
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.statuslist import StatusList
from ikd.core.tokens.verifier import Verifier


def answerer(setup: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, str]]:
    """Return what turns a case into a verdict."""
    now = datetime.fromisoformat(setup["now"])
    root = PublicKey.ed25519(bytes.fromhex(setup["root"]))
    device = PublicKey.p256(bytes.fromhex(setup["device"]))
    ring = Keyring.read(bytes.fromhex(setup["keyring"]), [root], now=now)
    listed = StatusList.read(bytes.fromhex(setup["status_list"]), ring, uri=setup["uri"], now=now)
    known = [bytes.fromhex(one) for one in setup["credentials"]]
    by_hash = {presentation.credential_hash(one): one for one in known}
    verifier = Verifier(ring, listed, resolve=by_hash.get)

    def answer(case: dict[str, Any]) -> dict[str, str]:
        at = datetime.fromisoformat(case["now"])
        if case["reader"] == "verifier":
            challenge = bytes.fromhex(case["challenge"])
            verdict = verifier.check(case["text"], now=at, challenge=challenge)
            return {"outcome": verdict.outcome, "reason": (*verdict.codes, "")[0]}
        try:
            if case["reader"] == "office":
                pairing.read_office(case["text"], ring, now=at)
            else:
                pairing.read_resident(case["text"], device, now=at)
        except TokenError as error:
            return {"outcome": "refuse", "reason": error.fault}
        return {"outcome": "accept", "reason": ""}

    return answer


def main(setup: str) -> None:
    """Answer until the input ends."""
    answer = answerer(json.loads(Path(setup).read_text("utf-8")))
    for line in sys.stdin:
        case = json.loads(line)
        print(json.dumps({"name": case["name"], **answer(case)}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
