"""What the journey leaves behind: the credential as text and pictures, and what checks it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ikd.adapters.qrimage import png, svg
from ikd.adapters.system import SystemClock, system_entropy
from ikd.cli.journey import narrator
from ikd.cli.language import language, text
from ikd.cli.output import put
from ikd.cli.screen import Screen
from ikd.core.errors import PortError
from ikd.core.ports import KeySource
from ikd.core.standard.office import Office
from ikd.core.tokens import credential
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.statuslist import StatusList
from ikd.core.tokens.verdict import Verdict
from ikd.core.tokens.verifier import Verifier
from ikd.service.signers import signing_key
from ikd.testing.soft_device import SoftDevice


def leave_keys(keys: KeySource, out: Path) -> None:
    """Write what a verifier needs: the keyring, and the public keys of root and issuer."""
    root = PublicKey.ed25519(keys.roots()[0])
    issuer = signing_key(keys, "credential").public
    put(out / "keyring.cbor", keys.keyring())
    put(out / "root.pub.pem", root.to_pem())
    put(out / "issuer.pub.pem", issuer.to_pem())


def leave_credential(token: str, office: Office, out: Path) -> None:
    """Write the credential as text first, then as pictures.

    Raises:
        PortError: segno isn't installed (``qr.missing``).
    """
    put(out / "credential.txt", token.encode("ascii"))
    put(out / "credential.svg", svg(token, caption=office.product).encode())
    put(out / "credential.png", _png(token, office.product))


def _png(token: str, caption: str) -> bytes:
    # Return the picture with its caption; without one where the library that writes is missing.
    try:
        return png(token, caption=caption)
    except PortError:
        return png(token)


def check(out: Path, root: bytes, office: Office, screen: Screen) -> dict[str, object]:
    """Check the files that were left, offline, and tell the verdict.

    Raises:
        TokenError: The credential, the keyring or the status list doesn't hold.
    """
    at = SystemClock().now()
    token = (out / "credential.txt").read_text(encoding="ascii")
    verifier = _verifier(out, root, at)
    claims = credential.read(token, verifier.keyring, now=at)
    verdict = verifier.check(token, now=at)
    until = narrator.moment(claims.expires_at, office)
    screen.item("✓", text("demo.signature"), "good")
    screen.item("", text("demo.issuer", issuer=claims.issuer, until=until))
    _told(verdict, screen)
    return {"signature": "valid", "outcome": verdict.outcome, "reasons": list(verdict.codes)}


def present(token: str, phone: SoftDevice, out: Path, root: bytes, screen: Screen) -> None:
    """Let the phone show the credential to a verifier that asks for a sign of life."""
    at, asked = SystemClock().now(), system_entropy(16)
    shown = phone.present(token, at, challenge=asked, by="value")
    screen.item("→", text("demo.presented", length=len(shown)))
    _told(_verifier(out, root, at).check(shown, now=at, challenge=asked), screen)


def _verifier(out: Path, root: bytes, at: datetime) -> Verifier:
    keyring = Keyring.read((out / "keyring.cbor").read_bytes(), [PublicKey.ed25519(root)], now=at)
    return Verifier(keyring, StatusList.read((out / "status.cwt").read_bytes(), keyring, now=at))


def _told(verdict: Verdict, screen: Screen) -> None:
    outcome = text(f"verdict.{verdict.outcome}")
    screen.item("", text("demo.verdict", outcome=outcome), "bold")
    for reason in verdict.reasons:
        said = reason.text_id if language() == "id" else reason.text_en
        screen.item("·", said, "dim")
