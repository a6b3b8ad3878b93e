"""The context lends evidence only while it counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

from ikd.core.errors import RefusedError
from ikd.core.records.context import Context, Evidence, Proven
from ikd.core.records.decision import Claim
from model import acts
from model.cases import Case

TOKEN = Claim(space="token:challenge", key=b"k", owner="o")
PROOF = Proven(thumbprint=b"t", act="enter_pin", pairing=b"", challenge=TOKEN)


def world(case: Case, **evidence: Any) -> Context:
    return case.context(acts.RESIDENT, Evidence(**evidence))


def refused(context: Context, *asked: Any) -> str:
    with pytest.raises(RefusedError) as caught:
        context.proven(*asked)
    return caught.value.code


def test_a_token_counts_once(payakumbuh: Case):
    assert world(payakumbuh).fresh(TOKEN) is TOKEN
    for space, key, code in (
        ("token:challenge", b"k", "token.used"),
        ("token:pairing", b"k", None),
        ("token:challenge", b"other", None),
    ):
        context = world(payakumbuh, used=frozenset({(space, key)}))
        if code is None:
            assert context.fresh(TOKEN) is TOKEN
        else:
            with pytest.raises(RefusedError, match=code):
                context.fresh(TOKEN)


def test_a_proof_is_of_one_phone_one_act_and_one_visit(payakumbuh: Case):
    context = world(payakumbuh, proof=PROOF)
    assert context.proven("enter_pin", b"t", None) is PROOF
    assert context.proven("enter_pin", b"t", b"") is PROOF
    assert refused(context, "reissue_pin", b"t", None) == "proof.invalid"
    assert refused(context, "enter_pin", b"other", None) == "proof.invalid"
    assert refused(context, "enter_pin", b"t", b"visit") == "proof.invalid"
    assert refused(world(payakumbuh), "enter_pin", b"t", None) == "proof.invalid"
    visited = world(payakumbuh, proof=attrs.evolve(PROOF, pairing=b"visit"))
    assert visited.proven("enter_pin", b"t", b"visit").pairing == b"visit"
    assert refused(visited, "enter_pin", b"t", None) == "proof.invalid"


def test_a_proof_counts_once(payakumbuh: Case):
    used = frozenset({(TOKEN.space, TOKEN.key)})
    context = world(payakumbuh, proof=PROOF, used=used)
    assert refused(context, "enter_pin", b"t", None) == "token.used"


def test_today_is_the_day_at_the_office(payakumbuh: Case, wakatobi: Case):
    at = datetime(
        2026, 11, 23, 16, 30, tzinfo=UTC
    )  # half past eleven in WIB, past midnight in WITA
    payakumbuh.now = wakatobi.now = at
    assert world(payakumbuh).today == date(2026, 11, 23)
    assert world(wakatobi).today == date(2026, 11, 24)


def test_a_context_shows_no_entropy_and_no_sealed_byte(payakumbuh: Case):
    command = acts.register(payakumbuh)
    context = payakumbuh.context(acts.RESIDENT, payakumbuh.evidence(command))
    shown = repr(context)
    assert repr(context.entropy) not in shown
    assert "sealed nik" not in shown
