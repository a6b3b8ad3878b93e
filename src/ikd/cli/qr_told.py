"""What ``ikd qr verify`` says of its verdict, to people and to programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from ikd.cli.screen import Screen
from ikd.cli.times import moment, span

if TYPE_CHECKING:
    from ikd.core.tokens.credential import CredentialClaims
    from ikd.core.tokens.verdict import Verdict

_WORDS = {"accept": "terima / accept", "warn": "ragu / warn", "refuse": "tolak / refuse"}
_BESIDE = (
    "kunci akar: dari berkas di samping daftar kunci; siapa memberi folder itu memilih akarnya, "
    "jadi sebut salinan Anda sendiri dengan --root / root key: from beside the keyring; whoever "
    "gave that folder chose it, so name your own copy with --root"
)
_GIVEN = "kunci akar: dari --root / root key: from --root"


def tell(verdict: Verdict, *, beside: bool) -> None:
    """Print the verdict, its reasons and what a person at a counter compares.

    Args:
        verdict: What came of the check.
        beside: Whether the root key was taken from beside the keyring, unnamed.
    """
    screen = Screen(sys.stdout)
    screen.line(_WORDS[verdict.outcome])
    for reason in verdict.reasons:
        detail = f" [{reason.detail}]" if reason.detail else ""
        words = f"{reason.text_id} / {reason.text_en} ({reason.code}){detail}"
        screen.part(f"{_WORDS[reason.weight]}: {words}")
    if verdict.claims is not None:
        _tell_claims(screen, verdict.claims)
    screen.part(f"umur daftar kunci / age of the keyring: {span(verdict.keyring_age)}")
    if verdict.status_list_age is not None:
        age = span(verdict.status_list_age)
        screen.part(f"umur daftar status / age of the status list: {age}")
    screen.part(_BESIDE if beside else _GIVEN)


def _tell_claims(screen: Screen, claims: CredentialClaims) -> None:
    screen.part(f"penerbit / issuer: {claims.issuer}")
    screen.part(f"berlaku s.d. / valid until: {moment(claims.expires_at)}")
    screen.part(f"nama / name: {claims.person.name}")  # a person at a counter compares it
    if claims.person.nik_tail is not None:
        screen.part(f"NIK: ************{claims.person.nik_tail}")


def tell_json(verdict: Verdict, *, beside: bool) -> None:
    """Print the verdict; of the person nothing, for output of programs ends up in logs.

    Args:
        verdict: What came of the check.
        beside: Whether the root key was taken from beside the keyring, unnamed.
    """
    claims, age = verdict.claims, verdict.status_list_age
    row = {
        "outcome": verdict.outcome,
        "kind": verdict.kind,
        "reasons": [
            {"code": reason.code, "weight": reason.weight, "detail": reason.detail}
            for reason in verdict.reasons
        ],
        "issuer": claims.issuer if claims else None,
        "expires_at": f"{claims.expires_at:%Y-%m-%dT%H:%M:%SZ}" if claims else None,
        "keyring_age_seconds": int(verdict.keyring_age.total_seconds()),
        "status_list_age_seconds": None if age is None else int(age.total_seconds()),
        "root": "beside" if beside else "given",
    }
    print(json.dumps(row))
