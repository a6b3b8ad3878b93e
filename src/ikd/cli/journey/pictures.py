"""What the journey leaves behind: the credential as text and pictures, and what checks it."""

from __future__ import annotations

from pathlib import Path

from ikd.adapters.keys.pair import public_pem
from ikd.adapters.qrimage import png, svg, terminal
from ikd.cli.journey import words
from ikd.cli.journey.phone import now
from ikd.cli.screen import Screen
from ikd.core.ports import KeySource
from ikd.core.standard.office import Office
from ikd.core.tokens import credential
from ikd.core.tokens.keyring import Keyring
from ikd.core.tokens.publickey import PublicKey
from ikd.core.tokens.verifier import Verifier


def leave_keys(keys: KeySource, out: Path) -> None:
    """Write what a verifier needs: the keyring, and the public keys of root and issuer."""
    root = PublicKey.ed25519(keys.roots()[0])
    issuer = PublicKey.ed25519(keys.signing("credential").public)
    (out / "keyring.cbor").write_bytes(keys.keyring())
    (out / "root.pem").write_bytes(public_pem(root))
    (out / "issuer.pem").write_bytes(public_pem(issuer))


def leave_credential(text: str, office: Office, out: Path) -> None:
    """Write the credential as text first, then as pictures.

    Raises:
        PortError: segno isn't installed (``qr.missing``).
    """
    (out / "credential.txt").write_text(text, encoding="ascii")
    (out / "credential.svg").write_text(svg(text, caption=office.product), encoding="utf-8")
    (out / "credential.png").write_bytes(png(text))


def show(text: str, screen: Screen) -> None:
    """Draw the credential in the terminal."""
    # Level L: a screen has no dirt on it, and smaller modules would cost more than they save.
    screen.paper(terminal(text, error="l", dark=not screen.colour))


def check(out: Path, root: bytes, office: Office, screen: Screen) -> dict[str, object]:
    """Check the files that were left, offline, and tell the verdict.

    Raises:
        TokenError: The credential or the keyring doesn't hold.
    """
    at = now()
    text = (out / "credential.txt").read_text(encoding="ascii")
    data = (out / "keyring.cbor").read_bytes()
    keyring = Keyring.read(data, [PublicKey.ed25519(root)], now=at)
    claims = credential.read(text, keyring, now=at)
    verdict = Verifier(keyring).check(text, now=at)
    until = words.moment(claims.expires_at, office)
    screen.item(
        "✓",
        "tanda tangan sah, diperiksa luring dengan keyring.cbor dan root.pem / the "
        "signature holds, checked offline",
        "good",
    )
    screen.item("", f"penerbit / issuer {claims.issuer}, berlaku s.d. / until {until}")
    screen.item("", f"putusan pemeriksa / the verifier says: {verdict.outcome}", "bold")
    for reason in verdict.reasons:
        screen.item("·", f"{reason.text_id} / {reason.text_en}", "dim")
    return {"signature": "valid", "outcome": verdict.outcome, "reasons": list(verdict.codes)}
