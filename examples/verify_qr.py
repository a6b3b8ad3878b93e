"""A bank's counter: checks a QR offline, with files that somebody handed over.

    ikd demo --office payakumbuh
    python examples/verify_qr.py demo demo/credential.png

The first argument is a folder with ``keyring.cbor``, ``root.pub.pem`` and ``status.cwt``; the
second a photo of a QR or a file with its text. What was seen is remembered in ``trust.json`` there,
so that no older file is believed the next time.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import ikd
from ikd.qr import read_picture

POLICY = {"static": "warn", "status_stale": "refuse", "keyring_grace": "3 d"}


def counter(folder: Path) -> ikd.Verifier:
    """Return a verifier over the files in *folder*."""
    return ikd.open_verifier(
        folder / "keyring.cbor",
        root=folder / "root.pub.pem",
        status=folder / "status.cwt",
        policy=POLICY,
        memory=folder / "trust.json",
    )


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
    verdict = counter(Path(folder)).check(scanned(Path(qr)), now=now)
    print(verdict.outcome)
    for reason in verdict.reasons:
        print(f"- {reason.text_id} / {reason.text_en}")
    if verdict.claims is not None:
        person = verdict.claims.person
        tail = person.nik_tail or (person.nik or "")[-4:]
        print(f"Bandingkan / compare: {person.name}, NIK ************{tail}")
    return 1 if verdict.outcome == "refuse" else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
