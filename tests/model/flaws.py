"""One attempt, and the ways in which a good one can be spoiled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from ikd.core.activation import commands as do
from ikd.core.ids import RecordId
from ikd.core.records.actor import Actor, Role
from ikd.core.records.context import Evidence
from ikd.core.records.declaration import Command
from model import acts
from model.cases import Case

NOBODY = RecordId("f" * 32)  # the id of no record
STRANGER = RecordId("e" * 32)  # a resident who isn't this one


@attrs.frozen
class Attempt:
    """One command by one actor under some evidence.

    Attributes:
        flaw: What is wrong with it, one word; "" when nothing is.
    """

    command: Command
    actor: Actor
    evidence: Evidence
    flaw: str = ""


def everybody(case: Case, command: Command, *may: Role) -> Iterator[Attempt]:
    """Let all five try *command*; officers also in their own case, operators from elsewhere."""
    shown = case.evidence(command)
    desk = acts.operator(case)
    for actor in (acts.RESIDENT, desk, acts.MINISTRY, acts.REGISTRY, acts.SYSTEM):
        yield Attempt(command, actor, shown, "" if actor.role in may else "role")
    if Role.MINISTRY in may:
        yield Attempt(command, acts.MINISTRY, attrs.evolve(shown, own_case=True), "own")
    if Role.OPERATOR in may and not isinstance(command, do.Register):
        visit = isinstance(command, do.ScanPairing | do.RefusePresence | do.ClearBiometric)
        anywhere = visit and case.office.presence.elsewhere.value
        away = acts.operator(case, office="elsewhere")
        yield Attempt(command, away, shown, "" if anywhere else "office")
        yield Attempt(command, desk, attrs.evolve(shown, own_case=True), "own")


def flawed(case: Case, command: Command, actor: Actor, flaw: str, **wrong: Any) -> Attempt:
    """Return the attempt whose evidence is right but for *wrong*, with its *flaw* named."""
    return Attempt(command, actor, case.evidence(command, **wrong), flaw)


def unproven(case: Case, command: Command, actor: Actor = acts.RESIDENT) -> Iterator[Attempt]:
    """Try *command* with every proof that isn't the paired phone's proof of this act, now."""
    shown = case.evidence(command)
    good = shown.proof
    if good is None:
        return
    used = frozenset({(good.challenge.space, good.challenge.key)})
    yield Attempt(command, actor, attrs.evolve(shown, proof=None), "proof")
    for name, wrong in (("thumbprint", bytes(32)), ("act", "other"), ("pairing", b"other")):
        yield Attempt(
            command,
            actor,
            attrs.evolve(shown, proof=attrs.evolve(good, **{name: wrong})),  # type: ignore[arg-type]
            "proof",
        )
    yield Attempt(command, actor, attrs.evolve(shown, used=used), "proof")


def unpaired(case: Case, command: Command, actor: Actor) -> Iterator[Attempt]:
    """Try *command* without its QR, with one of the other kind, and with one used before."""
    shown = case.evidence(command)
    good = shown.pairing
    if good is None:
        return
    other = {"resident": "office", "office": "resident"}[good.shown_by]
    used = frozenset({(good.token.space, good.token.key)})
    yield Attempt(command, actor, attrs.evolve(shown, pairing=None), "token")
    wrong = attrs.evolve(good, shown_by=other)
    yield Attempt(command, actor, attrs.evolve(shown, pairing=wrong), "token")
    yield Attempt(command, actor, attrs.evolve(shown, used=used), "token")
