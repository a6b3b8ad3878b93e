"""What ``ikd qr verify`` says of its verdict, to people and to programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from ikd.cli.failures import code_of, told
from ikd.cli.language import language, text
from ikd.cli.qr_verify import Checked
from ikd.cli.screen import Screen
from ikd.core.tokens.verdict import Verdict
from ikd.data.times import moment, span

_WEIGHTS = {"accept": "note", "warn": "warn", "refuse": "refuse"}


def tell(checked: Checked) -> None:
    """Print the verdict, its reasons and what a person at a counter compares."""
    screen, verdict = Screen(sys.stdout), checked.verdict
    screen.line(text(f"verdict.{verdict.outcome}"))
    for reason in verdict.reasons:
        detail = f" [{reason.detail}]" if reason.detail else ""
        said = reason.text_id if language() == "id" else reason.text_en
        screen.part(f"{text(f'verdict.{_WEIGHTS[reason.weight]}')}: {said} ({reason.code}){detail}")
    _tell_claims(screen, verdict)
    screen.part(f"{text('verdict.keyring_age')}: {span(verdict.keyring_age, language())}")
    if verdict.status_list_age is not None:
        screen.part(f"{text('verdict.list_age')}: {span(verdict.status_list_age, language())}")
    screen.part(text("verdict.root_beside" if checked.beside else "verdict.root_given"))


def _tell_claims(screen: Screen, verdict: Verdict) -> None:
    if verdict.issuer is not None:
        screen.part(f"{text('verdict.issuer')}: {verdict.issuer}")
    if verdict.claims is not None:
        until = moment(verdict.claims.expires_at, language())
        screen.part(f"{text('verdict.until')}: {until}")
    if verdict.name is not None:
        screen.part(f"{text('verdict.name')}: {verdict.name}")  # a person at a counter compares it
    if verdict.nik_tail is not None:
        screen.part(f"NIK: ************{verdict.nik_tail}")


def verdict_row(checked: Checked) -> dict[str, object]:
    """Return the verdict for programs: what people are told, and codes.

    Name and tail stand in it, for whoever shows them at a counter; a log has no need of them.
    """
    verdict = checked.verdict
    claims, age = verdict.claims, verdict.status_list_age
    return {
        "outcome": verdict.outcome,
        "kind": verdict.kind,
        "reasons": [
            {
                "code": reason.code,
                "weight": reason.weight,
                "detail": reason.detail,
                "text_id": reason.text_id,
                "text_en": reason.text_en,
            }
            for reason in verdict.reasons
        ],
        "issuer": verdict.issuer,
        "name": verdict.name,
        "nik_tail": verdict.nik_tail,
        "expires_at": f"{claims.expires_at:%Y-%m-%dT%H:%M:%SZ}" if claims else None,
        "keyring_age_seconds": int(verdict.keyring_age.total_seconds()),
        "status_list_age_seconds": None if age is None else int(age.total_seconds()),
        "root": "beside" if checked.beside else "given",
    }


def fault_row(error: Exception) -> dict[str, object]:
    """Return what is told to programs where there is no verdict: nothing was judged."""
    return {"outcome": None, "exit": int(code_of(error)), "fault": told(error).strip()}


def print_row(row: Mapping[str, object]) -> None:
    """Print one object."""
    print(json.dumps(row))
