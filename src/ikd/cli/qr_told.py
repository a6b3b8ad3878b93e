"""What ``ikd qr verify`` says of its verdict, to people and to programs."""

from __future__ import annotations

from ikd.cli.failures import code_of, told
from ikd.cli.language import language, text
from ikd.cli.screen import Screen
from ikd.core.tokens.verdict import Verdict
from ikd.data.times import moment, span

_WEIGHTS = {"accept": "note", "warn": "warn", "refuse": "refuse"}


def tell(screen: Screen, verdict: Verdict, *, beside: bool) -> None:
    """Print the verdict, its reasons and what a person at a counter compares.

    Args:
        screen: Where it is printed.
        verdict: What came of the check.
        beside: Whether the root key was taken from beside the keyring, unnamed.
    """
    screen.line(text(f"verdict.{verdict.outcome}"))
    for reason in verdict.reasons:
        detail = f" [{reason.detail}]" if reason.detail else ""
        said = reason.text_id if language() == "id" else reason.text_en
        screen.part(f"{text(f'verdict.{_WEIGHTS[reason.weight]}')}: {said} ({reason.code}){detail}")
    claims, age, tail = verdict.claims, verdict.status_list_age, verdict.nik_tail
    told = {
        "issuer": verdict.issuer,
        "until": claims and moment(claims.expires_at, language()),
        "name": verdict.name,
        "nik": tail and f"************{tail}",
        "keyring_age": span(verdict.keyring_age, language()),
        "list_age": None if age is None else span(age, language()),
    }
    for name, value in told.items():
        if value is not None:
            screen.part(f"{text(f'verdict.{name}')}: {value}")
    screen.part(text("verdict.root_beside" if beside else "verdict.root_given"))


def verdict_row(verdict: Verdict, *, beside: bool) -> dict[str, object]:
    """Return the verdict for programs: what people are told, and codes.

    Name and tail stand in it, for whoever shows them at a counter; a log has no need of them.
    """
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
        "root": "beside" if beside else "given",
    }


def fault_row(error: Exception) -> dict[str, object]:
    """Return what is told to programs where there is no verdict: nothing was judged."""
    return {"outcome": None, "exit": int(code_of(error)), "fault": told(error).strip()}
