"""A bank's counter: checks a QR offline, with files that somebody handed over.

    ikd demo --office payakumbuh
    python examples/verify_qr.py demo demo/credential.png

The first argument is a folder with ``keyring.cbor``, ``root.pem`` and ``status.cwt``; the second
a photo of a QR or a file with its text. What was seen is remembered in ``trust.json`` there, so
that no older file is believed the next time.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import ikd
from ikd.adapters.keys.pair import read_public_pem
from ikd.adapters.qrimage import read_picture
from ikd.adapters.trust import FileTrust, SeenTokens
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.policy import Policy
from ikd.core.tokens.status import read_list

POLICY = Policy.of({"static": "warn", "status_stale": "refuse", "keyring_grace": "3 d"})


def counter(folder: Path, now: datetime) -> ikd.Verifier:
    """Return a verifier over the files in *folder*."""
    memory = FileTrust(folder / "trust.json")
    root = read_public_pem((folder / "root.pem").read_bytes())
    keyring = Keyring.read(
        (folder / "keyring.cbor").read_bytes(),
        [root],
        now=now,
        highest_version=memory.newest_keyring(),
    )
    memory.saw_keyring(keyring.version)
    status = read_list((folder / "status.cwt").read_bytes(), keyring, now=now)
    memory.saw_list(status.uri, status.issued_at)
    return ikd.Verifier(keyring, status, POLICY, replay=SeenTokens())


def scanned(path: Path) -> str:
    """Return the text of the QR in a photo, or of a text file."""
    data = path.read_bytes()
    if path.suffix == ".txt":
        return data.decode("ascii").strip("\r\n")
    [text] = read_picture(data)
    return text


def main(folder: str, qr: str) -> int:
    """Tell what is to be made of it; 0 unless it is refused."""
    now = datetime.now(UTC)
    verdict = counter(Path(folder), now).check(scanned(Path(qr)), now=now)
    print(verdict.outcome)
    for reason in verdict.reasons:
        print(f"- {reason.text_id} / {reason.text_en}")
    if verdict.claims is not None:
        person = verdict.claims.person
        print(f"Bandingkan / compare: {person.name}, NIK ************{person.nik_tail}")
    return 1 if verdict.outcome == "refuse" else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
