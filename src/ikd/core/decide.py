"""The one entry to every decision: picks the machine, and joins two records where one act
changes both.

``decide`` is a function of values: called twice with the same values it says the same.
"""  # noqa: D205 - the first sentence is the summary

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from ikd.core.activation import commands as activation
from ikd.core.activation import decisions as activating
from ikd.core.activation import lifecycle as application_lifecycle
from ikd.core.activation.application import Application, Status
from ikd.core.activation.turn import Case
from ikd.core.errors import InputError
from ikd.core.identity import commands as identity
from ikd.core.identity import decisions as living
from ikd.core.identity import lifecycle as identity_lifecycle
from ikd.core.identity.identity import Identity
from ikd.core.identity.opening import open_identity
from ikd.core.records.context import Context
from ikd.core.records.decision import Decision
from ikd.core.records.plan import Plan
from ikd.core.records.resident import Resident, evolve_resident

Command = activation.Command | identity.Command

EVOLVE: Mapping[str, Callable[[Any, Any], Any]] = {
    "application": application_lifecycle.evolve,
    "identity": identity_lifecycle.evolve,
    "resident": evolve_resident,
}
"""The one function of each kind of record that changes its state."""


@attrs.frozen(kw_only=True)
class Records:
    """What was loaded for a command.

    Attributes:
        application: The application addressed, for its commands.
        resident: The resident concerned.
        rival: The resident's other application that holds the claims, if any.
        identity: The identity addressed, or else the resident's active one, if any.
    """

    application: Application | None = None
    resident: Resident | None = None
    rival: Application | None = None
    identity: Identity | None = None


def decide(records: Records, command: Command, context: Context) -> Decision:
    """Return what *command* leads to.

    Raises:
        RefusedError: Not allowed; nothing changes.
        InputError: The command is malformed, or of no known type (``command.unknown``).
    """
    plan = Plan()
    if isinstance(command, identity.Command):
        living.decide(plan, command, context, records.identity, records.resident)
    elif isinstance(command, activation.Command):
        _decide_application(plan, command, context, records)
    else:
        raise InputError("command.unknown", f"{type(command).__name__} is no command")
    return plan.decision()


def _decide_application(
    plan: Plan, command: activation.Command, context: Context, records: Records
) -> None:
    active = records.identity
    case = Case(
        application=records.application,
        resident=records.resident,
        rival=records.rival,
        identity_thumbprint=active.thumbprint if active else None,
    )
    before = records.application
    turn = activating.decide(plan, command, context, case)
    if active is not None:
        plan.read("identity", active)
    activated = turn is not None and turn.application.status is Status.ACTIVATED
    if turn and activated and before and before.status is not Status.ACTIVATED:
        open_identity(turn, before, active)


def replay(kind: str, events: tuple[Any, ...]) -> Any:  # noqa: ANN401 - any kind of record
    """Return the record of *kind* that *events* make, or ``None`` for none."""
    record = None
    for happened in events:
        record = EVOLVE[kind](record, happened)
    return record
