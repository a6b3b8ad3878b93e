"""Who may ask what. The front end says who asks; here stands what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ikd.core.activation import commands as do
from ikd.core.activation.application import Application
from ikd.core.errors import RefusedError
from ikd.core.records.actor import Actor, Role
from ikd.core.standard.office import Office

_RESIDENT = frozenset({Role.RESIDENT})
_OFFICER = frozenset({Role.OPERATOR, Role.MINISTRY})

PERMISSIONS: Mapping[type[Any], frozenset[Role]] = {
    do.Register: frozenset({Role.RESIDENT, Role.OPERATOR}),
    do.SubmitBiometric: _RESIDENT,
    do.RecordAnswer: frozenset({Role.REGISTRY}),
    do.ReportStep: frozenset({Role.REGISTRY}),
    do.AskAgain: _OFFICER,
    do.Review: frozenset({Role.MINISTRY}),
    do.ScanPairing: frozenset({Role.OPERATOR}),
    do.AnswerPairing: _RESIDENT,
    do.ConfirmPresence: frozenset({Role.OPERATOR}),
    do.Approve: _OFFICER,
    do.Reject: _OFFICER,
    do.EnterPin: _RESIDENT,
    do.ReissuePin: _RESIDENT,
    do.Withdraw: frozenset({Role.RESIDENT, Role.OPERATOR}),
    do.TimePasses: frozenset({Role.SYSTEM}),
}
"""Roles that may ask each command; the office's standard narrows Approve and Reject."""

_AT_ANY_OFFICE = (do.ScanPairing, do.ConfirmPresence)


def check_role(actor: Actor, command: object) -> None:
    """Check the role alone, which needs no record.

    Raises:
        RefusedError: This role never asks that (``actor.not_permitted``).
    """
    if actor.role not in PERMISSIONS[type(command)]:
        raise RefusedError(
            "actor.not_permitted", f"the {actor.role.value} can't ask {type(command).__name__}"
        )


def check_permission(
    actor: Actor, command: object, application: Application, standard: Office, *, own: bool
) -> None:
    """Check that *actor* may ask *command* of *application*.

    Raises:
        RefusedError: ``actor.not_permitted``, ``actor.own_case`` (nobody handles their
            own case) or ``actor.other_office``.
    """
    check_role(actor, command)
    if isinstance(command, do.Approve | do.Reject):
        _check_decider(actor, standard)
    if actor.role is not Role.OPERATOR:
        return
    if own:
        raise RefusedError("actor.own_case", "nobody handles their own case")
    elsewhere = isinstance(command, _AT_ANY_OFFICE) and standard.presence.elsewhere.value
    if actor.office != application.office and not elsewhere:
        raise RefusedError("actor.other_office", "the case belongs to another office")


def _check_decider(actor: Actor, standard: Office) -> None:
    decision = standard.decision
    decider = "SIAK" if decision.performed_by == "siak" else decision.by
    if actor.role.value != decider:
        raise RefusedError(
            "actor.not_permitted",
            f"this office's decision is the {decider}'s",
            clause=decision.clause,
        )
