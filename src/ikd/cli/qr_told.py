"""What ``ikd qr verify`` says of its verdict, to people and to programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ikd.cli.faults import code_of, told
from ikd.cli.screen import Screen
from ikd.cli.times import moment, span

if TYPE_CHECKING:
    from ikd.cli.qr_verify import Checked
    from ikd.core.tokens.verdict import Verdict

_WORDS = {"accept": "terima / accept", "warn": "ragu / warn", "refuse": "tolak / refuse"}
_WEIGHTS = {**_WORDS, "accept": "catatan / note"}
_BESIDE = (
    "kunci akar: dari berkas di samping daftar kunci; siapa memberi folder itu memilih akarnya, "
    "jadi sebut salinan Anda sendiri dengan --root / root key: from beside the keyring; whoever "
    "gave that folder chose it, so name your own copy with --root"
)
_GIVEN = "kunci akar: dari --root / root key: from --root"


def tell(checked: Checked) -> None:
    """Print the verdict, its reasons and what a person at a counter compares."""
    screen, verdict = Screen(sys.stdout), checked.verdict
    screen.line(_WORDS[verdict.outcome])
    for reason in verdict.reasons:
        detail = f" [{reason.detail}]" if reason.detail else ""
        words = f"{reason.text_id} / {reason.text_en} ({reason.code}){detail}"
        screen.part(f"{_WEIGHTS[reason.weight]}: {words}")
    _tell_claims(screen, verdict)
    screen.part(f"umur daftar kunci / age of the keyring: {span(verdict.keyring_age)}")
    if verdict.status_list_age is not None:
        age = span(verdict.status_list_age)
        screen.part(f"umur daftar status / age of the status list: {age}")
    screen.part(_BESIDE if checked.beside else _GIVEN)


def _tell_claims(screen: Screen, verdict: Verdict) -> None:
    if verdict.issuer is not None:
        screen.part(f"penerbit / issuer: {verdict.issuer}")
    if verdict.claims is not None:
        screen.part(f"berlaku s.d. / valid until: {moment(verdict.claims.expires_at)}")
    if verdict.name is not None:
        screen.part(f"nama / name: {verdict.name}")  # a person at a counter compares it
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
