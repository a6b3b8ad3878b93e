"""What ``ikd qr verify`` says of its verdict, to people and to programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from ikd.cli.language import language, text
from ikd.cli.screen import Screen
from ikd.cli.times import moment, span

if TYPE_CHECKING:
    from ikd.core.tokens.credential import CredentialClaims
    from ikd.core.tokens.verdict import Verdict


def tell(verdict: Verdict, *, beside: bool) -> None:
    """Print the verdict, its reasons and what a person at a counter compares.

    Args:
        verdict: What came of the check.
        beside: Whether the root key was taken from beside the keyring, unnamed.
    """
    screen = Screen(sys.stdout)
    screen.line(text(f"verdict.{verdict.outcome}"))
    for reason in verdict.reasons:
        detail = f" [{reason.detail}]" if reason.detail else ""
        said = reason.text_id if language() == "id" else reason.text_en
        screen.part(f"{text(f'verdict.{reason.weight}')}: {said} ({reason.code}){detail}")
    if verdict.claims is not None:
        _tell_claims(screen, verdict.claims)
    screen.part(f"{text('verdict.keyring_age')}: {span(verdict.keyring_age)}")
    if verdict.status_list_age is not None:
        screen.part(f"{text('verdict.list_age')}: {span(verdict.status_list_age)}")
    screen.part(text("verdict.root_beside" if beside else "verdict.root_given"))


def _tell_claims(screen: Screen, claims: CredentialClaims) -> None:
    screen.part(f"{text('verdict.issuer')}: {claims.issuer}")
    screen.part(f"{text('verdict.until')}: {moment(claims.expires_at)}")
    screen.part(f"{text('verdict.name')}: {claims.person.name}")  # compared at a counter
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
